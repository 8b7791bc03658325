"""The line before a start against published figures, and where it may not be drawn."""

import pytest

from apps.comparisons.engine.trend import before_and_since, by_week, weeks_before

# Anscombe's first data set (The American Statistician 1973;27:17), x less 16 so that it lies
# before the start: intercept 3.0001, slope 0.5001, residual standard error 1.237 on 9 degrees.
ANSCOMBE = {
    x - 16: y
    for x, y in [
        (10, 8.04),
        (8, 6.95),
        (13, 7.58),
        (9, 8.81),
        (11, 8.33),
        (14, 9.96),
        (6, 7.24),
        (4, 4.26),
        (12, 10.84),
        (7, 4.82),
        (5, 5.68),
    ]
}


def test_line_is_that_of_a_published_regression():
    line = before_and_since(ANSCOMBE).line
    assert line.slope == pytest.approx(0.5000909, abs=1e-7)
    assert line.level - line.slope * (line.middle + 16) == pytest.approx(3.0000909, abs=1e-7)
    assert line.residual == pytest.approx(1.236603, abs=1e-6)


def test_weeks_before_are_the_last_twelve():
    assert list(weeks_before({-13: 9, -12: 5, -1: 4, 0: 3})) == [-12, -1]


@pytest.mark.parametrize(("week", "heading"), [(-2, 3.0), (0, 2.0), (3, 0.5), (9, 0.5)])
def test_heading_follows_the_slope_as_far_as_it_is_carried(week, heading):
    """Four weeks that fall by half a point: carried on for as many, level after that."""
    before = before_and_since({-5: 4.5, -4: 4.0, -3: 3.5, -2: 3.0})
    assert before.heading(week) == pytest.approx(heading)


def test_heading_without_a_direction_is_the_level():
    before = before_and_since({-5: 4.0, -4: 6.0, -3: 4.0, -2: 6.0})
    assert [before.heading(week) for week in (-5, 0, 20)] == [5, 5, 5]


def test_by_week_begins_a_week_with_the_start_and_leaves_gaps():
    days = {-8: 9, -7: 6, -1: 4, 0: 0, 6: 2, 21: 5}
    assert by_week(days) == {-2: 9, -1: 5, 0: 1, 3: 5}
    assert by_week({}) == {}
