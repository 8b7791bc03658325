"""What was deleted, kept for as long as it can be brought back."""

from datetime import datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.users.ownership import OwnedModel, OwnedQuerySet

CAN_COME_BACK_FOR = timedelta(minutes=10)


class ToTheMicrosecond(DjangoJSONEncoder):
    """Django's own encoder rounds instants to milliseconds; what comes back must be the same."""

    def default(self, value):
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


class DeletedEntryQuerySet(OwnedQuerySet):
    def lately(self, *, at: datetime):
        """Those that can still be brought back."""
        return self.filter(deleted_at__gt=at - CAN_COME_BACK_FOR)

    def over(self, *, at: datetime):
        """Those whose time is over: they can be deleted, whoever's they are."""
        return self.filter(deleted_at__lte=at - CAN_COME_BACK_FOR)


class DeletedEntry(OwnedModel):
    """What one tap deleted: an entry, or the sessions of several complaints that were one act.

    ``rows`` are its rows as they were stored, its treatments' links among them. ``beside`` are
    those of the condition and the treatments that it hung on: they too may be deleted before it
    comes back. Both as Django's serialisers write them.
    """

    deleted_at = models.DateTimeField(editable=False)
    rows = models.JSONField(editable=False, encoder=ToTheMicrosecond)
    beside = models.JSONField(editable=False, encoder=ToTheMicrosecond)

    objects = DeletedEntryQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        ordering = ["-deleted_at", "-id"]
        indexes = [models.Index(fields=["deleted_at"], name="deletedentry_deleted")]

    def __str__(self):
        return f"{len(self.rows)} rows, {self.deleted_at}"
