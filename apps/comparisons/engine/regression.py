"""Least squares with a delete-one-day jackknife. Arrays in, arrays out; no Django.

Sources: Bell & McCaffrey 2002 and Imbens & Kolesar 2016 for the variance (CR3, clustered by
diary day); Robbins 1970 for the confidence sequence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np

from apps.comparisons.engine.rows import TINY, Bools, Floats, Ints

LEAST_SPARE_LEVERAGE = 0.02
FEWEST_DEGREES = 2
FEWEST_RESIDUAL_DEGREES = 3
ALIASED = 1e-8  # squared share of a direction that no row tells, above the rounding
ONE_DAY = 1e-6  # share of an estimate that one day alone tells, above the rounding
ALWAYS_VALID_TAU, ALWAYS_VALID_ALPHA = 1.0, 0.10
NORMAL_975 = 1.959964


@dataclass(frozen=True, slots=True)
class Effect:
    """A coefficient, or a contrast of several, in the outcome's unit.

    `se` is 0 where the ratings leave no spread at all (whole points can do that); the interval
    and the always-valid bound then have no width, and the counts are what stands against it.
    """

    difference: float
    se: float
    degrees: int

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval."""
        return self.se * t_975(self.degrees)

    @property
    def always_valid_half_width(self) -> float:
        return always_valid_half_width(self.se, self.degrees)


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients in the outcome's unit, one per column, with their joint covariance.

    `is_estimable` is False where the columns cannot tell a coefficient apart from others;
    `aliased` says from which. `rests_on_one_day` is True where leaving out a single day would
    leave a coefficient unidentified: then no jackknife can say how sure it is.
    """

    coefficients: Floats
    covariance: Floats
    is_estimable: Bools
    aliased: Bools
    rests_on_one_day: Bools
    residual_degrees: int
    days: int
    _space: _Basis = field(repr=False, compare=False)
    _lost: Floats = field(repr=False, compare=False)

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the interval: days - 1, at least 2."""
        return max(self.days - 1, FEWEST_DEGREES)

    def effect(self, column: int) -> Effect | None:
        """One coefficient; None as for `contrast`."""
        weights = np.zeros(len(self.coefficients))
        weights[column] = 1
        return self.contrast(weights)

    def contrast(self, weights: Floats) -> Effect | None:
        """The coefficients' weighted sum; None where the columns cannot tell it, or where it
        rests on one day, or under 3 residual degrees of freedom.

        It may be told where its single coefficients cannot: with a column for every treatment
        and the constant, only differences between treatments are.
        """
        is_enough = self.residual_degrees >= FEWEST_RESIDUAL_DEGREES
        if not (is_enough and self._space.tells(weights)) or self._rest_on_one_day(weights):
            return None
        variance = float(weights @ self.covariance @ weights)
        se = variance**0.5 if variance > TINY**2 else 0.0
        return Effect(_without_rounding(float(weights @ self.coefficients)), se, self.degrees)

    def _rest_on_one_day(self, weights: Floats) -> bool:
        if not self._lost.size:
            return False
        own = weights @ self._space.back
        return bool(np.abs(own @ self._lost).max() > ONE_DAY * np.linalg.norm(own))


@dataclass(frozen=True, slots=True)
class _Basis:
    """Columns = basis @ inverse of `back`: orthonormal, as many as the columns' rank.

    `unseen` are the directions of the columns, each divided by its norm, in which no row lies.
    """

    basis: Floats
    back: Floats
    norms: Floats
    unseen: Floats

    @property
    def aliased(self) -> Bools:
        return np.asarray(np.abs(self.unseen.T @ self.unseen) > ALIASED)

    def tells(self, weights: Floats) -> bool:
        """Whether the rows can tell the columns' coefficients, so weighted, apart from others."""
        if not self.unseen.size:
            return True
        scaled = weights / self.norms
        across = self.unseen @ scaled
        return bool(across @ across <= ALIASED * (scaled @ scaled))


def _without_rounding(value: float) -> float:
    return 0.0 if abs(value) < TINY else value


class Days(NamedTuple):
    """Rows by their diary day, and for each number of rows a day has, the days that have it."""

    number: int
    of_one_size: tuple[Ints, ...]  # the rows: days x rows a day


def days_of(day: Ints) -> Days:
    order = np.argsort(day, kind="stable")
    _, start, size = np.unique(day[order], return_index=True, return_counts=True)
    chosen = (
        order[start[size == rows][:, None] + np.arange(rows)] for rows in np.unique(size).tolist()
    )
    return Days(len(start), tuple(chosen))


def fit(columns: Floats, outcome: Floats, day: Ints | Days) -> Fit:
    """Ordinary least squares with CR3 variance clustered by `day`.

    The variance is the sum of squared changes of the coefficients when one day is left out,
    around the full estimate and without a factor (G - 1)/G: with one row a day it is HC3.
    `1 - leverage` is kept at 0.02 or more. Coefficients, variances and residuals under 1e-9 in
    size are rounding of the arithmetic and become 0.
    """
    space, days = _orthonormal(columns), day if isinstance(day, Days) else days_of(day)
    pulls, lost = _left_out_scores(space.basis, outcome, days)
    coefficients = space.back @ (space.basis.T @ outcome)
    changes = space.back @ pulls
    covariance = changes @ changes.T
    spread = np.abs(space.back @ lost).max(axis=1, initial=0.0)
    aliased = space.aliased
    return Fit(
        coefficients=np.where(np.abs(coefficients) < TINY, 0.0, coefficients),
        covariance=np.where(np.abs(covariance) < TINY**2, 0.0, covariance),
        is_estimable=~np.diag(aliased),
        aliased=aliased,
        rests_on_one_day=spread > ONE_DAY * np.linalg.norm(space.back, axis=1),
        residual_degrees=len(outcome) - space.basis.shape[1],
        days=days.number,
        _space=space,
        _lost=lost,
    )


def independent(columns: Floats, required: int) -> Floats:
    """The columns without those, after the first `required`, that the ones before already hold.

    An optional term that adds nothing new must not take the treatments' estimates with it.
    """
    triangle = np.asarray(np.linalg.qr(columns / np.linalg.norm(columns, axis=0), mode="r"))
    if len(triangle) == columns.shape[1] and np.abs(np.diag(triangle)).min() > TINY:
        return columns
    kept = list(range(required))
    for column in range(required, columns.shape[1]):
        if _rank(triangle[:, [*kept, column]]) > _rank(triangle[:, kept]):
            kept.append(column)
    return columns[:, kept]


def _rank(unit_columns: Floats) -> int:
    return int(np.linalg.matrix_rank(unit_columns, tol=TINY))


def _orthonormal(columns: Floats) -> _Basis:
    norms = np.linalg.norm(columns, axis=0)
    basis, triangle = np.linalg.qr(columns / norms)
    left, sizes, right = np.linalg.svd(triangle)
    is_kept = sizes > TINY * sizes[0]
    kept, lost = right[: len(sizes)][is_kept], right[is_kept.sum() :]
    back = (kept.T / sizes[is_kept]) / norms[:, None]
    return _Basis(basis @ left[:, is_kept], back, norms, lost)


def _left_out_scores(basis: Floats, outcome: Floats, days: Days) -> tuple[Floats, Floats]:
    """Per day, the pull of its rows on the estimate; and the directions lost with a single day.

    Both in terms of the basis, one column each. Days of one size are worked out together.
    """
    residual = outcome - basis @ (basis.T @ outcome)
    residual[np.abs(residual) < TINY] = 0.0
    pulls, lost = [], []
    for chosen in days.of_one_size:
        pull, unidentified = _days_of_one_size(basis[chosen], residual[chosen][..., None])
        pulls.append(pull)
        lost.append(unidentified)
    return np.concatenate(pulls).T, np.concatenate(lost).T


def _days_of_one_size(q: Floats, e: Floats) -> tuple[Floats, Floats]:
    """Q'(1 - QQ')^-1 e per day, for `q` days x rows x rank and `e` days x rows x 1.

    It equals (1 - Q'Q)^-1 Q'e; of the two matrices the smaller is inverted. Only days with a
    leverage that may reach the limit need eigenvalues.
    """
    turned = q.transpose(0, 2, 1)
    if q.shape[1] <= q.shape[2]:
        leverage, right, out = q @ turned, e, turned
    else:
        leverage, right = turned @ q, turned @ e
        out = np.broadcast_to(np.eye(q.shape[2]), leverage.shape)
    is_high = np.trace(leverage, axis1=1, axis2=2) >= 1 - LEAST_SPARE_LEVERAGE
    if not is_high.any():
        return (out @ _solved(leverage, right))[..., 0], np.empty((0, q.shape[2]))
    low = ~is_high
    solved = np.empty_like(right)
    solved[low] = _solved(leverage[low], right[low])
    sizes, turns = np.linalg.eigh(leverage[is_high])
    spare = np.maximum(1 - sizes, LEAST_SPARE_LEVERAGE)[..., None]
    solved[is_high] = turns @ (turns.transpose(0, 2, 1) @ right[is_high] / spare)
    lost = (out[is_high] @ turns).transpose(0, 2, 1)[sizes > 1 - TINY]
    return (out @ solved)[..., 0], lost


def _solved(leverage: Floats, right: Floats) -> Floats:
    if leverage.shape[1] == 1:
        return np.asarray(right / (1 - leverage))
    return np.asarray(np.linalg.solve(np.eye(leverage.shape[1]) - leverage, right))


@cache
def t_975(degrees: int) -> float:
    """97.5 % point of Student's t."""
    from scipy.special import stdtrit  # here: importing it costs more than most pages

    return float(stdtrit(degrees, 0.975))


def always_valid_half_width(se: float, degrees: int, among: int = 1) -> float:
    """Half-width that holds at every look at once, in the unit of `se`; 0 where `se` is 0.

    Normal-mixture confidence sequence (Robbins 1970) with tau 1 NRS point and alpha 0.10, shared
    out `among` so many differences that are looked at together (Bonferroni), and widened by
    t / z for a short diary.
    """
    if se == 0:
        return 0.0
    tau, alpha = ALWAYS_VALID_TAU, ALWAYS_VALID_ALPHA / among
    information = 1 / se**2
    spread = (1 + 1 / (tau**2 * information)) * np.log((1 + tau**2 * information) / alpha**2)
    return float(se * np.sqrt(spread) * t_975(degrees) / NORMAL_975)
