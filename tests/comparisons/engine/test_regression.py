"""The arithmetic of the fit, against slow and literal versions of itself."""

import numpy as np
import pytest
from scipy.special import stdtr

from apps.comparisons.engine.regression import (
    NORMAL_975,
    always_valid_half_width,
    fit,
    independent,
    t_975,
)


def some_data(seed, n, days, width=4):
    rng = np.random.default_rng(seed)
    columns = np.column_stack([rng.random(n) < 0.5, np.ones(n), rng.normal(size=(n, width - 2))])
    return columns.astype(float), rng.normal(size=n), rng.integers(0, days, n)


def left_out_one_day_at_a_time(columns, outcome, day):
    full = np.linalg.lstsq(columns, outcome, rcond=None)[0]
    changes = [
        np.linalg.lstsq(columns[day != left_out], outcome[day != left_out], rcond=None)[0] - full
        for left_out in np.unique(day)
    ]
    return full, sum(np.outer(change, change) for change in changes)


@pytest.mark.parametrize(
    ("n", "days"),
    [(40, 1000), (60, 30), (90, 25), (80, 9)],
    ids=["single", "few", "several", "many"],
)
def test_fit_equals_leaving_out_one_day_at_a_time(n, days):
    for seed in range(5):
        data = some_data(seed, n, days)
        coefficients, covariance = left_out_one_day_at_a_time(*data)
        fitted = fit(*data)
        np.testing.assert_allclose(fitted.coefficients, coefficients, atol=1e-9)
        np.testing.assert_allclose(fitted.covariance, covariance, atol=1e-9)


def test_fit_counts_days_and_degrees():
    fitted = fit(*some_data(1, 60, 30))
    assert fitted.residual_degrees == 56
    assert fitted.degrees == fitted.days - 1


def test_fit_has_at_least_two_degrees():
    assert fit(*some_data(1, 60, 2)).degrees == 2


def test_fit_keeps_the_spare_leverage_at_two_hundredths():
    """The last row is nearly alone in its column: leverage 0.9999, so 1 - leverage is clipped."""
    columns = np.column_stack([np.ones(10), np.r_[np.zeros(8), 0.01, 1.0]])
    outcome = np.r_[np.tile([1.0, -1.0], 4), 0.5, 0.7]
    hat = columns @ np.linalg.pinv(columns)
    assert hat[9, 9] > 0.98
    residual = outcome - hat @ outcome
    spare = np.maximum(1 - np.diag(hat), 0.02)
    scores = np.linalg.pinv(columns) * (residual / spare)
    np.testing.assert_allclose(
        fit(columns, outcome, np.arange(10)).covariance, scores @ scores.T, atol=1e-9
    )


def test_fit_says_which_coefficients_rest_on_one_day():
    columns = np.column_stack([np.r_[np.zeros(10), np.ones(4)], np.ones(14)])
    day = np.r_[np.arange(10), np.full(4, 10)]
    outcome = np.arange(14.0)
    assert fit(columns, outcome, day).rests_on_one_day.tolist() == [True, False]
    assert not fit(columns, outcome, np.arange(14)).rests_on_one_day.any()


def test_fit_says_which_coefficients_cannot_be_told_apart():
    columns, outcome, day = some_data(3, 40, 40)
    twice = np.column_stack([columns[:, :1], columns])
    fitted = fit(twice, outcome, day)
    assert fitted.is_estimable.tolist() == [False, False, True, True, True]
    assert fitted.aliased[0].tolist() == [True, True, False, False, False]
    alone = fit(columns, outcome, day)
    np.testing.assert_allclose(fitted.coefficients[2:], alone.coefficients[1:], atol=1e-9)
    np.testing.assert_allclose(fitted.covariance[2:, 2:], alone.covariance[1:, 1:], atol=1e-9)


def test_no_effect_comes_of_what_cannot_be_told_apart():
    columns, outcome, day = some_data(4, 30, 30)
    fitted = fit(np.column_stack([columns, columns[:, 0]]), outcome, day)
    found = [fitted.effect(column) is None for column in range(5)]
    assert found == [True, False, False, False, True]


def test_a_contrast_may_be_told_where_its_coefficients_cannot():
    """Three groups, each with a column, and the constant: only differences can be told."""
    rng = np.random.default_rng(7)
    group = np.arange(30) % 3
    outcome, day = rng.normal(size=30), np.arange(30)
    alone = np.column_stack([group == 0, group == 1, group == 2]).astype(float)
    both = fit(np.column_stack([alone, np.ones(30)]), outcome, day)
    assert both.effect(0) is None
    found = both.contrast(np.array([1.0, -1.0, 0.0, 0.0]))
    means = fit(alone, outcome, day)
    expected = means.coefficients[0] - means.coefficients[1]
    assert found.difference == pytest.approx(expected, abs=1e-9)
    se = (means.covariance[0, 0] + means.covariance[1, 1]) ** 0.5
    assert (found.se, found.degrees) == (pytest.approx(se, abs=1e-9), 29)


def test_fit_of_a_perfect_line_has_no_spread_and_no_rounding_dust():
    columns, _, day = some_data(5, 30, 30)
    fitted = fit(columns, columns @ [0.0, 3.0, 1.0, 0.0], day)
    assert fitted.coefficients[0] == 0
    assert not fitted.covariance.any()


def test_independent_drops_only_what_earlier_columns_hold():
    columns, _, _ = some_data(6, 30, 30)
    echo = columns[:, 2] * 2 + 1
    fresh = np.arange(30.0) ** 2
    wider = np.column_stack([columns, echo, fresh])
    kept = independent(wider, required=3)
    np.testing.assert_array_equal(kept, np.column_stack([columns, fresh]))
    assert independent(columns, required=3) is columns


@pytest.mark.parametrize("degrees", [2, 9, 49, 1000])
def test_t_975_leaves_two_and_a_half_per_cent_above(degrees):
    assert stdtr(degrees, t_975(degrees)) == pytest.approx(0.975, abs=1e-12)


def test_t_975_of_printed_tables():
    assert [round(t_975(df), 3) for df in (2, 5, 9, 30)] == [4.303, 2.571, 2.262, 2.042]


def test_always_valid_half_width_is_robbins_normal_mixture():
    """The sum of n steps of variance s2 leaves sqrt((v + 1) ln((v + 1) / alpha2)) with v = n / s2
    (in units of the score) with probability alpha at most; divided by v it is ours."""
    for se in (0.05, 0.3, 1.0, 4.0):
        v = se**-2
        robbins = np.sqrt((v + 1) * np.log((v + 1) / 0.10**2)) / v
        wide = always_valid_half_width(se, 20)
        assert wide == pytest.approx(robbins * t_975(20) / NORMAL_975, rel=1e-12)
    assert always_valid_half_width(0.0, 20) == 0


def test_always_valid_half_width_shares_its_chance_out_among_several():
    """The bound of one of three: alpha a third, everything else the same."""
    v = 0.3**-2
    robbins = np.sqrt((v + 1) * np.log((v + 1) / (0.10 / 3) ** 2)) / v
    assert always_valid_half_width(0.3, 20, 3) == pytest.approx(
        robbins * t_975(20) / NORMAL_975, rel=1e-12
    )


def test_always_valid_half_width_holds_at_every_look_and_the_interval_does_not():
    rng = np.random.default_rng(7)
    steps = rng.standard_normal((2000, 400))
    looks = np.arange(1, 401)
    means = steps.cumsum(axis=1) / looks
    bound = [always_valid_half_width(look**-0.5, 10**9) for look in looks]
    ever = (np.abs(means) > bound).any(axis=1).mean()
    ever_outside_interval = (np.abs(means) > 1.96 * looks**-0.5).any(axis=1).mean()
    assert ever <= 0.10
    assert ever_outside_interval > 0.30
