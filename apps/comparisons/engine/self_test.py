"""A planned self-test: its sealed order, its analysis as allocated, and what may be said of it.

One person, n eligible moments in blocks of four, two arms. Arm T is the treatment and arm W
waiting; where two treatments are tested, T is the first of them and W the second. `helps` then
reads "lower after the first than after the second" and `worse` the reverse: nothing else differs,
for no step below treats the arms differently but for the sign of the difference.

Reporting follows CENT 2015 (Vohra et al., BMJ 2015;350:h1738). No Django.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from apps.comparisons.engine.e_values import e_values
from apps.comparisons.engine.regression import fit, t_975
from apps.comparisons.engine.rows import TINY
from apps.comparisons.engine.sealed_order import BLOCK, TREATED, WAITED, as_extreme, letters
from apps.comparisons.engine.verdicts import NOTICEABLE

FEWEST_MOMENTS = 16
ENOUGH_EVIDENCE = 20
MOVED_BY = 1.25  # NRS points, as the comparison's own rule for ratings that are missing
RARE = 20  # one order in so many, both sides together
PARAMETERS = 4
DAYS_PER_UNIT = 30

__all__ = ["VERDICTS", "Arm", "Moment", "Result", "analyse", "letters"]

UNSURE = "cannot_tell"
VERDICTS = (
    "stopped_too_early",
    "too_many_missing",
    "helps",
    "worse",
    "no_difference",
    UNSURE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """One eligible moment: the letter drawn, NRS 0-10 before and after (None: not rated in time).

    `at_days` counts days, with fractions, from the start of the test. The letter is what was
    drawn, whatever was done.
    """

    letter: str
    before: float
    after: float | None
    at_days: float


@dataclass(frozen=True, slots=True)
class Arm:
    """The moments of one letter; `mean` is that of their after-ratings, None without any."""

    moments: int
    rated: int
    mean: float | None

    @property
    def unrated(self) -> int:
        return self.moments - self.rated

    @property
    def missing(self) -> float:
        """Share of its moments that were not rated again, 0 to 1."""
        return self.unrated / self.moments if self.moments else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """T less W in NRS points, negative = less pain after T, with all that it stands on.

    `difference`, `se`, `low` and `high` are None where the rated moments cannot tell the arms
    apart or leave no degree of freedom. `as_extreme` of `orders` arrangements of the whole
    blocks part the arms at least as widely as the one that was drawn (two-sided, that one
    counted). `e_values` is the evidence for less pain after T at the end of each whole block.
    """

    difference: float | None
    se: float | None
    degrees: int
    low: float | None
    high: float | None
    statistic: float
    as_extreme: int
    orders: int
    e_values: tuple[float, ...]
    e_values_worse: tuple[float, ...]
    treated: Arm
    waited: Arm
    ended_early: bool = False

    @property
    def moments(self) -> int:
        return self.treated.moments + self.waited.moments

    @property
    def verdict(self) -> str:
        """One of VERDICTS; read from the numbers, so that none can stand without them."""
        if self.moments < FEWEST_MOMENTS:
            return "stopped_too_early"
        if self.ended_early and self.evidence:
            return self.evidence
        if self._too_many_missing:
            return "too_many_missing"
        if self._is_rare_order and self.difference:
            return "helps" if self.difference < 0 else "worse"
        if self.low is not None and self.high is not None:
            return "no_difference" if -NOTICEABLE < self.low <= self.high < NOTICEABLE else UNSURE
        return UNSURE

    @property
    def evidence(self) -> str:
        """`helps` or `worse` where the e-value of the last whole block is 20 or more, else ""."""
        for verdict, values in (("helps", self.e_values), ("worse", self.e_values_worse)):
            if values and values[-1] >= ENOUGH_EVIDENCE:
                return verdict
        return ""

    @property
    def may_end(self) -> bool:
        """Whether a test that may end on its evidence may do so now: with a block, from 16 on."""
        return self.moments >= FEWEST_MOMENTS and not self.moments % BLOCK and bool(self.evidence)

    @property
    def stands_if_missing_were_worse(self) -> bool:
        """Whether T would still be lower had the moments that are missing favoured waiting.

        The interval's upper end is moved by 1.25 points times both shares that are missing.
        """
        missing = self.treated.missing + self.waited.missing
        return self.high is not None and self.high + MOVED_BY * missing < 0

    @property
    def _is_rare_order(self) -> bool:
        return self.as_extreme * RARE <= self.orders

    @property
    def _too_many_missing(self) -> bool:
        """Over 40 % of an arm, or over 25 points between the arms; both compared as counts."""
        arms = (self.treated, self.waited)
        one, other = (arm.unrated * away.moments for arm, away in (arms, arms[::-1]))
        most = 4 * abs(one - other) > self.treated.moments * self.waited.moments
        return most or any(5 * arm.unrated > 2 * arm.moments for arm in arms)


def analyse(moments: Sequence[Moment], *, ended_early: bool = False) -> Result:
    """What a self-test says of its moments, given in the order in which their letters were drawn.

    `ended_early` says that it ended on its e-value, before its planned number. ValueError where
    a whole block is none of the six arrangements or there are more than 64 moments.
    """
    drawn = "".join(moment.letter for moment in moments)
    lower, higher = e_values(drawn, [(moment.before, moment.after) for moment in moments])
    return Result(
        *_estimate(moments),
        *as_extreme(drawn, _residuals(moments)),
        lower,
        higher,
        _arm(moments, TREATED),
        _arm(moments, WAITED),
        ended_early,
    )


def _arm(moments: Sequence[Moment], letter: str) -> Arm:
    own = [moment for moment in moments if moment.letter == letter]
    after = [moment.after for moment in own if moment.after is not None]
    return Arm(len(own), len(after), fmean(after) if after else None)


Interval = tuple[float | None, float | None, int, float | None, float | None]


def _estimate(moments: Sequence[Moment]) -> Interval:
    """Difference, HC3 standard error, degrees and 95 % interval, of the rated moments."""
    rated = _rated(moments)
    degrees = max(len(rated) - PARAMETERS, 0)
    if not degrees:
        return None, None, degrees, None, None
    treated = np.array([[float(moment.letter == TREATED)] for moment in rated])
    found = fit(np.hstack([_columns(rated), treated]), _after(rated), np.arange(len(rated)))
    if not found.is_estimable[-1] or found.rests_on_one_day[-1] or len(np.unique(treated)) == 1:
        return None, None, degrees, None, None
    difference, se = float(found.coefficients[-1]), math.sqrt(found.covariance[-1, -1])
    half = se * t_975(degrees)
    return difference, se, degrees, difference - half, difference + half


def _residuals(moments: Sequence[Moment]) -> list[float]:
    """What before-rating and time leave of each after-rating, the letter unknown; 0 if unrated."""
    rated = _rated(moments)
    if not rated:
        return [0.0] * len(moments)
    columns, after = _columns(rated), _after(rated)
    left = iter(after - columns @ np.linalg.lstsq(columns, after)[0])
    return [0.0 if moment.after is None else float(next(left)) for moment in moments]


def _rated(moments: Sequence[Moment]) -> list[Moment]:
    return [moment for moment in moments if moment.after is not None]


def _after(rated: Sequence[Moment]) -> np.ndarray:
    return np.array([moment.after for moment in rated], dtype=float)


def _columns(rated: Sequence[Moment]) -> np.ndarray:
    """1, before and time (30 days), both centred; one that does not vary is left out."""
    before = np.array([moment.before for moment in rated], dtype=float)
    at = np.array([moment.at_days for moment in rated], dtype=float) / DAYS_PER_UNIT
    centred = [each - each.mean() for each in (before, at)]
    varied = [each for each in centred if np.abs(each).max() > TINY]
    return np.column_stack([np.ones(len(rated)), *varied])
