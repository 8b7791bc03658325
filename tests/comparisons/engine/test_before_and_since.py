"""The weeks before a start, their band, and the weeks since in it: method, section 6."""

import math

import pytest

from apps.comparisons.engine.regression import t_975
from apps.comparisons.engine.trend import before_and_since

WEEKS = {-8: 5.0, -7: 6.0, -6: 4.0, -5: 6.0, -4: 5.0, -3: 4.0, -2: 5.0, -1: 6.0}


def test_the_level_band_by_hand():
    """Seven weeks around 5 with squares of 4; worth 7 * 0.7 / 1.3 = 3.769 independent ones."""
    found = before_and_since(WEEKS)
    worth = 7 * 0.7 / 1.3
    s = math.sqrt(4 / 6 * (1 - 1 / 7) / (1 - 1 / worth))
    half = t_975(4) * s * math.sqrt(1 + 1 / worth)
    assert (found.weeks, found.level) == (7, 5)
    assert (found.low, found.high) == pytest.approx((5 - half, 5 + half))
    assert (found.lowest, found.highest) == (4, 6)
    assert not found.has_direction
    assert [found.band(week) for week in (0, 25)] == [(found.low, found.high)] * 2


def test_four_weeks_are_worth_more_than_two_and_count_as_two():
    found = before_and_since({-5: 4.0, -4: 6.0, -3: 4.0, -2: 6.0})
    worth = 4 * 0.7 / 1.3
    s = math.sqrt(4 / 3 * (3 / 4) / (1 - 1 / worth))
    half = t_975(2) * s * math.sqrt(1 + 1 / worth)
    assert (found.low, found.high) == (max(5 - half, 0), min(5 + half, 10)) == (0, 10)


@pytest.mark.parametrize(("weeks", "is_known"), [(0, False), (3, False), (4, True)])
def test_it_needs_four_weeks_besides_the_last_one(weeks, is_known):
    before = {-1: 6.0, **dict.fromkeys(range(-1 - weeks, -1), 5.0)}
    assert (before_and_since(before) is not None) is is_known


def test_the_last_week_and_those_more_than_twelve_before_are_not_fitted():
    assert before_and_since({**WEEKS, -1: 10.0, -13: 0.0}).level == before_and_since(WEEKS).level


def test_what_came_after_moves_nothing_but_the_counts():
    one, other = before_and_since(WEEKS), before_and_since({**WEEKS, 0: 0.0, 3: 10.0})
    assert (one.level, one.low, one.high, one.slope) == (
        other.level,
        other.low,
        other.high,
        other.slope,
    )


def test_the_slope_and_its_interval_by_hand():
    """Weeks -5 to -2 at 6, 5, 5, 3: -0.9 a week, residual squares 0.7, Sxx 5."""
    found = before_and_since({-5: 6.0, -4: 5.0, -3: 5.0, -2: 3.0})
    se = math.sqrt(0.7 / 2 / 5) * math.sqrt(1.3 / 0.7)
    half = se * t_975(2)
    assert found.slope == pytest.approx(-0.9)
    assert (found.slope_low, found.slope_high) == pytest.approx((-0.9 - half, -0.9 + half))
    assert not found.has_direction


FALLING = {week: 8.0 - 0.4 * (week + 12) + (0.2 if week % 2 else -0.2) for week in range(-12, -1)}


def test_a_direction_widens_the_band_to_hold_both():
    found = before_and_since(FALLING)
    assert found.has_direction
    assert found.slope == pytest.approx(-0.4, abs=0.01)
    low, high = found.band(5)
    assert low < found.low
    assert high == found.high
    assert low == pytest.approx(found.line.carried_to(5)[0])
    assert found.band(-12) == (found.low, found.high)


def test_the_band_of_a_line_by_hand():
    found = before_and_since(FALLING)
    away = 3 - found.line.middle
    wider = 1 + (1 / 11 + away**2 / 110) * 1.3 / 0.7
    half = t_975(9) * found.line.residual * math.sqrt(wider)
    value = found.level + found.slope * away
    assert found.line.carried_to(3) == pytest.approx((value - half, value + half))


def test_a_line_is_carried_as_many_weeks_as_it_was_fitted_on():
    line = before_and_since(FALLING).line
    assert line.carried_to(9) != line.carried_to(10)
    assert line.carried_to(10) == line.carried_to(11) == line.carried_to(25)


def test_the_band_ends_with_the_scale():
    found = before_and_since({week: pain - 3.4 for week, pain in FALLING.items()})
    assert found.band(10)[0] == 0
    found = before_and_since({week: 10.0 - pain / 2 for week, pain in FALLING.items()})
    assert found.band(10)[1] == 10


def test_weeks_that_never_vary_have_a_band_without_width_and_no_direction():
    found = before_and_since({**dict.fromkeys(range(-9, 0), 6.1), 0: 6.1, 1: 6.0, 2: 6.3})
    assert (found.low, found.high) == pytest.approx((6.1, 6.1))
    assert (found.slope, found.has_direction) == (0, False)
    assert (found.inside, found.below, found.above) == (1, 1, 1)


def test_a_week_is_below_only_where_it_lies_below_both():
    found = before_and_since(FALLING)
    low, _ = found.band(5)
    between = (low + found.low) / 2
    assert low < between < found.low
    assert before_and_since({**FALLING, 5: between}).inside == 1
    assert before_and_since({**FALLING, 5: low - 0.1}).below == 1


@pytest.mark.parametrize(
    ("last", "rank"), [(7.0, 1), (6.0, 3), (5.5, 3), (5.0, 6), (3.0, 8), (None, None)]
)
def test_how_bad_the_last_week_was_among_the_weeks_before(last, rank):
    """The seven fitted ones hold 6 twice, 5 three times and 4 twice; ties count as worse."""
    weeks = {week: pain for week, pain in WEEKS.items() if week < -1}
    if last is not None:
        weeks[-1] = last
    assert before_and_since(weeks).rank == rank


@pytest.mark.parametrize(
    ("since", "counts", "said"),
    [
        ([], (0, 0, 0), None),
        ([5, 5, 5], (3, 0, 0), None),
        ([5, 5, 5, 5], (4, 0, 0), "inside"),
        ([5, 5, 5, 0], (3, 1, 0), "inside"),
        ([0, 0, 0, 5], (1, 3, 0), "below"),
        ([10, 10, 10, 5], (1, 0, 3), "above"),
        ([5, 5, 0, 0], (2, 2, 0), "mixed"),
        ([5, 5, 5, 0, 0], (3, 2, 0), "mixed"),
    ],
)
def test_three_in_four_weeks_since_say_where_they_lie(since, counts, said):
    found = before_and_since({**WEEKS, **{week: float(p) for week, p in enumerate(since)}})
    assert (found.inside, found.below, found.above) == counts
    assert found.since == said


def test_weeks_from_half_a_year_on_are_not_counted():
    found = before_and_since({**WEEKS, 25: 5.0, 26: 5.0})
    assert found.inside == 1
