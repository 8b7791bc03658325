"""A treatment's card on a phone: three screens at most, and the rest behind folds."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from apps.demo.rows import keep_diary
from apps.treatments.models import Kind, Treatment
from tests.browser.conftest import PHONE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = 3
FOLDS = ".folds > details"
UNDRAWN = 150  # pixels: as high as a canvas is that nobody drew on


@pytest.fixture
def demo(log_in, locale):
    user = UserFactory()
    with translation.override(locale):
        keep_diary(user, at=timezone.now())
    log_in(user)
    return user


@pytest.fixture
def card(demo):
    return card_of(demo, Kind.ACUPRESSURE_MAT)


def card_of(user, kind):
    own = Treatment.objects.for_user(user).get(kind=kind)
    return reverse("comparisons:treatment", args=[own.pk])


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_card_holds_three_screens_and_opens_with_the_verdict(page, demo, card):
    for path in (card_of(demo, Kind.HEAT), card):  # the one with the longest words first
        page.goto(path)
        box = page.locator(".card-columns").bounding_box()
        assert box["y"] + box["height"] <= SCREENS * PHONE["height"]
    picture = page.locator("svg.slope").bounding_box()
    assert picture["y"] < page.locator(".bottom-nav").bounding_box()["y"]
    assert page.locator(f"{FOLDS}[open]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_folded_chart_is_drawn_when_it_is_opened(page, card):
    page.goto(card)
    page.wait_for_timeout(300)
    canvas = page.locator("canvas[data-chart=same_start]")
    expect(canvas).to_have_js_property("height", UNDRAWN)
    summary = page.get_by_text("Started mild, middling, bad").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(canvas).not_to_have_js_property("height", UNDRAWN)


def test_opened_card_is_accessible_in_both_themes(page, card, axe):
    page.goto(card)
    page.evaluate(f"document.querySelectorAll('{FOLDS}').forEach((fold) => {{ fold.open = true }})")
    found = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found[theme] = axe()
    assert found == {"light": [], "dark": []}


def test_folds_are_open_on_paper_and_closed_again_after(page, card):
    page.goto(card)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(f"{FOLDS}:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(f"{FOLDS}[open]").count() == 0
