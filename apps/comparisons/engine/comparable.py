"""Which waits are like a treatment's sessions: in pain, in the hour and in the interval."""

from __future__ import annotations

import numpy as np

from apps.comparisons.engine.rows import HOUR, ROUNDING, TINY, Bools, Floats, Rows
from apps.comparisons.engine.verdicts import Comparable

POINTS, HOURS, FACTOR = 1.0, 4.0, 1.5
HOURS_OF_DAY = 24.0


def comparable_waits(waits: Rows, before: Floats, hours: Floats, intervals: Floats) -> Comparable:
    """How many of the rated `waits` are like a treatment's sessions, ends included.

    Within 1 point of the median of `before`, the ratings at which its sessions began, rated
    again or not; within 4 hours by the clock, round midnight too, of one of their `hours`;
    within a factor of 1.5 either way of the median of `intervals`, its pairs' seconds. Without
    a pair no interval is alike.
    """
    pain = np.abs(waits.before - median(before)) <= POINTS + TINY
    hour = _nearest(waits.hour, hours) <= HOURS + ROUNDING / HOUR
    interval = _is_alike(waits.interval, intervals)
    counts = [int(met.sum()) for met in (pain, hour, interval, pain & hour & interval)]
    return Comparable(*counts)


def median(values: Floats) -> float:
    """Of values that are all there, at least one: numpy's own looks for missing ones first."""
    ordered, half = np.sort(values), len(values) // 2
    if len(values) % 2:
        return float(ordered[half])
    return float((ordered[half - 1] + ordered[half]) / 2)


def _nearest(hours: Floats, others: Floats) -> Floats:
    """Hours by the clock to the nearest of `others`, 0 to 12; all are 0 to 24."""
    others = np.sort(others)
    around = np.concatenate([others[-1:] - HOURS_OF_DAY, others, others[:1] + HOURS_OF_DAY])
    after = np.searchsorted(around, hours).clip(1, len(around) - 1)
    return np.asarray(np.minimum(around[after] - hours, hours - around[after - 1]))


def _is_alike(intervals: Floats, own: Floats) -> Bools:
    if not len(own):
        return np.zeros(len(intervals), dtype=np.bool_)
    middle = median(own)
    is_short = intervals < middle / FACTOR - ROUNDING
    is_long = intervals > middle * FACTOR + ROUNDING
    return np.asarray(~is_short & ~is_long)
