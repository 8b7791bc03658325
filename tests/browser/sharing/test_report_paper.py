"""The report on paper: long texts change nobody's size, and each dot stays at its treatment."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from apps.sharing.models import Section, ShareLink
from tests.browser.sharing.paper import Paper
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)
from tests.sharing.reports import WHOLE, ReportUrls, scope_of

pytestmark = pytest.mark.django_db(transaction=True)
A_DAY = timedelta(days=1)
DAYS = 90
LONG_NAME = "with a long name of many words that is meant to be fifty"  # with its number 58
SCALE = """(canvas) => {
  const { scales, width, height } = Chart.getChart(canvas);
  const y = (value) => scales.y.getPixelForValue(value);
  const shown = canvas.getBoundingClientRect();
  return { row: y(1) - y(0), squeezed: shown.height / height / (shown.width / width) };
}"""


def diary(treatments, *, name="Treatment", note="", adverse_effect="", **condition):
    """A condition with so many treatments, each used four times, and waits beside them."""
    user, now = UserFactory(), timezone.now()
    own = {"user": user, "condition": ConditionFactory(user=user, **condition)}
    rows = [TreatmentFactory(user=user, name=f"{n} {name}") for n in range(1, treatments + 1)]
    for ago in range(1, 13):
        at = now - 6 * ago * A_DAY
        CheckInFactory(**own, rated_at=at, leg_pain=5, note=note, adverse_effect=adverse_effect)
    for number, row in enumerate([*rows, None]):
        for time in range(1, 5):
            at = now - 18 * time * A_DAY + number * timedelta(hours=6)
            TreatmentSessionFactory(
                **own,
                started_at=at,
                treatments=[row] if row else [],
                pain_before=6,
                pain_after=3 + (number + time) % 3,
                after_rated_at=at + timedelta(minutes=45),
            )
    return own["condition"]


@pytest.fixture
def printed(page):
    """Call it with a condition: the report of its last 90 days, on paper."""
    overrides = []

    def printed(condition, sections=WHOLE):
        now, today = timezone.now(), timezone.localdate()
        scope = scope_of(
            condition.user,
            today - (DAYS - 1) * A_DAY,
            today,
            sections=sections,
            condition=condition,
        )
        overrides.append(override_settings(ROOT_URLCONF=ReportUrls(scope, now)))
        overrides[-1].enable()
        assert page.goto("/report/").status == 200
        return Paper(page)

    yield printed
    for override in reversed(overrides):
        override.disable()


def sizes(paper):
    """How high a letter of each is, and how far it stands from the left."""
    found = {}
    for number, words in ((0, "Then and now"), (0, "What was tried"), (1, "Pain over time")):
        left, bottom, _right, top = paper.box(number, words)
        found[words] = (round(left), round(top - bottom, 1))
    return found


def test_long_texts_change_nobody_s_size(printed):
    plain = sizes(printed(diary(2)))
    long = diary(
        2,
        name="x" * 60,
        note="https://example.com/" + "a" * 220,
        adverse_effect="tired " * 20,
        aggravates="b" * 120,
        eases="c" * 120,
        wants="d" * 120,
    )
    assert sizes(printed(long)) == plain


@pytest.mark.parametrize("treatments", [1, 10, 20])
def test_each_dot_stays_at_its_treatment(printed, page, treatments):
    printed(diary(treatments), {Section.SUMMARY, Section.CHARTS})
    page.emulate_media(media="print")
    found = page.locator('canvas[data-chart="against_waiting"]').evaluate(SCALE)
    # Of 24 pixels 16 are the dot's, with its name beside it: neither reaches the next row.
    assert (round(found["row"]) >= 24, round(found["squeezed"], 2)) == (True, 1.0)


@pytest.mark.parametrize(
    ("locale", "treatments", "name", "sheets", "dot", "box"),
    [
        ("de", 6, LONG_NAME, 2, "Der Punkt ist der Unterschied", "Heute vereinbart"),
        ("en-GB", 8, "Treatment", 3, "The dot is the difference", "Agreed today"),
    ],
)
def test_charts_and_the_box_to_write_in_are_on_the_second_sheet(
    printed, locale, treatments, name, sheets, dot, box
):
    """Of more than seven treatments the less used follow on a third; German needs more room."""
    paper = printed(diary(treatments, name=name), {Section.SUMMARY, Section.CHARTS})
    assert (len(paper), paper.smallest_letter() >= 7.9) == (sheets, True)
    bottom = paper.box(1, box)[1]
    assert paper.box(1, dot)[1] > bottom > 60


def test_address_is_printed_whole_and_says_that_digits_are_asked_for(page, log_in):
    user = UserFactory()
    condition = ConditionFactory(user=user)
    log_in(user)
    page.goto(reverse("sharing:create"))
    page.get_by_label("For whom").fill("Sarah Jones, physiotherapist")
    page.get_by_label("Ask for six digits as well").check()
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("[data-address]").input_value()
    paper = Paper(page)
    link = ShareLink.objects.get()
    assert (link.condition, len(paper)) == (condition, 1)
    assert address in "".join(paper.text(0).split())
    assert "It asks for six digits too." in paper.text(0)
    first, last = paper.box(0, address[:8]), paper.box(0, address[-3:])
    assert (first[0] > 28, last[2] < 595 - 28, last[1] <= first[1]) == (True, True, True)
