"""A quick run of what weeks and first sessions do by themselves, with three Monte-Carlo errors."""

import math

import numpy as np
import pytest

from apps.comparisons.engine.regression import t_975
from tests.comparisons.engine.simulated.measures import Figure
from tests.comparisons.engine.simulated.weeks_measures import (
    EPISODE,
    FADING,
    STEADY,
    THREE_WEEKS,
    daily,
    diaries,
    figures_of_few_sessions,
    figures_of_weeks,
    share,
    start_of,
)

QUICK = range(150)


def test_the_band_holds_later_weeks_and_hardly_ever_claims_a_direction():
    found = figures_of_weeks(QUICK)
    assert len(found) == 2 * 3 * 9
    assert [(f.case, f.name) for f in found if not f.holds(3.0)] == []


def test_pages_print_what_first_sessions_and_worst_days_do():
    assert [f.name for f in figures_of_few_sessions(QUICK) if not f.holds(3.0)] == []


def test_a_line_carried_forward_would_lose_the_weeks_that_the_level_holds():
    """Why the band is drawn level: the slope of a diary without any is chance."""

    def is_held(weeks, band, week):
        line = band.line
        away = week - line.middle
        half = line.residual * math.sqrt(1 + 1 / line.weeks + away * away / line.spread)
        assert away > 0
        return abs(weeks[week] - line.level - line.slope * away) <= half * t_975(line.weeks - 2)

    found = [(w, b) for w, b in diaries(STEADY, 6, range(300)) if 7 in w]
    assert share(is_held(w, b, 7) for w, b in found).value < 0.90


def test_a_fading_episode_has_a_direction_more_often_than_a_steady_one():
    steady, fading = (
        share(band.has_direction for _, band in diaries(case, 12, QUICK)).value
        for case in (STEADY, FADING)
    )
    assert fading > 4 * steady


def test_the_daily_ratings_are_whole_points_within_the_scale():
    for case in (STEADY, FADING, EPISODE):
        pain = daily(case, 400, np.random.default_rng(0))
        assert set(pain) <= set(range(11))


@pytest.mark.parametrize(
    ("worse_on", "start"), [((), None), ((30,), 30), ((25, 30), 30), ((10, 30), 30)]
)
def test_a_person_starts_on_a_day_worse_than_the_three_weeks_before(worse_on, start):
    pain = np.full(30 + 60, 4.0)
    for rise, day in enumerate(worse_on, start=1):
        pain[day] = 4 + rise
    assert start_of(pain, THREE_WEEKS + 5) == start


def test_a_share_has_the_error_of_a_share():
    assert share([True] * 4 + [False] * 12).figure == (0.25, pytest.approx(0.1083, abs=1e-4))
    assert share([False] * 10).figure == (0.0, pytest.approx(0.1))
    assert Figure("", "", *share([True] * 90 + [False] * 10).figure, 0.93, 1).holds()
