"""Words for a reader of intervals: what holds it back stands in the line, and few say nothing."""

import re
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from apps.comparisons.engine.regression import Effect
from apps.sharing.report.report import report
from tests.comparisons.engine.simulated.diaries import sessions
from tests.comparisons.engine.test_verdicts import a_finding
from tests.comparisons.test_compare_page import FINDING
from tests.factories import (
    NOON,
    CheckInFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)
from tests.sharing.reports import scope_of

DAY = timedelta(days=1)
FIRST = NOON.date()


def cells(has_ended=False, **changes):
    template = "{% load verdicts %}{% verdict_cells finding has_ended %}"
    context = Context({"finding": a_finding(**(FINDING | changes)), "has_ended": has_ended})
    found = re.findall(r"<td.*?</td>", Template(template).render(context), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in found]


@pytest.mark.parametrize(
    ("why", "changes", "words"),
    [
        ("looking", {"difference": -0.9, "se": 0.4}, "Leaning towards lower, 45 minutes after, than after waiting; not sure: the range for whoever looks every day is wider, "),
        ("missing", {"difference": -1.0, "unrated": 14}, "not sure: 14 sessions not rated again may have ended worse."),
        ("not_asked", {"strict": None}, "not sure: fewer than 5 rated waits were asked for by the coin. Noticeable: about 1.4, may be as little as 1.0."),
        ("asked_differ", {"strict": Effect(-0.1, 0.4, 60)}, "not sure: beside the coin's waits alone it is not clear."),
    ],
)  # fmt: skip
def test_what_holds_a_clear_interval_back_stands_in_the_same_line(why, changes, words):
    assert a_finding(**(FINDING | changes)).why_unsure == why
    assert words in cells(**changes)[1]


def test_size_comes_from_the_printed_number():
    assert "Large: about 2.0, may be as little as" in cells(difference=-1.96, se=0.2)[1]
    assert "Noticeable: about 1.9, may be as little as" in cells(difference=-1.94, se=0.2)[1]


def test_too_early_has_no_number_that_could_be_read_as_an_answer():
    difference, words, plain = cells(pairs=5, waits=6)
    assert (difference, plain) == ("– not known yet", "– not known yet")
    assert words.startswith("Too early to tell: about 3 more rated sessions and 2 more waits.")


def test_course_that_has_ended_asks_for_no_more_sessions():
    words = cells(has_ended=True, pairs=5, waits=6)[1]
    assert words.startswith("Too few to tell; the course has ended.")
    assert "more" not in words
    assert cells(has_ended=True)[1] == cells()[1]


@pytest.fixture
def page(alice):
    def page(days=42):
        scope = scope_of(alice, FIRST, FIRST + (days - 1) * DAY)
        found = report(scope, at=NOON + days * DAY)
        html = render_to_string("sharing/report/report.html", found)
        return found, " ".join(re.split(r"[ \n]+", re.sub(r"<[^>]*>", " ", html)))

    return page


@pytest.mark.parametrize(("ended", "is_over"), [(None, False), (FIRST + 20 * DAY, True)])
def test_course_has_ended_where_its_last_time_of_use_has(alice, page, ended, is_over):
    mat = TreatmentFactory(user=alice)
    sessions(alice, mat, [-1, 0])
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=FIRST, ended_on=FIRST + DAY)
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=FIRST + 10 * DAY, ended_on=ended)
    found, words = page()
    assert [row.has_ended for row in found["summary"]["compared"]] == [is_over]
    assert ("Too few to tell; the course has ended." in words) is is_over
    assert ("Too early to tell" in words) is not is_over


def test_what_is_done_once_stands_between_the_two_windows(alice, page):
    CheckInFactory(user=alice)
    injection = TreatmentFactory(user=alice, name="Injection", kind="injection")
    TreatmentPeriodFactory(
        user=alice, treatment=injection, started_on=FIRST + 20 * DAY, ended_on=FIRST + 20 * DAY
    )
    other = TreatmentFactory(user=alice, name="Other shot", kind="injection")
    for day in (2, 40):
        TreatmentSessionFactory(user=alice, started_at=NOON + day * DAY, treatments=[other])
    found, words = page()
    assert [(each["name"], each["place"]) for each in found["summary"]["once"]] == [
        ("Other shot", "first"),
        ("Injection", "between"),
        ("Other shot", "last"),
    ]
    assert "Injection, 30 Mar: between the two" in words


def test_zero_counts_say_nothing(alice, page):
    later = NOON + timedelta(minutes=45)
    rated = {"pain_after": 3, "after_rated_at": later, "after_entered_at": later}
    CheckInFactory(user=alice, entered_at=NOON)
    TreatmentSessionFactory(user=alice, started_at=NOON, entered_at=NOON, **rated)
    words = page()[1]
    assert not re.search(r"\b0 (by|voluntary|not|in|treatment|entries)\b", words)
    assert "in 0" not in words
    assert "1 wait 1 voluntary" in words


def test_points_of_a_moment_and_of_weeks_are_told_apart(alice, page):
    CheckInFactory(user=alice)
    assert (
        "Over weeks, 2 points or 30\N{NO-BREAK SPACE}% is the usual measure of a change (Ostelo 2008)"
        in page()[1]
    )
