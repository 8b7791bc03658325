"""The strip of reach and signs: what it draws and says of a diary, counted by hand."""

from datetime import timedelta

import pytest

from apps.comparisons.charts import signs_over_time
from apps.comparisons.reading import slots
from apps.comparisons.reading.course import course_of
from apps.comparisons.reading.signs import written
from apps.comparisons.reading.spans import Span
from tests.factories import NOON, CheckInFactory, ConditionFactory, TreatmentSessionFactory

DAY = timedelta(days=1)
FIRST = NOON.date()

pytestmark = pytest.mark.django_db


def said(user, days, **fields):
    return CheckInFactory(user=user, rated_at=NOON + days * DAY, **fields)


def drawn(user, days=14, condition=None):
    span = Span(FIRST, FIRST + (days - 1) * DAY)
    condition = condition or ConditionFactory(user=user)
    found = written(slots.check_ins(user, condition, span))
    return signs_over_time.strips(course_of(user, condition, span), found)


def test_pain_falls_and_the_nerve_gets_worse(alice):
    said(alice, 0, leg_pain=8, furthest="thigh", symptoms=["tingling"], side="left")
    said(alice, 4, leg_pain=5)
    said(alice, 12, leg_pain=1, furthest="calf", symptoms=["weakness"], side="left")
    said(alice, 13, leg_pain=0, furthest="foot", symptoms=["numbness", "weakness"], side="both")
    found = drawn(alice)
    assert found["summary"] == [
        "Below the knee: on 2 of 3 days answered, first on 22 Mar 2026.",
        "Numbness: on 1 of 3 days answered, first on 23 Mar 2026.",
        "Tingling: on 1 of 3 days answered, first on 10 Mar 2026.",
        "Weakness: on 2 of 3 days answered, first on 22 Mar 2026.",
        "Both legs: on 1 of 3 days answered, first on 23 Mar 2026.",
    ]
    assert found["reach"] == {
        "levels": 5,
        "knee": 3,
        "above": "M0.5 0V3",
        "below": "M12.5 0V4M13.5 0V5",
    }
    numbness, _tingling, weakness, both = found["lanes"]
    assert (numbness["ticks"], numbness["answered"]) == ("M13.5 0V10", "M0.5 8V10M12.5 8V10")
    assert (weakness["ticks"], weakness["answered"]) == ("M12.5 0V10M13.5 0V10", "M0.5 8V10")
    assert (both["name"], both["ticks"]) == ("Both legs", "M13.5 0V10")
    columns = ["When", "Furthest", "Numbness", "Tingling", "Weakness", "Both legs"]
    assert found["table"]["columns"] == columns
    assert found["table"]["rows"] == [
        ["Mon 23 Mar 2026", "foot", "yes", "no", "yes", "yes"],
        ["Sun 22 Mar 2026", "calf", "no", "no", "yes", "no"],
        ["Tue 10 Mar 2026", "thigh", "no", "yes", "no", "no"],
    ]


def test_a_day_that_does_not_answer_is_drawn_nowhere(alice):
    said(alice, 0, symptoms=["burning"])
    said(alice, 1)
    said(alice, 2, symptoms=["none"])
    found = drawn(alice)
    assert found["reach"] is None
    assert [(each["name"], each["ticks"], each["answered"]) for each in found["lanes"]] == [
        ("Burning", "M0.5 0V10", "M2.5 8V10")
    ]
    assert found["table"]["rows"] == [
        ["Thu 12 Mar 2026", "–", "no"],
        ["Tue 10 Mar 2026", "–", "yes"],
    ]


def test_without_any_answer_there_is_no_strip(alice):
    said(alice, 0, side="left")
    assert drawn(alice) is None


def test_both_legs_of_sessions_count_and_both_shoulders_do_not(alice):
    TreatmentSessionFactory(user=alice, started_at=NOON, side="both")
    shoulder = ConditionFactory(user=alice, name="Shoulder", first_place="shoulder")
    said(alice, 0, condition=shoulder, side="both")
    assert [each["name"] for each in drawn(alice)["lanes"]] == ["Both legs"]
    assert drawn(alice, condition=shoulder) is None


def test_long_spans_are_drawn_by_week_with_the_furthest_of_each(alice):
    said(alice, 0, furthest="foot")
    said(alice, 1, furthest="buttock")
    said(alice, 200, furthest="buttock")
    found = drawn(alice, days=201)
    assert found["is_weekly"]
    assert (found["reach"]["below"], found["reach"]["above"]) == ("M0.5 0V5", "M28.5 0V2")
    assert found["summary"] == ["Below the knee: on 1 of 3 days answered, first on 10 Mar 2026."]


def test_it_stands_below_the_timeline(as_alice, alice):
    said(alice, 0, furthest="foot")
    page = as_alice.get("/timeline/", {"range": "all"}).content.decode()
    assert page.index("Pain over time") < page.index("Reach and signs over time")
