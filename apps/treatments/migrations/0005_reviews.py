import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.users.ownership import own_rows_only, same_owner


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0004_one_offs_and_weekdays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TreatmentReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decided_on", models.DateField(verbose_name="looked back on")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("go_on", "go on"),
                            ("stop", "stop"),
                            ("later", "ask again in six weeks"),
                        ],
                        max_length=5,
                        verbose_name="decision",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="treatments.treatment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["treatment_id", "decided_on", "id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["user", "treatment"], name="review_user_treatment")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "id"), name="treatmentreview_user_and_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_on__gte", "1900-01-01")),
                        name="treatmentreview_since_1900",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["go_on", "stop", "later"])),
                        name="treatmentreview_decision_is_known",
                    ),
                ],
            },
        ),
        same_owner("treatments_treatmentreview", "treatment_id", "treatments_treatment"),
        own_rows_only("treatments_treatmentreview"),
    ]
