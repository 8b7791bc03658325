"""The course of an invented person's pain when nothing is done, and how it is rated.

Pain on the worse side is a slow and a fast autocorrelated process (Ornstein-Uhlenbeck) around a
level, plus what a case adds: a trend, flares, a daily rhythm, mornings, a second side. A rating
is that pain plus rating noise, rounded and clipped to 0..10.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from tests.comparisons.engine.simulated.people import Case

STEP = 5  # minutes between two points of the pain's course
PER_HOUR, PER_DAY = 60 // STEP, 24 * 60 // STEP


def course(case: Case, rng: np.random.Generator) -> np.ndarray:
    """Pain on the worse side without any treatment, every five minutes."""
    n = (case.days + 1) * PER_DAY
    day = np.arange(n) / PER_DAY
    pain = rng.normal(case.level, case.level_sd) + case.trend * (day - case.days / 2) / 30
    if case.recovery:
        pain += case.recovery * np.exp(-day / 30)
    pain += _autocorrelated(rng, n, case.slow_sd, case.slow_days * PER_DAY)
    if case.rhythm:
        pain += case.rhythm * np.cos(2 * np.pi * (day % 1 - 20 / 24))
    if case.stiffness:
        pain += case.stiffness * np.exp(-np.maximum(24 * (day % 1) - 7, 0) / 1.5)
    for start in np.flatnonzero(rng.random(n) < case.flares / 30 / PER_DAY):
        pain[start:] += 3 * np.exp2(-np.arange(n - start) / (8 * PER_HOUR))
    return pain + _restless(case, rng, n)


def _restless(case: Case, rng: np.random.Generator, n: int) -> np.ndarray:
    fast = _autocorrelated(rng, n, case.fast_sd, case.fast_hours * PER_HOUR)
    if not case.has_sides:
        return fast
    other = _autocorrelated(rng, n, case.fast_sd, case.fast_hours * PER_HOUR)
    is_switched = np.repeat(np.cumsum(rng.random(case.days + 1) < 0.1) % 2, PER_DAY)
    return np.maximum(fast - 2.5 * is_switched, other - 2.5 * (1 - is_switched))


def _autocorrelated(rng: np.random.Generator, n: int, sd: float, steps: float) -> np.ndarray:
    from scipy.signal import lfilter  # here: every process that collects the tests would load it

    kept = math.exp(-1 / steps)
    shocks = rng.standard_normal(n) * sd * math.sqrt(1 - kept**2)
    shocks[0] = rng.standard_normal() * sd
    return lfilter([1.0], [1.0, -kept], shocks)


def expected_rating(pain: np.ndarray | float, noise_sd: float) -> np.ndarray:
    """Mean of round(pain + noise) clipped to 0..10, of each pain."""
    return ndtr(np.subtract.outer(pain, np.arange(0.5, 10)) / noise_sd).sum(axis=-1)
