"""A straight line through weekly pain, carried forward with its band. Numbers only; no Django."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from apps.comparisons.engine.regression import t_975

FEWEST_WEEKS = 4
LONGEST_BEFORE = 12
LONGEST_SINCE = 26


def by_week(days: Mapping[int, float]) -> dict[int, float]:
    """Mean pain of each week, in NRS points (0 none to 10 worst), of pain per day.

    Days are counted from the start: -1 is the day before it, 0 the day itself. Week -1 is the
    seven days before the start, week 0 the seven days from it. Every day weighs the same,
    however often it was rated; a week without a rating is not in the answer.
    """
    weeks: dict[int, list[float]] = {}
    for day, pain in days.items():
        weeks.setdefault(day // 7, []).append(pain)
    return {week: fmean(weeks[week]) for week in sorted(weeks)}


@dataclass(frozen=True, slots=True)
class Line:
    """Least squares through weekly pain: `slope` in NRS points a week, negative = improving.

    `level` is the mean pain at the mean week `middle`; `residual` the residual standard error
    (NRS points, n - 2 degrees of freedom), `spread` the sum of squared distances from `middle`.
    """

    slope: float
    level: float
    middle: float
    residual: float
    spread: float
    weeks: int

    def at(self, week: float) -> tuple[float, float, float]:
        """The line and the ends of its 95 % prediction band at a week, in NRS points.

        The band is where a further single week would lie in 95 of 100 cases if nothing changed:
        residual * t * sqrt(1 + 1/n + distance^2 / spread), n - 2 degrees of freedom (Draper &
        Smith, Applied Regression Analysis, section 1.4). Not cut off at 0 and 10.
        """
        away = week - self.middle
        value = self.level + self.slope * away
        half = self.residual * math.sqrt(1 + 1 / self.weeks + away * away / self.spread)
        half *= t_975(self.weeks - 2)
        return value, value - half, value + half


def line_before(weeks: Mapping[int, float]) -> Line | None:
    """The line through the last 12 weeks before the start; None under 4 weeks with a rating.

    Later weeks are not looked at, so nothing after the start can bend it.
    """
    before = weeks_before(weeks)
    if len(before) < FEWEST_WEEKS:
        return None
    middle, level = fmean(before), fmean(before.values())
    spread = sum((week - middle) ** 2 for week in before)
    slope = sum((week - middle) * (pain - level) for week, pain in before.items()) / spread
    left = sum((pain - level - slope * (week - middle)) ** 2 for week, pain in before.items())
    residual = math.sqrt(left / (len(before) - 2))
    return Line(slope, level, middle, residual, spread, len(before))


def weeks_before(weeks: Mapping[int, float]) -> dict[int, float]:
    """Those of the last 12 weeks before the start that hold a rating."""
    return {week: pain for week, pain in weeks.items() if -LONGEST_BEFORE <= week < 0}
