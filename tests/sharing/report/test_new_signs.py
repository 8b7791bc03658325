"""A diary whose pain falls while the nerve gets worse: the report says so before anything else."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from apps.sharing.models import Section
from apps.sharing.report.report import report
from tests.factories import NOON, CheckInFactory, ConditionFactory, RedFlagReviewFactory
from tests.sharing.reports import WHOLE, scope_of

DAY = timedelta(days=1)
FIRST = NOON.date()

pytestmark = pytest.mark.django_db


def after(days):
    return NOON + days * DAY


def written(user, days, **fields):
    return CheckInFactory(user=user, rated_at=after(days), created_at=after(days), **fields)


def reported(user, days=42, **kwargs):
    return report(scope_of(user, FIRST, FIRST + (days - 1) * DAY, **kwargs), at=after(days))


def page_of(found):
    return render_to_string("sharing/report/report.html", found)


def nerve_gets_worse(user):
    """Six weeks; leg pain 7 to 2, and numbness, weakness and the foot in the last two."""
    for day in range(20):
        symptoms = ["tingling"] if day % 2 else []
        written(user, day, leg_pain=7, furthest="thigh", symptoms=symptoms, side="left")
    for day in range(30, 42):
        worse = {"symptoms": ["numbness", "weakness"], "furthest": "foot"} if day > 37 else {}
        written(user, day, leg_pain=2, side="both" if day == 41 else "left", **worse)


NEW = {
    "Numbness: on 4 of 4 days answered, first on 17 Apr": (
        "before that 0 of 10",
        None,
    ),
    "Weakness: on 4 of 4 days answered, first on 17 Apr": (
        "before that 0 of 10",
        None,
    ),
    "Pain below the knee: on 4 of 4 days answered, first on 17 Apr": (
        "before that 0 of 20",
        None,
    ),
    "Both legs: on 1 of 12 days answered, first on 20 Apr": (
        "before that 0 of 31",
        None,
    ),
}


def said(found):
    return {sign["words"]: (sign["before"], sign["seen_at"]) for sign in found["new_signs"]}


def test_pain_falls_and_the_nerve_gets_worse(alice):
    nerve_gets_worse(alice)
    found = reported(alice)
    assert said(found) == NEW
    html = page_of(found)
    assert html.index("report-head") < html.index("report-new-signs") < html.index("report-facts")
    assert "Counts of what was written, no diagnosis." in html


def test_only_a_red_flag_stands_above(alice):
    nerve_gets_worse(alice)
    written(alice, 41, red_flags=["leg_weakness"], leg_pain=None)
    html = page_of(reported(alice))
    assert html.index("report-red-flags") < html.index("report-new-signs")


def test_what_was_never_answered_before_is_said_to_be_so(alice):
    written(alice, 0)
    written(alice, 41, symptoms=["weakness"])
    assert said(reported(alice)) == {
        "Weakness: on 1 of 1 day answered, first on 20 Apr": ("not answered before", None)
    }


def test_what_the_range_noted_before_is_not_new(alice):
    nerve_gets_worse(alice)
    written(alice, 1, symptoms=["numbness", "weakness"], furthest="calf", side="both")
    found = reported(alice)
    assert found["new_signs"] == []
    assert "report-new-signs" not in page_of(found)


def test_first_day_of_a_report_has_nothing_new(alice):
    written(alice, 0, symptoms=["numbness"], furthest="foot", side="both")
    assert reported(alice, days=1)["new_signs"] == []


def test_nothing_outside_the_range_and_the_condition_is_told(alice):
    written(alice, 0)
    written(alice, 41)
    written(alice, 42, symptoms=["weakness"])
    other = ConditionFactory(user=alice, name="Arm")
    written(alice, 41, condition=other, symptoms=["weakness"])
    assert reported(alice)["new_signs"] == []


def test_it_says_when_a_doctor_has_looked(alice):
    nerve_gets_worse(alice)
    RedFlagReviewFactory(user=alice, seen_at=after(35))
    assert said(reported(alice)) == NEW
    RedFlagReviewFactory(user=alice, seen_at=after(40))
    found = reported(alice)
    assert [seen for _before, seen in said(found).values()] == [after(40)] * 3 + [None]
    assert "looked at by a doctor, says the diary on 19 April 2026" in page_of(found)


@pytest.mark.parametrize(
    ("sections", "is_told"),
    [
        ({Section.SUMMARY}, True),
        ({Section.CHECK_INS}, True),
        (WHOLE, True),
        ({Section.CHARTS}, False),
        ({Section.SESSIONS, Section.NOTES}, False),
    ],
)
def test_it_is_told_wherever_check_ins_are(alice, sections, is_told):
    nerve_gets_worse(alice)
    assert bool(reported(alice, sections=sections).get("new_signs")) is is_told
