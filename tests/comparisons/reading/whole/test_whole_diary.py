"""Columns of the database against the same diary read row by row: equal to the last digit."""

import random
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from apps.comparisons.engine.rows import Rows, rows_of
from apps.comparisons.engine.stats import compare
from apps.comparisons.reading.whole.diary import Known, rows, whole_diary
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from tests.comparisons.reading.whole import row_by_row
from tests.factories import ConditionFactory, TreatmentFactory

ZONES = ("Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu")
# Both changes of London's clock lie in these days.
FIRST_DAY = datetime(2026, 3, 20, 5, 0, tzinfo=UTC)
DAYS = 230
MINUTES_LATER = (None, 5, 10, 44.5, 45, 90, 120, 300)
LIMITS = (
    {},
    {"side": "left"},
    {"first_day": date(2026, 3, 28), "last_day": date(2026, 10, 26)},
    {"side": "right", "first_day": date(2026, 6, 1)},
    {"first_day": date(2030, 1, 1)},
)


def diary_of(user, name, seed):
    """Of every kind of session and rating some, at moments to the microsecond, some at once."""
    dice = random.Random(seed)
    condition = ConditionFactory(user=user, name=name)
    treatments = [
        TreatmentFactory(user=user, name=name, rate_again_after_minutes=minutes)
        for name, minutes in (("Mat", 20), ("Heat", 45), ("Übung", 120))
    ]
    entries = [entry(dice, user, condition) for _number in range(240)]
    check_ins = [check_in(dice, **each) for each in entries[::3]]
    CheckIn.objects.bulk_create(check_ins)
    sessions = [session(dice, **each) for each in entries if each not in entries[::3]]
    sessions += [session(dice, **entries[number]) for number in (1, 1, 1, 2)]
    TreatmentSession.objects.bulk_create(dice.sample(sessions, len(sessions)))
    SessionTreatment.objects.bulk_create(
        SessionTreatment(user=user, session=each, treatment=treatment)
        for each in sessions
        for treatment in dice.sample(treatments, dice.choice((0, 1, 1, 2)))
    )
    return condition


def entry(dice, user, condition):
    moment = FIRST_DAY + timedelta(days=dice.randrange(DAYS), seconds=86_400 * dice.random())
    zone = dice.choice(ZONES)
    day = moment.astimezone(ZoneInfo(zone)).date()
    side = dice.choice(("left", "right", "both", ""))
    common = {"user": user, "condition": condition, "time_zone": zone, "side": side}
    return common | {"moment": moment, "diary_date": day}


def check_in(dice, moment, **common):
    leg, back = (dice.choice((None, 0, 3, 7, 10)) for _place in range(2))
    return CheckIn(**common, rated_at=moment, leg_pain=leg, back_pain=back)


def session(dice, moment, **common):
    rated, later = {}, dice.choice(MINUTES_LATER)
    if later is not None:
        at = moment + timedelta(minutes=later, microseconds=dice.randrange(3))
        typed = dice.choice((None, at, at + timedelta(hours=5)))
        rated = {"pain_after": dice.randrange(11), "after_rated_at": at, "after_entered_at": typed}
    return TreatmentSession(
        **common,
        **rated,
        started_at=moment,
        pain_before=dice.randrange(11),
        asked_by_app=dice.choice((None, True, False)),
        due_minutes=dice.choice((None, None, 60)),
        had_something_else=bool(rated) and dice.random() < 0.1,
    )


def same(ours, theirs):
    names = [field.name for field in fields(Rows) if field.name != "names"]
    pairs = [(getattr(ours, name), getattr(theirs, name)) for name in names]
    return [
        name
        for name, (one, other) in zip(names, pairs, strict=True)
        if one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype == float)
    ]


def test_columns_hold_what_the_rows_say(alice, charlie):
    sciatica = diary_of(alice, "Sciatica", 5)
    diary_of(alice, "Neck", 6)
    diary_of(charlie, "Sciatica", 7)
    sizes = []
    for limits in LIMITS:
        sessions_read, ratings, tosses = whole_diary(alice, sciatica, **limits)
        sessions = row_by_row.sessions_of(alice, sciatica, **limits)
        check_ins = row_by_row.ratings_of(alice, sciatica, **limits)
        expected = rows_of(sessions, UTC)
        assert sessions_read.names == expected.names
        assert same(sessions_read, expected) == same(expected, expected)
        found = sorted(zip(ratings.at.tolist(), ratings.value.tolist(), strict=True))
        assert found == sorted((at.timestamp(), value) for at, value in check_ins)
        assert compare(sessions_read, ratings, tosses=tosses) == compare(sessions, check_ins)
        sizes.append(len(sessions_read))
    assert sizes[0] > sizes[2] > sizes[1] > sizes[3] > sizes[4] == 0


def test_treatment_deleted_between_two_queries_is_left_out():
    names = ("key", "started", "ended", "before", "after", "day", "hour", "own_due")
    columns = {name: np.array([7.0]) for name in names}
    columns |= {"is_asked": np.array([False]), "something_else": np.array([False])}
    links = {"session_key": np.array([7, 7]), "treatment_key": np.array([1, 2])}
    found = rows(columns, links, {2: Known("Heat", 60)})
    assert (found.names, found.uses.tolist()) == (("Heat",), [[True]])


@pytest.mark.parametrize("n", [1, 3])
def test_diary_is_read_in_five_queries(alice, n, django_assert_num_queries):
    sciatica = ConditionFactory(user=alice)
    dice = random.Random(n)
    entries = [entry(dice, alice, sciatica) for _number in range(n)]
    CheckIn.objects.bulk_create(check_in(dice, **each) for each in entries)
    TreatmentSession.objects.bulk_create(session(dice, **each) for each in entries)
    with django_assert_num_queries(5):
        whole_diary(alice, sciatica)
