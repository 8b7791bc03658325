"""The page of reminders, and turning them off out of a mail."""

from datetime import UTC, datetime, time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.diary.models import CalendarFeed, ReminderPlan
from apps.diary.models.reminders import hashed
from apps.diary.reminders.mails import off_token
from tests.factories import (
    CalendarFeedFactory,
    CheckInFactory,
    ReminderPlanFactory,
    UserFactory,
)

PAGE, AGAIN = reverse("diary:reminders"), reverse("diary:reminders_again")
MAKE, CHANGE, END = (reverse(f"diary:calendar_{each}") for each in ("make", "change", "end"))
NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)
QUIET = "Your reminders have gone quiet"
NO_SERVER = "This copy of the diary cannot send mail"
DEMO = "This is a demo diary: it sends no mail."


def off_url(plan):
    return reverse("diary:reminders_off", args=[off_token(plan)])


def said(page):
    text = page.content.decode()
    return [notice for notice in (QUIET, NO_SERVER, DEMO) if notice in text]


def chosen(user):
    plans = ReminderPlan.objects.for_user(user)
    return list(plans.values_list("for_sessions", "is_daily", "daily_at"))


def test_all_is_off_at_first_and_looking_stores_nothing(as_alice, alice):
    form = as_alice.get(PAGE).context["form"]
    assert {name: form[name].value() for name in form.fields} == {
        "for_sessions": False,
        "is_daily": False,
        "for_self_tests": False,
        "daily_at": time(20),
    }
    assert (chosen(alice), CalendarFeed.objects.count()) == ([], 0)


def test_reminders_are_chosen_to_the_minute(as_alice, alice, charlie):
    ReminderPlanFactory(user=charlie)
    typed = {"for_sessions": "on", "is_daily": "on", "daily_at": "07:05"}
    with time_machine.travel(NOW, tick=False):
        response = as_alice.post(PAGE, typed)
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert chosen(alice) == [(True, True, time(7, 5))]
    assert ReminderPlan.objects.for_user(alice).get().since == NOW
    with time_machine.travel(NOW, tick=False):  # the log-in of then is over by now
        as_alice.post(PAGE, {"daily_at": "07:05:59"})
    assert chosen(alice) == [(False, False, time(7, 5))]
    assert chosen(charlie) == [(False, False, time(20))]


@pytest.mark.parametrize("typed", ["", "25:00", "noon", "\0"])
def test_what_is_no_time_of_day_is_refused(as_alice, alice, typed):
    response = as_alice.post(PAGE, {"is_daily": "on", "daily_at": typed})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["daily_at"]
    assert "Write a time of day, for example 20:00." in response.content.decode() or typed == "\0"
    assert response.context["form"]["is_daily"].value() is True
    assert chosen(alice) == []


def test_page_says_that_there_is_no_mail_server(as_alice, settings):
    settings.EMAIL_HOST = ""
    assert said(as_alice.get(PAGE)) == [NO_SERVER]
    settings.EMAIL_HOST = "mail.example.com"
    assert said(as_alice.get(PAGE)) == []


def test_page_of_a_demo_says_that_it_sends_none(client, db):
    client.force_login(UserFactory(demo_until=NOW))
    assert said(client.get(PAGE)) == [DEMO]


def test_quiet_reminders_are_said_and_turned_on_again(as_alice, alice, charlie, settings):
    settings.EMAIL_HOST = "mail.example.com"
    for user in (alice, charlie):
        ReminderPlanFactory(user=user, is_daily=True, unanswered=3)
    assert said(as_alice.get(PAGE)) == [QUIET]
    assert as_alice.get(AGAIN).status_code == 405
    assert as_alice.post(AGAIN)["Location"] == PAGE
    assert said(as_alice.get(PAGE)) == []
    assert [plan.unanswered for plan in ReminderPlan.objects.order_by("user")] == [0, 3]


def test_entry_ends_the_quiet(as_alice, alice, settings):
    settings.EMAIL_HOST = "mail.example.com"
    ReminderPlanFactory(user=alice, is_daily=True, unanswered=3)
    CheckInFactory(user=alice, leg_pain=0)
    assert said(as_alice.get(PAGE)) == []


def test_settings_lead_to_the_page(as_alice):
    assert f'href="{PAGE}"' in as_alice.get(reverse("users:settings")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        user = alice if number == 0 else UserFactory()
        ReminderPlanFactory(user=user, is_daily=True)
        CalendarFeedFactory(user=user)
        CheckInFactory(user=user)
    with django_assert_num_queries(6):
        as_alice.get(PAGE)


# Off, out of a mail


def test_link_of_a_mail_turns_off_by_its_button_only_and_without_log_in(client, alice, charlie):
    plan = ReminderPlanFactory(user=alice, for_sessions=True, is_daily=True)
    ReminderPlanFactory(user=charlie, is_daily=True)
    page = client.get(off_url(plan))
    assert (page.status_code, chosen(alice)) == (200, [(True, True, time(20))])
    strict = Client(enforce_csrf_checks=True)  # a mail program has no token
    answer = strict.post(off_url(plan), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, chosen(alice)) == (200, [(False, False, time(20))])
    assert chosen(charlie) == [(False, True, time(20))]
    assert b"All reminders by mail are off." in answer.content
    assert alice.email.encode() not in page.content + answer.content


def test_link_that_we_did_not_make_is_a_missing_page(client, alice):
    plan = ReminderPlanFactory(user=alice, is_daily=True)
    good = off_token(plan)
    for token in (f"{alice.pk}", f"{alice.pk}:made-up", f"1{good}", f"{good}x"):
        url = reverse("diary:reminders_off", args=[token])
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert chosen(alice) == [(False, True, time(20))]


def test_link_of_an_account_that_is_gone_is_a_missing_page(client, alice):
    url = off_url(ReminderPlanFactory(user=alice))
    alice.delete()
    assert client.get(url).status_code == 404


# The calendar's address


def address_in(page):
    return page.context["address"].removeprefix("http://localhost:8000")


def test_address_is_shown_once_and_only_its_hash_is_kept(as_alice, alice):
    page = as_alice.post(MAKE)
    address = address_in(page)
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert (page.status_code, len(secret), page["Cache-Control"]) == (200, 43, "private, no-store")
    assert CalendarFeed.objects.for_user(alice).get().secret_sha256 == hashed(secret)
    assert secret not in as_alice.get(PAGE).content.decode()
    assert as_alice.get(address).status_code == 200


def test_new_address_ends_the_old_one_and_turning_off_ends_both(as_alice, alice, charlie):
    others = reverse("diary:calendar", args=[CalendarFeed.make(charlie, at=NOW)])
    first = address_in(as_alice.post(MAKE, {"names_treatments": "on"}))
    second = address_in(as_alice.post(MAKE, {"names_treatments": "on"}))
    assert [as_alice.get(each).status_code for each in (first, second, others)] == [404, 200, 200]
    assert CalendarFeed.objects.for_user(alice).get().names_treatments
    assert as_alice.post(END)["Location"] == PAGE
    assert [as_alice.get(each).status_code for each in (first, second, others)] == [404, 404, 200]


def test_names_are_chosen_without_a_new_address(as_alice, alice, charlie):
    CalendarFeedFactory(user=charlie)
    address = address_in(as_alice.post(MAKE))
    as_alice.post(CHANGE, {"names_treatments": "on"})
    feeds = CalendarFeed.objects.order_by("user").values_list("names_treatments", flat=True)
    assert (list(feeds), as_alice.get(address).status_code) == ([True, False], 200)


@pytest.mark.parametrize("url", [MAKE, CHANGE, END])
def test_calendar_changes_by_post_only(as_alice, url):
    assert as_alice.get(url).status_code == 405
