"""A file into a diary: all of it or nothing, and nothing twice."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.conditions.models import Condition
from apps.diary.exchange_files import Problems, TooManyProblemsError, rows_of
from apps.diary.exchange_rows import Row, RowReader
from apps.diary.forms.entry import DEFAULT_CONDITION
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from apps.treatments.catalogue import kinds_by_any_name, treatment_of_kind
from apps.treatments.models import Kind, Treatment
from apps.users.models import User

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many entries were new and how many there already; both 0 where there are problems."""

    problems: Problems
    new: int = 0
    known: int = 0


def import_diary(user: User, data: bytes, *, at: datetime) -> Outcome:
    """Store the entries of a CSV or JSON file, unless it has a problem. ``at`` is now.

    An entry that is there already (by its ``client_id``, or without one by its content) stays
    as it is. Two rows of the same content are the same entry.
    """
    problems = Problems()
    reader = RowReader(user, problems, at=at)
    rows = []
    with suppress(TooManyProblemsError):
        rows += (row for found in rows_of(data, problems) if (row := reader.read(*found)))
    if problems:
        return Outcome(problems)
    kinds = {name: kind for name, (kind, _place) in reader.kinds.items()}
    new = _store(user, rows, kinds)
    return Outcome(problems, new=new, known=len(rows) - new + reader.repeated)


@transaction.atomic
def _store(user, rows: list[Row], kinds) -> int:
    # One import at a time for each person: the second of two at once then finds the first's rows.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    known = {
        model: set(model.objects.for_user(user).values_list("client_id", flat=True))
        for model in (CheckIn, TreatmentSession)
    }
    rows = [row for row in rows if row.entry.client_id not in known[type(row.entry)]]
    _set_conditions(user, rows)
    for model in (CheckIn, TreatmentSession):
        entries = [row.entry for row in rows if type(row.entry) is model]
        model.objects.bulk_create(entries, batch_size=BATCH)
    _link_treatments(user, rows, kinds)
    return len(rows)


def _set_conditions(user, rows):
    names = dict.fromkeys(row.condition for row in rows)
    if "" in names:
        own = list(Condition.objects.for_user(user).values_list("name", flat=True)[:2])
        names[""] = own[0] if len(own) == 1 else str(DEFAULT_CONDITION)
    names = {given: meant or given for given, meant in names.items()}
    ids = _ids_by_name(Condition, user, names.values(), lambda name: Condition(name=name))
    for row in rows:
        row.entry.condition_id = ids[names[row.condition]]


def _link_treatments(user, rows, kinds):
    built_in = kinds_by_any_name()

    def treatment(name):
        kind = kinds.get(name.casefold()) or built_in.get(name.casefold(), Kind.OTHER)
        made = treatment_of_kind(user, kind)
        made.name = name
        return made

    names = dict.fromkeys(name for row in rows for name, _kind in row.treatments)
    ids = _ids_by_name(Treatment, user, names, treatment)
    links = (
        SessionTreatment(user=user, session=row.entry, treatment_id=treatment_id)
        for row in rows
        for treatment_id in dict.fromkeys(ids[name] for name, _kind in row.treatments)
    )
    SessionTreatment.objects.bulk_create(links, batch_size=BATCH)


def _ids_by_name(model, user, names, make):
    """The person's rows of these names; those that are missing are made.

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
    return _matching(own, names)


def _matching(own, names):
    exact = dict(own.order_by("-id").values_list("name", "id"))
    by_case = {name.casefold(): pk for name, pk in exact.items()}
    known = {name: exact.get(name, by_case.get(name.casefold())) for name in names}
    return {name: pk for name, pk in known.items() if pk is not None}
