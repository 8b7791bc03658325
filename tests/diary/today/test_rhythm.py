"""How often the diary asks: offered less often after good days, paused with one tap."""

from datetime import date, timedelta

import pytest
import time_machine

from apps.diary.today.rhythm import had_good_days
from apps.users.models import Rhythm
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentSessionFactory,
)

TODAY = date(2026, 3, 10)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def worst(ratings):
    """The worst pain of the days up to today, the latest last; None is not rated."""
    days = enumerate(reversed(ratings))
    return {TODAY - ago * A_DAY: rating for ago, rating in days if rating is not None}


@pytest.mark.parametrize(
    ("ratings", "is_good"),
    [
        ([2] * 14, True),
        ([0] * 14, True),
        ([2] * 13, False),
        ([2] * 13 + [3], False),
        ([3] + [2] * 13, False),
        ([3] + [2] * 14, True),
        ([2] * 13 + [None], False),
        ([2] * 7 + [None] * 7 + [2] * 7, True),
        ([2] * 7 + [None] * 8 + [2] * 7, False),
        ([2] * 14 + [None] * 7, True),
        ([2] * 14 + [None] * 8, False),
        ([None] * 21, False),
        ([9] * 7 + [1] * 14, True),
    ],
)
def test_fourteen_rated_days_of_three_weeks_are_good(ratings, is_good):
    """A day without a rating counts for nothing: neither as a good day nor as a bad one."""
    assert had_good_days(worst(ratings), TODAY) is is_good


def test_days_to_come_count_for_nothing():
    assert had_good_days(worst([2] * 13) | {TODAY + A_DAY: 0}, TODAY) is False


def good_days(user, days=14):
    condition = ConditionFactory(user=user)
    for ago in range(days):
        CheckInFactory(
            user=user, condition=condition, rated_at=NOON - ago * A_DAY, leg_pain=1, back_pain=2
        )


def offers(browser):
    return browser.get("/today/").context["page"].offers_weekly


def test_today_offers_to_ask_once_a_week_after_fourteen_good_days(as_alice, alice, charlie):
    good_days(charlie)
    good_days(alice, days=13)
    assert not offers(as_alice)
    CheckInFactory(user=alice, rated_at=NOON - 13 * A_DAY, leg_pain=None, back_pain=0)
    assert offers(as_alice)
    assert "Once a week instead of every day?" in as_alice.get("/today/").content.decode()


@pytest.mark.parametrize("ratings", [{"pain_before": 3}, {"pain_before": 0, "pain_after": 3}])
def test_session_with_more_pain_makes_a_day_that_is_not_good(as_alice, alice, ratings):
    good_days(alice)
    if "pain_after" in ratings:
        ratings["after_rated_at"] = NOON
    TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(hours=1), **ratings)
    assert not offers(as_alice)


def test_nothing_is_offered_while_a_red_flag_is_open(as_alice, alice):
    good_days(alice)
    CheckInFactory(user=alice, rated_at=NOON - A_DAY, leg_pain=None, red_flags=["bladder"])
    assert not offers(as_alice)


def test_days_that_more_sessions_may_hide_count_for_nothing(as_alice, alice):
    """Today reads the latest 40 sessions only: an older one of a day might have been worse."""
    good_days(alice)
    condition = ConditionFactory(user=alice)
    for ago in range(40):
        at = NOON - timedelta(hours=2 * ago)
        TreatmentSessionFactory(user=alice, condition=condition, started_at=at, pain_before=0)
    assert not offers(as_alice)


def test_not_now_holds_for_four_weeks(as_alice, alice):
    good_days(alice)
    assert as_alice.post("/rhythm/not-now/").url == "/today/"
    assert not offers(as_alice)
    alice.refresh_from_db()
    assert (alice.rhythm, alice.weekly_declined_on) == (Rhythm.DAILY, TODAY)
    alice.weekly_declined_on = TODAY - 27 * A_DAY
    alice.save()
    assert not offers(as_alice)
    alice.weekly_declined_on = TODAY - 28 * A_DAY
    alice.save()
    assert offers(as_alice)


@pytest.mark.parametrize("rhythm", Rhythm.values)
def test_rhythm_is_chosen_with_one_tap(as_alice, alice, charlie, rhythm):
    good_days(alice)
    assert as_alice.post("/rhythm/", {"rhythm": rhythm}).url == "/today/"
    alice.refresh_from_db()
    charlie.refresh_from_db()
    assert (alice.rhythm, alice.rhythm_since) == (rhythm, NOON)
    assert (charlie.rhythm, charlie.rhythm_since) == (Rhythm.DAILY, None)
    assert offers(as_alice) is (rhythm == Rhythm.DAILY)


@pytest.mark.parametrize("data", [{}, {"rhythm": "hourly"}])
def test_rhythm_that_there_is_not_is_refused(as_alice, alice, data):
    assert as_alice.post("/rhythm/", data).status_code == 400
    alice.refresh_from_db()
    assert alice.rhythm == Rhythm.DAILY
