"""A session that waits to be rated again: it counts on by itself, and says once that it is due."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.diary.models import TreatmentSession
from tests.factories import (
    CallPlanFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOTICES = """
window.notices = [];
ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
  window.notices.push(`${title}: ${options.body}`);
};
window.Notification = class extends EventTarget {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(title, options) { super(); window.notices.push(`${title}: ${options.body}`); }
};
"""


@pytest.fixture
def forgiven():
    """Chromium's own words: a browser of the tests is given no push service."""
    return re.compile(r"console: Chrome currently does not support the Push API in incognito mode")


@pytest.fixture
def today(page, log_in):
    """Today with a mat that was started 41 minutes ago, on a clock that the test moves."""
    user = UserFactory()
    started = timezone.now() - timedelta(minutes=41)
    TreatmentSessionFactory(user=user, started_at=started, treatments=[TreatmentFactory(user=user)])
    log_in(user)
    page.clock.install()
    page.add_init_script(NOTICES)
    page.goto("/today/")
    return page


def notices(page):
    """Those of the browser, once the first has come: a service worker is asked for it first."""
    for _tenth in range(50):
        if found := page.evaluate("window.notices"):
            return found
        time.sleep(0.1)  # not the page's own clock, which the test holds
    return []


def words(page):
    return page.locator("[data-open-session]").inner_text().replace("\n", " ")


def test_open_session_counts_on_and_becomes_due_without_a_reload(today):
    assert "41 min ago · due" in words(today)
    assert today.title() == "Today · Did it work?"
    assert today.locator("[data-due-said]").text_content() == ""
    today.clock.run_for(5 * 60_000)
    assert "46 min ago · due now" in words(today)
    assert today.title() == "Rate again · Today · Did it work?"
    said = today.locator("[data-due-said]")
    assert said.text_content() == "Acupressure mat: time to rate again"
    today.evaluate("document.querySelector('[data-due-said]').textContent = ''")
    today.clock.run_for(60_000)
    assert said.text_content() == ""  # once, not again
    assert today.evaluate("window.notices") == []  # nobody asked for it


def test_open_session_says_why_a_late_rating_does_not_count(today):
    today.clock.run_for(3 * 60_000)
    assert "late" not in words(today)
    today.clock.fast_forward(timedelta(minutes=30).total_seconds() * 1000)
    assert "late" in words(today)
    assert "How it is now counts until" in words(today)
    today.clock.fast_forward(timedelta(hours=4).total_seconds() * 1000)
    assert "it no longer counts" in words(today)
    assert "counts until" not in words(today)


def test_notice_of_the_browser_comes_only_where_it_was_asked_for(today):
    today.locator("[data-open-session] summary").click()
    today.get_by_role("button", name="Call me when it is due").click()
    today.get_by_role("button", name="Do not tell me when it is due").wait_for()
    today.clock.run_for(5 * 60_000)
    assert notices(today) == ["Did it work?: Time to rate again"]
    today.get_by_role("button", name="Do not tell me when it is due").click()
    today.get_by_role("button", name="Call me when it is due").wait_for()
    assert today.evaluate("localStorage.getItem('tell-when-due')") is None


def test_undo_is_the_next_stop_of_the_keyboard(page, axe, today):
    today.locator("[data-open-session]").get_by_role("link", name="Rate again").click()
    today.get_by_role("button", name="3", exact=True).click()
    today.get_by_text("pain 6 before, 3 after").wait_for()
    assert axe() == []
    today.keyboard.press("Tab")
    today.keyboard.press("Enter")
    today.get_by_text("Taken back.").wait_for()
    assert TreatmentSession.objects.get().pain_after is None


def test_nobody_is_offered_a_call_to_what_is_due(today):
    today.locator(".ring-link").click()
    today.locator("h1").get_by_text("Acupressure mat").wait_for()
    offer, bell = today.locator("[data-call-at]"), today.locator("[data-bell]")
    assert (offer.count(), bell.is_visible()) == (1, True)
    today.clock.run_for(5 * 60_000)
    assert (offer.count(), bell.is_visible()) == (0, False)


def test_ring_goes_on_and_the_bell_says_whether_it_rings(today):
    CallPlanFactory(user=TreatmentSession.objects.get().user)  # who has been asked, and declined
    today.locator(".ring-link").click()
    today.locator("h1").get_by_text("Acupressure mat").wait_for()
    assert today.locator("[data-left]").text_content() == "4"
    assert today.locator("[data-past]").get_attribute("stroke-dasharray") == "91 100"
    assert today.locator("[data-ago]").text_content() == "41 min ago"
    assert today.locator("[data-bell]").text_content() == "Bell off"
    today.locator("[data-tell-when-due]").click()
    today.get_by_text("Bell on, while this page is open").wait_for()
    today.clock.run_for(5 * 60_000)
    assert today.locator("[data-past]").get_attribute("stroke-dasharray") == "100 100"
    assert today.locator(".ring-tick").is_visible()
    assert not today.locator("[data-left]").is_visible()
    assert notices(today) == ["Did it work?: Time to rate again"]
