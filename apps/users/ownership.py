"""Every personal row names its owner; the database holds parent and child to the same one."""

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import migrations, models
from django.shortcuts import get_object_or_404


class OwnedQuerySet(models.QuerySet):
    def for_user(self, user):
        """The rows of one person: the first step of every query for personal data."""
        return self.filter(user=user)

    def exported(self):
        """Those that a complete file holds: all, unless a model says otherwise."""
        return self

    def get_for_user_or_404(self, user, **lookup):
        """One row of this person; somebody else's row answers exactly as a missing one."""
        return get_object_or_404(self.for_user(user), **lookup)


class OwnedModel(models.Model):
    """A row that belongs to a person.

    ``(user, id)`` is unique, so that a child's composite foreign key can refer to it,
    and it serves as the index on ``user``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        editable=False,
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["user", "id"], name="%(class)s_user_and_id"),
        ]

    def validate_constraints(self, exclude=None):
        """As Django does it, but said at a field: over a long form nobody knows which is meant."""
        errors, left_out = {}, exclude or ()
        names = [field.name for field in self._meta.fields if field.name not in left_out]
        for model, rules in self.get_constraints():
            for rule in rules:
                try:
                    rule.validate(model, self, exclude=exclude)
                except ValidationError as refused:
                    errors.setdefault(field_of(rule, names), []).append(refused)
        if errors:
            raise ValidationError(errors)


def field_of(rule, names) -> str:
    """At which of these fields a broken rule is said; over the form where it is about none.

    Of several the last: at "until", where "from" lies after it.
    """
    if isinstance(rule, models.CheckConstraint):
        named = rule.condition.referenced_base_fields
    else:
        named = rule.fields
    return next((name for name in reversed(list(names)) if name in named), NON_FIELD_ERRORS)


def same_owner(child_table: str, column: str, parent_table: str) -> migrations.RunSQL:
    """A migration step: ``child.(user_id, column)`` must be a ``(user_id, id)`` of the parent.

    It takes the place of Django's one-column foreign key (``db_constraint=False`` on the
    field), which would let one person's row point at another person's. ``MATCH SIMPLE``:
    a null column refers to nothing.
    """
    name = f"{child_table}_{column}_same_owner"
    return migrations.RunSQL(
        f"ALTER TABLE {child_table} ADD CONSTRAINT {name} "
        f"FOREIGN KEY (user_id, {column}) REFERENCES {parent_table} (user_id, id) "
        "DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {child_table} DROP CONSTRAINT {name}",
    )


def own_rows_only(table: str) -> migrations.RunSQL:
    """A migration step: whose rows of ``table`` a role meets, and may write, is the person that
    ``config/postgres/acting.py`` has set; without one it is nobody.

    ``FORCE``: an owner of the table that is no superuser is bound by it, too.
    """
    whose = "user_id = nullif(current_setting('app.user_id', true), '')::bigint"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_rows ON {table} USING ({whose}) WITH CHECK ({whose})",
        f"DROP POLICY own_rows ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )
