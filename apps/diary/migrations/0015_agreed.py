import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from apps.users.ownership import own_rows_only, same_owner


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0002_places_of_conditions"),
        ("diary", "0014_calls"),
        ("treatments", "0005_reviews"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="how often")),
                (
                    "per",
                    models.CharField(
                        choices=[("day", "day"), ("week", "week")],
                        default="day",
                        max_length=4,
                        verbose_name="per",
                    ),
                ),
                ("agreed_on", models.DateField(verbose_name="agreed on")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "agreed_with",
                    models.CharField(
                        blank=True,
                        max_length=80,
                        verbose_name="with whom",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "condition",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="conditions.condition",
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreements",
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
                "ordering": ["treatment_id", "-agreed_on", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AgreedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("diary_date", models.DateField(editable=False, verbose_name="day")),
                ("times", models.PositiveSmallIntegerField(verbose_name="times done")),
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
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="diary.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["agreement_id", "diary_date"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Exercise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="exercise")),
                (
                    "repetitions",
                    models.CharField(
                        blank=True,
                        help_text="For example: 3 × 10.",
                        max_length=60,
                        verbose_name="repetitions",
                    ),
                ),
                ("how", models.CharField(blank=True, max_length=200, verbose_name="how")),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exercises",
                        to="diary.agreement",
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
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["user", "condition"], name="agreement_user_condition"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(fields=("user", "id"), name="agreement_user_and_id"),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                fields=("user", "treatment", "agreed_on"), name="agreement_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__range", (1, 20))),
                name="agreement_times_are_few",
                violation_error_message="Say 1 to 20 times.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("per__in", ["day", "week"])), name="agreement_per_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_on__gte", "1900-01-01")),
                name="agreement_since_1900",
                violation_error_message="The day must be in 1900 or later.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_on__gte", models.F("agreed_on"))),
                name="agreement_ends_after_it_begins",
                violation_error_message="It cannot end before the day it was agreed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreedday",
            constraint=models.UniqueConstraint(fields=("user", "id"), name="agreedday_user_and_id"),
        ),
        migrations.AddConstraint(
            model_name="agreedday",
            constraint=models.UniqueConstraint(
                fields=("user", "agreement", "diary_date"), name="agreedday_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreedday",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__lte", 20)), name="agreedday_times_are_few"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreedday",
            constraint=models.CheckConstraint(
                condition=models.Q(("diary_date__gte", "1900-01-01")), name="agreedday_since_1900"
            ),
        ),
        migrations.AddIndex(
            model_name="exercise",
            index=models.Index(fields=["user", "agreement"], name="exercise_user_agreement"),
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.UniqueConstraint(fields=("user", "id"), name="exercise_user_and_id"),
        ),
        migrations.AddConstraint(
            model_name="exercise",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="exercise_has_a_name"
            ),
        ),
        same_owner("diary_agreement", "condition_id", "conditions_condition"),
        same_owner("diary_agreement", "treatment_id", "treatments_treatment"),
        same_owner("diary_exercise", "agreement_id", "diary_agreement"),
        same_owner("diary_agreedday", "agreement_id", "diary_agreement"),
        own_rows_only("diary_agreement"),
        own_rows_only("diary_exercise"),
        own_rows_only("diary_agreedday"),
    ]
