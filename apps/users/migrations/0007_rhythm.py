from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0006_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="function_skipped_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="rhythm",
            field=models.CharField(
                choices=[
                    ("daily", "every day"),
                    ("weekly", "once a week"),
                    ("paused", "not until I come back"),
                ],
                default="daily",
                max_length=6,
                verbose_name="how often the diary asks",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="rhythm_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="weekly_declined_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("rhythm__in", ["daily", "weekly", "paused"])),
                name="user_rhythm_is_known",
            ),
        ),
    ]
