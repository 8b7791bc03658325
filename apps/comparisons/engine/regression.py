"""Least squares with a delete-one-day jackknife. Arrays in, arrays out; no Django.

Sources: Bell & McCaffrey 2002 and Imbens & Kolesar 2016 for the variance (CR3, clustered by
diary day); Robbins 1970 for the confidence sequence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from apps.comparisons.engine.design import TINY

LEAST_SPARE_LEVERAGE = 0.02
FEWEST_DEGREES = 2
ALWAYS_VALID_TAU, ALWAYS_VALID_ALPHA = 1.0, 0.10
NORMAL_975 = 1.959964


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients in the outcome's unit, one per column, with their joint covariance.

    `is_estimable` is False where the columns cannot tell a coefficient apart from others;
    `aliased` says from which. `rests_on_one_day` is True where leaving out a single day would
    leave a coefficient unidentified: then no jackknife can say how sure it is.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    is_estimable: np.ndarray
    aliased: np.ndarray
    rests_on_one_day: np.ndarray
    residual_degrees: int
    days: int

    @property
    def degrees(self) -> int:
        """Degrees of freedom of the interval: days - 1, at least 2."""
        return max(self.days - 1, FEWEST_DEGREES)


@dataclass(frozen=True, slots=True)
class _Basis:
    """Columns = basis @ inverse of `back`: orthonormal, as many as the columns' rank."""

    basis: np.ndarray
    back: np.ndarray
    is_estimable: np.ndarray
    aliased: np.ndarray


def fit(columns: np.ndarray, outcome: np.ndarray, day: np.ndarray) -> Fit:
    """Ordinary least squares with CR3 variance clustered by `day`.

    The variance is the sum of squared changes of the coefficients when one day is left out,
    around the full estimate and without a factor (G - 1)/G: with one row a day it is HC3.
    `1 - leverage` is kept at 0.02 or more. Coefficients, variances and residuals under 1e-9 in
    size are rounding of the arithmetic and become 0.
    """
    space = _orthonormal(columns)
    pulls, lost = _left_out_scores(space.basis, outcome, day)
    coefficients = space.back @ (space.basis.T @ outcome)
    changes = space.back @ pulls
    covariance = changes @ changes.T
    spread = np.abs(space.back @ lost).max(axis=1, initial=0.0)
    return Fit(
        coefficients=np.where(np.abs(coefficients) < TINY, 0.0, coefficients),
        covariance=np.where(np.abs(covariance) < TINY**2, 0.0, covariance),
        is_estimable=space.is_estimable,
        aliased=space.aliased,
        rests_on_one_day=spread > 1e-6 * np.linalg.norm(space.back, axis=1),
        residual_degrees=len(outcome) - space.basis.shape[1],
        days=len(np.unique(day)),
    )


def coefficients_of(columns: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Least-squares coefficients alone; NaN where the columns cannot tell one apart."""
    space = _orthonormal(columns)
    coefficients = space.back @ (space.basis.T @ outcome)
    coefficients[np.abs(coefficients) < TINY] = 0.0
    return np.where(space.is_estimable, coefficients, np.nan)


def independent(columns: np.ndarray, required: int) -> np.ndarray:
    """The columns without those, after the first `required`, that the ones before already hold.

    An optional term that adds nothing new must not take the treatments' estimates with it.
    """
    triangle = np.linalg.qr(columns / np.linalg.norm(columns, axis=0), mode="r")
    if len(triangle) == columns.shape[1] and np.abs(np.diag(triangle)).min() > TINY:
        return columns
    kept = list(range(required))
    for column in range(required, columns.shape[1]):
        if _rank(triangle[:, [*kept, column]]) > _rank(triangle[:, kept]):
            kept.append(column)
    return columns[:, kept]


def _rank(unit_columns: np.ndarray) -> int:
    return int(np.linalg.matrix_rank(unit_columns, tol=TINY))


def _orthonormal(columns: np.ndarray) -> _Basis:
    norms = np.linalg.norm(columns, axis=0)
    basis, triangle = np.linalg.qr(columns / norms)
    left, sizes, right = np.linalg.svd(triangle)
    is_kept = sizes > TINY * sizes[0]
    kept, lost = right[: len(sizes)][is_kept], right[is_kept.sum() :]
    back = (kept.T / sizes[is_kept]) / norms[:, None]
    aliased = np.abs(lost.T @ lost) > 1e-8
    return _Basis(basis @ left[:, is_kept], back, ~np.diag(aliased), aliased)


def _left_out_scores(
    basis: np.ndarray, outcome: np.ndarray, day: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Per day, the pull of its rows on the estimate; and the directions lost with a single day.

    Both in terms of the basis, one column each. Days of one size are worked out together.
    """
    residual = outcome - basis @ (basis.T @ outcome)
    residual[np.abs(residual) < TINY] = 0.0
    order = np.argsort(day, kind="stable")
    _, start, size = np.unique(day[order], return_index=True, return_counts=True)
    pulls, lost = [], []
    for rows in np.unique(size):
        chosen = order[start[size == rows][:, None] + np.arange(rows)]
        pull, unidentified = _days_of_one_size(basis[chosen], residual[chosen][..., None])
        pulls.append(pull)
        lost.append(unidentified)
    return np.concatenate(pulls).T, np.concatenate(lost).T


def _days_of_one_size(q: np.ndarray, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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
    low = ~is_high
    solved = np.empty_like(right)
    if leverage.shape[1] == 1:
        solved[low] = right[low] / (1 - leverage[low])
    else:
        solved[low] = np.linalg.solve(np.eye(leverage.shape[1]) - leverage[low], right[low])
    sizes, turns = np.linalg.eigh(leverage[is_high])
    spare = np.maximum(1 - sizes, LEAST_SPARE_LEVERAGE)[..., None]
    solved[is_high] = turns @ (turns.transpose(0, 2, 1) @ right[is_high] / spare)
    lost = (out[is_high] @ turns).transpose(0, 2, 1)[sizes > 1 - TINY]
    return (out @ solved)[..., 0], lost


@cache
def t_975(degrees: int) -> float:
    """97.5 % point of Student's t."""
    from scipy.special import stdtrit  # here: importing it costs more than most pages

    return float(stdtrit(degrees, 0.975))


def always_valid_half_width(se: float, degrees: int) -> float:
    """Half-width that holds at every look at once, in the unit of `se`; 0 where `se` is 0.

    Normal-mixture confidence sequence (Robbins 1970) with tau 1 NRS point and alpha 0.10,
    widened by t / z for a short diary.
    """
    if se == 0:
        return 0.0
    tau, alpha = ALWAYS_VALID_TAU, ALWAYS_VALID_ALPHA
    information = 1 / se**2
    spread = (1 + 1 / (tau**2 * information)) * np.log((1 + tau**2 * information) / alpha**2)
    return float(se * np.sqrt(spread) * t_975(degrees) / NORMAL_975)
