"""Deleting entries and bringing them back: the rows leave the diary's tables at once.

For ten minutes a copy is kept beside the diary, from which an entry comes back with everything it
had, its number included. The regular work deletes the copy.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import serializers
from django.db import IntegrityError, connection, models, transaction
from django.utils.functional import cached_property

from apps.diary.models import DeletedEntry, Entry, TreatmentSession
from config.postgres.compiled import compiled

MOST_SHOWN = 10
ALL = "all"
DELETED = "deleted:"  # in a message, before the number of what it offers to undo


class Outcome(models.TextChoices):
    """What became of bringing one back; of ``REPLACED`` the copy stays, for its ten minutes."""

    BACK = "back"
    GONE = "gone"
    REPLACED = "replaced"


@transaction.atomic
def delete(user, *entries: Entry, at: datetime) -> DeletedEntry:
    rows, beside = list(entries), {entry.condition for entry in entries}
    for entry in entries:
        if isinstance(entry, TreatmentSession):
            links = entry.links.select_related("treatment")
            rows += links
            beside |= {link.treatment for link in links}
    kept = DeletedEntry.objects.create(
        user=user, deleted_at=at, rows=_written(rows), beside=_written(beside)
    )
    for entry in entries:
        entry.delete()
    return kept


def _written(rows) -> list[dict]:
    return serializers.serialize("python", rows)


def _read(rows: list[dict]) -> list[models.Model]:
    return [row.object for row in serializers.deserialize("python", rows, ignorenonexistent=True)]


@dataclass(frozen=True)
class Deleted:
    """What was deleted, in the words that a person knows it by."""

    kept: DeletedEntry

    @cached_property
    def entry(self) -> Entry:
        """The first of it, with its condition."""
        entry = _read(self.kept.rows[:1])[0]
        beside = {(type(row), row.pk): row for row in _read(self.kept.beside)}
        condition = type(entry)._meta.get_field("condition").related_model
        entry.condition = beside[condition, entry.condition_id]
        return entry

    def summary(self) -> str:
        if not self.entry.is_session:
            return self.entry.summary()
        links = [row for row in _read(self.kept.rows) if getattr(row, "session_id", 0)]
        names = {row.pk: row.name for row in _read(self.kept.beside) if row != self.entry.condition}
        done = [link.treatment_id for link in links if link.session_id == self.entry.pk]
        return self.entry.rated_in_words([names[number] for number in done])


def lately(user, *, at: datetime) -> tuple[list[Deleted], int]:
    """What can be brought back, the newest first, and how many there are. Two queries at most."""
    shown = _latest(user=user.pk, at=at)
    number = len(shown)
    if number > MOST_SHOWN:
        number = DeletedEntry.objects.for_user(user).lately(at=at).count()
    return [Deleted(kept) for kept in shown[:MOST_SHOWN]], number


@compiled
def _latest(*, user: int, at: datetime):
    return DeletedEntry.objects.for_user(user).lately(at=at)[: MOST_SHOWN + 1]


def bring_back(kept: DeletedEntry, *, at: datetime) -> Outcome:
    """With what it hung on, where that was deleted since then; and all of it, or nothing."""
    with transaction.atomic():
        own = DeletedEntry.objects.for_user(kept.user_id).lately(at=at)
        if not own.select_for_update().filter(pk=kept.pk).exists():
            return Outcome.GONE
        try:
            with transaction.atomic():
                _store(_missing(kept.user_id, _read(kept.beside)) + _read(kept.rows))
        except IntegrityError:
            return Outcome.REPLACED
        kept.delete()
    return Outcome.BACK


def _missing(user, rows):
    """Those of these that are no longer stored: a query for each table."""
    found: dict[type[models.Model], set[int]] = {}
    for model in {type(row) for row in rows}:
        own = model.objects.for_user(user)
        numbers = [row.pk for row in rows if type(row) is model]
        found[model] = set(own.filter(pk__in=numbers).values_list("pk", flat=True))
    return [row for row in rows if row.pk not in found[type(row)]]


def _store(rows) -> None:
    for row in rows:
        row.save_base(raw=True, force_insert=True)
    connection.check_constraints()


def chosen(user, numbers: list[str], *, at: datetime) -> list[DeletedEntry]:
    """What a tap names: some of them, ``ALL``, or where it names none what was deleted last."""
    own = list(DeletedEntry.objects.for_user(user).lately(at=at))
    if not numbers:
        return own[:1]
    return [kept for kept in own if ALL in numbers or str(kept.pk) in numbers]
