"""The page to read in thirty years says everything, and asks nobody for anything."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from types import GeneratorType

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from apps.comparisons.charts.words import signed
from apps.comparisons.engine.stats import ARITHMETIC, METHOD
from apps.comparisons.reading.results import comparison_of
from apps.conditions.models import Cause, CauseKind, Certainty, Condition, UsualSide
from apps.diary.models import RedFlag
from apps.treatments.models import Kind
from apps.your_data.html.page import ROWS, export_html
from tests.factories import (
    NOON,
    ActivityFactory,
    AgreedDayFactory,
    AgreementFactory,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    ExerciseFactory,
    FunctionRatingFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

HOSTILE = """<script src="//x">alert('1')</script>" onload='x' {}"""
DAY = timedelta(days=1)


class Elements(HTMLParser):
    """The page's elements with their attributes, and its words."""

    def __init__(self, page):
        super().__init__()
        self.found, self.words = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def page_of(user):
    return b"".join(export_html(user)).decode()


def words(html):
    return " ".join(" ".join(Elements(html).words).split())


def rows(page):
    return [words(row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]


def plant(user, word="plain {}"):
    """A small diary with something in every text field."""
    condition = ConditionFactory(
        user=user, name=word.format("name"), note=word.format("remark"), usual_side=UsualSide.LEFT
    )
    CauseFactory(
        user=user,
        condition=condition,
        kind=CauseKind.OTHER,
        description=word.format("cause"),
        certainty=Certainty.DIAGNOSED,
        diagnosed_by=word.format("doctor"),
    )
    mat = TreatmentFactory(
        user=user,
        name=word.format("mat"),
        kind=Kind.OTHER,
        upfront_cost="24.90",
        cost_per_session="0",
        expectation=0,
        pain_before_from_memory=0,
        review_on=date(2026, 5, 6),
    )
    TreatmentPeriodFactory(
        user=user, treatment=mat, ended_on=date(2026, 4, 1), why_stopped=word.format("reason")
    )
    CheckInFactory(
        user=user,
        condition=condition,
        leg_pain=0,
        back_pain=None,
        sleep=0,
        entered_at=NOON + DAY,
        red_flags=[RedFlag.values[0]],
        adverse_effect=word.format("effect"),
        note=word.format("note"),
    )
    TreatmentSessionFactory(
        user=user,
        condition=condition,
        treatments=[mat],
        started_at=NOON + DAY,
        time_zone="Asia/Tokyo",
        pain_before=7,
        pain_after=0,
        after_rated_at=NOON + DAY + timedelta(minutes=45),
        minutes=20,
        side="left",
        adverse_effect=word.format("harm"),
        note=word.format("thought"),
    )
    TreatmentSessionFactory(
        user=user, condition=condition, started_at=NOON + 40 * DAY, is_closed_unrated=True
    )
    agreement = AgreementFactory(
        user=user, condition=condition, treatment=mat, agreed_with=word.format("Sam")
    )
    AgreedDayFactory(user=user, agreement=agreement)
    ExerciseFactory(
        user=user,
        agreement=agreement,
        name=word.format("bridge"),
        repetitions=word.format("thrice"),
        how=word.format("slowly"),
    )
    activity = ActivityFactory(user=user, condition=condition, name=word.format("film"))
    FunctionRatingFactory(user=user, activity=activity, rating=0)


TEXTS = [
    "name",
    "remark",
    "cause",
    "doctor",
    "mat",
    "reason",
    "effect",
    "note",
    "harm",
    "thought",
    "film",
    "Sam",
    "bridge",
    "thrice",
    "slowly",
]


@pytest.mark.parametrize("word", ["plain {}", HOSTILE])
def test_every_text_is_there_and_is_only_text(alice, word):
    plant(alice, word)
    page = page_of(alice)
    elements = Elements(page)
    said = "".join(elements.words)
    assert [text for text in TEXTS if word.format(text) not in said] == []
    assert {tag for tag, _attributes in elements.found} & {"script", "img", "a", "link"} == set()
    names = {name for _tag, attributes in elements.found for name in attributes}
    assert {name for name in names if name.startswith("on")} == set()
    assert names & {"src", "href", "style", "srcset", "action"} == set()


def test_page_refers_to_nothing_outside(alice):
    plant(alice)
    assert re.findall(r"(?i)https?:|url\(|@import|//[a-z]", page_of(alice)) == []


def test_entries_say_zero_and_missing_apart(alice):
    plant(alice)
    flag = RedFlag(RedFlag.values[0]).label
    assert rows(page_of(alice)) == [
        "When What Pain",
        f"Tuesday 10 March 2026, 12:00 Europe/London Check-in plain name, from memory"
        f" Signs that need urgent care: {flag} Sleep last night: 0 Side effect: plain effect"
        f" Note: plain note leg 0 back –",
        "Wednesday 11 March 2026, 21:00 Asia/Tokyo plain mat plain name, left"
        " Minutes: 20 Side effect: plain harm Note: plain thought 7 → 0 after 45 min",
        "When What Pain",
        "Sunday 19 April 2026, 13:00 Europe/London Wait and see plain name 6 → –",
        "When What Rating",
        "Tuesday 10 March 2026 plain film 0",
    ]
    assert re.findall(r"<caption>(.*?)</caption>", page_of(alice)) == [
        "March 2026",
        "April 2026",
        "Ratings, about once a week",
    ]


def test_conditions_and_treatments_say_their_facts(alice):
    plant(alice)
    page = page_of(alice)
    facts = [words(each) for each in re.findall(r"<dl>(.*?)</dl>", page, re.DOTALL)]
    assert facts == [
        "Usual side left Notes plain remark"
        " Cause other, diagnosed: plain cause Diagnosed by: plain doctor",
        "Kind Something else, at home Usual minutes 20 Bought for £24.90 Cost per session £0.00"
        " Expected of it, 0 to 10 0 Pain in the month before, from memory, 0 to 10 0"
        " Look back on 6 May 2026"
        " In use 10 March 2026 – 1 April 2026 Why stopped: plain reason"
        " Agreed on 10 March 2026 2 times a day; with: plain Sam"
        " plain bridge, plain thrice: plain slowly Times done: 10/03/2026 1",
    ]


def test_drawing_has_weekly_means_and_gaps(alice):
    for week, pain in ((0, 0), (1, 10), (3, 4)):
        CheckInFactory(user=alice, rated_at=NOON + week * 7 * DAY, leg_pain=None, back_pain=pain)
    CheckInFactory(user=alice, rated_at=NOON + 3 * 7 * DAY, leg_pain=6, back_pain=1)
    CheckInFactory(user=alice, rated_at=NOON + 2 * 7 * DAY, leg_pain=None, back_pain=None)
    found = Elements(page_of(alice)).found
    assert [each["points"] for tag, each in found if tag == "polyline"] == [
        "26.0,164.0 148.7,24.0",
        "394.0,94.0",
    ]
    assert len([tag for tag, _attributes in found if tag == "circle"]) == 3
    assert [each["role"] for tag, each in found if tag == "svg"] == ["img"]


def test_nothing_of_somebody_else_is_there_and_no_address(alice, charlie):
    plant(charlie, "secret {}")
    page = page_of(alice)
    assert (page.count("secret"), page.count(alice.email), page.count("<table>")) == (0, 0, 0)
    plant(alice)
    assert page_of(alice).count("secret") == 0


def test_page_is_in_the_person_s_language(alice):
    plant(alice)
    alice.language = "de"
    pieces = export_html(alice)
    assert next(pieces).decode().splitlines()[1] == '<html lang="de">'
    assert translation.get_language() == "en-gb"
    rest = b"".join(pieces).decode()
    assert rest.count("Dienstag, 10.\N{NO-BREAK SPACE}März 2026, 12:00") == 1
    assert rest.count("24,90") == 1


def test_page_comes_in_pieces(alice):
    CheckInFactory.create_batch(2 * ROWS + 1, user=alice, leg_pain=3)
    pieces = export_html(alice)
    assert isinstance(pieces, GeneratorType)
    assert [n for n in (piece.count(b"Check-in") for piece in pieces) if n > 1] == [ROWS, ROWS]


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_so_many_queries_for_each_condition_and_no_more_for_its_entries(
    alice, count, django_assert_num_queries
):
    for number in range(count):
        plant(alice, f"n{number} {{}}")
    for condition in Condition.objects.all():
        CheckInFactory.create_batch(count, user=alice, condition=condition)
    with django_assert_num_queries(15 + 15 * count):
        page_of(alice)
    assert Condition.objects.count() == Cause.objects.count() == count


def test_download_is_never_shown_on_our_origin(as_alice, alice):
    plant(alice)
    with time_machine.travel(NOON):
        response = as_alice.get(reverse("your_data:export", args=["html"]))
    assert response.streaming
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    name = "did-it-work-2026-03-10.html"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_command_writes_the_page(alice, tmp_path):
    plant(alice)
    with time_machine.travel(NOON, tick=False):
        file = str(tmp_path / "diary.html")
        call_command("export_diary", "--user", alice.email, "--format", "html", file)
        assert (tmp_path / "diary.html").read_bytes() == b"".join(export_html(alice))


@time_machine.travel(NOON + 60 * DAY, tick=False)
def test_page_holds_the_answer_with_its_numbers_and_how_it_was_worked_out(alice):
    """Worked out here from the same values that `compare` prints."""
    condition = ConditionFactory(user=alice)
    heat = TreatmentFactory(user=alice, name="Heat")
    for number in range(40):
        at = NOON + number * DAY
        TreatmentSessionFactory(
            user=alice, condition=condition, started_at=at, entered_at=at,
            treatments=[heat] if number % 2 else [], pain_before=4 + number % 5,
            pain_after=max(0, 4 + number % 5 - (3 if number % 2 else number % 3)),
            after_rated_at=at + timedelta(minutes=45), after_entered_at=at + timedelta(minutes=45),
        )  # fmt: skip
    finding = next(iter(comparison_of(alice, condition)))
    page = page_of(alice)
    said = words(page[page.index("<h2>What the diary says") : page.index("<h2>All entries")])
    low, high = signed(finding.low), signed(finding.high)
    assert f"Difference from waiting {signed(finding.difference)} 95 % interval" in said
    assert f"95 % interval {low} to {high} Rated sessions 20 All sessions 20 Waits 20" in said
    assert (finding.verdict, said.count("Leaning towards lower")) == ("may_help", 1)
    assert "Over weeks:" in said
    assert f"Method, version {METHOD}; arithmetic, version {ARITHMETIC}." in said
