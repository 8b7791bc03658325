import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import apps.sharing.models
from apps.users.ownership import same_owner


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("conditions", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "for_whom",
                    models.CharField(
                        help_text="They see this name at the top.",
                        max_length=80,
                        verbose_name="for whom",
                    ),
                ),
                ("first_day", models.DateField(blank=True, null=True, verbose_name="from")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("summary", "the summary"),
                                ("charts", "charts"),
                                ("sessions", "every session"),
                                ("check_ins", "every check-in"),
                                ("notes", "your notes"),
                                ("side_effects", "side effects in your words"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="what they see",
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=apps.sharing.models.new_public_id,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("secret_hash", models.CharField(editable=False, max_length=64)),
                ("code_hash", models.CharField(blank=True, editable=False, max_length=128)),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("generation", models.PositiveIntegerField(default=1, editable=False)),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("expires_at", models.DateTimeField(editable=False)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "condition",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
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
                "ordering": ["-created_at", "-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ShareVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opening", models.UUIDField()),
                ("visited_at", models.DateTimeField()),
                (
                    "link",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="sharing.sharelink",
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
                "ordering": ["-visited_at", "-id"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="sharelink",
            index=models.Index(fields=["user", "condition"], name="sharelink_user_condition"),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.UniqueConstraint(fields=("user", "id"), name="sharelink_user_and_id"),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.UniqueConstraint(
                fields=("user", "client_id"), name="sharelink_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("for_whom", ""), _negated=True),
                name="sharelink_is_for_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_day", None), ("last_day", None)),
                    models.Q(("first_day__isnull", False), ("last_day__isnull", False)),
                    _connector="OR",
                ),
                name="sharelink_has_both_days_or_none",
                violation_error_message="Give both days, or choose the last three months.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_day__lte", models.F("last_day"))),
                name="sharelink_first_day_not_after_last",
                violation_error_message="The first day cannot come after the last.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_day__gte", "1900-01-01")),
                name="sharelink_since_1900",
                violation_error_message="The first day must be in 1900 or later.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "sections__contained_by",
                        ["summary", "charts", "sessions", "check_ins", "notes", "side_effects"],
                    )
                ),
                name="sharelink_sections_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("sections__len__gte", 1)),
                name="sharelink_shows_something",
                violation_error_message="Choose at least one thing to show.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("secret_hash__regex", "^[0-9a-f]{64}$")),
                name="sharelink_keeps_a_sha256_of_its_secret",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("wrong_codes__lte", 10)),
                name="sharelink_wrong_codes_are_limited",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("generation__gte", 1)), name="sharelink_generation_counts"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))),
                name="sharelink_expires_after_it_was_made",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "expires_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("created_at"), "+", models.Value(datetime.timedelta(days=90))
                        ),
                    )
                ),
                name="sharelink_lasts_90_days_at_most",
                violation_error_message="A link lasts 90 days at most.",
            ),
        ),
        migrations.AddIndex(
            model_name="sharevisit",
            index=models.Index(fields=["user", "link", "visited_at"], name="sharevisit_user_link"),
        ),
        migrations.AddConstraint(
            model_name="sharevisit",
            constraint=models.UniqueConstraint(
                fields=("user", "id"), name="sharevisit_user_and_id"
            ),
        ),
        same_owner("sharing_sharelink", "condition_id", "conditions_condition"),
        same_owner("sharing_sharevisit", "link_id", "sharing_sharelink"),
    ]
