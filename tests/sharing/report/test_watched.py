"""Then and now of what is watched beside pain, counted by hand; missing is missing."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from apps.sharing.models import Section
from apps.sharing.report.report import report
from tests.factories import NOON, CheckInFactory, ConditionFactory, TreatmentSessionFactory
from tests.sharing.report.test_new_signs import nerve_gets_worse
from tests.sharing.reports import WHOLE, scope_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = NOON.date()

pytestmark = pytest.mark.django_db


def after(days, hour=12):
    return NOON + days * DAY + (hour - 12) * HOUR


def written(user, days, hour=12, **fields):
    return CheckInFactory(user=user, rated_at=after(days, hour), **fields)


def watched(user, days=42, **kwargs):
    found = report(scope_of(user, FIRST, FIRST + (days - 1) * DAY, **kwargs), at=after(days))
    return found["watched"]


def rows(found):
    return {row.name: row.cells for row in found["rows"]}


def test_pain_falls_and_the_nerve_gets_worse(alice):
    nerve_gets_worse(alice)
    found = watched(alice)
    assert rows(found) == {
        "Below the knee": ["0 of 14", "4 of 4"],
        "Numbness": ["0 of 7", "4 of 4"],
        "Tingling": ["7 of 7", "0 of 4"],
        "Weakness": ["0 of 7", "4 of 4"],
        "Burning": ["0 of 7", "0 of 4"],
        "Both legs": ["0 of 14", "1 of 12"],
    }
    assert [row.since and (row.since - FIRST).days for row in found["rows"]] == [
        38, 38, 1, 38, None, 41,
    ]  # fmt: skip
    assert found["moved"] == "Usual reach: further down, from thigh to foot."
    assert found["not_answered"] == [
        "Leg pain before 11:00",
        "Leg pain after 17:00",
        "Sleep",
    ]


def test_what_no_day_answers_is_not_nought(alice):
    written(alice, 0)
    written(alice, 41)
    found = watched(alice)
    assert found["rows"] == []
    assert found["moved"] == ""
    assert len(found["not_answered"]) == 6


def test_one_end_that_does_not_answer_has_no_number(alice):
    written(alice, 0)
    written(alice, 41, furthest="thigh", symptoms=["burning"], sleep=0)
    found = watched(alice)
    assert rows(found) == {
        "Below the knee": ["–", "0 of 1"],
        "Burning": ["–", "1 of 1"],
        "Numbness, tingling, weakness": ["–", "0 of 1"],
        "Sleep": ["–", "0.0 (1)"],
    }
    assert found["moved"] == ""


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ("foot", "lower_back", "Usual reach: further up, from foot to lower back."),
        ("calf", "calf", "Usual reach: calf, then and now."),
        ("buttock", "thigh", "Usual reach: further down, from buttock to thigh."),
    ],
)
def test_reach_moves_in_neutral_words(alice, then, now, said):
    written(alice, 0, furthest=then)
    written(alice, 0, furthest="lower_back")  # the furthest of a day is what counts
    written(alice, 41, furthest=now)
    assert watched(alice)["moved"] == said


def test_mornings_and_evenings_by_the_clock_that_the_person_had(alice):
    """In London it was 10:59 and 11:00; in Tokyo, where it was written, evening."""
    for hour, pain in [(7, 6), (8, 7), (10, 0)]:
        written(alice, 0, hour, leg_pain=pain, time_zone="UTC")
    written(alice, 0, 11, leg_pain=10, time_zone="UTC")
    written(alice, 0, 17, leg_pain=2, time_zone="UTC")
    written(alice, 1, 18, leg_pain=5, time_zone="UTC")
    written(alice, 41, 9, leg_pain=4, time_zone="Asia/Tokyo")
    written(alice, 41, 9, leg_pain=None, back_pain=3, time_zone="UTC")
    assert rows(watched(alice)) == {
        "Leg pain before 11:00": ["6 (3)", "–"],
        "Leg pain after 17:00": ["3.5 (2)", "4 (1)"],
    }


def test_none_of_these_is_an_answer_and_no_sign(alice):
    written(alice, 0, symptoms=["none"])
    written(alice, 1, symptoms=["weakness"])
    written(alice, 40, symptoms=["none"])
    written(alice, 41)
    assert rows(watched(alice)) == {
        "Weakness": ["1 of 2", "0 of 1"],
        "Numbness, tingling, burning": ["0 of 2", "0 of 1"],
    }


def test_days_count_once_and_sessions_name_sides_too(alice):
    written(alice, 0, symptoms=["tingling"], side="left")
    written(alice, 0, 13, symptoms=["numbness"], side="both")
    TreatmentSessionFactory(user=alice, started_at=after(1), side="both")
    written(alice, 41, side="neither", leg_pain=0)
    assert rows(watched(alice)) == {
        "Numbness": ["1 of 1", "–"],
        "Tingling": ["1 of 1", "–"],
        "Burning, weakness": ["0 of 1", "–"],
        "Both legs": ["2 of 2", "–"],
    }


def test_shoulder_has_no_reach_and_no_legs(alice):
    shoulder = ConditionFactory(user=alice, name="Shoulder", first_place="shoulder")
    written(alice, 0, 8, condition=shoulder, side="both", symptoms=["weakness"])
    found = watched(alice, condition=shoulder)
    assert list(rows(found)) == [
        "Weakness", "Numbness, tingling, burning", "Shoulder pain before 11:00",
    ]  # fmt: skip


def test_a_single_day_has_one_column(alice):
    written(alice, 0, 8, furthest="foot", sleep=4)
    found = watched(alice, days=1)
    assert rows(found) == {
        "Below the knee": ["1 of 1"],
        "Leg pain before 11:00": ["4 (1)"],
        "Sleep": ["4.0 (1)"],
    }
    assert found["moved"] == ""


@pytest.mark.parametrize(("sections", "is_told"), [(WHOLE, True), ({Section.CHECK_INS}, False)])
def test_it_belongs_to_the_summary(alice, sections, is_told):
    nerve_gets_worse(alice)
    scope = scope_of(alice, FIRST, FIRST + 41 * DAY, sections=sections)
    html = render_to_string("sharing/report/report.html", report(scope, at=after(42)))
    assert ("Beside the pain, then and now" in html) is is_told


def test_signs_are_read_before_the_treatments(alice):
    nerve_gets_worse(alice)
    scope = scope_of(alice, FIRST, FIRST + 41 * DAY)
    html = render_to_string("sharing/report/report.html", report(scope, at=after(42)))
    order = ["New in the last", "Then and now", "Beside the pain", "What was tried", "How good"]
    places = [html.index(words) for words in order]
    assert places == sorted(places)
