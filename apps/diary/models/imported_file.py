"""What an import brought, so that it can be taken back as one thing."""

from django.db import models
from django.db.models import Q

from apps.users.ownership import OwnedModel


class ImportedFile(OwnedModel):
    """One file that came in: which rows were made and which fields were filled.

    ``rows`` are spans of numbers by table, ``[[first, last], …]``; ``filled`` are
    ``[table, number, field, before, after]``. ``content_sha256`` is that of the rows as they came:
    once it differs, something of them was changed.
    """

    name = models.CharField(max_length=200, editable=False)
    imported_at = models.DateTimeField(editable=False)
    entries = models.PositiveIntegerField(editable=False)
    rows = models.JSONField(editable=False)
    filled = models.JSONField(editable=False)
    content_sha256 = models.CharField(max_length=64, editable=False)

    class Meta(OwnedModel.Meta):
        ordering = ["-imported_at", "-id"]
        indexes = [models.Index(fields=["user", "-imported_at"], name="importedfile_latest")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="importedfile_has_a_name"),
        ]

    def __str__(self):
        return f"{self.name}, {self.imported_at}"
