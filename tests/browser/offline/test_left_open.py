"""Today left open: what it shows when it is looked at again, and where saving from it leads."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, TreatmentSession
from tests.browser.offline.test_offline import CONTROLLED, check_in, pains, tap
from tests.factories import ConditionFactory, TreatmentSessionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

LOOKED_AT = 'document.dispatchEvent(new Event("visibilitychange"))'


@pytest.fixture
def forgiven():
    return re.compile(r"console: Failed to load resource: net::ERR_INTERNET_DISCONNECTED")


@pytest.fixture
def evening():
    """Ten in the evening, on the server; a test moves both clocks on."""
    ten = timezone.localtime().replace(hour=22, minute=0, second=0, microsecond=0)
    with time_machine.travel(ten, tick=True) as clock:
        yield clock


@pytest.fixture
def alice(transactional_db):
    user = UserFactory(email="alice@example.com")
    ConditionFactory(user=user)
    return user


@pytest.fixture
def today(page, evening, log_in, alice):
    """Alice's Today at ten in the evening."""
    TreatmentSessionFactory(user=alice, started_at=timezone.now() - timedelta(minutes=30))
    log_in(alice)
    page.clock.install(time=timezone.now())
    page.goto("/today/")
    return page


def later(page, evening, **length):
    """Both clocks go on while nobody looks."""
    evening.shift(timedelta(**length))
    page.clock.set_system_time(timezone.now())
    page.evaluate(LOOKED_AT)


def heading_of_now():
    now = timezone.localtime()
    return f"{now:%A} {now.day} {now:%B}"


def test_today_left_open_over_night_shows_the_new_day_when_it_is_looked_at(today, evening):
    before = heading_of_now()
    expect(today.locator(".today-head p")).to_have_text(before)
    later(today, evening, hours=10)
    expect(today.locator(".today-head p")).to_have_text(heading_of_now())
    assert heading_of_now() != before
    expect(today).to_have_url(re.compile(r"/today/$"))


def test_midnight_alone_is_a_new_day(today, evening):
    later(today, evening, hours=2, minutes=1)
    expect(today.locator(".today-head p")).to_have_text(heading_of_now())


def test_session_rated_on_another_device_is_gone_when_today_is_looked_at(today, evening):
    expect(today.locator("[data-open-session]")).to_have_count(1)
    rated = {"pain_after": 3, "after_rated_at": timezone.now()}
    TreatmentSession.objects.update(**rated)
    later(today, evening, minutes=11)
    expect(today.locator("[data-open-session]")).to_have_count(0)


def test_today_of_a_moment_ago_and_one_with_something_typed_stay(today, evening):
    asked = []
    today.on("request", lambda each: asked.append(each.url))
    later(today, evening, minutes=9)
    tap(today, "leg_pain", 5)
    later(today, evening, minutes=30)
    today.wait_for_timeout(500)
    assert [url for url in asked if url.endswith("/today/")] == []
    expect(today.locator("input:checked[name=leg_pain]")).to_have_value("5")


def test_what_was_typed_the_evening_before_comes_back_on_the_new_day(today, evening):
    tap(today, "leg_pain", 5)
    later(today, evening, hours=10)
    expect(today.get_by_text("What you had typed is back.")).to_be_visible()
    expect(today.locator("input:checked[name=leg_pain]")).to_have_value("5")
    expect(today.locator(".today-head p")).to_have_text(heading_of_now())
    today.get_by_role("button", name="Save", exact=True).click()
    today.get_by_text("saved").first.wait_for()
    stored = CheckIn.objects.get()
    assert stored.diary_date == (timezone.localtime() - timedelta(days=1)).date()


def test_without_a_connection_what_was_there_stays(today, evening, context):
    today.evaluate(CONTROLLED)
    before = today.locator(".today-head p").inner_text()
    later(today, evening, minutes=1)  # the script has been fetched before
    context.set_offline(True)
    later(today, evening, hours=10)
    today.wait_for_timeout(1000)
    expect(today.locator(".today-head p")).to_have_text(before)


@pytest.mark.parametrize("rest", ["", "?condition={}#check-in"])
def test_saving_from_an_old_tab_leads_to_the_address_of_today(page, log_in, alice, rest):
    log_in(alice)
    page.goto("/today/" + rest.format(Condition.objects.get().pk))
    page.context.clear_cookies()  # with the token that the old tab's form holds
    log_in(alice)
    check_in(page, 6)
    page.get_by_text("saved").first.wait_for()
    expect(page).to_have_url(re.compile(r"/today/$"))
    assert pains() == [6]
