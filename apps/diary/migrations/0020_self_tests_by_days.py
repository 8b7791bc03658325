from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0002_places_of_conditions"),
        ("diary", "0019_names_as_seen"),
        ("treatments", "0005_reviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="selftest",
            name="selftest_moments_are_known",
        ),
        migrations.RemoveConstraint(
            model_name="selftest",
            name="selftest_order_has_a_letter_a_moment",
        ),
        migrations.RemoveConstraint(
            model_name="selftestmoment",
            name="selftestmoment_is_one_of_48",
        ),
        migrations.AddField(
            model_name="selftest",
            name="unit",
            field=models.CharField(
                choices=[("session", "session by session"), ("day", "day by day")],
                default="session",
                editable=False,
                max_length=7,
                verbose_name="What is drawn",
            ),
        ),
        migrations.AlterField(
            model_name="callplan",
            name="for_self_tests",
            field=models.BooleanField(
                default=False,
                verbose_name="Once a day while a self-test runs, if there is still something to do for it",
            ),
        ),
        migrations.AlterField(
            model_name="reminderplan",
            name="for_self_tests",
            field=models.BooleanField(
                default=False,
                verbose_name="Once a day while a self-test runs, if there is still something to do for it",
            ),
        ),
        migrations.AlterField(
            model_name="selftest",
            name="moments",
            field=models.PositiveSmallIntegerField(
                choices=[(24, "24"), (32, "32"), (48, "48"), (60, "60")],
                default=32,
                verbose_name="How many sessions?",
            ),
        ),
        migrations.AlterField(
            model_name="selftest",
            name="order",
            field=models.CharField(editable=False, max_length=60),
        ),
        migrations.AlterField(
            model_name="selftest",
            name="why_ended",
            field=models.CharField(
                blank=True,
                choices=[
                    ("whole", "every letter of it was used"),
                    ("date", "its last day has passed"),
                    ("early", "it had its answer early"),
                    ("stopped", "you ended it"),
                ],
                editable=False,
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="selftest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moments__in", [24, 32, 48]), ("unit", "session")),
                    models.Q(("moments__in", [60]), ("unit", "day")),
                    _connector="OR",
                ),
                name="selftest_moments_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="selftest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("moments", 24), ("order__regex", "^(TTWW|TWTW|TWWT|WTTW|WTWT|WWTT){6}$")
                    ),
                    models.Q(
                        ("moments", 32), ("order__regex", "^(TTWW|TWTW|TWWT|WTTW|WTWT|WWTT){8}$")
                    ),
                    models.Q(
                        ("moments", 48), ("order__regex", "^(TTWW|TWTW|TWWT|WTTW|WTWT|WWTT){12}$")
                    ),
                    models.Q(
                        ("moments", 60), ("order__regex", "^(TTWW|TWTW|TWWT|WTTW|WTWT|WWTT){15}$")
                    ),
                    _connector="OR",
                ),
                name="selftest_order_has_a_letter_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="selftestmoment",
            constraint=models.CheckConstraint(
                condition=models.Q(("ordinal__lt", 60)), name="selftestmoment_is_one_of_60"
            ),
        ),
    ]
