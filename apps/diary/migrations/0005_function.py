import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import apps.conditions.nrs
import apps.users.models
from apps.users.ownership import same_owner


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0001_initial"),
        ("diary", "0004_red_flags"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="For example: sit through a film, lift the little one.",
                        max_length=80,
                        verbose_name="what you want to do",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(editable=False)),
                ("archived_at", models.DateTimeField(editable=False, null=True)),
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
                "ordering": ["condition_id", "place", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FunctionRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rating", apps.conditions.nrs.NrsField(verbose_name="how well it goes")),
                ("rated_at", models.DateTimeField(editable=False, verbose_name="when")),
                ("diary_date", models.DateField(editable=False, verbose_name="day")),
                (
                    "time_zone",
                    models.CharField(
                        editable=False,
                        max_length=64,
                        validators=[apps.users.models.validate_time_zone],
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="ratings",
                        to="diary.activity",
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
                "ordering": ["diary_date", "id"],
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("user", "id"), name="activity_user_and_id"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                fields=("user", "name"), name="activity_name_is_unique_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("archived_at", None)),
                fields=("condition", "place"),
                name="activity_has_a_place_of_its_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", [1, 2, 3])), name="activity_is_one_of_three"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="activity_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="functionrating",
            constraint=models.UniqueConstraint(
                fields=("user", "id"), name="functionrating_user_and_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="functionrating",
            constraint=models.UniqueConstraint(
                fields=("activity", "diary_date"), name="functionrating_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="functionrating",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating__range", (0, 10))),
                name="functionrating_rating_is_0_to_10",
                violation_error_message="Choose a whole number from 0 to 10.",
            ),
        ),
        migrations.AddConstraint(
            model_name="functionrating",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_zone", ""), _negated=True),
                name="functionrating_names_its_zone",
            ),
        ),
        same_owner("diary_activity", "condition_id", "conditions_condition"),
        same_owner("diary_functionrating", "activity_id", "diary_activity"),
    ]
