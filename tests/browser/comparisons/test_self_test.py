"""A planned self-test in a real browser, by sessions and by days: from agreeing to the answer."""

import os
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.conditions.models import Condition
from apps.diary.models import SelfTest, TreatmentSession
from tests.browser.sharing.paper import Paper, is_margin_empty, share_of
from tests.comparisons.engine.test_self_test import SIXTH_UNRATED
from tests.comparisons.self_test_days import two_points_lower, with_days
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import (
    ConditionFactory,
    DayTestFactory,
    SelfTestFactory,
    TreatmentFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("live")


@pytest.fixture
def ada(log_in):
    user = UserFactory(set_up_at=timezone.now())
    log_in(user)
    return user


@pytest.fixture
def mat(ada):
    ConditionFactory(user=ada)
    return TreatmentFactory(user=ada, name="Acupressure mat")


def shoot(page, name):
    """Pictures of both sizes and themes, for whoever asks for them by PICTURES=folder."""
    if folder := os.environ.get("PICTURES"):
        for width, height in ((360, 740), (1280, 800)):
            for theme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=theme)
                page.wait_for_timeout(300)
                page.screenshot(path=Path(folder) / f"{name}-{width}-{theme}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})
        page.emulate_media(color_scheme="light")


def test_it_is_agreed_to_and_a_session_of_it_takes_its_letter(page, ada, mat):
    page.goto(f"/treatments/{mat.pk}/self-test/")
    shoot(page, "agree")
    page.locator("[name=expectation][value='6']").check(force=True)
    page.get_by_role("button", name="Agree and begin").click()
    page.wait_for_url("**/self-tests/*/")
    shoot(page, "running")
    SelfTest.objects.update(order="WTTWTWTWWTTWTWTWWTTWTWTWWTTWTWTW")
    page.get_by_role("link", name="Start a session of the test").click()
    page.get_by_role("button", name="6", exact=True).click()
    page.wait_for_url("**/self-tests/sessions/*/")
    shoot(page, "wait-first")
    assert page.get_by_role("heading", level=1).inner_text() == "The draw says: wait first"
    page.get_by_role("link", name="I'll wait").click()
    assert page.get_by_text("1 of 32").is_visible()
    shoot(page, "today")
    assert TreatmentSession.objects.get().asked_by_app is True


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_by_days_the_first_check_in_says_what_today_is(page, ada):
    """At noon by the clock of the person, whatever it is here."""
    hour = timezone.now().astimezone(UTC).hour
    type(ada).objects.update(time_zone=f"Etc/GMT{hour - 12:+d}")
    ConditionFactory(user=ada)
    own = TreatmentFactory(user=ada, name="Rigid insoles", kind="other")
    page.goto(f"/treatments/{own.pk}/self-test/")
    page.get_by_role("link", name="Worn or taken all day").click()
    assert page.get_by_text("60 days", exact=True).is_visible()
    assert fits(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert fits(page)
    page.reload()
    shoot(page, "days-agree")
    page.locator("[name=expectation][value='6']").check(force=True)
    page.get_by_role("button", name="Agree and begin").click()
    page.wait_for_url("**/self-tests/*/")
    shoot(page, "days-running")
    SelfTest.objects.update(order="WTTW" * 15)
    page.goto("/check-ins/new/")
    page.locator("[name=leg_pain][value='6']").check(force=True)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/self-tests/sessions/*/")
    heading = page.get_by_role("heading", level=1)
    assert heading.inner_text() == "The draw says: today without Rigid insoles"
    assert fits(page)
    shoot(page, "days-letter")
    page.get_by_role("link", name="Today", exact=True).last.click()
    assert page.get_by_text("Self-test: today without Rigid insoles").is_visible()
    assert fits(page)
    shoot(page, "days-today")
    page.get_by_role("button", name="It was otherwise today").click()
    assert page.get_by_text("Noted: it was otherwise today.").is_visible()
    shoot(page, "days-otherwise")


def test_the_answer_of_days_is_drawn(page, ada, mat):
    begun = timezone.now() - timedelta(days=70)
    self_test = DayTestFactory(
        user=ada,
        condition=Condition.objects.get(),
        treatment=mat,
        started_at=begun,
        ended_at=timezone.now(),
        why_ended="whole",
    )
    with_days(self_test, two_points_lower(self_test), from_day=begun.date() + timedelta(days=1))
    page.goto(f"/self-tests/{self_test.pk}/")
    page.wait_for_selector("canvas[data-chart=self_test]")
    shoot(page, "days-answer")
    assert fits(page)
    heading = page.get_by_role("heading", level=1).inner_text()
    assert heading == (
        "Lower on days with Acupressure mat than on days without it: more than coincidence."
    )


def test_its_answer_is_drawn_and_printed(page, ada, mat):
    begun = timezone.now() - timedelta(days=40)
    self_test = SelfTestFactory(
        user=ada,
        condition=Condition.objects.get(),
        treatment=mat,
        started_at=begun,
        ended_at=timezone.now(),
        why_ended="whole",
    )
    with_sessions(self_test, SIXTH_UNRATED)
    page.goto(f"/self-tests/{self_test.pk}/")
    page.wait_for_selector("canvas[data-chart=self_test]")
    page.get_by_text("What was agreed, and the sealed order").click()
    shoot(page, "answer")
    assert page.get_by_text(self_test.order).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    sheets = Paper(page)
    assert len(sheets) == 2
    assert all(is_margin_empty(sheets.pixels(number)) for number in range(2))
    first, second = sheets.text(0), sheets.text(1)
    assert "Lower after Acupressure mat than after waiting: more than coincidence." in first
    assert "Every session of the test" in first
    assert str(self_test.seed) in second.replace(" ", "")
    colour = page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--chart-treated').trim()"
    )
    assert share_of(sheets.pixels(0), colour) > 0.0005  # the marks of the treated sessions
