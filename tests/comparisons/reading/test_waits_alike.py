"""The waits that a session's rating is put beside: the same start, and never fewer than three."""

from datetime import timedelta

import pytest

from apps.comparisons.reading.waits_alike import WaitsAlike, waits_alike
from tests.factories import NOON, ConditionFactory, TreatmentFactory, TreatmentSessionFactory


@pytest.fixture
def mat(alice):
    return rated(alice, 6, 3, treatments=[TreatmentFactory(user=alice)])


def rated(user, before, after, minutes=45, treatments=(), **fields):
    rated_at = NOON + timedelta(minutes=minutes)
    ratings = {"pain_before": before, "pain_after": after, "after_rated_at": rated_at}
    return TreatmentSessionFactory(
        user=user, started_at=NOON, treatments=treatments, **ratings, **fields
    )


def test_two_waits_have_no_average_and_three_have(alice, mat):
    rated(alice, 6, 5)
    rated(alice, 6, 6)
    assert waits_alike(mat) is None
    rated(alice, 6, 4)
    assert waits_alike(mat) == WaitsAlike(6, 6, 6.0, 5.0, 3)


def test_waits_from_a_point_around_it_stand_in_where_too_few_began_there(alice, mat):
    for before, after in [(5, 4), (6, 6), (7, 5), (8, 0), (4, 0)]:
        rated(alice, before, after)
    assert waits_alike(mat) == WaitsAlike(5, 7, 6.0, 5.0, 3)


def test_range_ends_where_the_scale_does(alice):
    painless = rated(alice, 0, 0)
    for before in (0, 1, 1):
        rated(alice, before, 1)
    assert waits_alike(painless) == WaitsAlike(0, 1, 2 / 3, 1.0, 3)


def test_wait_is_never_put_beside_itself(alice):
    wait, *_others = [rated(alice, 6, after) for after in (5, 5, 5)]
    assert waits_alike(wait) is None


def test_only_waits_of_this_person_and_condition_that_make_a_pair(alice, charlie, mat):
    rated(charlie, 6, 5)
    rated(alice, 6, 5, minutes=9)
    rated(alice, 6, 5, condition=ConditionFactory(user=alice, name="Shoulder"))
    rated(alice, 6, 5, after_entered_at=NOON + timedelta(hours=9))
    rated(alice, 6, 5, treatments=[TreatmentFactory(user=alice, name="Heat")])
    TreatmentSessionFactory(user=alice, started_at=NOON, pain_before=6)
    rated(alice, 6, 5)
    rated(alice, 6, 5)
    assert waits_alike(mat) is None
