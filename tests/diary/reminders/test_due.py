"""Who is due a reminder, when exactly, and that each is claimed once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from apps.diary.models import Reminder, ReminderPlan, Revision
from apps.diary.reminders.claims import claim
from apps.diary.reminders.due import Due, Kind, daily_due_at, due
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    DayTestFactory,
    ReminderPlanFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)

LONDON = ZoneInfo("Europe/London")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EVENING = datetime(2026, 3, 10, 20, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses_are_not_verified(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"


def daily(user, at=time(20), **fields):
    return ReminderPlanFactory(user=user, is_daily=True, daily_at=at, **fields)


def is_due(at):
    return bool(list(due(at=at)))


def minutes_due(start, end, step=5):
    """The minutes, counted from ``start``, in which a sender that runs every 5 minutes sends."""
    sent = []
    for minute in range(0, int((end - start) / MINUTE), step):
        at = start + minute * MINUTE
        sent += [minute for each in due(at=at) if claim(each, at=at)]
    return sent


# Days


def test_all_reminders_are_off_until_turned_on(alice):
    TreatmentSessionFactory(user=alice, started_at=EVENING - HOUR)
    assert not is_due(EVENING)
    ReminderPlanFactory(user=alice)
    assert not is_due(EVENING)


def test_daily_reminder_is_due_at_its_minute_and_for_an_hour(alice):
    daily(alice, time(20, 17))
    due_at = EVENING + 17 * MINUTE
    moments = [due_at - MINUTE, due_at, due_at + HOUR - MINUTE, due_at + HOUR]
    assert [is_due(at) for at in moments] == [False, True, True, False]
    assert list(due(at=due_at)) == [Due(alice.pk, diary_date=date(2026, 3, 10))]


def test_daily_reminder_comes_once_a_day(alice):
    daily(alice)
    assert minutes_due(EVENING - HOUR, EVENING + 2 * HOUR, step=1) == [60]
    assert is_due(EVENING + 24 * HOUR)


@pytest.mark.parametrize("factory", [CheckInFactory, TreatmentSessionFactory])
def test_daily_reminder_is_not_sent_once_something_was_written(alice, charlie, factory):
    daily(alice)
    factory(user=charlie, diary_date=EVENING.date())
    factory(user=alice, diary_date=EVENING.date() - timedelta(days=1))
    assert is_due(EVENING)
    factory(user=alice, diary_date=EVENING.date())
    assert not is_due(EVENING)


def test_daily_reminder_chosen_after_its_time_begins_tomorrow(alice):
    daily(alice, since=EVENING + MINUTE)
    assert (is_due(EVENING + 2 * MINUTE), is_due(EVENING + 24 * HOUR)) == (False, True)


# Self-tests


def under_test(user, **fields):
    ReminderPlanFactory(user=user, for_self_tests=True)
    return SelfTestFactory(user=user, started_at=EVENING - 24 * HOUR, **fields)


def uses_a_letter(self_test, at, ordinal=0):
    session = TreatmentSessionFactory(user=self_test.user, started_at=at, diary_date=at.date())
    SelfTestMomentFactory(
        user=self_test.user, self_test=self_test, ordinal=ordinal, client_id=session.client_id
    )


def test_a_running_self_test_is_reminded_of_once_on_a_day_without_its_session(alice):
    self_test = under_test(alice)
    uses_a_letter(self_test, EVENING - 24 * HOUR)
    CheckInFactory(user=alice, diary_date=EVENING.date())
    (found,) = due(at=EVENING)
    assert found == Due(alice.pk, diary_date=EVENING.date(), kind=Kind.SELF_TEST)
    assert minutes_due(EVENING, EVENING + HOUR) == [0]
    uses_a_letter(self_test, EVENING + 23 * HOUR, ordinal=1)
    assert not is_due(EVENING + 24 * HOUR)
    assert is_due(EVENING + 48 * HOUR)


def test_a_day_is_reminded_of_once_whatever_was_asked_for(alice):
    under_test(alice)
    ReminderPlan.objects.update(is_daily=True)
    assert [each.kind for each in due(at=EVENING)] == [Kind.DAY]
    assert minutes_due(EVENING, EVENING + HOUR) == [0]


@pytest.mark.parametrize(
    "fields",
    [
        {"ended_at": EVENING - HOUR, "why_ended": "stopped"},
        {"ends_on": EVENING.date() - timedelta(days=1)},
    ],
)
def test_a_self_test_that_is_over_is_not_reminded_of(alice, fields):
    under_test(alice, **fields)
    assert not is_due(EVENING)


def test_a_self_test_without_a_letter_left_is_not_reminded_of(alice):
    self_test = under_test(alice)
    for ordinal in range(23):
        uses_a_letter(self_test, EVENING - (30 + ordinal) * HOUR, ordinal=ordinal)
    assert is_due(EVENING)
    uses_a_letter(self_test, EVENING - 60 * HOUR, ordinal=23)
    assert not is_due(EVENING)


def by_days(user, at):
    ReminderPlanFactory(user=user, for_self_tests=True, daily_at=at)
    return DayTestFactory(user=user, started_at=EVENING - 24 * HOUR)


def rates(self_test, at, **fields):
    own = {"user": self_test.user, "condition": self_test.condition, "rated_at": at}
    return CheckInFactory(**own, **fields)


def test_a_morning_without_its_first_check_in_is_reminded_of(alice):
    self_test = by_days(alice, time(9))
    nine = EVENING - 11 * HOUR
    rates(self_test, nine - HOUR, leg_pain=None, back_pain=None, note="Slept badly.")
    (found,) = due(at=nine)
    assert found == Due(alice.pk, diary_date=EVENING.date(), kind=Kind.SELF_TEST)
    rates(self_test, nine - HOUR)
    assert not is_due(nine)


def test_an_evening_without_its_rating_is_reminded_of_where_a_letter_was_drawn(alice):
    self_test = by_days(alice, time(20))
    assert not is_due(EVENING)
    morning = rates(self_test, EVENING - 12 * HOUR)
    SelfTestMomentFactory(
        user=alice, self_test=self_test, client_id=morning.client_id, drawn_at=morning.rated_at
    )
    (found,) = due(at=EVENING)
    assert found == Due(alice.pk, diary_date=EVENING.date(), kind=Kind.SELF_TEST)
    rates(self_test, EVENING - 4 * HOUR)
    assert is_due(EVENING)
    assert claim(found, at=EVENING) is not None
    Reminder.objects.all().delete()
    rates(self_test, EVENING - 3 * HOUR)
    assert not is_due(EVENING)
    assert claim(found, at=EVENING) is None


def test_a_first_check_in_is_not_reminded_of_once_every_letter_is_used(alice):
    self_test = by_days(alice, time(9))
    for ordinal in range(60):
        SelfTestMomentFactory(
            user=alice, self_test=self_test, ordinal=ordinal, drawn_at=EVENING - 48 * HOUR
        )
    assert not is_due(EVENING - 11 * HOUR)


def test_nobody_is_reminded_of_a_self_test_unasked_or_in_a_paused_diary(alice):
    self_test = under_test(alice)
    alice.keep_rhythm("paused", at=EVENING)
    assert not is_due(EVENING)
    alice.keep_rhythm("weekly", at=EVENING)
    assert is_due(EVENING)
    ReminderPlan.objects.update(for_self_tests=False, for_sessions=True)
    assert not is_due(EVENING)
    assert self_test.is_running


def test_time_that_the_clocks_skip_comes_as_much_later(alice):
    """On 29 March 2026 London goes from 00:59 GMT to 02:00 BST."""
    daily(alice, time(1, 30))
    midnight = datetime(2026, 3, 29, tzinfo=UTC)
    assert minutes_due(midnight, midnight + 4 * HOUR) == [90]
    assert (midnight + 90 * MINUTE).astimezone(LONDON).time() == time(2, 30)


def test_time_that_comes_twice_is_reminded_of_the_first_time_only(alice):
    """On 25 October 2026 London goes from 01:59 BST back to 01:00 GMT."""
    daily(alice, time(1, 30))
    midnight = datetime(2026, 10, 24, 23, tzinfo=UTC)
    assert minutes_due(midnight, midnight + 5 * HOUR) == [90]


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2026, 3, 28), "2026-03-28 01:30"),
        (date(2026, 3, 29), "2026-03-29 01:30"),
        (date(2026, 3, 30), "2026-03-30 00:30"),
        (date(2026, 10, 25), "2026-10-25 00:30"),
        (date(2026, 10, 26), "2026-10-26 01:30"),
    ],
)
def test_clock_time_is_made_an_instant_on_the_days_of_change(day, utc):
    due_at = daily_due_at(day, time(1, 30), LONDON)
    assert f"{due_at.astimezone(UTC):%Y-%m-%d %H:%M}" == utc


def test_clock_is_that_of_the_persons_own_zone(alice, charlie):
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    daily(alice), daily(charlie)
    in_auckland = datetime(2026, 3, 10, 20, tzinfo=ZoneInfo("Pacific/Auckland"))
    assert [each.user_id for each in due(at=in_auckland)] == [alice.pk]
    assert [each.user_id for each in due(at=EVENING)] == [charlie.pk]


def test_no_day_is_reminded_of_twice_after_a_move_to_another_zone(alice):
    """20:00 on 10 March comes in Auckland, and once more in London: that day has had its reminder."""
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    daily(alice)
    start = datetime(2026, 3, 10, 0, tzinfo=UTC)
    assert minutes_due(start, start + 12 * HOUR) == [7 * 60]
    alice.time_zone = "Europe/London"
    alice.save()
    assert minutes_due(start + 12 * HOUR, start + 45 * HOUR) == [32 * 60]


def test_entry_of_today_in_a_zone_further_east_counts_as_written(alice):
    daily(alice)
    CheckInFactory(user=alice, diary_date=date(2026, 3, 11), time_zone="Pacific/Auckland")
    assert not is_due(EVENING)


# Sessions


def test_session_is_due_after_the_minutes_of_its_treatment_until_late(alice):
    mat = TreatmentFactory(user=alice, rate_again_after_minutes=30)
    TreatmentSessionFactory(user=alice, treatments=[mat])
    ReminderPlanFactory(user=alice, for_sessions=True)
    moments = [NOON + minutes * MINUTE for minutes in (29, 30, 45, 46)]
    assert [is_due(at) for at in moments] == [False, True, True, False]


def test_wait_is_due_after_45_minutes_and_reminded_of_once(alice):
    wait = TreatmentSessionFactory(user=alice)
    ReminderPlanFactory(user=alice, for_sessions=True)
    assert minutes_due(NOON, NOON + 6 * HOUR) == [45]
    assert Reminder.objects.get().client_id == wait.client_id


@pytest.mark.parametrize(
    "fields", [{"pain_after": 0, "after_rated_at": NOON + 40 * MINUTE}, {"is_closed_unrated": True}]
)
def test_session_that_is_finished_or_closed_is_not_due(alice, fields):
    TreatmentSessionFactory(user=alice, **fields)
    ReminderPlanFactory(user=alice, for_sessions=True)
    assert not is_due(NOON + HOUR)


def test_session_that_was_due_before_reminders_were_chosen_is_not(alice):
    TreatmentSessionFactory(user=alice)
    ReminderPlanFactory(user=alice, for_sessions=True, since=NOON + 46 * MINUTE)
    assert not is_due(NOON + HOUR)


def test_one_act_for_two_complaints_is_reminded_of_once(alice):
    ReminderPlanFactory(user=alice, for_sessions=True)
    act = uuid4()
    for complaint in ("Sciatica", "Shoulder"):
        condition = ConditionFactory(user=alice, name=complaint)
        TreatmentSessionFactory(user=alice, together=act, condition=condition)
    assert minutes_due(NOON, NOON + 2 * HOUR) == [45]


def test_two_sessions_are_each_reminded_of(alice):
    TreatmentSessionFactory(user=alice)
    TreatmentSessionFactory(user=alice, started_at=NOON + 10 * MINUTE)
    ReminderPlanFactory(user=alice, for_sessions=True)
    assert minutes_due(NOON, NOON + 2 * HOUR) == [45, 55]


def test_session_rated_since_the_list_was_made_is_not_claimed(alice):
    session = TreatmentSessionFactory(user=alice)
    ReminderPlanFactory(user=alice, for_sessions=True)
    (reminder,) = due(at=NOON + HOUR)
    session.pain_after, session.after_rated_at = 0, NOON + HOUR
    session.save()
    assert claim(reminder, at=NOON + HOUR) is None
    assert Reminder.objects.count() == 0


def test_session_that_two_processes_have_on_their_list_is_claimed_once(alice):
    TreatmentSessionFactory(user=alice)
    ReminderPlanFactory(user=alice, for_sessions=True)
    (reminder,) = due(at=NOON + HOUR)
    claims = [claim(reminder, at=NOON + HOUR) is not None for _process in range(2)]
    assert (claims, ReminderPlan.objects.get().unanswered) == ([True, False], 1)


def test_what_went_quiet_since_the_list_was_made_is_not_claimed(alice):
    TreatmentSessionFactory(user=alice)
    TreatmentSessionFactory(user=alice, started_at=NOON + 10 * MINUTE)
    number = Revision.number_of(alice)
    ReminderPlanFactory(user=alice, for_sessions=True, unanswered=2, revision=number)
    claims = [claim(reminder, at=NOON + HOUR) for reminder in list(due(at=NOON + HOUR))]
    assert [plan and plan.unanswered for plan in claims] == [3, None]


# To whom


def test_demo_and_closed_accounts_get_none(alice, charlie):
    alice.demo_until, charlie.is_active = EVENING + 24 * HOUR, False
    for user in (alice, charlie):
        user.save()
        daily(user)
    assert not is_due(EVENING)


def test_only_verified_addresses_get_any_where_addresses_are_verified(alice, settings):
    daily(alice)
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert not is_due(EVENING)
    address = alice.emailaddress_set.create(email=alice.email, verified=False)
    assert not is_due(EVENING)
    alice.emailaddress_set.create(email="other@example.com", verified=True)
    assert not is_due(EVENING)
    address.verified = True
    address.save()
    assert is_due(EVENING)


# Quiet


def days_sent(start, days):
    return [
        number
        for number in range(days)
        for each in due(at=start + number * 24 * HOUR)
        if claim(each, at=start + number * 24 * HOUR)
    ]


def test_three_reminders_without_an_entry_are_the_last(alice):
    daily(alice)
    assert days_sent(EVENING, 6) == [0, 1, 2]
    assert ReminderPlan.objects.get().is_quiet_at(0)


def test_entry_brings_reminders_back_and_counts_anew(alice):
    daily(alice)
    days_sent(EVENING, 6)
    CheckInFactory(user=alice, leg_pain=0, diary_date=EVENING.date() - timedelta(days=1))
    assert days_sent(EVENING + 6 * 24 * HOUR, 6) == [0, 1, 2]


def test_entry_before_the_third_keeps_them_from_going_quiet(alice):
    daily(alice)
    days_sent(EVENING, 2)
    CheckInFactory(user=alice, diary_date=EVENING.date())
    assert days_sent(EVENING + 2 * 24 * HOUR, 4) == [0, 1, 2]


def test_rating_a_session_again_is_an_answer(alice):
    session = TreatmentSessionFactory(user=alice, diary_date=date(2026, 3, 1))
    daily(alice)
    days_sent(EVENING, 3)
    session.pain_after, session.after_rated_at = 0, NOON
    session.save()
    assert days_sent(EVENING + 3 * 24 * HOUR, 1) == [0]


def test_what_others_write_changes_nothing(alice, charlie):
    daily(alice)
    days_sent(EVENING, 3)
    CheckInFactory(user=charlie)
    assert days_sent(EVENING + 3 * 24 * HOUR, 1) == []


# Once


@pytest.mark.django_db(transaction=True)
def test_of_many_processes_at_once_one_has_the_claim(settings):
    alice = UserFactory()
    daily(alice)
    (reminder,) = due(at=EVENING)

    def take(_number):
        try:
            return claim(reminder, at=EVENING) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as processes:
        assert sorted(processes.map(take, range(8))) == [False] * 7 + [True]
    assert (Reminder.objects.count(), ReminderPlan.objects.get().unanswered) == (1, 1)


@pytest.mark.parametrize(
    ("rhythm", "chosen", "check_in", "reminder", "comes"),
    [
        ("daily", 0, 1, 1, True),
        ("paused", 100, None, None, False),
        ("weekly", 6, None, None, False),
        ("weekly", 7, None, None, True),
        ("weekly", 30, 6, None, False),
        ("weekly", 30, 7, 7, True),
        ("weekly", 30, None, 6, False),
    ],
)
def test_daily_reminder_keeps_to_how_often_the_diary_may_ask(
    alice, charlie, rhythm, chosen, check_in, reminder, comes
):
    """The numbers are days ago: when it was chosen, written and reminded last."""
    alice.keep_rhythm(rhythm, at=EVENING - timedelta(days=chosen))
    daily(alice)
    CheckInFactory(user=charlie, rated_at=EVENING)
    if check_in is not None:
        CheckInFactory(user=alice, rated_at=EVENING - timedelta(days=check_in))
    if reminder is not None:
        day = EVENING.date() - timedelta(days=reminder)
        Reminder.objects.create(user=alice, diary_date=day, claimed_at=EVENING)
    assert is_due(EVENING) is comes


def test_pause_between_looking_and_sending_is_kept(alice):
    daily(alice)
    [reminder] = due(at=EVENING)
    alice.keep_rhythm("paused", at=EVENING)
    assert claim(reminder, at=EVENING) is None


@pytest.mark.parametrize("people", [1, 3])
def test_looking_for_daily_reminders_costs_the_same_queries(
    people, django_assert_num_queries, alice
):
    for _number in range(people):
        daily(UserFactory())
    with django_assert_num_queries(5):
        assert len(list(due(at=EVENING))) == people
