from django.conf import settings
from django.db import migrations, models

import apps.conditions.nrs


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0002_prescribed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="treatment",
            name="pain_before_from_memory",
            field=apps.conditions.nrs.NrsField(
                blank=True,
                help_text="On average, in the month before you began with it. From memory: it is drawn as memory, and no sum counts it.",
                null=True,
                verbose_name="how bad was it in the month before?",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatment",
            constraint=models.CheckConstraint(
                condition=models.Q(("pain_before_from_memory__range", (0, 10))),
                name="treatment_pain_before_from_memory_is_0_to_10",
                violation_error_message="Choose a whole number from 0 to 10.",
            ),
        ),
    ]
