from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0003_in_own_words"),
        ("sharing", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="sharelink",
            name="sharelink_has_both_days_or_none",
        ),
        migrations.AddField(
            model_name="sharelink",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("", "as in your own pages"), ("en-gb", "English"), ("de", "Deutsch")],
                default="",
                max_length=5,
                verbose_name="language of the report",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="whose",
            field=models.CharField(
                blank=True,
                help_text="If you like: on top of the report and on every printed page. Nothing else of you.",
                max_length=60,
                verbose_name="your name or initials",
            ),
        ),
        migrations.AddField(
            model_name="sharevisit",
            name="is_program",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day", None), ("first_day__isnull", False), _connector="OR"
                ),
                name="sharelink_with_a_last_day_has_a_first",
                violation_error_message="Give both days, or choose the last three months.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["", "en-gb", "de"])),
                name="sharelink_language_is_known",
            ),
        ),
    ]
