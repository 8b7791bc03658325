"""A quick run of the self-tests' figures, with three Monte-Carlo errors; and proof that it bites."""

from dataclasses import replace
from itertools import pairwise

import pytest

from apps.comparisons.engine.measured import SELF_TEST_HELPS
from apps.comparisons.engine.self_test import analyse
from tests.comparisons.engine.simulated.self_test_measures import (
    EFFECTS,
    HIGHEST,
    HOURS_APART,
    LENGTHS,
    PEOPLE,
    figures,
    keys,
    results,
    simulated,
)

TESTS = {24: 200, 32: 150, 48: 30}


def fallen_short(key, found):
    return [figure.name for figure in figures(key, found) if not figure.holds(3.0)]


@pytest.mark.parametrize("key", keys(), ids=str)
def test_a_self_test_finds_what_pages_say_that_it_finds(key):
    assert fallen_short(key, results(key, range(TESTS[key[2]]))) == []


def test_every_printed_figure_is_measured():
    assert set(SELF_TEST_HELPS) == {(effect, n) for _, effect, n in keys()}
    assert all(len(shares) == len(PEOPLE) for shares in SELF_TEST_HELPS.values())


def test_more_moments_and_larger_differences_are_found_more_often():
    for person in range(len(PEOPLE)):
        for effect in EFFECTS[:-1]:
            found = [SELF_TEST_HELPS[effect, n][person] for n in LENGTHS]
            assert found == sorted(found)
        for n in LENGTHS:
            found = [SELF_TEST_HELPS[effect, n][person] for effect in EFFECTS]
            assert found == sorted(found, reverse=True)


def test_leaving_out_treated_moments_that_did_not_help_is_noticed():
    """What a person does who rates only what went well: the figures must fall short then."""

    def flattered(seed):
        moments = simulated(PEOPLE["restless"], 0.0, 32, seed)
        return [
            replace(m, after=None) if m.letter == "T" and m.after and m.after >= m.before else m
            for m in moments
        ]

    key = ("restless", 0.0, 32)
    found = [analyse(flattered(seed)) for seed in range(60)]
    assert "a rare order" in fallen_short(key, found)


def test_a_treatment_that_works_is_no_test_in_which_nothing_works():
    found = results(("quieter", -1.5, 24), range(30))
    assert fallen_short(("quieter", 0.0, 24), found) == [
        "said to help",
        "a rare order",
        "e of 20 ever",
    ]


def test_the_simulated_moments_are_eligible_and_in_blocks():
    for case in PEOPLE.values():
        moments = simulated(case, -1.5, 48, 1)
        assert [m.letter for m in moments].count("T") == 24
        assert {m.before for m in moments} <= set(range(HIGHEST + 1))
        at = [24 * m.at_days for m in moments]
        assert min(b - a for a, b in pairwise(at)) >= HOURS_APART
