"""Nothing typed is lost: without a connection, after an expired log-in, in a closed tab."""

import os
import re
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from apps.diary.models import CheckIn, FunctionRating, HowOften, TreatmentSession
from tests.browser.looks import SETTLED
from tests.factories import (
    PASSWORD,
    ActivityFactory,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
    WaitPlanFactory,
)
from tests.servers import SERVE, free_port, running

pytestmark = pytest.mark.django_db(transaction=True)

# What Chromium itself prints when a request finds nobody. No other line is forgiven.
FORGIVEN = re.compile(r"console: Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|FAILED)")
CONTROLLED = """() => new Promise((resolve) => {
  if (navigator.serviceWorker.controller) resolve();
  else navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
})"""
# In the worker: as when it takes over in a browser that calls itself so; whether it preloads then.
ACTIVATED = """async (userAgent) => {
  Object.defineProperty(self.navigator, "userAgent", { value: userAgent });
  const event = new ExtendableEvent("activate");
  const done = new Promise((then) => { event.waitUntil = then; });
  self.dispatchEvent(event);
  await done;
  return (await self.registration.navigationPreload.getState()).enabled;
}"""
CONTENTS = """async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map((each) => each.name),
  caches: await caches.keys(),
})"""
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""


@pytest.fixture
def forgiven():
    return FORGIVEN


@pytest.fixture
def alice(transactional_db):
    user = UserFactory(email="alice@example.com")
    ConditionFactory(user=user)
    WaitPlanFactory(user=user, one_in=HowOften.NEVER)
    return user


@pytest.fixture
def at_home(page, log_in, alice):
    """Alice's phone with Today open, and the service worker at work."""
    log_in(alice)
    page.goto("/today/")
    page.evaluate(CONTROLLED)
    return page


def tap(page, field, rating):
    page.locator(f'label:has(input[name="{field}"][value="{rating}"])').first.click()


def check_in(page, leg):
    tap(page, "leg_pain", leg)
    page.get_by_role("button", name="Save", exact=True).click()


def unsent(page):
    return page.locator("[data-unsent-count]")


def pains():
    return list(CheckIn.objects.order_by("rated_at").values_list("leg_pain", flat=True))


@pytest.mark.parametrize(("agent", "preloads"), [("Chrome/149.0", True), ("Firefox/140.0", False)])
def test_worker_preloads_no_page_in_firefox(at_home, context, agent, preloads):
    """It would show an error page of its own without a connection, in place of the kept one."""
    assert context.service_workers[0].evaluate(ACTIVATED, agent) is preloads


def test_three_entries_without_a_connection_arrive_once_each(at_home, context):
    page = at_home
    context.set_offline(True)
    for count, leg in enumerate([4, 0, 7], start=1):
        check_in(page, leg)
        expect(unsent(page)).to_have_text(f"{count} not yet sent")
        expect(page.locator("input:checked[name=leg_pain]")).to_have_count(0)
    assert pains() == []
    context.set_offline(False)
    expect(page.get_by_text("Everything is sent.").last).to_be_visible()
    expect(unsent(page)).to_be_hidden()
    assert pains() == [4, 0, 7]
    page.reload()
    page.wait_for_timeout(500)
    assert pains() == [4, 0, 7]


def test_kept_entry_describes_the_moment_it_was_typed(at_home, context):
    page = at_home
    page.clock.install()
    context.set_offline(True)
    check_in(page, 6)
    expect(unsent(page)).to_have_text("1 not yet sent")
    page.clock.fast_forward(40 * 60 * 1000)
    context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    stored = CheckIn.objects.get()
    age = stored.created_at - stored.rated_at
    assert timedelta(minutes=39) < age < timedelta(minutes=42)
    assert (stored.entered_at, stored.is_from_memory) == (stored.rated_at, False)


def test_entries_survive_a_reload_and_a_closed_tab(at_home, context):
    context.set_offline(True)
    check_in(at_home, 5)
    expect(unsent(at_home)).to_have_text("1 not yet sent")
    at_home.reload()
    expect(at_home.get_by_role("heading", name="No connection to your diary")).to_be_visible()
    expect(unsent(at_home)).to_have_text("1 not yet sent")
    check_in(at_home, 0)
    expect(unsent(at_home)).to_have_text("2 not yet sent")
    at_home.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto("/today/")
    expect(again.locator("[data-unsent-said]")).to_have_text("Everything is sent.")
    assert pains() == [5, 0]


def test_session_started_and_rated_again_without_a_connection(at_home, context):
    page = at_home
    context.set_offline(True)
    page.goto("/sessions/start/")
    page.get_by_role("button", name="6", exact=True).last.click()
    started = page.locator("[data-offline-open]")
    expect(started.get_by_text("Started, to rate again")).to_be_visible()
    started.get_by_role("button", name="0: no pain").click()
    expect(started.get_by_text("Started, to rate again")).to_have_count(0)
    expect(unsent(page)).to_have_text("2 not yet sent")
    context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    session = TreatmentSession.objects.get()
    assert (session.pain_before, session.pain_after, session.links.count()) == (6, 0, 0)


def test_treatment_of_the_address_is_started_without_its_name_on_the_device(
    at_home, context, alice
):
    mat = TreatmentFactory(user=alice, name="Quince mat")
    context.set_offline(True)
    at_home.goto(f"/sessions/start/?treatment={mat.pk}")
    start = at_home.locator("[data-offline-start]")
    expect(start.get_by_role("heading")).to_have_text("Start what you had chosen")
    start.get_by_role("button", name="7", exact=True).click()
    expect(unsent(at_home)).to_have_text("1 not yet sent")
    context.set_offline(False)
    expect(unsent(at_home)).to_be_hidden()
    session = TreatmentSession.objects.get()
    assert (session.pain_before, [link.treatment for link in session.links.all()]) == (7, [mat])


def test_session_of_the_server_is_rated_again_without_a_connection(at_home, context, alice):
    session = TreatmentSessionFactory(
        user=alice, started_at=timezone.now() - timedelta(hours=1), minutes=20, note="kept"
    )
    context.set_offline(True)
    at_home.goto(f"/sessions/{session.pk}/finish/")
    finish = at_home.locator("[data-offline-finish]")
    finish.get_by_label("Took or did something else in between").check()
    finish.get_by_role("button", name="3", exact=True).click()
    expect(unsent(at_home)).to_have_text("1 not yet sent")
    context.set_offline(False)
    expect(unsent(at_home)).to_be_hidden()
    session.refresh_from_db()
    assert (session.pain_after, session.minutes, session.note) == (3, 20, "kept")
    assert session.had_something_else is True


def test_help_is_there_without_a_connection(at_home, context):
    context.set_offline(True)
    at_home.goto("/help-now/")
    expect(at_home.get_by_role("heading", level=1)).to_have_text("When to get help now")
    expect(at_home.get_by_role("link", name=re.compile("999")).first).to_be_visible()


def test_red_flag_ticked_without_a_connection_leads_to_help_and_is_kept(at_home, context):
    page = at_home
    page.goto("/red-flags/")
    context.set_offline(True)
    page.get_by_label(re.compile("^bladder", re.IGNORECASE)).check(force=True)
    page.get_by_role("button", name="Save, and show me what to do").click()
    expect(page).to_have_url(re.compile("/help-now/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("When to get help now")
    context.set_offline(False)
    page.goto("/today/")
    page.wait_for_url("**/red-flags/*/")
    assert CheckIn.objects.get().red_flags == ["bladder"]


def test_expired_log_in_keeps_the_entry_until_the_person_is_back(at_home):
    page = at_home
    tap(page, "leg_pain", 8)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(unsent(page)).to_have_text("1 not yet sent")
    page.get_by_role("link", name="Log in to send").click()
    page.get_by_label("E-mail address").fill("alice@example.com")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/today/")
    expect(page.locator("[data-unsent-said]")).to_have_text("Everything is sent.")
    assert pains() == [8]


def test_expired_log_in_without_javascript_keeps_the_entry(browser, live, log_in, context, alice):
    log_in(alice)
    plain = browser.new_context(
        base_url=live, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto("/check-ins/new/")
    tap(page, "leg_pain", 2)
    page.locator("details.fold summary").first.click()
    page.get_by_label("Note", exact=False).fill("a long thought")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("E-mail address").fill("alice@example.com")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Save it now").click()
    page.wait_for_url("**/today/")
    plain.close()
    assert CheckIn.objects.values_list("leg_pain", "note").get() == (2, "a long thought")


def test_draft_comes_back_after_a_closed_tab_and_goes_once_it_is_saved(at_home, context):
    at_home.goto("/check-ins/new/")
    tap(at_home, "leg_pain", 0)
    at_home.locator("details.fold summary").first.click()
    at_home.get_by_label("Note", exact=False).fill("half a sentence")
    at_home.close(run_before_unload=False)
    page = context.new_page()
    page.goto("/check-ins/new/")
    expect(page.get_by_text("What you had typed is back.")).to_be_visible()
    expect(page.get_by_label("Note", exact=False)).to_have_value("half a sentence")
    expect(page.locator("input:checked[name=leg_pain]")).to_have_value("0")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/today/")
    page.goto("/check-ins/new/")
    expect(page.locator("input:checked[name=leg_pain]")).to_have_count(0)
    assert CheckIn.objects.values_list("leg_pain", "note").get() == (0, "half a sentence")
    assert not any("draft" in key for key in page.evaluate(CONTENTS)["local"])


def test_draft_of_yesterday_is_offered_and_not_filled_in(at_home):
    page = at_home
    page.clock.install()
    page.goto("/check-ins/new/")
    tap(page, "leg_pain", 9)
    page.clock.set_system_time(timezone.now() + timedelta(hours=13))
    page.reload()
    expect(page.get_by_text("You had typed something here and not sent it.")).to_be_visible()
    expect(page.locator("input:checked[name=leg_pain]")).to_have_count(0)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("input:checked[name=leg_pain]")).to_have_value("9")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/today/")
    stored = CheckIn.objects.get()
    assert timedelta(hours=12.9) < stored.created_at - stored.rated_at < timedelta(hours=13.1)


def test_week_s_function_is_kept_and_arrives_once(at_home, context, alice):
    page, film = at_home, ActivityFactory(user=alice)
    page.goto("/function/")
    context.set_offline(True)
    tap(page, f"activity_{film.pk}", 0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(unsent(page)).to_have_text("1 not yet sent")
    context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    page.reload()
    page.wait_for_timeout(500)
    assert list(FunctionRating.objects.values_list("activity", "rating")) == [(film.pk, 0)]


def test_no_pain_that_day_is_kept_and_arrives_once(at_home, context):
    page, day = at_home, timezone.localdate() - timedelta(days=3)
    page.goto(f"/diary/{day.year}/{day.month}/{day.day}/")
    context.set_offline(True)
    page.get_by_role("button", name="No pain that day").click()
    expect(unsent(page)).to_have_text("1 not yet sent")
    context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    page.reload()
    page.wait_for_timeout(500)
    stored = CheckIn.objects.values_list("leg_pain", "back_pain", "diary_date")
    assert list(stored) == [(0, 0, day)]


def test_keyboard_alone_keeps_an_entry_on_the_page_without_a_connection(at_home, context, axe):
    page = at_home
    context.set_offline(True)
    page.goto("/today/")
    page.locator('[name="leg_pain"]').first.focus()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(unsent(page)).to_have_text("1 not yet sent")
    expect(page.locator("[data-offline-done]")).to_be_focused()
    page.locator("[data-unsent] summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-unsent-list] li")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-unsent-why]")).to_have_text(re.compile("^no answer just now"))
    expect(page.locator("[data-unsent-said]")).to_have_text(re.compile("^1 not yet sent no answer"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(SETTLED)
        assert axe() == []


@pytest.fixture
def tapped(at_home, context, alice):
    """The session of which a rating was tapped without a connection: 3."""
    began = timezone.now() - timedelta(hours=1)
    session = TreatmentSessionFactory(user=alice, started_at=began, minutes=20, note="stays")
    context.set_offline(True)
    at_home.goto(f"/sessions/{session.pk}/finish/")
    finish = at_home.locator("[data-offline-finish]")
    finish.get_by_role("button", name="3", exact=True).click()
    expect(unsent(at_home)).to_have_text("1 not yet sent")
    return session


def come_back(page):
    page.context.set_offline(False)
    page.goto("/today/")
    unsent(page).click()


def test_refused_rating_is_preset_with_the_reason_where_it_can_be_put_right(tapped, at_home):
    page, elsewhere = at_home, TreatmentSession.objects.filter(pk=tapped.pk)
    elsewhere.update(pain_after=7, after_rated_at=tapped.started_at + timedelta(minutes=30))
    come_back(page)
    expect(page.get_by_text("cannot be saved as it is. This was rated again")).to_be_visible()
    page.get_by_role("link", name="Look at it").click()
    page.wait_for_url("**/edit/*")
    expect(page.locator("[data-draft-why]")).to_contain_text("This was rated again already")
    expect(page.locator("input:checked[name=pain_after]")).to_have_value("3")
    expect(page.locator("[name=minutes]")).to_have_value("20")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(lambda url: "edit" not in url)
    expect(unsent(page)).to_be_hidden()
    tapped.refresh_from_db()
    age = timezone.now() - tapped.after_rated_at
    assert (tapped.pain_after, tapped.minutes, tapped.note) == (3, 20, "stays")
    assert age < timedelta(minutes=5)


def test_rating_of_a_session_that_is_gone_says_so(tapped, at_home):
    page = at_home
    tapped.delete()
    come_back(page)
    expect(page.get_by_text("what it belongs to is no longer there")).to_be_visible()
    expect(page.get_by_role("link", name="Look at it")).to_have_count(0)


def test_rating_of_what_was_started_without_a_connection_leads_to_the_session(client, alice):
    client.force_login(alice)
    session = TreatmentSessionFactory(user=alice)
    response = client.get(f"/sessions/kept/{session.client_id}/finish/")
    assert response.headers["Location"] == f"/sessions/{session.pk}/edit/"


def test_two_tabs_that_come_back_send_once(at_home, context):
    other = context.new_page()
    other.goto("/today/")
    context.set_offline(True)
    check_in(at_home, 3)
    expect(unsent(other)).to_have_text("1 not yet sent")
    check_in(other, 4)
    expect(unsent(at_home)).to_have_text("2 not yet sent")
    posts = []
    context.on("request", lambda each: each.method == "POST" and posts.append(each.url))
    context.set_offline(False)
    expect(unsent(at_home)).to_be_hidden()
    expect(unsent(other)).to_be_hidden()
    at_home.wait_for_timeout(500)
    assert (pains(), len(posts)) == ([3, 4], 2)


def test_what_the_server_refuses_waits_to_be_put_right(at_home, context, alice):
    page = at_home
    page.goto("/check-ins/new/")
    page.locator("details.fold summary").first.click()
    page.get_by_label("Note", exact=False).fill("soon")
    page.get_by_label("When", exact=False).first.fill("2999-01-01T12:00")
    context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="No connection to your diary")).to_be_visible()
    context.set_offline(False)
    page.goto("/today/")
    unsent(page).click()
    expect(page.get_by_text("cannot be saved as it is")).to_be_visible()
    page.get_by_role("link", name="Look at it").click()
    expect(page.get_by_label("Note", exact=False)).to_have_value("soon")
    page.get_by_label("When", exact=False).first.fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/today/")
    expect(unsent(page)).to_be_hidden()
    assert CheckIn.objects.values_list("note", flat=True).get() == "soon"


def test_somebody_else_neither_sees_nor_sends_it(at_home, context, log_in):
    context.set_offline(True)
    check_in(at_home, 9)
    expect(unsent(at_home)).to_have_text("1 not yet sent")
    at_home.close()
    charlie = UserFactory(email="charlie@example.com")
    log_in(charlie)
    context.set_offline(False)
    page = context.new_page()
    page.goto("/today/")
    page.wait_for_timeout(500)
    expect(unsent(page)).to_be_hidden()
    kept = page.evaluate(CONTENTS)["local"]
    kinds = sorted(re.split("[ -]", key)[0] for key in kept)
    assert (pains(), kinds) == ([], ["owner", "unsent", "words"])


def end_from_elsewhere(user):
    """The person logs all other devices out, from another one."""
    Session.objects.all().delete()
    UserSession.objects.filter(user=user).delete()


def test_log_in_ended_elsewhere_keeps_all_for_the_same_person(at_home, context, alice):
    page = at_home
    page.goto("/check-ins/new/")
    page.locator("details.fold summary").first.click()
    page.get_by_label("Note", exact=False).fill("half a sentence")
    page.goto("/today/")
    context.set_offline(True)
    check_in(page, 9)
    expect(unsent(page)).to_have_text("1 not yet sent")
    end_from_elsewhere(alice)
    context.set_offline(False)
    page.get_by_role("link", name="Log in to send").click()
    page.get_by_label("E-mail address").fill("alice@example.com")
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/today/")
    expect(page.locator("[data-unsent-said]")).to_have_text("Everything is sent.")
    page.goto("/check-ins/new/")
    expect(page.get_by_label("Note", exact=False)).to_have_value("half a sentence")
    assert pains() == [9]


def test_trying_the_demo_while_logged_out_loses_nothing(at_home, context, alice):
    page = at_home
    context.set_offline(True)
    check_in(page, 2)
    expect(unsent(page)).to_have_text("1 not yet sent")
    end_from_elsewhere(alice)
    context.set_offline(False)
    page.goto("/")
    page.get_by_role("button", name="Try the demo diary").click()
    page.wait_for_url("**/compare/")
    expect(unsent(page)).to_be_hidden()
    kept = page.evaluate(CONTENTS)["local"]
    assert [key.split(" ")[0] for key in kept if " " in key] == ["unsent"]


def test_logging_out_leaves_nothing_on_the_device(at_home, context):
    page = at_home
    tap(page, "leg_pain", 7)
    context.set_offline(True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(unsent(page)).to_have_text("1 not yet sent")
    tap(page, "leg_pain", 6)
    context.set_offline(False)
    context.route("**/check-ins/new/", lambda route: route.abort())
    before = page.evaluate(CONTENTS)
    assert any(key.startswith("draft ") for key in before["local"])
    assert before["caches"] != []
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.goto("/settings/")
    page.locator("main").get_by_role("button", name="Log out").click()
    expect(page.get_by_text("Nothing of your diary is kept on this device.")).to_be_visible()
    page.wait_for_timeout(300)
    empty = {"local": [], "session": [], "databases": [], "caches": []}
    assert (asked != [], page.evaluate(CONTENTS)) == (True, empty)
    assert (
        page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    )


def test_caches_hold_no_personal_page(at_home, alice):
    page = at_home
    CheckInFactory(user=alice, rated_at=timezone.now(), note="quincenote", leg_pain=4)
    TreatmentFactory(user=alice, name="quincemat")
    for path in ["/today/", "/diary/", "/treatments/", "/settings/", "/check-ins/new/"]:
        page.goto(path)
    found = page.evaluate(CACHED)
    pages = sorted(path for path in found if not path.startswith("/static/"))
    assert pages == ["/help-now/", "/offline/"]
    personal = ("quince", "alice@example.com", 'name="csrfmiddlewaretoken"', "data-owner=")
    assert [word for word in personal if word in "".join(found.values())] == []


@contextmanager
def phone_of(user, browser, url):
    """A phone of its own, with the person logged in at that server."""
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=url, service_workers="allow")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}])
    yield context.new_page()
    context.close()


def test_server_that_is_down_for_a_while_loses_nothing(transactional_db, browser, alice):
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=connection.settings_dict["NAME"])
    environment = {"DATABASE_URL": database.geturl(), "PORT": str(free_port())}
    with ExitStack() as stack:
        with running(SERVE, **environment) as (url, _process):
            page = stack.enter_context(phone_of(alice, browser, url))
            page.goto("/today/")
            page.evaluate(CONTROLLED)
        check_in(page, 5)
        expect(unsent(page)).to_have_text("1 not yet sent")
        page.goto("/today/")
        expect(page.get_by_role("heading", name="No connection to your diary")).to_be_visible()
        with running(SERVE, **environment):
            page.get_by_role("button", name="Send now").click()
            expect(unsent(page)).to_be_hidden()
            assert pains() == [5]
