"""Rows that a person gives a name: no two of them look the same.

``name_as_seen`` is the name as somebody sees it (``typed.names``), kept beside it by every save, so
that the database can refuse the second. ``twin`` counts the rows that had the same looks before
there was this rule, from 0: they stay until the person makes them one.
"""

from collections import Counter

from django.db import migrations, models

from apps.users.ownership import OwnedModel
from apps.users.typed.names import as_seen

BATCH = 1000


class NameAsSeen(models.CharField):
    """Worked out from ``name`` whenever the row is stored, one by one or in bulk."""

    def __init__(self, *args, **kwargs):
        # Folded, some letters become three.
        super().__init__(*args, **{"max_length": 240, "default": "", "editable": False} | kwargs)

    def pre_save(self, model_instance, add):
        name = model_instance.name
        setattr(model_instance, self.attname, as_seen(name) or name)
        return getattr(model_instance, self.attname)


class NamedModel(OwnedModel):
    name_as_seen = NameAsSeen()
    twin = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(OwnedModel.Meta):
        abstract = True
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "name_as_seen", "twin"],
                name="%(class)s_name_is_unique_as_seen",
            ),
        ]

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "name_as_seen"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @classmethod
    def called(cls, user, name: str):
        """The person's row that looks so, of twins that of this very spelling; None without one."""
        own = cls.objects.for_user(user).filter(name_as_seen=as_seen(name) or name)
        twins = list(own.order_by("twin"))
        return next((row for row in twins if row.name == name), next(iter(twins), None))


def name_rows_as_seen(app: str, model: str):
    """What a migration runs: the looks of names from before they were kept, and their twins."""

    def fill(apps, schema_editor):
        rows = apps.get_model(app, model).objects
        seen = Counter()
        waiting = []
        for row in rows.order_by("user_id", "pk").only("user_id", "name").iterator(BATCH):
            row.name_as_seen = as_seen(row.name) or row.name
            row.twin = seen[row.user_id, row.name_as_seen]
            seen[row.user_id, row.name_as_seen] += 1
            waiting.append(row)
            if len(waiting) == BATCH:
                rows.bulk_update(waiting, ["name_as_seen", "twin"])
                waiting = []
        rows.bulk_update(waiting, ["name_as_seen", "twin"])

    return migrations.RunPython(fill, migrations.RunPython.noop)
