from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0008_security_events"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="home_screen_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="theme",
            field=models.CharField(
                blank=True,
                choices=[("", "as your device has it"), ("light", "light"), ("dark", "dark")],
                default="",
                max_length=5,
                verbose_name="light or dark",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("theme__in", ["", "light", "dark"])), name="user_theme_is_known"
            ),
        ),
    ]
