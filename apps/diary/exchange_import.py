"""A file into a diary: all of it or nothing, and nothing twice."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.conditions.models import Condition
from apps.diary.archive_import import store_archive
from apps.diary.archive_rows import ArchiveReader
from apps.diary.exchange import MODELS
from apps.diary.exchange_files import rows_of
from apps.diary.exchange_problems import Place, Problems, TooManyProblemsError
from apps.diary.exchange_rows import Row, RowReader
from apps.diary.forms.entry import DEFAULT_CONDITION
from apps.diary.models import SessionTreatment
from apps.treatments.catalogue import kinds_by_any_name, treatment_of_kind
from apps.treatments.models import Kind, Treatment
from apps.users.models import User

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the entries of a file, by their places; nothing where there are problems.

    ``made`` are the names of conditions and treatments that the file brought; ``others`` is how
    many rows of other tables, causes and periods and the like.
    """

    problems: Problems
    new_places: Sequence[Place] = ()
    known_places: Sequence[Place] = ()
    made: dict[type[Model], list[str]] = field(default_factory=dict)
    others: int = 0

    @property
    def new(self) -> int:
        return len(self.new_places)

    @property
    def known(self) -> int:
        return len(self.known_places)


def import_diary(user: User, data: bytes, *, at: datetime) -> Outcome:
    """Store the entries of a CSV or JSON file, unless it has a problem. ``at`` is now.

    An entry that is there already (by its ``client_id``, or without one by its content) stays
    as it is. Two rows of the same content are the same entry.
    """
    problems = Problems()
    reader = RowReader(user, problems, at=at)
    archive = ArchiveReader(user, problems, at=at)
    rows = []
    with suppress(TooManyProblemsError):
        found = rows_of(data, problems, archive)
        rows += (row for each in found if (row := reader.read(*each)))
        archive.check_references()
    if problems:
        return Outcome(problems)
    try:
        return _store(user, problems, rows, reader, archive)
    except (IntegrityError, DataError) as error:
        problems.add(Place(1), "", refusal(error))
        return Outcome(problems)


def look_at(user: User, data: bytes, *, at: datetime) -> Outcome:
    """What ``import_diary`` would say now; nothing stays stored."""
    with transaction.atomic():
        outcome = import_diary(user, data, at=at)
        transaction.set_rollback(True)
    return outcome


def refusal(error: DatabaseError) -> str:
    """The words of a rule that only the database could ask."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    message = _("The database refuses a row of this file. The rule it breaks: %(rule)s.")
    return message % {"rule": name or type(error).__name__}


@transaction.atomic
def _store(user, problems, rows: list[Row], reader: RowReader, archive: ArchiveReader) -> Outcome:
    # One import at a time for each person: the second of two at once then finds the first's rows.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if archive.rows or archive.preferences:
        store_archive(user, archive)
        connection.check_constraints()
        if problems:
            transaction.set_rollback(True)
            return Outcome(problems)
        return Outcome(problems, *_places(archive), _made(archive), _others(archive))
    known = {
        model: set(model.objects.for_user(user).values_list("client_id", flat=True))
        for model in MODELS.values()
    }
    new = [row for row in rows if row.entry.client_id not in known[type(row.entry)]]
    stored = {id(row) for row in new}
    kinds = {name: kind for name, (kind, _place) in reader.kinds.items()}
    made = {Condition: _set_conditions(user, new)}
    for model in MODELS.values():
        entries = [row.entry for row in new if type(row.entry) is model]
        model.objects.bulk_create(entries, batch_size=BATCH)
    made[Treatment] = _link_treatments(user, new, kinds)
    there = [row.place for row in rows if id(row) not in stored]
    return Outcome(problems, [row.place for row in new], sorted(there + reader.repeated), made)


def _places(archive):
    """Of new entries, and of those that were there already."""
    entries = [each for model in MODELS.values() for each in archive.rows.get(model, [])]
    return (
        sorted(each.place for each in entries if each.is_new),
        sorted(each.place for each in entries if not each.is_new),
    )


def _made(archive):
    return {
        model: [each.row.name for each in archive.rows.get(model, []) if each.is_new]
        for model in (Condition, Treatment)
    }


def _others(archive):
    named = (*MODELS.values(), Condition, Treatment, SessionTreatment)
    rows = [each for model, rows in archive.rows.items() if model not in named for each in rows]
    return sum(each.is_new for each in rows)


def _set_conditions(user, rows):
    names = dict.fromkeys(row.condition for row in rows)
    if "" in names:
        own = list(Condition.objects.for_user(user).values_list("name", flat=True)[:2])
        names[""] = own[0] if len(own) == 1 else str(DEFAULT_CONDITION)
    names = {given: meant or given for given, meant in names.items()}
    ids, made = _ids_by_name(Condition, user, names.values(), lambda name: Condition(name=name))
    for row in rows:
        row.entry.condition_id = ids[names[row.condition]]
    return made


def _link_treatments(user, rows, kinds):
    built_in = kinds_by_any_name()

    def treatment(name):
        kind = kinds.get(name.casefold()) or built_in.get(name.casefold(), Kind.OTHER)
        made = treatment_of_kind(user, kind)
        made.name = name
        return made

    names = dict.fromkeys(name for row in rows for name, _kind in row.treatments)
    ids, made_names = _ids_by_name(Treatment, user, names, treatment)
    links = (
        SessionTreatment(user=user, session=row.entry, treatment_id=treatment_id)
        for row in rows
        for treatment_id in dict.fromkeys(ids[name] for name, _kind in row.treatments)
    )
    SessionTreatment.objects.bulk_create(links, batch_size=BATCH)
    return made_names


def _ids_by_name(model, user, names, make):
    """The person's rows of these names, and the names of those that were missing and are made.

    Names that differ only in case mean one row: the account's own, else the first of them.
    """
    own = model.objects.for_user(user)
    ids = _matching(own, names)
    missing = {}
    for name in names:
        if name not in ids and name.casefold() not in missing:
            missing[name.casefold()] = make(name)
    for row in missing.values():
        row.user = user
    # A form may have made the same name in this moment: then that one is taken.
    model.objects.bulk_create(missing.values(), ignore_conflicts=True, batch_size=BATCH)
    return _matching(own, names), [row.name for row in missing.values()]


def _matching(own, names):
    exact = dict(own.order_by("-id").values_list("name", "id"))
    by_case = {name.casefold(): pk for name, pk in exact.items()}
    known = {name: exact.get(name, by_case.get(name.casefold())) for name in names}
    return {name: pk for name, pk in known.items() if pk is not None}
