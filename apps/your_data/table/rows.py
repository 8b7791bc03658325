"""One row of cells to one entry that the database will take, or to its problems in words.

A row of a self-test that has ended is no entry: it goes to ``EndedTests``.
"""

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.conditions.models import Condition
from apps.conditions.places import Places
from apps.diary.entries.moments import refuse_future
from apps.diary.models import CheckIn, TreatmentSession
from apps.users.models import User
from apps.users.typed.names import as_seen
from apps.your_data.table.cells import Cell, shown
from apps.your_data.table.columns import BY_NAME, COLUMNS, MODELS, SELF_TEST
from apps.your_data.table.ended_tests import EndedTests
from apps.your_data.table.problems import Place, Problems
from apps.your_data.table.rules import broken_by_file, broken_rules, rules_of

# A clock may be wrong, and on the other side of the earth it is tomorrow already.
AHEAD = timedelta(days=1)
# What is no field of the entry itself.
OF_CONDITION = {"first_place", "second_place"}
OF_SELF_TEST = (
    "self_test",
    "self_test_at",
    "self_test_moments",
    "self_test_minutes",
    "self_test_drawn",
)
NO_FIELDS = {
    "kind",
    "condition",
    "treatments",
    "coin",
    "coin_one_in",
    "coin_put_off",
    *OF_CONDITION,
    *OF_SELF_TEST,
}
NEEDS = (
    ("coin", "coin_one_in"),
    ("coin_one_in", "coin"),
    ("coin_put_off", "coin"),
    ("second_place", "first_place"),
    ("self_test", "self_test_at"),
    ("self_test", "self_test_moments"),
    ("self_test", "self_test_minutes"),
    *((name, "self_test") for name in OF_SELF_TEST[1:]),
)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DAY_RULES = [rule for rule in rules_of(CheckIn) if rule.fields == ("diary_date",)]
COLUMN_OF_FIELD = {column.field(kind): column.name for column in COLUMNS for kind in column.kinds}

# Never change it: rows without a client_id would then be imported a second time.
ROW_NAMESPACE = uuid.UUID("6a3ff5cf-5d40-4e43-8d0f-6c3b9d1f2b57")


@dataclass(frozen=True, slots=True)
class Toss:
    """What the coin said when a session was started, and the treatments that were put off."""

    outcome: str
    one_in: int
    put_off: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the file says of a self-test that runs where it came from; ``asked`` are one or two
    treatments, and ``is_drawn`` where the row used a letter.
    """

    asked: list[tuple[str, str]]
    started_at: datetime
    moments: int
    minutes: int
    is_drawn: bool


@dataclass(slots=True)
class Row:
    """An entry that is not stored yet; ``condition`` is a name, or empty for the usual one, and
    ``places`` is where it is rated, if the file says so.

    ``is_undated``: a rating of it does not say when it was typed, so that nobody knows whether
    it is from memory. ``is_known_by_content``: it has no ``client_id`` of its own.
    ``is_open``: the file would say if a running self-test had drawn it, and does not.
    """

    entry: CheckIn | TreatmentSession
    condition: str
    treatments: list[tuple[str, str]]
    place: Place
    toss: Toss | None = None
    places: Places | None = None
    is_undated: bool = False
    is_known_by_content: bool = False
    sealed: Sealed | None = None
    is_open: bool = False

    def all_treatments(self) -> list[tuple[str, str]]:
        """Those that were used, that were put off, and that a self-test asks about."""
        put_off, asked = self.toss and self.toss.put_off, self.sealed and self.sealed.asked
        return [*self.treatments, *(put_off or ()), *(asked or ())]


class RowReader:
    """Reads the rows of one person's file; ``at`` is now.

    ``from_memory``: ratings that do not say when they were typed count as typed now.
    """

    def __init__(self, user: User, problems: Problems, *, at: datetime, from_memory: bool = False):
        self.user, self.problems, self.at = user, problems, at
        self.from_memory = from_memory
        self.namespace = uuid.uuid5(ROW_NAMESPACE, str(user.pk))
        self.seen: dict[tuple, tuple[uuid.UUID, Place]] = {}
        self.kinds: dict[str, tuple[str, Place]] = {}  # by the name ``as_seen``
        self.places: dict[str, tuple[Places, Place]] = {}  # by the condition's name ``as_seen``
        self.repeated: list[Row] = []
        self.occurrences: Counter[uuid.UUID] = Counter()
        self.ended_tests = EndedTests(user, problems)

    def read(
        self, place: Place, cells: dict[str, Cell], typed_now: Iterable[str] = ()
    ) -> Row | None:
        """The row; None where it has problems, has the ``client_id`` of an earlier one, or is no
        entry.

        ``typed_now`` are the fields of when it was typed that are now: a file that does not say
        the time of a rating must not pass for one that was written in time.
        """
        before = self.problems.total
        kind = self._value(place, BY_NAME["kind"], cells.get("kind", ""))
        if kind is None:
            return None
        given, refused = self._given(place, kind, cells)
        if kind == SELF_TEST:
            self.ended_tests.check(place, given, refused, has_ids="client_id" in cells)
            self._keep_test(place, given, before)
            return None
        entry = self._entry(kind, given)
        self._check_rules(place, entry, given, refused)
        self._check_treatments(place, given)
        self._check_toss(place, given, refused)
        places = self._places(place, given)
        if places:
            entry.condition = _condition(given)  # for its words, until it has one that is stored
        if self.problems.total > before:
            return None
        row = self._row(place, given, entry, places, typed_now)
        row.is_open = "self_test_drawn" in cells and not given.get("self_test_drawn")
        return None if self._is_repeated(row, self._fingerprint(given)) else row

    def _keep_test(self, place, given, before):
        self._check_treatments(place, given)
        places = self._places(place, given)
        if self.problems.total == before:
            self.ended_tests.add(place, given, places)

    def _row(self, place, given, entry, places, typed_now):
        for name in typed_now:
            setattr(entry, name, self.at)
        undated = undated_ratings(entry)
        for name in undated if self.from_memory else ():
            setattr(entry, name, self.at)
        if "client_id" not in given:
            entry.client_id = self._nth(self._fingerprint(given))
        return Row(
            entry,
            given.get("condition", ""),
            given.get("treatments", []),
            place,
            _toss(given),
            places,
            is_undated=bool(undated),
            is_known_by_content="client_id" not in given,
            sealed=_sealed(given),
        )

    def _given(self, place, kind, cells):
        """What each cell says, by column, and the columns that were refused."""
        given, refused = {}, set()
        for column in COLUMNS:
            name, cell = column.name, cells.get(column.name, "")
            if kind not in column.kinds:
                if cell:
                    message = _("This belongs to %(rows)s only: leave it empty here.")
                    self.problems.add(place, name, message % {"rows": column.rows})
            elif cell or column.is_required:
                value = self._value(place, column, cell)
                if value is None:
                    refused.add(name)
                elif value != []:
                    given[name] = value
        return given, refused

    def _value(self, place, column, cell):
        """What the cell says; None where that is nothing, or refused."""
        try:
            value = self._read(column, cell)
            for day in _days_in(column, value):
                self._check_day(day)
        except ValidationError as error:
            self.problems.add(place, column.name, " ".join(error.messages))
            return None
        return value

    def _read(self, column, cell):
        if isinstance(cell, str) and not column.is_text:
            cell = cell.strip()
        if not cell and column.is_required:
            raise ValidationError(_("This must not be empty."))
        if UNSTORABLE.search(cell if isinstance(cell, str) else "".join(cell)):
            raise ValidationError(
                _("This holds a character that cannot be stored. Delete it, or type it again.")
            )
        return column.read(cell) if cell else []

    def _check_day(self, moment):
        day = moment
        if isinstance(moment, datetime):
            day = moment.date()
        else:
            moment = datetime.combine(moment, time.min, UTC)
        for rule in DAY_RULES:
            if not rule.is_kept({"diary_date": day}):
                raise ValidationError(rule.message)
        refuse_future(moment, at=self.at + AHEAD)

    def _entry(self, kind, given):
        values = {
            BY_NAME[name].field(kind): value
            for name, value in given.items()
            if name not in NO_FIELDS
        }
        values.setdefault("time_zone", self.user.time_zone)
        if "red_flags" in values:
            values["red_flags_ticked_at"] = values.get("rated_at", self.at)
        entry = MODELS[kind](user=self.user, **values)
        if entry.diary_date is None and "at" in given:
            entry.diary_date = entry.local_at.date()
        return entry

    def _check_rules(self, place, entry, given, refused):
        """What no single cell can say, asked of the database's own rules and of those of files."""
        for rule in (*broken_rules(entry), *broken_by_file(entry)):
            columns = [COLUMN_OF_FIELD.get(field, field) for field in rule.fields]
            if refused.isdisjoint(columns):
                empty = [name for name in columns if name not in given]
                self.problems.add(place, (empty or columns)[0], rule.message)

    def _check_treatments(self, place, given):
        treatments = given.get("treatments", [])
        if treatments and "asked_by_app" in given:
            message = _("Only a wait and see can be asked by the app: leave it empty here.")
            self.problems.add(place, "asked_by_app", message)
        for name, kind in [
            *treatments,
            *given.get("coin_put_off", []),
            *given.get("self_test", []),
        ]:
            said = kind, place
            known, earlier = self.kinds.setdefault(as_seen(name), said) if kind else said
            if known != kind:
                message = _("“%(name)s” is of the kind %(kind)s on line %(place)s.")
                params = {"name": shown(name), "kind": known, "place": earlier}
                self.problems.add(place, "treatments", message % params)

    def _places(self, place, given) -> Places | None:
        """Where the row's condition is rated; on every line that says it, it is the same."""
        if "first_place" not in given:
            return None
        said = Places.of(given["first_place"], given.get("second_place", "")), place
        name = given.get("condition", "")
        known, earlier = self.places.setdefault(as_seen(name), said)
        if known != said[0]:
            message = _("“%(name)s” is rated in %(known)s on line %(place)s.")
            params = {"name": shown(name), "known": known, "place": earlier}
            self.problems.add(place, "first_place", message % params)
        elif given.get("second_place") == given["first_place"]:
            message = _("The two places must be different ones.")
            self.problems.add(place, "second_place", message)
        return known

    def _check_toss(self, place, given, refused):
        for name, other in NEEDS:
            if name in given and other not in given and other not in refused:
                message = _("“%(column)s” is given: this must not be empty.")
                self.problems.add(place, other, message % {"column": name})

    def _fingerprint(self, given):
        """The same for the same content, whatever the order of the columns."""
        content = {
            name: value
            for name, value in given.items()
            if name not in {"client_id", *OF_CONDITION, *OF_SELF_TEST}
        }
        text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return uuid.uuid5(self.namespace, text)

    def _nth(self, fingerprint) -> uuid.UUID:
        """Two equal rows of one file are two entries; in the same file again they are the same."""
        self.occurrences[fingerprint] += 1
        nth = self.occurrences[fingerprint]
        return fingerprint if nth == 1 else uuid.uuid5(fingerprint, str(nth))

    def _is_repeated(self, row, fingerprint):
        key = type(row.entry), row.entry.client_id
        known, earlier = self.seen.setdefault(key, (fingerprint, row.place))
        if earlier is row.place:
            return False
        self.repeated.append(row)
        if known != fingerprint:
            message = _("This client_id is on line %(place)s too, with other content.")
            self.problems.add(row.place, "client_id", message % {"place": earlier})
        return True


def _condition(given) -> Condition:
    said = {name: given[name] for name in OF_CONDITION if name in given}
    return Condition(name=given.get("condition", ""), **said)


def _days_in(column, value) -> list[date]:
    """What a cell says of the past."""
    if column.name == "self_test_used":
        return [moment for each in value for moment in each.moments]
    return [value] if isinstance(value, date) and not column.may_be_ahead else []


def undated_ratings(entry: CheckIn | TreatmentSession) -> list[str]:
    """The fields of when it was typed that an entry with such a rating leaves empty."""
    undated = [] if entry.entered_at else ["entered_at"]
    if entry.is_session and entry.pain_after is not None and not entry.after_entered_at:
        undated.append("after_entered_at")
    return undated


def _toss(given) -> Toss | None:
    if "coin" not in given:
        return None
    return Toss(given["coin"], int(given["coin_one_in"]), given.get("coin_put_off", []))


def _sealed(given) -> Sealed | None:
    if "self_test" not in given:
        return None
    at, moments, minutes = (given[name] for name in OF_SELF_TEST[1:4])
    is_drawn = given.get("self_test_drawn", False)
    return Sealed(given["self_test"], at, int(moments), minutes, is_drawn)
