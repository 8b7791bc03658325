"""A quick run of the figures of self-tests by days; and proof that it bites."""

from itertools import pairwise

import pytest

from apps.comparisons.engine.measured import DAY_TEST_HELPS, DAYS_OF_TEST
from tests.comparisons.engine.simulated.day_test_measures import (
    EFFECTS,
    EVENING,
    MORNING,
    figures,
    keys,
    results,
    simulated,
)
from tests.comparisons.engine.simulated.self_test_measures import HIGHEST, PEOPLE

TESTS = 8  # an exact test of 6^15 orders takes a third of a second


def fallen_short(key, found):
    return [figure.name for figure in figures(key, found) if not figure.holds(3.0)]


@pytest.mark.parametrize("key", keys(), ids=str)
def test_60_days_find_what_pages_say_that_they_find(key):
    assert fallen_short(key, results(key, range(TESTS))) == []


def test_every_printed_figure_is_measured():
    assert {(person, effect) for person in PEOPLE for effect in DAY_TEST_HELPS} == set(keys())
    assert all(len(shares) == len(PEOPLE) for shares in DAY_TEST_HELPS.values())


def test_larger_differences_are_found_more_often():
    for person in range(len(PEOPLE)):
        found = [DAY_TEST_HELPS[effect][person] for effect in EFFECTS]
        assert found == sorted(found, reverse=True)


def test_days_that_work_are_no_test_in_which_nothing_works():
    found = results(("quieter", -1.5), range(TESTS))
    assert fallen_short(("quieter", 0.0), found) == [
        "said to help",
        "a rare order",
        "e of 20 ever",
    ]


def test_the_simulated_days_are_eligible_one_a_day_and_in_blocks():
    for case in PEOPLE.values():
        days = simulated(case, -1.5, 1)
        assert [m.letter for m in days].count("T") == DAYS_OF_TEST // 2
        assert {m.before for m in days} <= set(range(HIGHEST + 1))
        at = [24 * m.at_days for m in days]
        assert all(MORNING[0] <= hours % 24 <= MORNING[1] for hours in at)
        assert min(later // 24 - hours // 24 for hours, later in pairwise(at)) >= 1
        assert EVENING[0] - MORNING[1] >= 4
