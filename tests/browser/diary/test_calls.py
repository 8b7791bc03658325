"""Being called: asked once, by a tap, and what a call opens. Headless browsers are given no push
service, so ``subscribe()`` is stood in for; the messages come as a push service hands them over."""

import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.diary.models import CallPlan, PushSubscription
from tests.browser.offline.test_offline import CONTROLLED, FORGIVEN
from tests.diary.calls.push_service import Browser
from tests.factories import TreatmentFactory, TreatmentSessionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

# Keeps what was given across pages, as a browser does, and counts how often it was asked.
GIVEN = """(given) => {
  const kept = () => JSON.parse(sessionStorage.getItem("given") ?? "null");
  const made = (key) => ({
    options: { applicationServerKey: Uint8Array.from(key).buffer },
    toJSON: () => ({ endpoint: given.endpoint, keys: { p256dh: given.p256dh, auth: given.auth } }),
    unsubscribe: async () => sessionStorage.removeItem("given"),
  });
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const key = [...applicationServerKey];
    sessionStorage.setItem("given", JSON.stringify(key));
    return made(key);
  };
  PushManager.prototype.getSubscription = async () => kept() && made(kept());
  Notification.requestPermission = async () => {
    window.asked = (window.asked ?? 0) + 1;
    return Notification.permission;
  };
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, data }));
}"""


# In the worker: events as a browser makes them, but that a test may wait for what they do.
CLICKED = """async () => {
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  const done = new Promise((then) => { event.waitUntil = then; });
  self.clients.openWindow = async (path) => { self.opened = path; }; // asks for a real click
  self.dispatchEvent(event);
  await done;
  return [self.opened, (await self.registration.getNotifications()).length];
}"""
RENEWED = """async (given) => {
  const event = new ExtendableEvent("pushsubscriptionchange");
  const { endpoint, ...keys } = given;
  event.newSubscription = { toJSON: () => ({ endpoint, keys }) };
  const done = new Promise((then) => { event.waitUntil = then; });
  self.dispatchEvent(event);
  await done;
}"""


@pytest.fixture
def forgiven():
    return FORGIVEN


@pytest.fixture
def browser_given():
    return Browser()


@pytest.fixture
def today(page, context, log_in, live, browser_given):
    """Today of somebody who has just started a first session, in a browser that allows notices."""
    user = UserFactory()
    mat = TreatmentFactory(user=user)
    page.session = TreatmentSessionFactory(user=user, started_at=timezone.now(), treatments=[mat])
    context.grant_permissions(["notifications"], origin=live)
    given = json.dumps(browser_given.handed_over)
    context.add_init_script(f"({GIVEN})({given})")
    log_in(user)
    page.goto("/today/")
    page.evaluate(CONTROLLED)
    return page


def push(page, live, message):
    """As a push service hands it over; the worker may need a moment until it is known."""
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    session = page.context.new_cdp_session(page)
    known = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated", lambda e: known.extend(e["registrations"])
    )
    session.send("ServiceWorker.enable")
    for _tenth in range(50):
        if known:
            break
        page.wait_for_timeout(100)
    registration = known[-1]["registrationId"]
    said = {"origin": live, "registrationId": registration, "data": message}
    session.send("ServiceWorker.deliverPushMessage", said)


def shown(page):
    for _tenth in range(50):
        if found := page.evaluate(SHOWN):
            return found
        time.sleep(0.1)
    return []


def said(session, live):
    notification = {
        "title": "Did it work?",
        "body": "Time to rate again",
        "lang": "en-gb",
        "tag": "abc",
        "navigate": f"{live}/sessions/{session.pk}/finish/",
    }
    return json.dumps({"web_push": 8030, "notification": notification})


def asked(page):
    """What Today's line holds, opened by a tap."""
    line = page.locator(".call-line")
    line.locator("summary").click()
    return line


def test_line_asks_once_by_a_tap_and_the_bell_says_that_it_rings(today, axe, browser_given):
    card = asked(today)
    expect(card.locator("summary")).to_contain_text("Shall I call you at")
    assert today.evaluate("window.asked") is None  # never by a page that was just opened
    expect(today.locator("[data-bell-is=off]")).to_be_visible()
    assert axe() == []
    card.get_by_role("button", name="Call me").click()
    expect(today.get_by_text("You will be called on this device.")).to_be_visible()
    expect(today.locator("[data-call-card]")).to_have_count(0)
    expect(today.locator("[data-bell-is=on]")).to_be_visible()
    device = PushSubscription.objects.get()
    assert (device.endpoint, device.auth) == (
        browser_given.endpoint,
        browser_given.handed_over["auth"],
    )
    today.locator(".ring-link").click()
    expect(today.locator("[data-bell]")).to_have_text("Bell on, on a locked screen too")
    today.get_by_role("button", name="Do not call me on this device").click()
    expect(today.get_by_text("That device is called no more.")).to_be_visible()
    assert not PushSubscription.objects.exists()


def test_declined_card_does_not_come_back(today):
    today.goto(f"/sessions/{today.session.pk}/")
    expect(today.locator(".call-card")).to_be_visible()
    expect(today.locator("[data-tell-when-due]")).to_be_hidden()  # asks the same
    expect(today.get_by_role("link", name="Rate again")).to_be_in_viewport(ratio=1)
    today.goto("/today/")
    asked(today).get_by_role("button", name="No, thanks").click()
    expect(today.locator("[data-open-session]")).to_be_visible()
    expect(today.locator("[data-call-card]")).to_have_count(0)
    assert CallPlan.objects.get().is_wanted is False


def test_browser_without_a_push_service_says_so(today):
    today.goto(f"/sessions/{today.session.pk}/")
    today.evaluate("() => { PushManager.prototype.subscribe = () => Promise.reject(); }")
    today.get_by_role("button", name="Call me", exact=True).click()
    expect(today.locator("[data-call-problem]")).to_contain_text("could not be reached")
    today.locator("[data-tell-when-due]").click()  # the way left
    expect(today.locator("[data-bell]")).to_have_text("Bell on, while this page is open")
    assert not PushSubscription.objects.exists()


def test_phone_without_push_is_told_what_it_needs(today, context):
    context.add_init_script("delete window.PushManager")
    today.reload()
    card = asked(today)
    expect(card.get_by_text("from iOS 16.4")).to_be_visible()
    expect(card.get_by_role("button", name="Call me")).to_be_hidden()


def test_settings_offer_the_device_and_list_it(today, axe):
    today.goto("/settings/calls/")
    today.get_by_role("button", name="Call me on this device").click()
    expect(today.locator("#devices").locator("..").get_by_text("this device")).to_be_visible()
    expect(today.get_by_role("button", name="Call me on this device")).to_have_count(0)
    assert axe() == []


def test_call_is_shown_and_leads_to_rating_again(today, live):
    push(today, live, said(today.session, live))
    assert shown(today) == [
        {
            "title": "Did it work?",
            "body": "Time to rate again",
            "tag": "abc",
            "lang": "en-gb",
            "data": {"path": f"/sessions/{today.session.pk}/finish/"},
        }
    ]


def test_call_without_words_is_shown_all_the_same(today, live):
    push(today, live, "{}")
    assert [each["title"] for each in shown(today)] == ["Did it work?"]


def test_page_that_a_tap_on_a_call_opens_is_there_without_a_connection(today, context, live):
    context.set_offline(True)
    push(today, live, said(today.session, live))
    assert len(shown(today)) == 1
    opened, left = context.service_workers[0].evaluate(CLICKED)
    assert (opened, left) == (f"/sessions/{today.session.pk}/finish/", 0)
    today.goto(opened)
    expect(today.locator("[data-offline-finish]")).to_be_visible()
    today.locator('[data-offline-finish] [name="pain_after"][value="0"]').click()
    context.set_offline(False)
    expect(today.get_by_text("Everything is sent.").last).to_be_visible()
    today.session.refresh_from_db()
    assert today.session.pain_after == 0


def test_address_that_the_push_service_changes_is_told_to_the_server(today, context):
    asked(today).get_by_role("button", name="Call me", exact=True).click()
    expect(today.locator("[data-bell-is=on]")).to_be_visible()
    renewed = Browser().handed_over
    context.service_workers[0].evaluate(RENEWED, renewed)
    device = PushSubscription.objects.get()
    assert {name: getattr(device, name) for name in renewed} == renewed


def test_log_out_ends_the_device(today):
    asked(today).get_by_role("button", name="Call me", exact=True).click()
    expect(today.locator("[data-bell-is=on]")).to_be_visible()
    started = PushSubscription.objects.get().added_at
    assert timezone.now() - started < timedelta(minutes=1)
    today.goto("/accounts/logout/")
    today.locator("main").get_by_role("button").first.click()
    expect(today.locator("body[data-owner]")).to_have_count(0)
    assert not PushSubscription.objects.exists()
