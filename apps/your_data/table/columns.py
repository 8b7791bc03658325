"""The exchange format: one row per diary entry, in CSV, and one per self-test that has ended.

This module says which columns there are; ``cells`` reads one cell of each, ``read_csv`` is about
files, ``rows`` makes entries of rows, ``write_csv`` writes them and ``importing/store`` stores
them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition, Side
from apps.conditions.places import Place as RatedPlace
from apps.diary.models import (
    CheckIn,
    Furthest,
    HowOften,
    Moments,
    Outcome,
    Position,
    RedFlag,
    SelfTest,
    Symptom,
    TreatmentSession,
    WhyEnded,
)
from apps.diary.models.session import DUE_MINUTES
from apps.treatments.rate_again import LONGEST_MINUTES, SHORTEST_MINUTES
from apps.your_data.table.cells import (
    Cell,
    any_of,
    name_of,
    one_of,
    rating,
    read_asked,
    read_client_id,
    read_day,
    read_medicines,
    read_moment,
    read_place,
    read_test_minutes,
    read_time_zone,
    read_treatments,
    read_whole_number,
    text_of,
    yes_or_no,
)
from apps.your_data.table.letters import read_order, read_used, read_uuid

FORMAT, VERSION = "did-it-work", 2  # of the JSON file that holds everything
MODELS = {"checkin": CheckIn, "session": TreatmentSession}
SELF_TEST = "self_test"  # the kind of a row that is no entry
ALL, BOTH = (*MODELS, SELF_TEST), tuple(MODELS)
CHECKINS, SESSIONS, SELF_TESTS = ("checkin",), ("session",), (SELF_TEST,)
WHOSE_ROWS = {
    ALL: _("all"),
    BOTH: _("entries"),
    CHECKINS: _("check-ins"),
    SESSIONS: _("sessions"),
    SELF_TESTS: _("self-tests"),
}

FIELDS = {
    "after_at": "after_rated_at",
    "something_else": "had_something_else",
    "closed": "is_closed_unrated",
}
# Of the coin's toss for a session; a session that could not be asked used none.
TOSSED = [each.value for each in Outcome if each != Outcome.NOT_ELIGIBLE]
MOMENTS = [str(number) for number in Moments.values]
ONE_IN = [str(number) for number in HowOften.values if number]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kinds: tuple[str, ...]
    read: Callable[[Cell], object]
    holds: str | Promise
    is_text: bool = False
    is_required: bool = False
    may_be_ahead: bool = False  # a day to come

    @property
    def rows(self) -> Promise:
        return WHOSE_ROWS[self.kinds]

    def field(self, kind: str) -> str:
        """The name of its field in the model of that kind of entry."""
        if self.name == "at":
            return "rated_at" if kind == "checkin" else "started_at"
        return FIELDS.get(self.name, self.name)


NRS = _("0 to 10, or empty")


def listed(choices, separator=", "):
    return separator.join(choices.values)


COLUMNS = (
    Column("kind", ALL, one_of(ALL), ", ".join(ALL), is_required=True),
    Column(
        "at",
        ALL,
        read_moment,
        _("the moment, with its offset from UTC: 2024-01-31T18:30:00+00:00"),
        is_required=True,
    ),
    Column("time_zone", ALL, read_time_zone, _("such as Europe/London; empty: your own")),
    Column(
        "diary_date",
        BOTH,
        read_day,
        _("such as 2024-01-31, within a day of “at”; empty: its local day"),
    ),
    Column(
        "condition",
        ALL,
        name_of(Condition),
        _("its name; made if you have none of that name; empty: your only one, else Sciatica"),
        is_text=True,
    ),
    Column("side", BOTH, one_of(Side.values), listed(Side)),
    Column("leg_pain", CHECKINS, rating(CheckIn, "leg_pain"), NRS),
    Column("back_pain", CHECKINS, rating(CheckIn, "back_pain"), NRS),
    Column("furthest", CHECKINS, one_of(Furthest.values), listed(Furthest)),
    Column("symptoms", CHECKINS, any_of(Symptom.values), listed(Symptom, ";")),
    Column("red_flags", CHECKINS, any_of(RedFlag.values), listed(RedFlag, ";")),
    Column("sleep", CHECKINS, rating(CheckIn, "sleep"), NRS),
    Column("stress", CHECKINS, rating(CheckIn, "stress"), NRS),
    Column("energy", CHECKINS, rating(CheckIn, "energy"), NRS),
    Column("headache", CHECKINS, rating(CheckIn, "headache"), NRS),
    Column("muscle_tension", CHECKINS, rating(CheckIn, "muscle_tension"), NRS),
    Column("painkillers", CHECKINS, yes_or_no, _("yes, no, or empty")),
    Column(
        "treatments",
        SESSIONS,
        read_treatments,
        _(
            "names, with ; between them and the kind in brackets: Shakti mat [acupressure_mat];"
            "Heat pack [heat]. A semicolon inside a name is written \\; and a backslash \\\\. "
            "Empty: wait and see"
        ),
        is_text=True,
    ),
    Column("minutes", SESSIONS, read_whole_number, _("1 to 1440, or empty")),
    Column(
        "pain_before",
        SESSIONS,
        rating(TreatmentSession, "pain_before"),
        _("0 to 10"),
        is_required=True,
    ),
    Column("pain_after", SESSIONS, rating(TreatmentSession, "pain_after"), NRS),
    Column("after_at", SESSIONS, read_moment, _("when you rated again; with pain_after only")),
    Column("asked_by_app", SESSIONS, yes_or_no, _("yes, no, or empty; only for wait and see")),
    Column("position", SESSIONS, one_of(Position.values), listed(Position)),
    Column(
        "adverse_effect",
        BOTH,
        text_of(CheckIn, "adverse_effect"),
        _("text, up to 5,000 characters"),
        is_text=True,
    ),
    Column("note", BOTH, text_of(CheckIn, "note"), _("text, up to 5,000 characters"), is_text=True),
    Column(
        "due_minutes",
        SESSIONS,
        read_whole_number,
        format_lazy(_("{} to {}; empty: as its treatments"), *DUE_MINUTES),
    ),
    Column(
        "something_else",
        SESSIONS,
        yes_or_no,
        _("yes where something else was taken or done in between, else no or empty"),
    ),
    Column("entered_at", BOTH, read_moment, _("when it was typed; empty: not known")),
    Column(
        "after_entered_at",
        SESSIONS,
        read_moment,
        _("when the pain after was typed; empty: not known"),
    ),
    Column(
        "closed", SESSIONS, yes_or_no, _("yes where it was said that it will not be rated again")
    ),
    Column("coin", SESSIONS, one_of(TOSSED), ", ".join(TOSSED)),
    Column("coin_one_in", SESSIONS, one_of(ONE_IN), _("one in how many was asked: with coin only")),
    Column(
        "coin_put_off",
        SESSIONS,
        read_treatments,
        _("what was put off for an accepted wait, as in “treatments”"),
        is_text=True,
    ),
    Column(
        "together",
        SESSIONS,
        read_client_id,
        _("a UUID that sessions of one act for several conditions share, or empty"),
    ),
    Column(
        "first_place",
        ALL,
        read_place,
        format_lazy(
            _("where it is rated: {codes}, or your word; empty: as you have it, else leg and back"),
            codes=listed(RatedPlace),
        ),
        is_text=True,
    ),
    Column(
        "second_place",
        ALL,
        read_place,
        _("the other place, which back_pain rates; empty: there is none"),
        is_text=True,
    ),
    Column(
        "medicines",
        CHECKINS,
        read_medicines,
        _("which painkillers, names with ; between them; only where painkillers is yes"),
        is_text=True,
    ),
    Column(
        "self_test",
        ALL,
        read_asked,
        _("what a self-test asks about, as in “treatments”; of an entry, one that is running"),
        is_text=True,
    ),
    Column("self_test_at", BOTH, read_moment, _("when it began")),
    Column("self_test_moments", ALL, one_of(MOMENTS), ", ".join(MOMENTS)),
    Column(
        "self_test_minutes",
        ALL,
        read_test_minutes,
        format_lazy(
            _("{} to {}: when it has to be rated again"), SHORTEST_MINUTES, LONGEST_MINUTES
        ),
    ),
    Column(
        "self_test_drawn", BOTH, yes_or_no, _("yes where the row is one of the self-test’s own")
    ),
    Column(
        "self_test_sure",
        SELF_TESTS,
        rating(SelfTest, "expectation"),
        _("0 to 10: how sure you were that it helps"),
        is_required=True,
    ),
    Column(
        "self_test_last_day",
        SELF_TESTS,
        read_day,
        _("such as 2024-01-31: the last day that was agreed"),
        is_required=True,
        may_be_ahead=True,
    ),
    Column(
        "self_test_may_end_early",
        SELF_TESTS,
        yes_or_no,
        _("yes where it was to end once the answer is clear, else no or empty"),
    ),
    Column(
        "self_test_seed",
        SELF_TESTS,
        read_uuid,
        _("a UUID: what the order was drawn from"),
        is_required=True,
    ),
    Column(
        "self_test_order",
        SELF_TESTS,
        read_order,
        _("a letter for each session or day: T, or W for waiting or the second treatment"),
        is_required=True,
    ),
    Column("self_test_ended_at", SELF_TESTS, read_moment, _("when it ended"), is_required=True),
    Column(
        "self_test_ended",
        SELF_TESTS,
        one_of(WhyEnded.values),
        listed(WhyEnded),
        is_required=True,
    ),
    Column(
        "self_test_used",
        SELF_TESTS,
        read_used,
        _(
            "the letters that were used, with ; between them: the number of each, the client_id "
            "of its entry, when it was drawn, and if it was broken off, when"
        ),
    ),
    Column("client_id", BOTH, read_client_id, _("a UUID, or empty")),
)
NAMES = tuple(column.name for column in COLUMNS)
BY_NAME = {column.name: column for column in COLUMNS}
