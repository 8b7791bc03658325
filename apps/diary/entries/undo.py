"""What was saved a moment ago, and taking it back for as long as nothing came after it.

What is offered is named by a token: the change, the entry's ``client_id`` and the version that
the change left behind. It is no secret: everything is looked up among the person's own entries.
"""

import uuid
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from apps.diary.entries import deletion
from apps.diary.models import CheckIn, DeletedEntry, Entry, TreatmentSession

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


def take_back(user, token: str) -> tuple[Outcome, DeletedEntry | None]:
    """Undo the change that ``token`` names, unless the entry was changed again since then.

    With ``REMOVED`` comes what was kept of it.
    """
    saved = JustSaved.read(token)
    if saved is None:
        return Outcome.GONE, None
    with transaction.atomic():
        entry = saved.entries(user).select_for_update().first()
        if entry is None or saved.is_undone(entry):
            return Outcome.GONE, None
        entries = [entry, *_changed_with(entry, saved.change)]
        if any(each.version != saved.version for each in entries):
            return Outcome.CHANGED, None
        kept = _undo(user, saved.change, entries)
    return (Outcome.REMOVED if kept else Outcome.TAKEN_BACK), kept


def _changed_with(entry: Entry, change: Change) -> list[Entry]:
    """What the same change did to the sessions of other complaints."""
    if not entry.is_session:
        return []
    others = entry.others().select_for_update()
    if change == Change.RATING:
        others = others.filter(after_rated_at=entry.after_rated_at)
    if change == Change.CLOSING:
        others = others.filter(is_closed_unrated=True)
    return list(others)


def _undo(user, change: Change, entries: list[Entry]) -> DeletedEntry | None:
    if change == Change.RATING:
        for entry in entries:
            entry.unrate()
        return None
    if change == Change.CLOSING:
        for entry in entries:
            entry.reopen()
        return None
    given_back = [entry.is_session and entry.give_waits_back() for entry in entries]
    if any(given_back):
        for entry in entries:
            entry.delete()  # not to be brought back: it would not end the waits that go on again
        return None
    return deletion.delete(user, *entries, at=timezone.now())
