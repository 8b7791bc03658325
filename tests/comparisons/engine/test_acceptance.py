"""A quick run of the acceptance of method, section 6, and proof that it bites.

The full one is `python -m tests.comparisons.engine.acceptance`. This one has fewer diaries, so a figure
may miss its limit by three Monte-Carlo standard errors instead of two.
"""

from dataclasses import replace

import numpy as np
import pytest

from tests.comparisons.engine.certainties import fastest
from tests.comparisons.engine.measures import (
    EVERY_DAY,
    NOT_AT_RANDOM,
    Figure,
    against_waiting,
    all_cases,
    before_and_after,
    figures,
    looks,
    run,
)
from tests.comparisons.engine.simulator import CASES, expected_rating, simulate

QUICK = 40


def fallen_short(case, diaries=QUICK, method=against_waiting, allowance=3.0):
    measured = figures(case, run(case, range(diaries), method))
    assert measured
    return [figure.name for figure in measured if not figure.holds(allowance)]


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name) for case in all_cases() if figures(case, [[]])],
)
def test_every_figure_keeps_its_limit(case):
    assert fallen_short(case) == []


@pytest.fixture(scope="module")
def looked():
    """What sixteen people saw who looked after every entry for six months."""
    return [list(looks(simulate(EVERY_DAY, seed))) for seed in range(16)]


def people_who_saw(looked, is_help):
    return sum(any(is_help(finding) for finding in found) for found in looked)


def test_looking_after_every_entry_hardly_ever_finds_help_where_there_is_none(looked):
    """5 % of sixteen is one; three would be beyond three standard errors of the usual rate."""
    assert people_who_saw(looked, lambda finding: finding.verdict == "probably_helps") <= 2


def test_the_95_per_cent_interval_alone_would_cry_help_when_looked_at_every_day(looked):
    """Why the bound is there: it keeps what the interval, looked at as often, does not."""
    answers = [[f for f in found if f.verdict != "too_early" and f.estimate] for found in looked]
    assert people_who_saw(answers, lambda finding: finding.high < 0) >= 3


def test_plain_before_and_after_falls_short():
    """Without the waits as the reference the same run must fail, where it matters."""
    case = next(each for each in CASES if each.name == "six months").with_nothing_working
    short = fallen_short(case, method=before_and_after)
    assert {"coverage", "below zero"} <= set(short)
    assert any(name.startswith("bias") for name in short)


def test_plain_before_and_after_finds_help_where_there_is_none():
    case = next(each for each in CASES if each.name == "strong treat-when-bad")
    half_a_year = replace(case.with_nothing_working, days=182)
    assert "probably_helps" in fallen_short(half_a_year, 100, before_and_after, allowance=2)
    assert fallen_short(half_a_year) == []


def test_a_wait_that_is_dropped_when_it_got_worse_falls_short():
    """What deleting unwelcome waits would do; the estimates then flatter waiting."""

    def without_worse_waits(diary):
        kept = [s for s in diary.sessions if s.treatments or s.after is None or s.after <= s.before]
        return against_waiting(type(diary)(kept, diary.ratings, diary.truth))

    case = next(each for each in CASES if each.name == "six months").with_nothing_working
    assert any(name.startswith("bias") for name in fallen_short(case, method=without_worse_waits))


def test_a_figure_may_miss_its_limit_by_two_standard_errors():
    assert Figure("", "", 0.14, 0.02, -0.1, 0.1).holds()
    assert not Figure("", "", 0.141, 0.02, -0.1, 0.1).holds()
    assert not Figure("", "", 0.90, 0.01, 0.93, 0.98).holds()


def test_the_time_for_ten_thousand_pairs():
    assert fastest(10_000) < 0.100 * 3  # the full run holds the limit itself, alone on its cores


def test_the_simulators_ratings_are_whole_points_within_the_scale():
    values = {
        value
        for case in CASES
        for s in simulate(case, 0).sessions
        for value in (s.before, s.after)
        if value is not None
    }
    assert values == set(range(11))


@pytest.mark.parametrize("pain", [-3.0, 0.2, 4.7, 9.8, 14.0])
def test_expected_rating_is_the_mean_of_rounded_noisy_clipped_pain(pain):
    drawn = pain + np.random.default_rng(0).normal(0, 0.6, 200_000)
    assert expected_rating(pain, 0.6) == pytest.approx(
        np.clip(np.round(drawn), 0, 10).mean(), abs=0.01
    )


def test_the_simulator_knows_what_does_nothing():
    for case in all_cases():
        truth = simulate(case, 1).truth
        assert all(
            abs(truth[n]) < 1e-12 for n, points in case.effects.items() if not points and n in truth
        )


def test_the_simulated_share_of_missing_ratings_not_at_random_is_forty_per_cent():
    case = next(case for case in CASES if case.name == NOT_AT_RANDOM).with_nothing_working
    treated = [s for seed in range(40) for s in simulate(case, seed).sessions if s.treatments]
    assert np.mean([s.after is None for s in treated]) == pytest.approx(0.40, abs=0.03)


def test_half_of_the_simulated_voluntary_waits_are_given_up_into_a_treatment():
    case = next(case for case in CASES if case.gives_up)
    waits = given_up = 0
    for seed in range(20):
        sessions = simulate(case, seed).sessions
        starts = {s.started_at: s for s in sessions if s.treatments}
        voluntary = [s for s in sessions if not s.treatments and not s.asked_by_app]
        waits += len(voluntary)
        given_up += sum(
            s.after_at in starts and starts[s.after_at].before == s.after for s in voluntary
        )
    assert given_up / waits == pytest.approx(0.5, abs=0.08)
