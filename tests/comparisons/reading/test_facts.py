"""What a page reads: stored to the last digit, and counted alike for the whole and its parts."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.comparisons.reading.card_facts import read
from apps.comparisons.reading.chosen import Chosen
from apps.comparisons.reading.course import course_of
from apps.comparisons.reading.facts import Course, TreatmentFacts, Use
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

MONDAY = date(2026, 3, 2)
SPAN = Span(MONDAY, MONDAY + timedelta(days=27))
WEEKS = [Span(MONDAY, MONDAY + timedelta(days=6)), Span(MONDAY + timedelta(days=21), SPAN.last_day)]


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice, name="Mat")


def at(day, hour=9):
    return datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=day)


def session(user, day, *treatments, hour=9, **fields):
    return TreatmentSessionFactory(
        user=user,
        started_at=at(day, hour),
        pain_before=6,
        pain_after=4,
        after_rated_at=at(day, hour) + timedelta(minutes=45),
        treatments=treatments,
        **fields,
    )


def test_facts_come_back_from_json_as_they_were(alice, sciatica, mat):
    for week, side in enumerate((Side.LEFT, Side.LEFT, Side.RIGHT, Side.LEFT)):
        CheckInFactory(user=alice, rated_at=at(7 * week), leg_pain=week, back_pain=7, side=side)
        session(alice, 7 * week, mat, hour=12, adverse_effect="Red marks")
        session(alice, 7 * week, hour=18)
    chosen = Chosen(sciatica, SPAN, side="", is_part=False, is_kept=True)
    facts = read(alice, chosen, mat, MONDAY)
    assert TreatmentFacts.from_values(json.loads(json.dumps(facts.to_values()))) == facts
    assert (facts.weeks, facts.side_effects.n) == ([1, 1, 1, 1], 4)
    assert facts.around_start.switches == [
        (date(2026, 3, 16), [Side.LEFT, Side.RIGHT]),
        (date(2026, 3, 23), [Side.RIGHT, Side.LEFT]),
    ]


def test_course_counts_use_in_the_span_and_in_its_parts(alice, sciatica, mat):
    heat = TreatmentFactory(user=alice, name="Heat")
    session(alice, 0, mat)
    session(alice, 0, mat, heat, hour=12)
    session(alice, 10, mat)
    session(alice, 27, heat)
    session(alice, 27, hour=18)
    session(alice, 40, mat)
    course = course_of(alice, sciatica, SPAN, parts=WEEKS)
    assert course.used == {
        "Mat": Use({0: 2, 10: 1}, (2, 0)),
        "Heat": Use({0: 1, 27: 1}, (1, 1)),
        None: Use({27: 1}, (0, 1)),
    }
    assert course.use_of("Mat").sessions == 3
    assert course.use_of("Cold") == Use({}, (0, 0))


def test_course_reads_only_what_is_asked_for(alice, sciatica, mat, django_assert_num_queries):
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=MONDAY)
    where = alice, sciatica, SPAN
    with django_assert_num_queries(5):
        assert list(course_of(*where).periods) == ["Mat"]
    with django_assert_num_queries(4):
        assert course_of(*where, with_pain=False).pain is None
    with django_assert_num_queries(1):
        course = course_of(*where, with_use=False, with_pain=False)
    assert course == Course(span=SPAN, places=sciatica.places, sides=[])
