"""What the diary says so far: two lines on Today, of what was used last."""

from datetime import timedelta

import pytest
import time_machine

from apps.comparisons.reading.bounds import conditions_of
from apps.comparisons.so_far import latest_row
from apps.treatments.models import Treatment
from tests.comparisons.engine.simulated.diaries import helpful_mat, sessions
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

SOON = NOON + timedelta(days=60)


def said(user, treatments, running=()):
    condition = conditions_of(user)[0]
    found = latest_row(user, condition, treatments, running, at=SOON)
    return found and found.name


def test_it_is_of_what_was_used_last_and_has_begun(alice):
    mat = helpful_mat(alice, n=3)
    heat = TreatmentFactory(user=alice, name="Heat")
    assert said(alice, [heat, mat]) == "Acupressure mat"
    sessions(alice, heat, [-1], minutes=10)
    assert said(alice, [heat, mat]) == "Heat"
    assert said(alice, []) is None


def test_nothing_is_said_of_what_a_running_self_test_asks_about(alice):
    mat = helpful_mat(alice, n=3)
    test = SelfTestFactory(user=alice, treatment=mat, condition=ConditionFactory(user=alice))
    assert said(alice, [mat], [test]) is None


def test_it_is_of_the_condition_written_about_last(alice):
    mat = helpful_mat(alice, n=3)
    arm = ConditionFactory(user=alice, name="Arm")
    CheckInFactory(user=alice, rated_at=SOON, condition=arm)
    assert said(alice, [mat]) is None


def test_today_says_both_with_their_numbers(as_alice, alice):
    mat = helpful_mat(alice)
    for week in range(-6, 6):
        CheckInFactory(user=alice, rated_at=NOON + timedelta(weeks=week), leg_pain=4 + week % 2)
    with time_machine.travel(SOON, tick=False):
        text = as_alice.get("/today/").text
    block = text[text.index("What your diary says so far") :]
    assert "Straight after: Acupressure mat" in block
    assert "40 sessions, 40 waits" in block
    assert "about where it was heading" in block
    assert "4.4 in 5 weeks before, 4.5 in 6 weeks since" in block
    assert f"/treatments/{mat.pk}/card/" in block


def test_today_of_a_new_diary_says_nothing(as_alice, alice):
    CheckInFactory(user=alice)
    assert "What your diary says so far" not in as_alice.get("/today/").text


@pytest.mark.parametrize(
    ("rows", "others", "queries"), [(1, 0, 10), (3, 0, 10), (3, 1, 11), (3, 3, 11)]
)
def test_today_costs_the_same_queries(
    as_alice, alice, django_assert_num_queries, rows, others, queries
):
    """With several conditions, which was written about last is one more."""
    for number in range(others):
        ConditionFactory(user=alice, name=f"Other {number}")
    for number in range(rows):
        own = TreatmentFactory(user=alice, name=f"T{number}")
        TreatmentSessionFactory(user=alice, treatments=[own])
    with time_machine.travel(SOON, tick=False):
        as_alice.get("/today/")
        with django_assert_num_queries(queries):
            as_alice.get("/today/")
    assert Treatment.objects.for_user(alice).count() == rows
