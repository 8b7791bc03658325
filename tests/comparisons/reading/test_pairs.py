"""What the engine is given of a diary, and that the database takes the same for pairs."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from apps.comparisons.engine.stats import Toss
from apps.comparisons.reading import pairs
from apps.comparisons.reading.whole.diary import whole_diary
from apps.conditions.models import Side
from apps.diary.models import (
    IS_AFTER_LATE,
    LATE_AFTER,
    Outcome,
    PlannedTreatment,
    TreatmentSession,
    WaitDraw,
)
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

START = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
LATER = START + timedelta(minutes=45)
A_DAY = timedelta(days=1)


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


def test_every_session_is_read_in_order_of_time(alice, sciatica):
    mat, heat = TreatmentFactory(user=alice), TreatmentFactory(user=alice, name="Heat")
    TreatmentSessionFactory(
        user=alice,
        started_at=START + timedelta(days=1),
        pain_before=7,
        asked_by_app=True,
    )
    TreatmentSessionFactory(
        user=alice,
        started_at=START,
        diary_date=date(2026, 3, 10),
        time_zone="Pacific/Auckland",
        pain_before=5,
        pain_after=0,
        after_rated_at=LATER,
        treatments=[mat, heat],
    )
    rows = whole_diary(alice, sciatica).sessions
    assert rows.names == ("Acupressure mat", "Heat")
    assert rows.uses.tolist() == [[True, True], [False, False]]
    assert rows.started.tolist() == [each.timestamp() for each in (START, START + A_DAY)]
    assert (rows.ended[0], np.isnan(rows.ended[1])) == (LATER.timestamp(), True)
    assert (rows.before.tolist(), rows.after[0], np.isnan(rows.after[1])) == ([5, 7], 0, True)
    assert rows.is_asked.tolist() == [False, True]
    assert rows.day.tolist() == [date(2026, 3, 10).toordinal()] * 2
    assert rows.hour.tolist() == [7, 18]  # in Auckland, in London


@pytest.mark.parametrize(
    ("typed_after", "after"),
    [(None, 3), (timedelta(hours=4), 3), (timedelta(hours=4, seconds=1), None)],
)
def test_rating_typed_late_is_taken_for_none(alice, sciatica, typed_after, after):
    TreatmentSessionFactory(
        user=alice,
        started_at=START,
        pain_after=3,
        after_rated_at=LATER,
        after_entered_at=typed_after and LATER + typed_after,
    )
    rows = whole_diary(alice, sciatica).sessions
    found = [(3 if each == 3 else None) for each in rows.after]
    assert (found, np.isnan(rows.ended).tolist()) == ([after], [after is None])


MICRO = timedelta(microseconds=1)
TEN_MINUTES, LONGEST = timedelta(minutes=10), timedelta(minutes=90)


@pytest.mark.parametrize("fraction", [0, 1, 123_457, 499_999, 999_999])
@pytest.mark.parametrize(
    ("interval", "is_in_time"),
    [
        (TEN_MINUTES - MICRO, False),
        (TEN_MINUTES, True),
        (LONGEST, True),
        (LONGEST + MICRO, False),
    ],
)
@pytest.mark.parametrize(
    ("typed_after", "is_late"),
    [(None, False), (LATE_AFTER, False), (LATE_AFTER + MICRO, True)],
)
def test_database_and_engine_take_the_same_sessions_for_pairs(
    alice, sciatica, fraction, interval, is_in_time, typed_after, is_late
):
    """The limits of time stand in SQL and in Python; to a microsecond they are the same."""
    started = START.replace(microsecond=fraction)
    stored = TreatmentSessionFactory(
        user=alice,
        started_at=started,
        pain_after=3,
        after_rated_at=started + interval,
        after_entered_at=typed_after and started + interval + typed_after,
    )
    own = TreatmentSession.objects.for_user(alice).with_due()
    assert stored.is_after_late == own.filter(IS_AFTER_LATE).exists() == is_late
    has_pair = whole_diary(alice, sciatica).sessions.has_pair.tolist()
    assert has_pair == [own.filter(pairs.IS_PAIR).exists()] == [is_in_time and not is_late]


def test_ratings_are_the_worse_of_leg_and_back(alice, sciatica):
    for hours, (leg, back) in enumerate([(0, None), (None, 4), (2, 6), (0, 0), (None, None)]):
        CheckInFactory(
            user=alice,
            rated_at=START + timedelta(hours=hours),
            leg_pain=leg,
            back_pain=back,
        )
    ratings = whole_diary(alice, sciatica).ratings
    assert dict(zip(ratings.at.tolist(), ratings.value.tolist(), strict=True)) == {
        START.timestamp(): 0,
        (START + timedelta(hours=1)).timestamp(): 4,
        (START + timedelta(hours=2)).timestamp(): 6,
        (START + timedelta(hours=3)).timestamp(): 0,
    }


def test_pairs_keep_to_side_and_days(alice, sciatica):
    for side, days in ((Side.LEFT, 0), (Side.RIGHT, 0), (Side.LEFT, 9)):
        moment = START + timedelta(days=days)
        TreatmentSessionFactory(user=alice, started_at=moment, side=side)
        CheckInFactory(user=alice, rated_at=moment, side=side)
    days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 17)}
    found = whole_diary(alice, sciatica, side="left", **days)
    assert (len(found.sessions), len(found.ratings.at)) == (1, 1)


def test_pairs_hold_nothing_of_others(alice, charlie, sciatica):
    TreatmentSessionFactory(user=charlie, started_at=START)
    CheckInFactory(user=charlie, rated_at=START)
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    TreatmentSessionFactory(user=alice, condition=arm, started_at=START)
    CheckInFactory(user=alice, condition=arm, rated_at=START)
    found = whole_diary(alice, sciatica)
    assert (len(found.sessions), len(found.ratings.at)) == (0, 0)


@pytest.mark.parametrize(
    ("stored", "treatments", "due"),
    [(None, [], 45), (None, [20, 60], 60), (90, [20, 60], 90), (30, [], 30)],
)
@pytest.mark.parametrize("late", [timedelta(0), MICRO])
def test_window_goes_by_the_session_s_own_due_time(alice, sciatica, stored, treatments, due, late):
    used = [
        TreatmentFactory(user=alice, name=f"Every {minutes}", rate_again_after_minutes=minutes)
        for minutes in treatments
    ]
    session = TreatmentSessionFactory(
        user=alice,
        started_at=START,
        due_minutes=stored,
        treatments=used,
        pain_after=3,
        after_rated_at=START + timedelta(minutes=max(90, 2 * due)) + late,
    )
    own = TreatmentSession.objects.for_user(alice).with_due()
    rows = whole_diary(alice, sciatica).sessions
    assert (session.due, rows.due.tolist(), own.get().due_after) == (due, [due], due)
    assert rows.has_pair.tolist() == [own.filter(pairs.IS_PAIR).exists()] == [not late]
    waits = TreatmentSession.objects.for_user(alice).waits_with_due()
    assert [wait.due_after for wait in waits] == ([] if treatments else [due])
    own_counts = pairs.altogether(pairs.alike(own))
    assert treatments or pairs.altogether(pairs.alike_waits(waits)) == own_counts


def test_what_had_something_else_in_between_is_no_pair(alice, sciatica):
    TreatmentSessionFactory(
        user=alice, started_at=START, pain_after=3, after_rated_at=LATER, had_something_else=True
    )
    assert whole_diary(alice, sciatica).sessions.has_pair.tolist() == [False]
    own = TreatmentSession.objects.for_user(alice).with_due()
    assert not own.filter(pairs.IS_PAIR).exists()


def test_tosses_are_those_of_sessions_with_what_was_planned(alice, charlie, sciatica):
    mat = TreatmentFactory(user=alice)
    outcomes = [Outcome.NOT_ASKED, Outcome.SKIPPED, Outcome.ACCEPTED, Outcome.NOT_ELIGIBLE]
    for number, outcome in enumerate(outcomes):
        is_wait = outcome == Outcome.ACCEPTED
        session = TreatmentSessionFactory(
            user=alice,
            started_at=START + timedelta(days=number),
            treatments=[] if is_wait else [mat],
        )
        is_eligible = outcome != Outcome.NOT_ELIGIBLE
        draw = WaitDraw.objects.create(
            user=alice,
            ordinal=number if is_eligible else None,
            one_in=5,
            outcome=outcome,
            drawn_at=session.started_at,
            client_id=session.client_id,
        )
        if is_wait:
            PlannedTreatment.objects.create(user=alice, draw=draw, treatment=mat)
    names = ("Acupressure mat",)
    assert whole_diary(alice, sciatica).tosses == [
        Toss(START, names, asked=False, accepted=False, one_in=5),
        Toss(START + timedelta(days=1), names, asked=True, accepted=False, one_in=5),
        Toss(START + timedelta(days=2), names, asked=True, accepted=True, one_in=5),
    ]
    assert whole_diary(charlie, sciatica).tosses == []
