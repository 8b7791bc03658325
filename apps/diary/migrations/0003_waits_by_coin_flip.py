import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.conditions.nrs
from apps.users.ownership import same_owner


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0002_revision"),
        ("treatments", "0002_prescribed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedTreatment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "treatment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
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
                "ordering": ["id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WaitDraw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(null=True)),
                (
                    "one_in",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "never"),
                            (10, "1 in 10"),
                            (5, "1 in 5"),
                            (3, "1 in 3"),
                            (2, "1 in 2"),
                        ]
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("not_eligible", "may not be asked"),
                            ("not_asked", "not asked"),
                            ("accepted", "waited first"),
                            ("skipped", "asked, started at once"),
                        ],
                        max_length=12,
                    ),
                ),
                ("drawn_at", models.DateTimeField()),
                ("client_id", models.UUIDField()),
                (
                    "planned",
                    models.ManyToManyField(
                        related_name="+",
                        through="diary.PlannedTreatment",
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
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="plannedtreatment",
            name="draw",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="diary.waitdraw",
            ),
        ),
        migrations.CreateModel(
            name="WaitPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "one_in",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "never"),
                            (10, "1 in 10"),
                            (5, "1 in 5"),
                            (3, "1 in 3"),
                            (2, "1 in 2"),
                        ],
                        default=5,
                        verbose_name="About how often may we ask you to wait first?",
                    ),
                ),
                (
                    "pain_limit",
                    apps.conditions.nrs.NrsField(
                        default=8,
                        help_text="At this number and below we may ask. At 10, however bad it is.",
                        verbose_name="Never ask when my pain is above",
                    ),
                ),
                ("seed", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("next_ordinal", models.PositiveIntegerField(default=0, editable=False)),
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
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="waitdraw",
            constraint=models.UniqueConstraint(fields=("user", "id"), name="waitdraw_user_and_id"),
        ),
        migrations.AddConstraint(
            model_name="waitdraw",
            constraint=models.UniqueConstraint(
                fields=("user", "ordinal"), name="waitdraw_tossed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitdraw",
            constraint=models.UniqueConstraint(
                fields=("user", "client_id"), name="waitdraw_one_per_session"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitdraw",
            constraint=models.CheckConstraint(
                condition=models.Q(("one_in__in", [10, 5, 3, 2])), name="waitdraw_one_in_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitdraw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["not_eligible", "not_asked", "accepted", "skipped"])
                ),
                name="waitdraw_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitdraw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ordinal", None), ("outcome", "not_eligible")),
                    models.Q(
                        models.Q(("outcome", "not_eligible"), _negated=True),
                        ("ordinal__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="waitdraw_uses_a_toss_if_eligible",
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedtreatment",
            constraint=models.UniqueConstraint(
                fields=("user", "id"), name="plannedtreatment_user_and_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="plannedtreatment",
            constraint=models.UniqueConstraint(
                fields=("draw", "treatment"), name="plannedtreatment_named_once_per_draw"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitplan",
            constraint=models.UniqueConstraint(fields=("user", "id"), name="waitplan_user_and_id"),
        ),
        migrations.AddConstraint(
            model_name="waitplan",
            constraint=models.UniqueConstraint(fields=("user",), name="waitplan_one_per_person"),
        ),
        migrations.AddConstraint(
            model_name="waitplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("one_in__in", [0, 10, 5, 3, 2])),
                name="waitplan_one_in_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("pain_limit__range", (0, 10))),
                name="waitplan_pain_limit_is_0_to_10",
                violation_error_message="Choose a whole number from 0 to 10.",
            ),
        ),
        same_owner("diary_plannedtreatment", "draw_id", "diary_waitdraw"),
        same_owner("diary_plannedtreatment", "treatment_id", "treatments_treatment"),
    ]
