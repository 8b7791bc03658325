import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0004_names_as_seen"),
        ("diary", "0020_self_tests_by_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="checkin",
            name="checkin_symptoms_are_known",
        ),
        migrations.AlterField(
            model_name="checkin",
            name="symptoms",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("numbness", "numbness"),
                        ("tingling", "tingling"),
                        ("burning", "burning"),
                        ("weakness", "weakness"),
                        ("none", "none of these"),
                    ],
                    max_length=8,
                ),
                blank=True,
                default=list,
                size=None,
                verbose_name="symptoms",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "symptoms__contained_by",
                        ["numbness", "tingling", "burning", "weakness", "none"],
                    )
                ),
                name="checkin_symptoms_are_known",
            ),
        ),
    ]
