"""The shared report as a reader has it: at a glance, on a phone, without JavaScript, on paper."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from apps.conditions.models import Condition
from apps.demo.rows import keep_diary
from apps.sharing.models import Section
from tests.browser.looks import SETTLED
from tests.browser.sharing.paper import Paper, is_margin_empty, share_of
from tests.factories import (
    CheckInFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)
from tests.sharing.reports import WHOLE, ReportUrls, scope_of

LEG, TREATED, WAIT = "#5b3f9e", "#1c5d6c", "#bb701a"
DAYS = 92
WIDER_THAN_ITS_ROOM = """
[...document.querySelectorAll('.report-glance > *, .report-glance :is(td, th)')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map(({ textContent }) => textContent.trim())
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def condition():
    user = UserFactory()
    now = timezone.now()
    keep_diary(user, at=now)
    condition = Condition.objects.get()
    CheckInFactory(
        user=user,
        condition=condition,
        rated_at=now - timedelta(days=3),
        red_flags=["leg_weakness"],
        red_flags_ticked_at=now - timedelta(days=3),
    )
    return condition


@pytest.fixture
def open_report(page, condition):
    """Call it with the sections that are shared: the page then shows the report."""
    overrides = []

    def open_report(sections=WHOLE, on=page):
        now = timezone.now()
        today = timezone.localdate()
        first_day = today - timedelta(days=DAYS - 1)
        scope = scope_of(condition.user, first_day, today, sections=sections, condition=condition)
        overrides.append(override_settings(ROOT_URLCONF=ReportUrls(scope, now)))
        overrides[-1].enable()
        assert on.goto("/report/").status == 200

    yield open_report
    for override in reversed(overrides):
        override.disable()


def bottom(page, selector):
    box = page.locator(selector).bounding_box()
    return box["y"] + box["height"]


def test_report_is_seen_at_one_glance(page, open_report):
    page.set_viewport_size({"width": 1280, "height": 800})
    open_report()
    for selector in (".report-red-flags", ".report-facts", ".report-pain", ".report-tried"):
        assert bottom(page, selector) <= 800, selector


def test_report_is_accessible_in_both_themes(page, open_report, axe):
    open_report()
    found = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(SETTLED)
        found[theme] = axe()
    assert found == {"light": [], "dark": []}


def test_report_fits_a_phone(page, open_report):
    open_report()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".report-tried").bounding_box()["width"] <= 360


def test_report_without_javascript_has_all_numbers(browser, live, open_report):
    context = browser.new_context(base_url=live, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    open_report(on=page)
    assert page.locator("[data-verdict]").count() == 4
    assert page.locator(".chart-canvas").count() == 2
    assert not page.locator(".chart-canvas").first.is_visible()
    page.get_by_text("The same numbers as a table").last.click()
    assert page.locator("figure.chart table").last.locator("tbody tr").count() == 4
    assert not page.locator("[data-print]").is_visible()
    context.close()


def test_summary_and_charts_are_two_pages_in_light_colours(page, open_report):
    page.emulate_media(color_scheme="dark")
    open_report({Section.SUMMARY, Section.CHARTS})
    paper = Paper(page)
    assert len(paper) == 2
    for said in ("Red flags", "Sarah Jones", "Then and now", "What was tried"):
        assert said in paper.text(0), said
    for said in ("Sarah Jones", "Pain over time", "Each treatment against waiting", "2 / 2"):
        assert said in paper.text(1), said
    assert "How to read this" in paper.text(1)
    assert "Print or save" not in paper.text(0)
    for number in range(2):
        pixels = paper.pixels(number)
        assert is_margin_empty(pixels)
        assert share_of(pixels, "#ffffff") > 0.75
    charts = paper.pixels(1)
    assert share_of(charts, LEG) > 0.0005  # where the diary has its gaps changes with the day
    assert share_of(charts, TREATED) > 0.002
    assert share_of(charts, WAIT) > 0.0001


def as_full_as_a_diary_is(condition):
    """Six treatments to compare, new signs, and what makes it worse and better in own words."""
    own, now = {"user": condition.user, "condition": condition}, timezone.now()
    signs = {"symptoms": ["numbness", "weakness"], "furthest": "foot", "side": "both"}
    for days in range(3):
        at = now - timedelta(days=days, hours=1)
        CheckInFactory(**own, rated_at=at, leg_pain=1, **signs)
    for hours, name in enumerate(("Heat pack", "Nerve glides on the floor", "TENS device")):
        row = TreatmentFactory(user=condition.user, name=name)
        for time in range(1, 8):
            at = now - timedelta(days=11 * time, hours=hours)
            after = {"pain_after": 3 + time % 3, "after_rated_at": at + timedelta(minutes=45)}
            TreatmentSessionFactory(**own, started_at=at, treatments=[row], pain_before=6, **after)
    Condition.objects.update(
        aggravates="sitting for longer than half an hour, getting out of the car",
        eases="walking, lying on my side",
        wants="to walk the dog for an hour again",
    )
    condition.refresh_from_db()


def test_fullest_report_is_two_sheets_in_both_languages(browser, live, open_report, condition):
    as_full_as_a_diary_is(condition)
    wide = {"width": 1280, "height": 800}
    for language in ("de", "en-gb"):
        # A header alone would not do: the locale of the context goes before it.
        context = browser.new_context(base_url=live, viewport=wide, locale=language)
        page = context.new_page()
        open_report({Section.SUMMARY, Section.CHARTS}, on=page)
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate(WIDER_THAN_ITS_ROOM) == []
        paper = Paper(page)
        assert (language, len(paper), round(paper.smallest_letter(), 1)) == (language, 2, 8)
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 688, "height": 1000})
        assert page.evaluate(WIDER_THAN_ITS_ROOM) == []
        context.close()
    first = paper.text(0)
    places = [
        first.index(said)
        for said in ("Red flags", "New in the last 14 days of this report", "Weakness: on 3 of")
    ]
    assert places == sorted(places)
    assert first.index("Both legs: on 3 of") < first.index("Cause, as told")


def test_charts_are_sharp_on_paper_and_as_before_on_the_screen(page, open_report):
    open_report({Section.SUMMARY, Section.CHARTS})
    widths = "[...document.querySelectorAll('canvas')].map(({width}) => width)"
    page.locator("canvas").last.scroll_into_view_if_needed()  # or they are not drawn yet
    page.wait_for_timeout(300)
    before = page.evaluate(widths)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    dots_per_inch = [width / ((210 - 2 * 14) / 25.4) for width in page.evaluate(widths)]
    assert [dots >= 280 for dots in dots_per_inch] == [True, True]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(widths) == before
    Paper(page)
    assert page.evaluate(widths) == before


def test_lists_follow_from_the_third_page_with_their_heads_repeated(page, open_report):
    open_report()
    paper = Paper(page)
    texts = [paper.text(number) for number in range(len(paper))]
    starts = [
        next(number for number, text in enumerate(texts) if title in text and number > 1)
        for title in ("Sessions and waits", "Check-ins When")
    ]
    assert starts[0] == 2
    assert starts[1] > starts[0]
    assert all("When What Side Minutes" in text for text in texts[starts[0] : starts[1]])
    closing = "This is not a medical device"
    rows = [text for text in texts[starts[1] :] if text.partition(closing)[0].strip(" 0123456789/")]
    assert len(rows) >= len(texts[starts[1] :]) - 1
    assert all("When Leg Back Side" in text for text in rows)
    assert all(is_margin_empty(paper.pixels(number)) for number in range(len(paper)))
