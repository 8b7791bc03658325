"""Published numbers, typed in, that the comparison has to reproduce."""

import datetime

import numpy as np
import pytest

from apps.comparisons.engine.regression import fit, t_975
from apps.comparisons.engine.stats import Session, compare

START = datetime.datetime(2026, 1, 1, 9, tzinfo=datetime.UTC)
LATER = START + datetime.timedelta(minutes=45)

# MASS::anorexia (Hand et al. 1993, A Handbook of Small Data Sets, no. 285): weight in pounds
# before and after, for controls, cognitive behavioural and family treatment.
ANOREXIA = {
    "Cont": (
        (80.7, 80.2), (89.4, 80.1), (91.8, 86.4), (74.0, 86.3), (78.1, 76.1), (88.3, 78.1),
        (87.3, 75.1), (75.1, 86.7), (80.6, 73.5), (78.4, 84.6), (77.6, 77.4), (88.7, 79.5),
        (81.3, 89.6), (78.1, 81.4), (70.5, 81.8), (77.3, 77.3), (85.2, 84.2), (86.0, 75.4),
        (84.1, 79.5), (79.7, 73.0), (85.5, 88.3), (84.4, 84.7), (79.6, 81.4), (77.5, 81.2),
        (72.3, 88.2), (89.0, 78.8),
    ),
    "CBT": (
        (80.5, 82.2), (84.9, 85.6), (81.5, 81.4), (82.6, 81.9), (79.9, 76.4), (88.7, 103.6),
        (94.9, 98.4), (76.3, 93.4), (81.0, 73.4), (80.5, 82.1), (85.0, 96.7), (89.2, 95.3),
        (81.3, 82.4), (76.5, 72.5), (70.0, 90.9), (80.4, 71.3), (83.3, 85.4), (83.0, 81.6),
        (87.7, 89.1), (84.2, 83.9), (86.4, 82.7), (76.5, 75.7), (80.2, 82.6), (87.8, 100.4),
        (83.3, 85.2), (79.7, 83.6), (84.5, 84.6), (80.8, 96.2), (87.4, 86.7),
    ),
    "FT": (
        (83.8, 95.2), (83.3, 94.3), (86.0, 91.5), (82.5, 91.9), (86.7, 100.3), (79.6, 76.7),
        (76.9, 76.8), (94.2, 101.6), (73.4, 94.9), (80.5, 75.2), (81.6, 77.8), (82.1, 95.5),
        (77.6, 90.7), (83.5, 92.5), (89.9, 93.8), (86.0, 91.7), (87.3, 98.0),
    ),
}  # fmt: skip


def as_sessions(groups, to_points):
    """Each subject a session on a day of their own, all at one hour: only the arms differ."""
    subjects = [(arm, before, after) for arm, rows in groups for before, after in rows]
    return [
        Session(
            START,
            () if arm is None else (arm,),
            to_points(before),
            to_points(after),
            LATER,
            day=START.date() + datetime.timedelta(days=number),
        )
        for number, (arm, before, after) in enumerate(subjects)
    ]


def test_compare_gives_the_published_anorexia_differences():
    groups = [(None if arm == "Cont" else arm, rows) for arm, rows in ANOREXIA.items()]
    result = compare(as_sessions(groups, lambda pounds: (pounds - 65) / 5))
    assert result["CBT"].difference * 5 == pytest.approx(4.097, abs=5e-4)
    assert result["FT"].difference * 5 == pytest.approx(8.660, abs=5e-4)
    assert result["CBT"].se * 5 == pytest.approx(1.870, abs=5e-4)  # HC3: one row a day
    assert result["FT"].se * 5 == pytest.approx(2.294, abs=5e-4)
    assert (result.pairs, result.waits, result.days) == (72, 26, 72)


def test_fit_gives_the_published_anorexia_slope():
    rows = np.array([pair for pairs in ANOREXIA.values() for pair in pairs])
    arm = np.repeat([0, 1, 2], [26, 29, 17])
    columns = np.column_stack([arm == 1, arm == 2, np.ones(72), rows[:, 0]]).astype(float)
    assert fit(columns, rows[:, 1], np.arange(72)).coefficients[3] == pytest.approx(0.434, abs=5e-4)


def with_moments(n, before, after, change_sd):
    """n pairs with exactly these means and standard deviations (before, after, change)."""
    drawn = np.random.default_rng(n).standard_normal((n, 2))
    drawn -= drawn.mean(axis=0)
    orthonormal, _ = np.linalg.qr(drawn)
    (mean_before, sd_before), (mean_after, sd_after) = before, after
    together = (sd_before**2 + sd_after**2 - change_sd**2) / 2
    spread = np.linalg.cholesky([[sd_before**2, together], [together, sd_after**2]])
    return orthonormal * np.sqrt(n - 1) @ spread.T + [mean_before, mean_after]


# Vickers & Altman, BMJ 2001;323:1123: acupuncture for shoulder pain, the mean and SD of each arm.
PLACEBO = with_moments(27, (53.9, 14.0), (62.3, 17.9), 14.6)
ACUPUNCTURE = with_moments(25, (60.4, 12.3), (79.6, 17.1), 16.1)


def test_compare_gives_the_vickers_and_altman_difference():
    groups = [(None, PLACEBO), ("Acupuncture", ACUPUNCTURE)]
    finding = compare(as_sessions(groups, lambda percent: percent / 15))["Acupuncture"]
    assert finding.difference * 15 == pytest.approx(12.71, abs=5e-3)
    assert finding.raw_change * 15 == pytest.approx(19.2)
    assert finding.expected_change * 15 == pytest.approx(19.2 - 12.71, abs=5e-3)


def test_vickers_and_altman_slope_and_interval_follow_from_the_same_columns():
    rows = np.concatenate([PLACEBO, ACUPUNCTURE])
    is_treated = np.arange(52) >= 27
    columns = np.column_stack([is_treated, np.ones(52), rows[:, 0]]).astype(float)
    fitted = fit(columns, rows[:, 1], np.arange(52))
    residual = rows[:, 1] - columns @ fitted.coefficients
    assert fitted.residual_degrees == 49
    classical = np.linalg.inv(columns.T @ columns)[0, 0] * (residual @ residual) / 49
    half = t_975(fitted.residual_degrees) * np.sqrt(classical)
    assert fitted.coefficients[2] == pytest.approx(0.7054, abs=5e-5)
    assert fitted.coefficients[0] - half == pytest.approx(4.10, abs=1e-2)
    assert fitted.coefficients[0] + half == pytest.approx(21.33, abs=1e-2)


def test_students_sleep_data():
    """Student 1908: hours of sleep gained with two drugs. The jackknife of a mean over n is its
    classical variance times n / (n - 1), here with 9 degrees of freedom."""
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    fitted = fit(np.ones((10, 1)), second - first, np.arange(10))
    mean, se = fitted.coefficients[0], np.sqrt(fitted.covariance[0, 0] * 9 / 10)
    half = t_975(fitted.degrees) * se
    assert mean == pytest.approx(1.58)
    assert mean / se == pytest.approx(4.062, abs=5e-4)
    assert (mean - half, mean + half) == pytest.approx((0.70, 2.46), abs=5e-3)


def test_one_switch_without_waits_is_too_early_however_large_the_fall():
    """Borckardt 2014, as shipped with R's scan: seven days without, fourteen with."""
    without, with_it = (7, 9, 8, 7, 7, 8, 8), (3, 4, 2, 4, 2, 1, 4, 5, 3, 2, 1, 2, 4, 4)
    assert np.mean(with_it) - np.mean(without) == pytest.approx(-4.786, abs=5e-4)
    days = [START + datetime.timedelta(days=day) for day in range(21)]
    ratings = list(zip(days, without + with_it, strict=True))
    hour = datetime.timedelta(hours=1)
    sessions = [Session(at, ("Therapy",), value, value, at + hour) for at, value in ratings[7:]]
    finding = compare(sessions, ratings)["Therapy"]
    assert (finding.verdict, finding.pairs, finding.waits) == ("too_early", 14, 0)
    assert finding.estimate is None
