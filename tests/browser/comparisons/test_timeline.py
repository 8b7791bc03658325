"""The timeline on a phone: all lanes on the first screen, and a switch without a script."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.demo.rows import keep_diary
from apps.treatments.models import Kind, Treatment
from tests.browser.conftest import PHONE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

UNDRAWN = 150  # pixels: as high as a canvas is that nobody drew on
HEIGHTS = "[...document.querySelectorAll('canvas')].map(({height}) => height)"
LAST_LANE = "(canvas) => canvas.getBoundingClientRect().bottom - 6"


@pytest.fixture
def demo(log_in):
    user = UserFactory()
    keep_diary(user, at=timezone.now())
    log_in(user)
    return user


@pytest.mark.parametrize("query", ["range=2w", "range=3m", "range=1y", "range=1y&pain=both"])
def test_all_lanes_are_on_the_first_screen(page, demo, query):
    page.goto(f"/timeline/?{query}")
    canvas = page.locator("canvas[data-chart=pain_over_time]")
    canvas.wait_for()
    nav = page.locator(".bottom-nav").bounding_box()
    assert canvas.evaluate(LAST_LANE) <= nav["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_back_pain_is_laid_over_without_a_script_and_keeps_the_range(browser, live, demo, context):
    known = context.storage_state()
    without = browser.new_context(
        base_url=live, java_script_enabled=False, locale="en-GB", storage_state=known
    )
    page = without.new_page()
    page.goto("/timeline/?range=1y")
    page.get_by_role("link", name="Both", exact=True).click()
    assert page.locator(".ranges [aria-current]").all_inner_texts() == ["1 year", "Both"]
    assert "Back pain: about" in page.locator(".chart-lead").inner_text()
    without.close()


def test_charts_are_drawn_when_they_come_near_and_on_paper_all(page, demo):
    mat = Treatment.objects.for_user(demo).get(kind=Kind.ACUPRESSURE_MAT)
    page.goto(reverse("comparisons:treatment", args=[mat.pk]))
    page.locator("canvas").first.wait_for(state="attached")
    page.wait_for_timeout(300)
    assert page.evaluate(HEIGHTS)[-1] == UNDRAWN
    page.emulate_media(media="print")
    for canvas in page.locator("canvas").all():
        expect(canvas).not_to_have_js_property("height", UNDRAWN)
