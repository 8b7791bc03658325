"""What a proxy says is never taken for the product's own word, and nothing typed is lost by it."""

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.offline.misbehaving import OTHERS, answering, hang, lose_the_answer, misbehaving
from tests.browser.offline.test_offline import CONTROLLED, check_in, pains, unsent
from tests.factories import ConditionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

LATER = "no answer just now: tried again by itself"
PAGES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const kept of await (await caches.open(name)).matchAll()) found.push(await kept.text());
  }
  return found;
}"""


@pytest.fixture
def proxy(live):
    with misbehaving(urlsplit(live).port) as proxy:
        yield proxy


@pytest.fixture
def page(context, proxy, log_in):
    """Unguarded: other people's answers are what this is about. A script's error still fails."""
    alice = UserFactory(email="alice@example.com")
    ConditionFactory(user=alice)
    log_in(alice)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(f"{proxy.url}/today/")
    page.evaluate(CONTROLLED)
    yield page
    assert errors == []


def send_again(page):
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(unsent(page)).to_be_hidden(timeout=30_000)  # the last try may wait for its answer still
    return pains()


def test_entries_wait_whatever_a_proxy_says(page, proxy):
    proxy.where = "/check-ins/"
    for count, (name, does) in enumerate(OTHERS.items(), start=1):
        proxy.does = does
        check_in(page, count % 11)
        expect(unsent(page), name).to_have_text(f"{count} not yet sent")
    unsent(page).click()
    assert "cannot be saved" not in page.locator("[data-unsent-list]").inner_text()
    assert pains() == []
    proxy.does = None
    # Those of one second may change places: how long ago each was typed is told in whole seconds.
    assert sorted(send_again(page)) == sorted(count % 11 for count in range(1, len(OTHERS) + 1))


def test_entry_of_which_the_answer_was_lost_is_stored_once(page, proxy):
    proxy.does, proxy.where = lose_the_answer, "/check-ins/"
    check_in(page, 4)
    expect(unsent(page)).to_have_text("1 not yet sent")
    assert pains() == [4]
    proxy.does = None
    assert send_again(page) == [4]


def test_entry_waits_whatever_a_proxy_says_when_a_token_is_asked_for(page, proxy):
    proxy.does = OTHERS["404"]
    check_in(page, 0)
    expect(unsent(page)).to_have_text("1 not yet sent")
    for name in ("403", "413", "portal", "portal elsewhere", "hangs up"):
        proxy.does = OTHERS[name]
        with page.expect_request("**/kept/"):
            page.get_by_role("button", name="Send now").click()
        expect(page.locator("[data-unsent-why]"), name).to_have_text(LATER)
    proxy.does = None
    assert send_again(page) == [0]


def shows_the_kept_page(page, proxy):
    began = time.monotonic()
    page.goto(f"{proxy.url}/today/")
    expect(page.get_by_role("heading", name="No connection to your diary")).to_be_visible()
    return time.monotonic() - began < 8


def test_today_behind_a_dead_server_is_the_kept_page(page, proxy):
    for status in (400, 404, 413, 500, 502, 503, 504):
        proxy.does = answering(status)
        assert shows_the_kept_page(page, proxy), status
    check_in(page, 7)
    expect(unsent(page)).to_have_text("1 not yet sent")
    proxy.does = None
    assert send_again(page) == [7]


def test_today_of_a_server_that_hangs_is_the_kept_page_within_eight_seconds(page, proxy):
    proxy.does = hang
    assert shows_the_kept_page(page, proxy)
    check_in(page, 7)
    expect(unsent(page)).to_have_text("1 not yet sent", timeout=25_000)
    proxy.does = None
    assert send_again(page) == [7]


def test_help_behind_a_dead_server_is_the_kept_help(page, proxy):
    proxy.does = answering(502)
    page.goto(f"{proxy.url}/help-now/")
    expect(page.get_by_role("heading", level=1)).to_have_text("When to get help now")


def test_own_word_that_a_page_is_not_there_is_shown(page, proxy):
    page.goto(f"{proxy.url}/no-such-page/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")


def test_page_of_a_network_that_wants_a_log_in_is_shown_and_not_kept(page, proxy):
    proxy.does = answering(200)
    page.goto(f"{proxy.url}/today/")
    expect(page.get_by_text("Bad things")).to_be_visible()
    assert [kept for kept in page.evaluate(PAGES) if "Bad things" in kept] == []


def test_worker_keeps_nothing_of_a_network_that_wants_a_log_in(context, proxy, page):
    """It is put in again while a portal answers for its pages: then it stays as it was."""
    page.evaluate("caches.keys().then((names) => Promise.all(names.map((n) => caches.delete(n))))")
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.unregister())")
    proxy.does, proxy.where = OTHERS["portal"], "/offline/"
    page.goto(f"{proxy.url}/today/")
    page.wait_for_timeout(1500)
    kept = page.evaluate(PAGES)
    assert [each for each in kept if "Bad things" in each] == []
    assert page.evaluate("navigator.serviceWorker.getRegistration().then((one) => !one?.active)")
