"""A device whose clock is not the diary's: both are said, and one tap goes by the device's."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.guard import Guard
from tests.factories import ConditionFactory, TreatmentFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ZONES = {
    "Pacific/Auckland": "Auckland",
    "America/New_York": "New York",
    "Asia/Kolkata": "Kolkata",
}


@pytest.fixture
def alice(transactional_db, log_in):
    user = UserFactory(email="alice@example.com")
    ConditionFactory(user=user)
    TreatmentFactory(user=user)
    log_in(user)
    return user


@pytest.fixture
def travelled(browser, context, live, alice):
    """Call it with a zone: a page of Alice's phone, there."""
    opened = []

    def travelled(zone):
        state = context.storage_state()
        there = browser.new_context(
            base_url=live, viewport=PHONE, timezone_id=zone, locale="en-GB", storage_state=state
        )
        page = there.new_page()
        opened.append((there, Guard(page, live)))
        return page

    yield travelled
    assert [guard.complaints for _, guard in opened] == [[]] * len(opened)
    for there, _ in opened:
        there.close()


@pytest.mark.parametrize("zone", ZONES)
def test_today_says_both_clocks_and_one_tap_goes_by_the_device_s(travelled, alice, zone):
    page = travelled(zone)
    page.goto("/today/")
    line = page.locator(".two-clocks")
    said = r"This device shows [\w ]*\d\d:\d\d, your diary [\w ]*\d\d:\d\d \(London\)\. Use "
    expect(line).to_have_text(re.compile(said + ZONES[zone]))
    assert line.get_by_role("button").bounding_box()["height"] >= 44
    assert page.evaluate("document.body.scrollWidth <= innerWidth")
    line.get_by_role("button").click()
    expect(page.get_by_text(f"goes by the clock of {ZONES[zone]} now")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/today/$"))
    page.goto("/today/")
    page.wait_for_timeout(300)
    expect(page.locator(".two-clocks")).to_have_count(0)
    alice.refresh_from_db()
    assert alice.time_zone == zone


@pytest.mark.parametrize("path", ["/check-ins/new/", "/sessions/new/"])
def test_every_when_says_both_clocks_and_keeps_what_was_typed(travelled, alice, path):
    page = travelled("Pacific/Auckland")
    page.goto(path)
    for fold in page.locator("details.fold:not([open]) > summary").all():
        fold.click()
    page.get_by_label("Note", exact=False).fill("on the plane")
    when = page.locator("input[type=datetime-local]").first
    expect(when.locator("xpath=following-sibling::p[1]")).to_contain_text("Use Auckland")
    page.locator(".two-clocks button").click()
    expect(page).to_have_url(re.compile(f"{path}$"))
    expect(page.get_by_label("Note", exact=False)).to_have_value("on the plane")
    expect(page.locator(".two-clocks")).to_have_count(0)
    when.fill(f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:%M}")
    page.locator("main form").filter(has=when).locator(".btn-primary").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("(Auckland)")
    expect(page.get_by_label("Note", exact=False)).to_have_value("on the plane")
    expect(page.get_by_text("What you had typed is back.")).to_have_count(0)


def test_device_on_the_diary_s_clock_fetches_nothing_for_it(travelled):
    page, asked = travelled("Europe/London"), []
    page.on("request", lambda each: asked.append(each.url))
    page.goto("/today/", wait_until="networkidle")
    assert [url for url in asked if "clock" in url] == []
