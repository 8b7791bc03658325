"""From rows to the engine's sequences."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.comparisons.engine.rows import rows_of
from apps.comparisons.engine.stats import Session, Toss
from apps.comparisons.reading import pairs
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


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


def test_sessions_of_gives_every_session_in_order_of_time(alice, sciatica):
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
    first, second = pairs.sessions_of(alice, sciatica)
    assert sorted(first.treatments) == ["Acupressure mat", "Heat"]
    day = date(2026, 3, 10)
    auckland, london = ZoneInfo("Pacific/Auckland"), ZoneInfo("Europe/London")
    assert first == Session(START, first.treatments, 5, 0, LATER, day=day, zone=auckland)
    assert second == Session(
        START + timedelta(days=1), (), 7, asked_by_app=True, day=day, zone=london
    )


@pytest.mark.parametrize(
    ("typed_after", "after"),
    [(None, 3), (timedelta(hours=4), 3), (timedelta(hours=4, seconds=1), None)],
)
def test_sessions_of_takes_a_rating_typed_late_for_none(alice, sciatica, typed_after, after):
    TreatmentSessionFactory(
        user=alice,
        started_at=START,
        pain_after=3,
        after_rated_at=LATER,
        after_entered_at=typed_after and LATER + typed_after,
    )
    (session,) = pairs.sessions_of(alice, sciatica)
    assert (session.after, session.after_at) == (after, LATER if after is not None else None)


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
    has_pair = rows_of(pairs.sessions_of(alice, sciatica), UTC).has_pair.tolist()
    assert has_pair == [own.filter(pairs.IS_PAIR).exists()] == [is_in_time and not is_late]


def test_ratings_of_are_the_worse_of_leg_and_back(alice, sciatica):
    for hours, (leg, back) in enumerate([(0, None), (None, 4), (2, 6), (0, 0), (None, None)]):
        CheckInFactory(
            user=alice,
            rated_at=START + timedelta(hours=hours),
            leg_pain=leg,
            back_pain=back,
        )
    assert pairs.ratings_of(alice, sciatica) == [
        (START, 0),
        (START + timedelta(hours=1), 4),
        (START + timedelta(hours=2), 6),
        (START + timedelta(hours=3), 0),
    ]


def test_pairs_keep_to_side_and_days(alice, sciatica):
    for side, days in ((Side.LEFT, 0), (Side.RIGHT, 0), (Side.LEFT, 9)):
        moment = START + timedelta(days=days)
        TreatmentSessionFactory(user=alice, started_at=moment, side=side)
        CheckInFactory(user=alice, rated_at=moment, side=side)
    days = {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 17)}
    assert len(pairs.sessions_of(alice, sciatica, side="left", **days)) == 1
    assert len(pairs.ratings_of(alice, sciatica, side="left", **days)) == 1


def test_pairs_hold_nothing_of_others(alice, charlie, sciatica):
    TreatmentSessionFactory(user=charlie, started_at=START)
    CheckInFactory(user=charlie, rated_at=START)
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    TreatmentSessionFactory(user=alice, condition=arm, started_at=START)
    CheckInFactory(user=alice, condition=arm, rated_at=START)
    assert pairs.sessions_of(alice, sciatica) == []
    assert pairs.ratings_of(alice, sciatica) == []


@pytest.mark.parametrize("n", [1, 3])
def test_pairs_ask_the_same_number_of_queries(alice, sciatica, n, django_assert_num_queries):
    mat = TreatmentFactory(user=alice)
    TreatmentSessionFactory.create_batch(n, user=alice, started_at=START, treatments=[mat])
    CheckInFactory.create_batch(n, user=alice, rated_at=START)
    with django_assert_num_queries(3):
        assert len(pairs.sessions_of(alice, sciatica)) == n
        assert len(pairs.ratings_of(alice, sciatica)) == n


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
    (read,) = pairs.sessions_of(alice, sciatica)
    assert (session.due, read.due_minutes, own.get().due_after) == (due, due, due)
    has_pair = rows_of([read], UTC).has_pair.tolist()
    assert has_pair == [own.filter(pairs.IS_PAIR).exists()] == [not late]


def test_what_had_something_else_in_between_is_no_pair(alice, sciatica):
    TreatmentSessionFactory(
        user=alice, started_at=START, pain_after=3, after_rated_at=LATER, had_something_else=True
    )
    (read,) = pairs.sessions_of(alice, sciatica)
    assert rows_of([read], UTC).has_pair.tolist() == [False]
    own = TreatmentSession.objects.for_user(alice).with_due()
    assert not own.filter(pairs.IS_PAIR).exists()


def test_tosses_of_are_those_of_sessions_with_what_was_planned(alice, charlie, sciatica):
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
    assert pairs.tosses_of(alice, sciatica) == [
        Toss(START, names, asked=False, accepted=False, one_in=5),
        Toss(START + timedelta(days=1), names, asked=True, accepted=False, one_in=5),
        Toss(START + timedelta(days=2), names, asked=True, accepted=True, one_in=5),
    ]
    assert pairs.tosses_of(charlie, sciatica) == []
