"""Nothing typed is lost: without a connection, after an expired log-in, in a closed tab."""

import re

import pytest
from playwright.sync_api import expect

from apps.diary.models import CheckIn, HowOften
from tests.browser.guard import Guard
from tests.factories import (
    ConditionFactory,
    UserFactory,
    WaitPlanFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

# What Chromium itself prints when a request finds nobody, and the answer to an expired log-in.
UNREACHABLE = re.compile(
    r"console: Failed to load resource: net::ERR_"
    r"(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)"
    r"|401 for http://127\.0\.0\.1:\d+/(check-ins/new|kept)/"
)
CONTROLLED = """() => new Promise((resolve) => {
  if (navigator.serviceWorker.controller) resolve();
  else navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
})"""
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
def page(context, live):
    """As everywhere, but for the lines about a connection that we have cut."""
    page = context.new_page()
    guard = Guard(page, live)
    yield page
    assert [each for each in guard.complaints if not UNREACHABLE.match(each)] == []


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


def eventually_saved(page):
    """The pains that are stored, once the page has had up to five seconds to send the first."""
    for _tenth in range(50):
        if pains():
            break
        page.wait_for_timeout(100)
    return pains()


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


def test_page_opened_without_a_connection_takes_entries_too(at_home, context):
    page = at_home
    context.set_offline(True)
    page.goto("/diary/")
    check_in(page, 5)
    expect(unsent(page)).to_have_text("1 not yet sent")
    page.goto("/help-now/")
    expect(page.get_by_role("heading", level=1)).to_have_text("When to get help now")
    context.set_offline(False)
    page.goto("/today/")
    expect(unsent(page)).to_be_hidden()
    assert eventually_saved(page) == [5]


def test_closed_tab_keeps_what_was_typed_until_it_is_sent(at_home, context):
    page = at_home
    tap(page, "leg_pain", 6)
    page.close()
    again = context.new_page()
    again.goto("/today/")
    expect(again.get_by_text("What you had typed is back.")).to_be_visible()
    expect(again.locator("input:checked[name=leg_pain]")).to_have_value("6")
    again.get_by_role("button", name="Save", exact=True).click()
    again.get_by_text("Saved. Leg pain 6").wait_for()
    assert pains() == [6]
    assert [key for key in again.evaluate(CONTENTS)["local"] if "draft" in key] == []


def test_expired_log_in_keeps_the_entry_and_sends_it_after_logging_in(
    at_home, context, log_in, alice
):
    page = at_home
    cookies = context.cookies()
    context.clear_cookies(name="sessionid")
    check_in(page, 3)
    expect(unsent(page)).to_have_text("1 not yet sent")
    expect(page.get_by_role("link", name="Log in to send")).to_be_visible()
    assert pains() == []
    context.add_cookies([each for each in cookies if each["name"] == "sessionid"])
    page.goto("/today/")
    expect(unsent(page)).to_be_hidden()
    assert eventually_saved(page) == [3]


def test_two_tabs_send_an_entry_once(at_home, context):
    page, other = at_home, context.new_page()
    other.goto("/today/")
    context.set_offline(True)
    check_in(page, 8)
    expect(unsent(page)).to_have_text("1 not yet sent")
    context.set_offline(False)
    page.wait_for_timeout(1000)
    assert pains() == [8]


def test_nobody_else_sees_or_sends_what_is_kept(at_home, context, log_in):
    page = at_home
    context.set_offline(True)
    check_in(page, 9)
    expect(unsent(page)).to_have_text("1 not yet sent")
    log_in(UserFactory(email="charlie@example.com"))
    context.set_offline(False)
    page.wait_for_timeout(1000)
    assert pains() == []
    page.reload()
    page.wait_for_timeout(1000)
    expect(unsent(page)).to_be_hidden()
    assert pains() == []


def test_device_holds_no_personal_page_and_nothing_after_logging_out(at_home, alice):
    page = at_home
    page.goto("/conditions/")
    tap_free = page.evaluate(CACHED)
    assert {path for path in tap_free if not path.startswith("/static/")} == {
        "/offline/",
        "/help-now/",
    }
    assert [path for path, text in tap_free.items() if "alice@example.com" in text] == []
    page.goto("/today/")
    tap(page, "leg_pain", 2)
    assert page.evaluate(CONTENTS)["local"] != []
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Log out").click()
    page.wait_for_url("**/")
    page.wait_for_timeout(1000)
    empty = {"local": [], "session": [], "databases": [], "caches": []}
    assert page.evaluate(CONTENTS) == empty
