"""The report of diaries at the edges, very full or nearly empty: seen at once, and printed."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from apps.conditions.models import CauseKind, Certainty
from apps.diary.models import RedFlag
from apps.sharing.models import Section
from apps.sharing.report.treatments import AT_A_GLANCE
from apps.treatments.models import Kind
from tests.browser.sharing.paper import Paper, is_margin_empty
from tests.factories import (
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)
from tests.sharing.reports import ReportUrls, scope_of

DAYS = 92
DAY = timedelta(days=1)
LETTERS = "ABCDEFGHI"
USED = LETTERS + "ABCDEFABCDABCA"  # the first letters are the most used
FIRST_FOUR = ".report-tried tbody tr:nth-child(4)"
ALL_RATED = (".report-red-flags", ".report-facts", ".report-pain", FIRST_FOUR)

pytestmark = pytest.mark.django_db(transaction=True)


def name_of(letter):
    return f"{letter} exercises from the leaflet of the practice, mornings".ljust(60, "x")


def full(condition, now):
    """Nine treatments with names of 60 characters, many causes in long words, twelve red flags."""
    many_causes(condition)
    nine_treatments(condition, now, name=name_of, flags_on=12)


def busy(condition, now):
    """As full as a real diary may be: nine treatments, two causes, a red flag."""
    for kind in list(CauseKind)[:2]:
        CauseFactory(user=condition.user, condition=condition, kind=kind)
    nine_treatments(condition, now, name=lambda letter: f"{letter} exercises, mornings", flags_on=1)


def many_causes(condition):
    for kind in list(CauseKind)[:8]:
        CauseFactory(
            user=condition.user,
            condition=condition,
            kind=kind,
            certainty=Certainty.DIAGNOSED,
            description="as told on the telephone, in a long sentence",
            diagnosed_by="Dr Margaret Featherstonehaugh, orthopaedic clinic",
        )


def nine_treatments(condition, now, *, name, flags_on):
    treatments = [
        TreatmentFactory(user=condition.user, name=name(letter), kind=Kind.EXERCISE)
        for letter in LETTERS
    ]
    flags = list(RedFlag.values)
    for number in range(DAYS - 4):
        at = now - number * DAY - timedelta(hours=3)
        ticked = [flags[number % len(flags)]] if number < flags_on else []
        CheckInFactory(
            user=condition.user,
            condition=condition,
            rated_at=at,
            leg_pain=3 + number % 5,
            back_pain=number % 4,
            side=("left", "right")[number % 2],
            red_flags=ticked,
        )
        used = treatments[LETTERS.index(USED[number % len(USED)])]
        TreatmentSessionFactory(
            user=condition.user,
            condition=condition,
            started_at=at - timedelta(hours=2),
            treatments=[] if number % 4 == 0 else [used],  # every fourth day there is a wait
            pain_before=4 + number % 5,
            pain_after=3 + number % 4,
            after_rated_at=at - timedelta(hours=1),
        )


def only_check_ins(condition, now):
    for number in range(60):
        at = now - number * DAY
        CheckInFactory(user=condition.user, condition=condition, rated_at=at, leg_pain=number % 9)


def one_entry(condition, now):
    CheckInFactory(user=condition.user, condition=condition, rated_at=now - 2 * DAY, leg_pain=0)


def nothing(condition, now):
    pass


@pytest.fixture
def open_report(page):
    """Call it with what the diary holds: the page then shows the summary and the charts."""
    overrides = []

    def open_report(fill):
        now = timezone.now()
        condition = ConditionFactory(user=UserFactory())
        fill(condition, now)
        today = timezone.localdate()
        shown = {Section.SUMMARY, Section.CHARTS}
        scope = scope_of(
            condition.user, today - (DAYS - 1) * DAY, today, sections=shown, condition=condition
        )
        overrides.append(override_settings(ROOT_URLCONF=ReportUrls(scope, now)))
        overrides[-1].enable()
        page.set_viewport_size({"width": 1280, "height": 800})
        assert page.goto("/report/").status == 200

    yield open_report
    for override in reversed(overrides):
        override.disable()


def bottom(page, selector):
    box = page.locator(selector).first.bounding_box()
    return box["y"] + box["height"]


def fold(page, selectors):
    return {selector: bottom(page, selector) for selector in selectors}


@pytest.mark.parametrize(
    ("fill", "shown", "pages"),
    [
        (busy, ALL_RATED, 3),  # the third: those that are used least
        (only_check_ins, (".report-facts", ".report-pain", ".report-what"), 2),
        (one_entry, (".report-facts", ".report-pain", ".report-what"), 2),
        (nothing, (".report-facts", ".empty"), 1),
    ],
)
def test_essentials_are_seen_at_once_and_few_pages_hold_all(page, open_report, fill, shown, pages):
    open_report(fill)
    assert {each: y for each, y in fold(page, shown).items() if y > 800} == {}
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    paper = Paper(page)
    assert len(paper) == pages
    assert all(is_margin_empty(paper.pixels(number)) for number in range(pages))


def test_full_report_cuts_nothing(page, open_report):
    """The most used treatments are seen first; all others and every cause are there in full."""
    open_report(full)
    first, rest = (page.locator(".report-tried").nth(number) for number in (0, 1))
    assert first.locator("tbody tr").count() == AT_A_GLANCE + 1  # and the waits
    assert rest.locator("tbody tr").count() == len(LETTERS) - AT_A_GLANCE
    paper = Paper(page)
    assert all(is_margin_empty(paper.pixels(number)) for number in range(len(paper)))
    said = "".join("".join(paper.text(number).split()) for number in range(len(paper)))
    texts = [*map(name_of, LETTERS), *["Dr Margaret Featherstonehaugh"] * 8]
    missing = [text for text in texts if text.replace(" ", "") not in said]
    assert missing == []
    assert said.count("DrMargaretFeatherstonehaugh") == 8
    assert all(str(flag.label).replace(" ", "") in said for flag in RedFlag)
