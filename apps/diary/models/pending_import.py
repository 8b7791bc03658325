"""A file that somebody has uploaded, until they say whether it shall be imported."""

import gzip
from datetime import datetime, timedelta
from functools import cached_property

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import LessThanOrEqual

from apps.users.ownership import OwnedModel, OwnedQuerySet

WAITS_FOR = timedelta(hours=1)
MOST_KEPT_BYTES = 20 * 1024 * 1024


class PendingImportQuerySet(OwnedQuerySet):
    def waiting(self, *, at: datetime):
        """Those of the last hour."""
        return self.filter(uploaded_at__gt=at - WAITS_FOR)

    def over(self, *, at: datetime):
        """Those whose hour is over: they can be deleted, whoever's they are."""
        return self.filter(uploaded_at__lte=at - WAITS_FOR)


class PendingImport(OwnedModel):
    """One file of each person, for an hour; ``content`` is what was uploaded, as gzip.

    ``columns`` says which of its columns mean what, where the file's own names do not (see
    ``exchange_columns``). ``found`` is what ``import_preview`` found in it when last looked at.
    """

    name = models.CharField(max_length=200, editable=False)
    content = models.BinaryField(editable=False)
    columns = models.JSONField(null=True, editable=False)
    found = models.JSONField(null=True, editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    objects = PendingImportQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user"], name="pendingimport_one_per_person"),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(F("content"), function="octet_length", output_field=models.IntegerField()),
                    MOST_KEPT_BYTES,
                ),
                name="pendingimport_up_to_20_mb",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="pendingimport_has_a_name"),
        ]
        indexes = [models.Index(fields=["uploaded_at"], name="pendingimport_uploaded")]

    def __str__(self):
        return f"{self.name}, {self.uploaded_at}"

    @cached_property
    def data(self) -> bytes:
        """The file as it was uploaded."""
        return gzip.decompress(self.content)
