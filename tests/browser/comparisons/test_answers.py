"""Answers: where the answer stands on a phone, a desktop and with text at twice its size."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.demo.rows import keep_diary
from apps.your_data.importing.store import import_diary
from tests.factories import CheckInFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

NAV, SECOND_SCREEN = 679, 2 * 740
DESKTOP = {"width": 1280, "height": 800}
ENLARGE = "document.documentElement.style.fontSize = '200%'"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOPS = "found => found.map(each => each.getBoundingClientRect().bottom + scrollY)"
SCALE = """found => found.map(each => {
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  return [box.left, box.width, style.backgroundImage];
})"""
FILES = Path(__file__).parents[2] / "comparisons"
LAST_DAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["", "de"])
def demo(request, log_in):
    user = UserFactory(language=request.param)
    keep_diary(user, at=timezone.now())
    log_in(user)
    return user


def test_answers_of_the_demo_stand_on_the_first_screens(page, demo):
    page.goto("/compare/")
    verdicts = page.locator(".answer .verdict").evaluate_all(TOPS)
    assert verdicts[0] < 400
    assert verdicts[3] < SECOND_SCREEN
    assert page.evaluate(SIDEWAYS) == 0
    page.set_viewport_size(DESKTOP)
    assert page.locator(".answer .verdict").evaluate_all(TOPS)[3] < DESKTOP["height"]


def test_all_rows_share_one_scale(page, demo):
    page.goto("/compare/")
    scales = page.locator(".has-axis .picture").evaluate_all(SCALE)
    assert len(scales) > 2
    assert {str(each) for each in scales} == {str(scales[0])}


def test_filters_are_one_button_that_says_what_is_set(page, demo):
    page.goto("/compare/")
    button = page.locator(".filter > summary")
    assert button.bounding_box()["width"] < 60
    button.click()
    assert page.evaluate(SIDEWAYS) == 0
    page.locator(".filter form select[name=side]").select_option("left")
    page.locator(".filter form button").click()
    said = button.inner_text()
    assert "left" in said or "links" in said
    assert page.locator("figure.chart canvas").count() == 1


def test_text_at_twice_its_size_fits(page, demo):
    page.goto("/compare/")
    page.evaluate(ENLARGE)
    assert page.evaluate(SIDEWAYS) == 0
    page.locator(".filter > summary").click()
    assert page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("letter", ["a", "b"])
@pytest.mark.parametrize("language", ["", "de"])
def test_few_sessions_say_all_three_on_one_screen(page, log_in, axe, letter, language):
    """What is known, what cannot be known, and the next step at this pace: above the bar below."""
    user = UserFactory(language=language)
    data = (FILES / f"few_sessions_{letter}.csv").read_bytes()
    assert not import_diary(user, data, at=LAST_DAY).problems
    log_in(user)
    page.goto("/compare/")
    assert page.locator(".known > p").evaluate_all(TOPS)[-1] < NAV
    assert page.locator(".ways li a > span").evaluate_all(TOPS)[0] < NAV
    assert page.locator(".ways li").count() == 3
    assert axe() == []
    page.evaluate(ENLARGE)
    assert page.evaluate(SIDEWAYS) == 0


def test_empty_answers_are_one_drawing_and_one_button(page, log_in, axe):
    user = UserFactory()
    log_in(user)
    for _ in range(2):
        page.goto("/compare/")
        assert page.locator(".first-answer svg").count() == 1
        assert page.locator("main .btn-primary:visible").count() == 1
        assert page.locator("canvas, table").count() == 0
        assert axe() == []
        CheckInFactory(user=user, rated_at=timezone.now() - timedelta(hours=1))
