"""Weekly pain before a start, and the band in which it lets later weeks lie. No Django."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from apps.comparisons.engine.regression import t_975

FEWEST_WEEKS = 4
LONGEST_BEFORE = 12
LONGEST_SINCE = 26
SHARE_THAT_SAYS = 0.75
# Weeks resemble their neighbours: the correlation of one with the next, and how much wider
# than of independent weeks the variance of a mean or a slope is for it.
RHO = 0.3
WIDER = (1 + RHO) / (1 - RHO)
TINY = 1e-9


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

    def slope_half_width(self) -> float:
        """Half of the slope's 95 % interval, widened because weeks resemble their neighbours."""
        return self.residual / math.sqrt(self.spread) * math.sqrt(WIDER) * t_975(self.weeks - 2)

    def carried_to(self, week: int) -> tuple[float, float]:
        """Ends of the band of a week if the line went on, its own uncertainty widened likewise.

        It goes on for as many weeks from the start as it was fitted on, and is level after that.
        """
        away = min(week, self.weeks - 1) - self.middle
        of_line = (1 / self.weeks + away * away / self.spread) * WIDER
        half = self.residual * math.sqrt(1 + of_line) * t_975(self.weeks - 2)
        value = self.level + self.slope * away
        return value - half, value + half


def _line_through(before: Mapping[int, float]) -> Line:
    middle, level = fmean(before), fmean(before.values())
    spread = sum((week - middle) ** 2 for week in before)
    slope = sum((week - middle) * (pain - level) for week, pain in before.items()) / spread
    left = sum((pain - level - slope * (week - middle)) ** 2 for week, pain in before.items())
    residual = math.sqrt(left / (len(before) - 2))
    return Line(slope, level, middle, residual, spread, len(before))


def weeks_before(weeks: Mapping[int, float]) -> dict[int, float]:
    """Those of the last 12 weeks before the start that hold a rating."""
    return {week: pain for week, pain in weeks.items() if -LONGEST_BEFORE <= week < 0}


@dataclass(frozen=True, slots=True)
class Before:
    """The weeks before a start, the band in which they let later ones lie, and those since.

    NRS points; a week's pain is the mean of its days. `weeks` were fitted, between `lowest` and
    `highest`; week -1 is not among them, because it is what made the person start. `low` and
    `high` end the level band, cut at 0 and 10. `slope` is the change a week with its 95 %
    interval: it is mentioned only where that excludes 0, which `has_direction` says. Week -1 is
    one of the `rank` worst of itself and the fitted ones, ties counted; None if it holds no
    rating. `inside`, `below` and `above` count the rated weeks since.
    """

    weeks: int
    lowest: float
    highest: float
    level: float
    low: float
    high: float
    slope: float
    slope_low: float
    slope_high: float
    has_direction: bool
    rank: int | None
    inside: int
    below: int
    above: int
    line: Line

    def band(self, week: int) -> tuple[float, float]:
        """Where a week would mostly lie, cut at 0 and 10; with a direction it holds both bands."""
        return _band(self.low, self.high, self.line if self.has_direction else None, week)

    def heading(self, week: int) -> float:
        """Where the weeks were heading: their level, or their line as far as it is carried."""
        if not self.has_direction:
            return self.level
        return _cut(sum(self.line.carried_to(week)) / 2)

    @property
    def since(self) -> str | None:
        """`inside`, `below` or `above` for 3 in 4 of the weeks since, else `mixed`; None under 4.

        Never a verdict: it says where the weeks lie, not what brought them there.
        """
        rated = self.inside + self.below + self.above
        if rated < FEWEST_WEEKS:
            return None
        places = {"inside": self.inside, "below": self.below, "above": self.above}
        return next((w for w, n in places.items() if n >= SHARE_THAT_SAYS * rated), "mixed")


def before_and_since(weeks: Mapping[int, float]) -> Before | None:
    """What the weeks before a start let expect, and how many since lie in it; None under 4 weeks.

    Fitted are the rated ones of weeks -12 to -2; the weeks since are 0 to 25.
    """
    fitted = {week: pain for week, pain in weeks_before(weeks).items() if week < -1}
    if len(fitted) < FEWEST_WEEKS:
        return None
    line = _line_through(fitted)
    low, high = _level_band(line.level, list(fitted.values()))
    slope = 0.0 if abs(line.slope) < TINY else line.slope
    half = line.slope_half_width()
    carried = line if abs(slope) > half else None
    since = {week: pain for week, pain in weeks.items() if 0 <= week < LONGEST_SINCE}
    places = Counter(_place(pain, *_band(low, high, carried, w)) for w, pain in since.items())
    return Before(
        weeks=len(fitted),
        lowest=min(fitted.values()),
        highest=max(fitted.values()),
        level=line.level,
        low=low,
        high=high,
        slope=slope,
        slope_low=slope - half,
        slope_high=slope + half,
        has_direction=carried is not None,
        rank=_rank(weeks.get(-1), fitted),
        inside=places["inside"],
        below=places["below"],
        above=places["above"],
        line=line,
    )


def _level_band(level: float, pains: list[float]) -> tuple[float, float]:
    """95 % band of a further week around the mean, for weeks that resemble their neighbours.

    n weeks are worth n_e = n (1 - rho) / (1 + rho) independent ones, 2 at least; the variance is
    that of the weeks, enlarged for what neighbours hide of it.
    """
    n = len(pains)
    worth = max(2.0, n / WIDER)
    squares = sum((pain - level) ** 2 for pain in pains)
    variance = squares / (n - 1) * (1 - 1 / n) / (1 - 1 / worth)
    half = t_975(max(2, round(worth))) * math.sqrt(variance * (1 + 1 / worth))
    return _cut(level - half), _cut(level + half)


def _band(low: float, high: float, carried: Line | None, week: int) -> tuple[float, float]:
    if carried is None:
        return low, high
    line_low, line_high = carried.carried_to(week)
    return _cut(min(low, line_low)), _cut(max(high, line_high))


def _cut(pain: float) -> float:
    return min(max(pain, 0.0), 10.0)


def _place(pain: float, low: float, high: float) -> str:
    if pain < low - TINY:
        return "below"
    return "above" if pain > high + TINY else "inside"


def _rank(last: float | None, fitted: Mapping[int, float]) -> int | None:
    return None if last is None else 1 + sum(pain >= last for pain in fitted.values())
