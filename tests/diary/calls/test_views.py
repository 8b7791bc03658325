"""Letting a device be called, ending it, and who ends it by logging in or out there."""

from datetime import time, timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.diary.calls import vapid
from apps.diary.models import MOST_DEVICES, CallPlan, PushSubscription
from tests.diary.calls.push_service import Browser
from tests.factories import (
    PASSWORD,
    CallPlanFactory,
    PushSubscriptionFactory,
    TreatmentSessionFactory,
)

CALLS, ADD, TODAY = "/settings/calls/", "/settings/calls/devices/new/", "/today/"
RENEW = "/settings/calls/devices/renew/"
DECLINE = "/settings/calls/declined/"
ANDROID = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
COOKIE = django_settings.CALLED_COOKIE_NAME

pytestmark = pytest.mark.django_db


def log_in(client, user):
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


@pytest.fixture
def phone(alice):
    """Alice's phone, on which she is logged in; the browser that it is."""
    client = Client(headers={"User-Agent": ANDROID})
    client.force_login(alice)
    client.browser = Browser()
    client.add = lambda: client.post(ADD, client.browser.handed_over)
    return client


def endpoints():
    return set(PushSubscription.objects.values_list("endpoint", flat=True))


def test_device_is_stored_with_its_name_and_sessions_are_called_from_now_on(phone, alice):
    response = phone.add()
    assert (response.status_code, response.headers["Location"]) == (302, TODAY)
    device = PushSubscription.objects.get()
    given = {name: getattr(device, name) for name in ("endpoint", "p256dh", "auth")}
    assert (given, device.user, device.device) == (
        phone.browser.handed_over,
        alice,
        "Firefox, Android",
    )
    plan = CallPlan.objects.get()
    assert (plan.for_sessions, plan.is_daily, plan.calls_again) == (True, False, False)
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "Firefox, Android" in phone.get(CALLS).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://169.254.169.254/latest/"},
        {"endpoint": "https://[::1]/x"},
        {"endpoint": "https://fcm.googleapis.com:8443/x"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://fcm.googleapis.com@127.0.0.1/"},
        {"endpoint": f"https://fcm.googleapis.com/{'a' * 1024}"},
        {"endpoint": ""},
        {"p256dh": "B" + "A" * 86},
        {"p256dh": "ä" * 87},
        {"p256dh": ""},
        {"auth": "A" * 21},
        {"auth": "=" * 22},
        {"auth": "ä" * 22},
    ],
)
def test_what_is_no_device_is_refused_in_words(phone, changes):
    response = phone.post(ADD, phone.browser.handed_over | changes)
    assert (response.status_code, endpoints()) == (422, set())
    assert 'role="alert"' in response.content.decode()
    assert COOKIE not in response.cookies


def test_same_browser_asked_again_is_one_device(phone):
    phone.add(), phone.add()
    before = phone.browser.endpoint
    phone.browser = Browser()
    phone.add()
    assert endpoints() == {phone.browser.endpoint} != {before}


def test_address_that_the_browser_renews_takes_the_place_of_the_old_one(phone, alice):
    phone.add()
    device = PushSubscription.objects.get()
    PushSubscription.objects.update(waits_until=timezone.now())
    CallPlan.objects.update(for_sessions=False)
    renewed = Browser()
    PushSubscriptionFactory(user=alice, endpoint=renewed.endpoint)  # left from long ago
    assert phone.post(RENEW, renewed.handed_over).status_code == 204
    device.refresh_from_db()
    kept = {name: getattr(device, name) for name in renewed.handed_over}
    assert (kept, endpoints()) == (renewed.handed_over, {renewed.endpoint})
    assert (device.waits_until, CallPlan.objects.get().for_sessions) == (None, False)


def test_address_is_renewed_for_a_device_that_is_called_only(phone, as_alice):
    phone.add()
    before, other = endpoints(), Browser().handed_over
    assert as_alice.post(RENEW, other).status_code == 404
    assert phone.post(RENEW, other | {"endpoint": "https://127.0.0.1/x"}).status_code == 422
    assert endpoints() == before


def test_eleventh_device_takes_the_place_of_the_oldest(phone, alice):
    _first, *others = [
        PushSubscriptionFactory(user=alice, added_at=timezone.now() - timedelta(days=30 - n))
        for n in range(MOST_DEVICES)
    ]
    phone.add()
    assert endpoints() == {each.endpoint for each in others} | {phone.browser.endpoint}


def test_device_is_ended_in_the_settings_also_from_elsewhere(phone, as_alice):
    phone.add()
    device = PushSubscription.objects.get()
    as_alice.post(reverse("diary:device_end", args=[device.pk]))
    assert endpoints() == set()


def test_log_out_ends_the_device_it_is_done_on_and_forgets_it(phone, alice):
    phone.add()
    laptop = PushSubscriptionFactory(user=alice)
    response = phone.post("/accounts/logout/")
    assert endpoints() == {laptop.endpoint}
    assert response.cookies[COOKIE]["max-age"] == 0


def test_log_out_elsewhere_ends_no_device(phone, as_alice):
    phone.add()
    as_alice.post("/accounts/logout/")
    assert endpoints() == {phone.browser.endpoint}


def test_somebody_elses_log_in_on_the_device_ends_it(phone, alice, charlie, without_mail):
    """Alice's log-in has run out: nobody has logged out."""
    phone.add()
    del phone.cookies[django_settings.SESSION_COOKIE_NAME]
    charlie.set_password(PASSWORD)
    charlie.save()
    assert log_in(phone, charlie).status_code == 302
    assert endpoints() == set()
    phone.add()
    assert PushSubscription.objects.get().user == charlie


def test_own_log_in_after_the_last_one_ran_out_ends_nothing(phone, alice, without_mail):
    phone.add()
    del phone.cookies[django_settings.SESSION_COOKIE_NAME]
    alice.set_password(PASSWORD)
    alice.save()
    assert log_in(phone, alice).status_code == 302
    assert endpoints() == {phone.browser.endpoint}


@pytest.mark.parametrize("value", ["", "x", "WzEsMV0:x:x"])
def test_cookie_that_we_did_not_sign_ends_nothing(phone, as_alice, value):
    phone.add()
    as_alice.cookies[COOKIE] = value
    as_alice.post("/accounts/logout/")
    assert endpoints() == {phone.browser.endpoint}


def test_deleted_account_is_called_on_no_device(phone, alice):
    phone.add()
    alice.delete()
    assert endpoints() == set()


def test_when_is_chosen_in_the_settings(as_alice, alice):
    data = {"is_daily": "on", "for_reviews": "on", "calls_again": "on", "daily_at": "07:30"}
    CallPlanFactory(user=alice, unanswered=3, for_sessions=True)
    assert "Your calls have gone quiet" in as_alice.get(CALLS).content.decode()
    assert as_alice.post(CALLS, data).status_code == 302
    plan = CallPlan.objects.get()
    chosen = (plan.for_sessions, plan.is_daily, plan.for_reviews, plan.calls_again)
    assert (chosen, plan.daily_at, plan.unanswered) == ((False, True, True, True), time(7, 30), 0)


# Being asked


def asks(client, path=TODAY):
    return "Shall I call you at" in client.get(path).content.decode()


def test_first_open_session_asks_until_it_is_answered(as_alice, alice):
    assert not asks(as_alice)
    session = TreatmentSessionFactory(user=alice, started_at=timezone.now())
    assert (asks(as_alice), asks(as_alice, f"/sessions/{session.pk}/")) == (True, True)
    as_alice.post(DECLINE)
    assert not asks(as_alice)
    plan = CallPlan.objects.get()
    assert (plan.is_wanted, plan.user) == (False, alice)


def test_declining_later_changes_nothing_that_was_chosen(phone):
    phone.add()
    phone.post(DECLINE)
    assert CallPlan.objects.get().for_sessions is True


def test_session_that_is_due_already_does_not_ask(as_alice, alice):
    TreatmentSessionFactory(user=alice, started_at=timezone.now() - timedelta(hours=1))
    assert not asks(as_alice)


def called_of(page):
    return page.content.decode().partition('data-called="')[2].partition('"')[0]


def test_page_knows_whether_this_very_browser_is_called(phone, as_alice, alice):
    TreatmentSessionFactory(user=alice, started_at=timezone.now())
    phone.add()
    pages = [client.get(TODAY) for client in (phone, as_alice)]
    assert [called_of(page) for page in pages] == ["yes", ""]
    assert f'data-call-key="{vapid.public_key()}"' in pages[1].content.decode()
    CallPlan.objects.update(for_sessions=False)
    assert called_of(phone.get(TODAY)) == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_settings_cost_the_same_queries(phone, alice, django_assert_num_queries, rows):
    phone.add()
    for _number in range(rows - 1):
        PushSubscriptionFactory(user=alice)
    with django_assert_num_queries(9):
        phone.get(CALLS)
