"""A new table alone, and an empty one: no row of anybody is touched."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.users.ownership import own_rows_only, same_owner

# As in 0002: what is sealed, and what is opened, changes the comparisons.
TRIGGER = """
    CREATE TRIGGER diary_seal_revision_{operation} AFTER {operation} ON diary_seal
    REFERENCING {rows} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION diary_count_revision()
"""
ROWS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
PARENTS = {
    "condition_id": "conditions_condition",
    "treatment_id": "treatments_treatment",
    "other_id": "treatments_treatment",
}


def trigger(operation, rows):
    return migrations.RunSQL(
        TRIGGER.format(operation=operation, rows=rows),
        f"DROP TRIGGER diary_seal_revision_{operation} ON diary_seal",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("conditions", "0004_names_as_seen"),
        ("diary", "0024_revision_of_reviews"),
        ("treatments", "0006_names_as_seen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "moments",
                    models.PositiveSmallIntegerField(
                        choices=[(24, "24"), (32, "32"), (48, "48"), (60, "60")]
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField()),
                ("started_at", models.DateTimeField()),
                (
                    "client_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=60
                    ),
                ),
                (
                    "condition",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conditions.condition",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="treatments.treatment",
                        verbose_name="compared with",
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
                "ordering": ["-started_at", "-id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("user", "id"), name="seal_user_and_id"),
                    models.UniqueConstraint(
                        fields=("user", "condition", "started_at"),
                        name="seal_once_for_each_self_test",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("other_id", None),
                            models.Q(("other_id", models.F("treatment_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="seal_of_two_things",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("moments__in", [24, 32, 48, 60])),
                        name="seal_moments_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (10, 480))),
                        name="seal_rated_again_within_8_hours",
                    ),
                ],
            },
        ),
        *(same_owner("diary_seal", *each) for each in PARENTS.items()),
        own_rows_only("diary_seal"),
        *(trigger(*each) for each in ROWS.items()),
    ]
