"""The demo's invented half year: what there is in it, and that it is the same for everybody."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import fmean

import pytest

from apps.comparisons.engine.self_test import letters
from apps.comparisons.self_tests.answer import drawn_with_sessions, result_of, why_over
from apps.conditions.models import Condition
from apps.demo import person
from apps.demo.pain import Pain, whole
from apps.demo.person import demo_diary
from apps.demo.rows import keep_diary
from apps.diary.function.activities import activities_of, due_in, with_due_activities
from apps.diary.models import (
    CheckIn,
    FunctionRating,
    Outcome,
    SelfTest,
    SelfTestMoment,
    TreatmentSession,
    WaitDraw,
    WaitPlan,
)
from apps.treatments.models import Treatment, TreatmentPeriod
from tests.factories import UserFactory

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture
def diary():
    return demo_diary(date(2026, 11, 21), UserFactory.build().zone)


@pytest.fixture
def user(db):
    user = UserFactory()
    keep_diary(user, at=NOW)
    return user


def numbers(diary, entries):
    """On which days of the half year, counted from 0, these entries are."""
    return {(entry.day - diary.first_day).days for entry in entries}


def test_demo_is_half_a_year_with_a_fortnight_in_which_nothing_was_written(diary):
    written = numbers(diary, diary.check_ins) | numbers(diary, diary.sessions)
    assert (min(written), max(written)) == (0, person.DAYS - 1)
    assert written & set(person.GAP) == set()
    assert len(written) > 0.9 * (person.DAYS - len(person.GAP))


def test_demo_is_kept_in_order_by_day_and_never_at_night(diary):
    for entries in (diary.check_ins, diary.sessions):
        moments = [getattr(entry, "rated_at", None) or entry.started_at for entry in entries]
        assert moments == sorted(moments)
        local = [moment.astimezone(UserFactory.build().zone) for moment in moments]
        assert [moment.date() for moment in local] == [entry.day for entry in entries]
        assert all(6 <= moment.hour < 23 for moment in local)


def test_demo_switches_sides_for_three_weeks(diary):
    right = {each for each in diary.sessions if each.side == "right"}
    assert numbers(diary, right) <= set(person.OTHER_SIDE)
    assert {each.side for each in diary.sessions} == {"left", "right"}


def test_demo_leaves_some_sessions_unrated_and_has_days_without_pain(diary):
    missing = fmean(session.pain_after is None for session in diary.sessions)
    assert 0.10 <= missing <= 0.15
    assert sum(each.worse_pain == 0 for each in diary.check_ins) >= 10


def test_demo_waits_when_asked_and_unasked(diary):
    waits = [session for session in diary.sessions if not session.treatments]
    asked = sum(session.is_asked_wait for session in waits)
    assert (asked >= 30, len(waits) - asked >= 10) == (True, True)
    assert all(each.pain_before <= person.ASKED_UP_TO for each in waits if each.is_asked_wait)


def test_demo_stretches_when_it_is_worst(diary):
    before = Counter()
    for session in diary.sessions:
        for name in session.treatments:
            before[name, session.pain_before >= person.BAD] += 1
    share = {
        name: before[name, True] / (before[name, True] + before[name, False]) for name, _ in before
    }
    assert share[person.STRETCHING] > 0.8
    assert max(share[person.MAT], share[person.HEAT]) < 0.5


def test_demo_types_ratings_in_soon_enough_to_be_compared(diary):
    late = [
        each.after_entered_at - each.after_rated_at
        for each in diary.sessions
        if each.after_rated_at
    ]
    assert timedelta(0) < min(late) < timedelta(minutes=1)
    assert timedelta(minutes=30) < max(late) < timedelta(hours=4)


def test_demo_is_the_same_on_every_day_but_for_its_dates():
    zone = UserFactory.build().zone
    ratings = [
        [
            ((each.day - found.first_day).days, each.pain_before, each.pain_after)
            for each in found.sessions
        ]
        for found in (demo_diary(date(2026, 3, 31), zone), demo_diary(date(2024, 10, 27), zone))
    ]
    assert ratings[0] == ratings[1]


def test_pain_of_the_demo_keeps_to_the_scale():
    assert [whole(points) for points in (-2.0, 0.4, 6.6, 12.0)] == [0, 0, 7, 10]


def test_relief_of_the_demo_wears_off():
    class Level:
        gauss = staticmethod(lambda mean, sd: mean)

    pain = Pain(Level, days=person.DAYS)
    pain.relieve(10, -3)
    assert [pain.rate(hours) for hours in (10, 12.5, 34)] == [2, 4, 5]


def test_demo_is_written_down_as_it_was_invented(user, diary):
    sessions = TreatmentSession.objects.for_user(user).order_by("started_at").with_names()
    kept = sessions.values_list("started_at", "names", "pain_before", "pain_after", "side")
    assert [(at, sorted(names), *rest) for at, names, *rest in kept] == [
        (each.started_at, sorted(each.treatments), each.pain_before, each.pain_after, each.side)
        for each in diary.sessions
    ]
    check_ins = CheckIn.objects.for_user(user).order_by("rated_at")
    assert [(each.rated_at, each.worse_pain) for each in check_ins] == [
        (each.rated_at, each.worse_pain) for each in diary.check_ins
    ]


def test_demo_ends_yesterday_and_leaves_nothing_to_finish(user):
    days = CheckIn.objects.for_user(user).values_list("diary_date", flat=True)
    assert max(days) == date(2026, 11, 21)
    for hours in range(0, 24, 6):
        at = NOW - timedelta(hours=hours)
        assert list(TreatmentSession.objects.for_user(user).unfinished(at=at)) == []


def test_demo_names_prices_expectations_and_a_day_to_look_back(user):
    treatments = Treatment.objects.for_user(user)
    named = treatments.values_list("name", "upfront_cost", "cost_per_session", "expectation")
    assert [(name, str(once), str(each), hope) for name, once, each, hope in named] == [
        ("Acupressure mat", "24.90", "None", 4),
        ("Acupuncture", "None", "45.00", 6),
        ("Heat pack", "14.50", "None", 5),
        ("Short walk", "None", "None", 6),
        ("Steroid injection", "None", "None", 7),
        ("Stretching", "None", "None", 8),
    ]
    assert treatments.get(name=person.MAT).review_on > date(2026, 11, 22)
    assert (
        TreatmentSession.objects.for_user(user).filter(treatments__name=person.ACUPUNCTURE).count()
        == 9
    )
    injection = TreatmentPeriod.objects.for_user(user).get(treatment__name=person.INJECTION)
    assert injection.started_on == injection.ended_on


def test_letters_of_the_demos_self_tests_are_those_that_their_seeds_seal():
    for test in person.TESTS:
        assert test.order == letters(test.seed, test.moments)


def test_demo_has_tested_the_mat_and_is_testing_short_walks(user):
    walking, mat = SelfTest.objects.for_user(user)
    assert (mat.treatment.name, mat.why_ended) == (person.MAT, "whole")
    result = result_of(mat, drawn_with_sessions(mat))
    assert (result.moments, result.verdict, result.as_extreme) == (24, "helps", 550)
    assert result.low < person.EFFECTS[person.MAT] < result.high
    assert (walking.treatment.name, walking.is_running) == (person.WALKING, True)
    drawn = drawn_with_sessions(walking)
    assert (walking.moments, len(drawn)) == (32, 8)
    assert why_over(walking, drawn, at=NOW) is None


def test_sessions_of_the_demos_self_tests_did_what_was_drawn_and_lay_apart(user, diary):
    for self_test in SelfTest.objects.for_user(user):
        names = [found["names"] for _moment, found in drawn_with_sessions(self_test)]
        treated = [self_test.treatment.name]
        drawn = [treated if letter == "T" else [] for letter in self_test.order]
        assert names == drawn[: len(names)]
    tested = [session for session in diary.sessions if session.test]
    for session in tested:
        before = [session.started_at - other.started_at for other in diary.sessions]
        assert min(each for each in before if each > timedelta(0)) >= timedelta(hours=3)


def test_demo_records_when_the_app_asked_to_wait(user):
    plan = WaitPlan.objects.for_user(user).get()
    draws = WaitDraw.objects.for_user(user).order_by("ordinal")
    assert [draw.ordinal for draw in draws] == list(range(plan.next_ordinal))
    waited = draws.filter(outcome=Outcome.ACCEPTED).values_list("client_id", flat=True)
    lettered = SelfTestMoment.objects.for_user(user).values("client_id")
    asked = TreatmentSession.objects.for_user(user).filter(asked_by_app=True)
    asked = asked.exclude(client_id__in=lettered)
    assert set(waited) == set(asked.values_list("client_id", flat=True))


def test_demo_holds_nothing_that_a_form_would_refuse(user):
    for model in (CheckIn, TreatmentSession, Treatment, TreatmentPeriod):
        for row in model.objects.for_user(user):
            row.clean_fields()


def test_demo_rates_two_activities_about_once_a_week(user):
    assert [(each.name, each.place, each.last_rated_on) for each in activities_of(user)] == [
        ("Sit at the desk for an hour", 1, date(2026, 11, 21)),
        ("Walk for half an hour", 2, date(2026, 11, 21)),
    ]
    ratings = FunctionRating.objects.for_user(user).order_by("diary_date")
    days = sorted(set(ratings.values_list("diary_date", flat=True)))
    apart = {(later - day).days for day, later in pairwise(days)}
    assert (len(days) >= 20, apart <= {7, 14, 21}) == (True, True)
    first, last = [[each.rating for each in rows] for rows in (ratings[:8], ratings.reverse()[:8])]
    assert fmean(last) - fmean(first) > 2


def test_demo_asks_about_no_activity_on_its_first_day(user):
    conditions = Condition.objects.for_user(user)
    due = with_due_activities(conditions, user, day=date(2026, 11, 22), may_ask=True)
    assert due_in(due) == []
