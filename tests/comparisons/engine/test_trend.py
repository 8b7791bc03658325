"""The line before a start against published figures, and where it may not be drawn."""

import pytest

from apps.comparisons.engine.trend import by_week, line_before, weeks_before

# Anscombe's first data set (The American Statistician 1973;27:17), x less 15 so that it lies
# before the start: intercept 3.0001, slope 0.5001, residual standard error 1.237 on 9 degrees.
ANSCOMBE = {
    x - 15: y
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


def test_line_before_is_that_of_a_published_regression():
    line = line_before(ANSCOMBE)
    assert line.slope == pytest.approx(0.5000909, abs=1e-7)
    assert line.at(-15)[0] == pytest.approx(3.0000909, abs=1e-7)
    assert line.residual == pytest.approx(1.236603, abs=1e-6)


def test_line_before_has_the_prediction_band_of_that_regression():
    """At x = 10: 8.001, plus or minus t(9) 2.2622 times 1.2366 times sqrt(1 + 1/11 + 1/110)."""
    value, low, high = line_before(ANSCOMBE).at(-5)
    assert (value, low, high) == pytest.approx((8.0010, 5.0670, 10.9350), abs=2e-4)


def test_line_before_widens_with_the_distance():
    line = line_before({-4: 6, -3: 5, -2: 5.5, -1: 4})
    widths = [high - low for _value, low, high in map(line.at, range(20))]
    assert widths == sorted(widths)


def test_line_before_of_a_straight_fall_has_no_width():
    line = line_before({week: 4 - 0.5 * week for week in range(-6, 0)})
    assert line.at(2) == pytest.approx((3.0, 3.0, 3.0))


def test_line_before_never_looks_at_what_came_after():
    before = {-4: 6, -3: 5, -2: 5.5, -1: 4}
    assert line_before({**before, 0: 0, 1: 0, 9: 10}) == line_before(before)


def test_line_before_takes_the_last_twelve_weeks():
    assert list(weeks_before({-13: 9, -12: 5, -1: 4, 0: 3})) == [-12, -1]


@pytest.mark.parametrize(("weeks", "is_drawn"), [(0, False), (3, False), (4, True)])
def test_line_before_needs_four_weeks_with_a_rating(weeks, is_drawn):
    assert (line_before(dict.fromkeys(range(-weeks, 0), 5)) is not None) is is_drawn


def test_by_week_begins_a_week_with_the_start_and_leaves_gaps():
    days = {-8: 9, -7: 6, -1: 4, 0: 0, 6: 2, 21: 5}
    assert by_week(days) == {-2: 9, -1: 5, 0: 1, 3: 5}
    assert by_week({}) == {}
