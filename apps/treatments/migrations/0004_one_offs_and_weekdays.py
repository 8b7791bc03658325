from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0003_from_memory"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="treatment",
            name="weekday",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (0, "Monday"),
                    (1, "Tuesday"),
                    (2, "Wednesday"),
                    (3, "Thursday"),
                    (4, "Friday"),
                    (5, "Saturday"),
                    (6, "Sunday"),
                ],
                help_text="Of an appointment or a class that you have every week.",
                null=True,
                verbose_name="day of the week",
            ),
        ),
        migrations.AddField(
            model_name="treatmentperiod",
            name="cost",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="price"
            ),
        ),
        migrations.AddField(
            model_name="treatmentperiod",
            name="place",
            field=models.CharField(
                blank=True,
                help_text="For example: L5, left, or the name of the clinic.",
                max_length=120,
                verbose_name="place",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__in", [0, 1, 2, 3, 4, 5, 6])),
                name="treatment_weekday_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0)),
                name="treatmentperiod_cost_not_negative",
                violation_error_message="A cost cannot be below 0.",
            ),
        ),
    ]
