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

# What Chromium itself prints when a request finds nobody. No other line is forgiven.
UNREACHABLE = re.compile(
    r"console: Failed to load resource: net::ERR_"
    r"(INTERNET_DISCONNECTED|CONNECTION_REFUSED|FAILED)"
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
