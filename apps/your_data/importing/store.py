"""A file into a diary: all of it or nothing, and nothing twice."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import Max, Model
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.conditions.models import Condition
from apps.conditions.places import LEG_AND_BACK
from apps.diary.entries.form import DEFAULT_CONDITION
from apps.diary.models import Entry, PlannedTreatment, Seal, SessionTreatment, WaitDraw
from apps.treatments.catalogue import kinds_by_any_name, treatment_of_kind
from apps.treatments.models import Kind, Treatment
from apps.users.models import User
from apps.users.typed.names import as_seen
from apps.your_data.archive.merging import Filled, merge, name_of, stays
from apps.your_data.archive.read import ArchiveReader, ArchiveRow, Told
from apps.your_data.archive.store import count_on, numbers_of_new, store_archive
from apps.your_data.archive.tables import fields_of
from apps.your_data.foreign.columns import left_out as columns_left_out
from apps.your_data.foreign.file import foreign_file
from apps.your_data.foreign.rows import ForeignRows
from apps.your_data.importing.locking import lock
from apps.your_data.importing.same_minute import match_by_minute
from apps.your_data.importing.seals import keep_seals
from apps.your_data.importing.self_tests import new_tests, store_tests
from apps.your_data.misplaced import refuse_misplaced
from apps.your_data.table.columns import MODELS
from apps.your_data.table.problems import Place, Problems, TooManyProblemsError
from apps.your_data.table.read_csv import rows_of
from apps.your_data.table.rows import Row, RowReader
from config.postgres.copying import store_rows

BATCH = 1000
MATCHED_BY = {"rated_at", "started_at", "diary_date"}
MOST_EXAMPLES = 5
MOST_OF_A_NOTE = 200


class Example(NamedTuple):
    """An entry as it is shown before an import: where it stands, when it was, what it says."""

    place: Place
    day: date
    time: str
    said: str
    note: str


@dataclass(slots=True)
class Tally:
    """How many entries, the first and the last of their days, and some of them in words."""

    number: int = 0
    first: date | None = None
    last: date | None = None
    examples: list[Example] = field(default_factory=list)

    def add(self, place: Place, entry: Entry, names: list[str] | None = None) -> None:
        """Count an entry; ``names`` are those of its treatments, where they are known yet."""
        day = entry.diary_date
        self.number += 1
        self.first = min(self.first or day, day)
        self.last = max(self.last or day, day)
        if len(self.examples) < MOST_EXAMPLES:
            said = entry.rated_in_words(names) if entry.is_session else entry.everything_in_words()
            time = f"{entry.local_at:%H:%M}"
            self.examples.append(Example(place, day, time, said, entry.note[:MOST_OF_A_NOTE]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the entries of a file; nothing where there are problems.

    ``made`` are the names of conditions and treatments that the file brought; ``others`` is how
    many rows of other tables, causes and periods and the like. ``undated`` new entries do not
    say when their ratings were typed. ``filled`` tells what comes into rows that are there
    already, ``left`` what of the file stays out. ``rows`` are the numbers of the rows that were
    made, but for settings of which a person has one, and ``changes`` the fields that were filled.
    Of a file from elsewhere, ``left_out`` are the problems of rows that stay out, ``passed_over``
    counts the rows that nobody wanted by why, and ``columns_out`` are the names of the columns
    that mean nothing.
    """

    problems: Problems
    new_entries: Tally = field(default_factory=Tally)
    known_entries: Tally = field(default_factory=Tally)
    made: dict[type[Model], list[str]] = field(default_factory=dict)
    others: int = 0
    undated: int = 0
    filled: list[Told] = field(default_factory=list)
    left: list[Told] = field(default_factory=list)
    rows: dict[type[Model], list[int]] = field(default_factory=dict)
    changes: list[Filled] = field(default_factory=list)
    left_out: Problems = field(default_factory=Problems)
    passed_over: dict[str, int] = field(default_factory=dict)
    columns_out: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        return self.new_entries.number

    @property
    def known(self) -> int:
        return self.known_entries.number


def import_diary(
    user: User,
    data: bytes,
    *,
    at: datetime,
    columns: dict | None = None,
    from_memory: bool = False,
    leave_out: bool = False,
) -> Outcome:
    """Store the entries of a CSV or JSON file, unless it has a problem. ``at`` is now.

    ``columns`` say what the columns of a file from elsewhere mean (``foreign_rows``), and how days
    of a file of ours are to be read that a spreadsheet has rewritten ("date_order"). With
    ``from_memory``, ratings of a table that do not say when they were typed count as typed now,
    long after their moment: they are kept and shown, and not compared.

    With ``leave_out``, rows of such a file that have a problem stay out, and the others come in.

    An entry that is there already (by its ``client_id``, or without one by its content) stays
    as it is. Two rows of the same content in one file are two entries.
    """
    problems = Problems()
    archive = ArchiveReader(user, problems, at=at)
    if columns and "date" in columns:
        rows = _rows_from_elsewhere(user, data, columns, problems)
        reader = RowReader(user, rows.problems, at=at, from_memory=from_memory)
        return _foreign(user, rows, reader, archive, leave_out=leave_out)
    reader = RowReader(user, problems, at=at, from_memory=from_memory)
    reading = (columns or {}).get("date_order", "")
    rows = rows_of(data, problems, archive, zone=user.zone, reading=reading)
    found = _read(reader, rows)
    with suppress(TooManyProblemsError):
        archive.check_references()
    return _stored(user, problems, found, reader, archive)


def _read(reader: RowReader, rows) -> list[Row]:
    found: list[Row] = []
    with suppress(TooManyProblemsError):
        found += (row for each in rows if (row := reader.read(*each)))
    return found


def _rows_from_elsewhere(user, data, columns, problems) -> ForeignRows:
    return ForeignRows(user, foreign_file(data, columns.get("header")), columns, problems)


def _foreign(user, rows: ForeignRows, reader, archive, *, leave_out) -> Outcome:
    """What a file from elsewhere comes to; without its rows that have a problem, if so wanted."""
    found = _read(reader, rows)
    problems, left_out = rows.problems.problems, Problems()
    good = [row for row in found if row.place not in problems.places]
    if problems and leave_out and problems.is_of_rows and good:
        left_out, problems, found = problems, Problems(), good
    outcome = _stored(user, problems, found, reader, archive)
    return replace(
        outcome,
        left_out=left_out,
        passed_over=dict(rows.passed_over),
        columns_out=columns_left_out(rows.file.names, rows.columns),
    )


def _stored(user, problems, rows, reader, archive) -> Outcome:
    if problems:
        return Outcome(problems)
    try:
        return _store(user, problems, rows, reader, archive)
    except (IntegrityError, DataError) as error:
        problems.add(Place(1), "", refusal(error))
        return Outcome(problems)


def look_at(user: User, data: bytes, *, at: datetime, columns: dict | None = None) -> Outcome:
    """What ``import_diary`` would say now; nothing stays stored."""
    with transaction.atomic():
        outcome = import_diary(user, data, at=at, columns=columns, leave_out=True)
        transaction.set_rollback(True)
    return outcome


def refusal(error: DatabaseError) -> str:
    """The words of a rule that only the database could ask."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    message = _("The database refuses a row of this file. The rule it breaks: %(rule)s.")
    return message % {"rule": name or type(error).__name__}


@transaction.atomic
def _store(user, problems, rows: list[Row], reader: RowReader, archive: ArchiveReader) -> Outcome:
    lock(user)
    if archive.rows or archive.preferences:
        store_archive(user, archive)
        connection.check_constraints()
        if problems:
            transaction.set_rollback(True)
            return Outcome(problems)
        told = {"filled": archive.filled, "left": archive.left, "changes": archive.changes}
        told["rows"] = numbers_of_new(archive)
        return Outcome(problems, *_tallies(archive), _made(archive), _others(archive), **told)
    _mark_known(user, rows)
    _tell_differences(user, rows, archive)
    new = [row for row in rows if row.entry.pk is None]
    tests = new_tests(user, reader.ended_tests.found, archive)
    stored = {id(row) for row in new}
    kinds = {name: kind for name, (kind, _place) in reader.kinds.items()}
    stored_rows: dict[type[Model], list[int]] = defaultdict(list)
    made = {Condition: _set_conditions(user, new, tests, problems, stored_rows)}
    if problems:
        transaction.set_rollback(True)
        return Outcome(problems)
    for model in MODELS.values():
        entries = [row.entry for row in new if type(row.entry) is model]
        store_rows(entries)
        stored_rows[model] += (entry.pk for entry in entries)
    _tell_kinds(user, reader.kinds, archive)
    made[Treatment] = _link_treatments(user, new, tests, kinds, stored_rows)
    stored_rows[Seal] += keep_seals(user, rows)
    there = [row for row in rows if id(row) not in stored]
    there = sorted(there + reader.repeated, key=lambda row: row.place)
    undated = sum(row.is_undated for row in new)
    tallies = _tally(new), _tally(there)
    told = {"undated": undated, "left": archive.left, "rows": dict(stored_rows)}
    return Outcome(problems, *tallies, made, **told)


def _mark_known(user, rows):
    known = {
        model: dict(model.objects.for_user(user).values_list("client_id", "pk"))
        for model in MODELS.values()
    }
    for row in rows:
        row.entry.pk = known[type(row.entry)].get(row.entry.client_id)
    match_by_minute(user, rows)


def _tell_differences(user, rows, archive):
    """What is there already stays as it is, also where the file says it in another way."""
    for model in MODELS.values():
        said = frozenset(field.name for field in fields_of(model)) - MATCHED_BY
        there = [
            ArchiveRow(row.place, None, row.entry, {}, said, is_new=False)
            for row in rows
            if type(row.entry) is model and row.entry.pk
        ]
        merge(user, model, there, archive)


def _tell_kinds(user, kinds, archive):
    """A treatment of the file that is of another kind here."""
    kind = Treatment._meta.get_field("kind")
    for own in Treatment.objects.for_user(user) if kinds else ():
        said, place = kinds.get(as_seen(own.name), (own.kind, None))
        if said != own.kind:
            each = ArchiveRow(place, None, Treatment(kind=said), {})
            archive.leave(place, f"{own.name}: {name_of(kind)}", stays(own, each, kind))


def _tally(rows: list[Row]) -> Tally:
    tally = Tally()
    for row in rows:
        tally.add(row.place, row.entry, [name for name, _kind in row.treatments])
    return tally


def _tallies(archive):
    """Of new entries, and of those that were there already."""
    new, known = Tally(), Tally()
    for model in MODELS.values():
        for each in archive.rows.get(model, []):
            (new if each.is_new else known).add(each.place, each.row)
    return new, known


def _made(archive):
    return {
        model: [each.row.name for each in archive.rows.get(model, []) if each.is_new]
        for model in (Condition, Treatment)
    }


def _others(archive):
    named = (*MODELS.values(), Condition, Treatment, SessionTreatment)
    rows = [each for model, rows in archive.rows.items() if model not in named for each in rows]
    return sum(each.is_new for each in rows)


def _set_conditions(user, rows, tests, problems, stored_rows):
    names = dict.fromkeys(each.condition for each in (*rows, *tests))
    if "" in names:
        own = list(Condition.objects.for_user(user)[:2])
        is_only = len(own) == 1 and own[0].places.is_usual
        names[""] = own[0].name if is_only else str(DEFAULT_CONDITION)
    names = {given: meant or given for given, meant in names.items()}
    placed = [each for each in (*rows, *tests) if each.places]
    said = {as_seen(names[each.condition]): each.places for each in placed}

    def condition(name):
        first, second = said.get(as_seen(name), LEG_AND_BACK).stored
        return Condition(name=name, first_place=first, second_place=second)

    ids, made = _ids_by_name(Condition, user, names.values(), condition, stored_rows)
    conditions = Condition.objects.for_user(user).in_bulk(set(ids.values()))
    for row in rows:
        row.entry.condition = conditions[ids[names[row.condition]]]
    for each in tests:
        each.test.condition = conditions[ids[names[each.condition]]]
    _refuse_misplaced(rows, problems)
    return made


def _refuse_misplaced(rows, problems):
    """Without a condition a row is about leg and back, as its columns say."""
    rated = [row for row in rows if not row.entry.is_session]
    refuse_misplaced(
        (
            (
                row.entry,
                row.entry.condition,
                row.places or (None if row.condition else LEG_AND_BACK),
            )
            for row in rated
        ),
        lambda number, message: problems.add(rated[number].place, "condition", message),
    )


def _link_treatments(user, rows, tests, kinds, stored_rows):
    built_in = kinds_by_any_name()

    def treatment(name):
        kind = kinds.get(as_seen(name)) or built_in.get(as_seen(name), Kind.OTHER)
        made = treatment_of_kind(user, kind)
        made.name = name
        return made

    named = (asked for each in (*rows, *tests) for asked in each.all_treatments())
    names = dict.fromkeys(name for name, _kind in named)
    ids, made_names = _ids_by_name(Treatment, user, names, treatment, stored_rows)
    links = (
        SessionTreatment(user=user, session=row.entry, treatment_id=treatment_id)
        for row in rows
        for treatment_id in dict.fromkeys(ids[name] for name, _kind in row.treatments)
    )
    links = store_rows(links)
    stored_rows[SessionTreatment] += (link.pk for link in links)
    _store_tosses(user, rows, ids, stored_rows)
    store_tests(user, tests, ids, stored_rows)
    return made_names


def _store_tosses(user, rows, ids, stored_rows):
    """After those that the account has made itself; a session's toss is never stored twice."""
    tossed = [row for row in rows if row.toss]
    if not tossed:
        return
    own = WaitDraw.objects.for_user(user)
    known = set(own.values_list("client_id", flat=True))
    first = own.aggregate(next=Coalesce(Max("ordinal") + 1, 0))["next"]
    tossed = [row for row in tossed if row.entry.client_id not in known]
    draws = [
        WaitDraw(
            user=user,
            ordinal=ordinal,
            one_in=row.toss.one_in,
            outcome=row.toss.outcome,
            drawn_at=row.entry.started_at,
            client_id=row.entry.client_id,
        )
        for ordinal, row in enumerate(tossed, start=first)
    ]
    store_rows(draws)
    links = (
        PlannedTreatment(user=user, draw=draw, treatment_id=treatment_id)
        for draw, row in zip(draws, tossed, strict=True)
        for treatment_id in dict.fromkeys(ids[name] for name, _kind in row.toss.put_off)
    )
    links = store_rows(links)
    stored_rows[WaitDraw] += (draw.pk for draw in draws)
    stored_rows[PlannedTreatment] += (link.pk for link in links)
    count_on(user)


def _ids_by_name(model, user, names, make, stored_rows):
    """The person's rows of these names, and the names of those that were missing and are made.

    Names that look the same mean one row: the account's own, else the first of them.
    """
    own = model.objects.for_user(user)
    ids = _matching(own, names)
    missing = {}
    for name in names:
        if name not in ids and as_seen(name) not in missing:
            missing[as_seen(name)] = make(name)
    for row in missing.values():
        row.user = user
    # A form may have made the same name in this moment: then that one is taken.
    model.objects.bulk_create(missing.values(), ignore_conflicts=True, batch_size=BATCH)
    found = _matching(own, names)
    made = [row.name for row in missing.values()]
    stored_rows[model] += (found[name] for name in made)
    return found, made


def _matching(own, names):
    exact = dict(own.order_by("-id").values_list("name", "id"))
    by_looks = {as_seen(name): pk for name, pk in exact.items()}
    known = {name: exact.get(name, by_looks.get(as_seen(name))) for name in names}
    return {name: pk for name, pk in known.items() if pk is not None}
