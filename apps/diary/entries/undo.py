"""What was saved a moment ago, and taking it back for as long as nothing came after it.

What is offered is named by a token: the change, the entry's ``client_id`` and the version that
the change left behind. It is no secret: everything is looked up among the person's own entries.
"""

import uuid
from dataclasses import dataclass

from django.db import models, transaction

from apps.diary.entries import deletion
from apps.diary.models import CheckIn, Entry, TreatmentSession

TAG = "saved:"


class Change(models.TextChoices):
    CHECK_IN = "check-in"
    SESSION = "session"
    RATING = "rating"
    CLOSING = "closing"


class Outcome(models.TextChoices):
    """What became of taking something back; ``REMOVED`` can itself be undone."""

    REMOVED = "removed"
    TAKEN_BACK = "taken back"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class JustSaved:
    """One change of one entry, as it was left."""

    change: Change
    client_id: uuid.UUID
    version: int

    @classmethod
    def new(cls, entry: Entry):
        change = Change.SESSION if entry.is_session else Change.CHECK_IN
        return cls(change, entry.client_id, entry.version)

    @classmethod
    def read(cls, token: str):
        """The change that a token names; None where it names none."""
        try:
            change, client_id, version = token.split("/")
            return cls(Change(change), uuid.UUID(client_id), int(version))
        except ValueError:
            return None

    @property
    def token(self) -> str:
        return f"{self.change.value}/{self.client_id}/{self.version}"

    def entries(self, user):
        model = CheckIn if self.change == Change.CHECK_IN else TreatmentSession
        return model.objects.for_user(user).filter(client_id=self.client_id)

    def is_undone(self, entry: Entry) -> bool:
        """Whether the change is no longer there: a second tap finds it so."""
        if self.change == Change.RATING:
            return entry.pain_after is None
        return self.change == Change.CLOSING and not entry.is_closed_unrated


def take_back(request, token: str) -> Outcome:
    """Undo the change that ``token`` names, unless the entry was changed again since then."""
    saved = JustSaved.read(token)
    if saved is None:
        return Outcome.GONE
    with transaction.atomic():
        entry = saved.entries(request.user).select_for_update().first()
        if entry is None or saved.is_undone(entry):
            return Outcome.GONE
        if entry.version != saved.version:
            return Outcome.CHANGED
        return _undo(request, saved.change, entry)


def _undo(request, change: Change, entry: Entry) -> Outcome:
    if change == Change.RATING:
        entry.unrate()
        return Outcome.TAKEN_BACK
    if change == Change.CLOSING:
        entry.reopen()
        return Outcome.TAKEN_BACK
    if entry.is_session and entry.give_waits_back():
        entry.delete()  # not to be brought back: the waits go on again, and it would not end them
        return Outcome.TAKEN_BACK
    deletion.delete(request, entry)
    return Outcome.REMOVED
