"""The honest comparison: what followed a treatment against what followed waiting.

One least-squares model per person over all pairs of one condition, waits as the reference:
`after ~ treatments + 1 + before [+ recent level] [+ trend] [+ hour] [+ gap] [+ interaction]`.
`design` builds its columns, `regression` fits it, `verdicts` says what may be said. No Django.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from apps.comparisons.engine.design import (
    TINY,
    Rows,
    Session,
    all_ratings,
    columns_of,
    rows_of,
    without_rare,
)
from apps.comparisons.engine.forecast import needed
from apps.comparisons.engine.regression import Fit, coefficients_of, fit, independent, t_975
from apps.comparisons.engine.verdicts import FEWEST_ASKED_WAITS, FEWEST_PAIRS, Estimate, Finding

__all__ = ["METHOD", "Comparison", "Difference", "Session", "compare"]

METHOD = "1"
FEWEST_WAITS = 3
FEWEST_RESIDUAL_DEGREES = 3
FEWEST_DAYS = 2
TOGETHER = 0.80


@dataclass(frozen=True, slots=True)
class Difference:
    """One treatment less another, in NRS points; negative = less pain after the first.

    `low` to `high` is the 95 % interval from the joint variance of both coefficients.
    """

    first: str
    second: str
    estimate: float
    se: float
    low: float
    high: float

    @property
    def is_told_apart(self) -> bool:
        return not self.low <= 0 <= self.high

    def turned(self) -> Difference:
        """The same, as `second` less `first`."""
        return Difference(self.second, self.first, -self.estimate, self.se, -self.high, -self.low)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every treatment's finding, sorted by name, and the counts the model stands on.

    `pairs` (with `waits` among them) and `days` are those in the model: pairs of a treatment
    rated fewer than twice are not in it. `differences` are those between any two treatments
    that have an estimate, each once.
    """

    findings: tuple[Finding, ...]
    pairs: int
    waits: int
    days: int
    differences: tuple[Difference, ...] = ()
    method: str = METHOD

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, treatment: str) -> Finding:
        for finding in self.findings:
            if finding.treatment == treatment:
                return finding
        raise KeyError(treatment)

    def difference(self, first: str, second: str) -> Difference | None:
        """`first` less `second` with its own 95 % interval; None unless both have an estimate."""
        for found in self.differences:
            if (found.first, found.second) == (first, second):
                return found
            if (found.first, found.second) == (second, first):
                return found.turned()
        return None

    def not_told_apart(self) -> list[tuple[str, str]]:
        """Pairs of treatments with an estimate whose intervals overlap, or whose difference's
        interval holds 0: neither may be put before the other."""
        known = [f for f in self.findings if f.estimate is not None]
        return [
            (one.treatment, other.treatment)
            for one, other in combinations(known, 2)
            if (one.low <= other.high and other.low <= one.high)
            or not self.difference(one.treatment, other.treatment).is_told_apart
        ]

    def is_none_told_apart(self) -> bool:
        """Whether there are two estimates or more and none may be put before another."""
        known = sum(finding.estimate is not None for finding in self.findings)
        return known > 1 and len(self.not_told_apart()) == known * (known - 1) // 2

    def as_dict(
        self,
        *,
        as_of: datetime.datetime | None = None,
        condition: str | None = None,
        kinds: Mapping[str, str] | None = None,
    ) -> dict:
        """The machine-readable result (method, section 5): plain numbers, None where unknown.

        `kinds` maps a treatment's name to its kind; a name it lacks has None.
        """
        return {
            "method": self.method,
            "as_of": as_of and as_of.isoformat(),
            "condition": condition,
            "pairs": self.pairs,
            "waits": self.waits,
            "days": self.days,
            "treatments": [_as_dict(f, (kinds or {}).get(f.treatment)) for f in self.findings],
        }


def _as_dict(finding: Finding, kind: str | None) -> dict:
    sessions_needed, waits_needed = needed(finding)
    return {
        "treatment": finding.treatment,
        "kind": kind,
        "pairs": finding.pairs,
        "sessions": finding.sessions,
        "missing": finding.missing,
        "mean_before": finding.mean_before,
        "raw_change": finding.raw_change,
        "expected_change": finding.expected_change,
        "difference": finding.difference,
        "se": finding.se,
        "low": finding.low,
        "high": finding.high,
        "always_valid_half_width": finding.always_valid_half_width,
        "verdict": finding.verdict,
        "sessions_needed": sessions_needed,
        "waits_needed": waits_needed,
        "together_with": list(finding.together_with),
    }


def compare(
    sessions: Iterable[Session],
    ratings: Iterable[tuple[datetime.datetime, float]] = (),
    zone: datetime.tzinfo = datetime.UTC,
) -> Comparison:
    """What followed each treatment against what followed waiting, for one person's condition.

    `sessions` and check-in `ratings` (moment, NRS points) in any order; `zone` is that of
    sessions without one of their own. In which zone a moment is written changes nothing. Ratings
    are 0 to 10, all moments carry a time zone, no after lies before its start: else ValueError.
    Missing after-ratings stay missing; they count in `sessions` and in the share missing.
    """
    rows = rows_of(sessions, zone)
    rated_at, values = all_ratings(rows, ratings)
    usable = rows[rows.has_pair]
    pairs, in_model = without_rare(usable)
    model = _model(pairs, in_model, rated_at, values)
    counts = _Counts(rows, usable, pairs, model)
    findings = tuple(_finding(counts, index) for index in range(len(rows.names)))
    return Comparison(
        findings=findings,
        pairs=len(pairs),
        waits=int(pairs.is_wait.sum()),
        days=len(np.unique(pairs.day)),
        differences=tuple(_differences(model, findings)),
    )


def _differences(model: _Model | None, findings: Iterable[Finding]) -> Iterator[Difference]:
    known = [finding for finding in findings if finding.estimate is not None]
    for one, other in combinations(known, 2):
        contrast = np.zeros(len(model.fit.coefficients))
        contrast[model.position[one.treatment]] += 1
        contrast[model.position[other.treatment]] -= 1
        se = float(np.sqrt(max(contrast @ model.fit.covariance @ contrast, 0.0)))
        half = se * t_975(model.fit.degrees)
        estimate = one.difference - other.difference
        yield Difference(
            one.treatment, other.treatment, estimate, se, estimate - half, estimate + half
        )


@dataclass(frozen=True, slots=True)
class _Model:
    fit: Fit
    strict: np.ndarray | None  # coefficients against app-asked waits alone
    position: Mapping[str, int]  # treatment -> its column


def _model(
    pairs: Rows, in_model: np.ndarray, rated_at: np.ndarray, values: np.ndarray
) -> _Model | None:
    """The fitted model, or None under 3 waits, 8 pairs or 2 days."""
    is_wait = pairs.is_wait
    too_few = is_wait.sum() < FEWEST_WAITS or len(pairs) < FEWEST_PAIRS or not in_model.any()
    if too_few or len(np.unique(pairs.day)) < FEWEST_DAYS:
        return None
    uses = pairs.uses[:, in_model].astype(float)
    others = columns_of(pairs, rated_at, values)
    required = uses.shape[1] + 1 + int(np.ptp(pairs.before) > TINY)
    columns = independent(np.column_stack([uses, others]), required)
    names = [pairs.names[index] for index in np.flatnonzero(in_model)]
    position = {name: column for column, name in enumerate(names)}
    return _Model(fit(columns, pairs.after, pairs.day), _strict(columns, pairs), position)


def _strict(columns: np.ndarray, pairs: Rows) -> np.ndarray | None:
    """The coefficients with voluntary waits in a column of their own; needs 5 asked waits."""
    if pairs.is_asked.sum() < FEWEST_ASKED_WAITS:
        return None
    is_voluntary = pairs.is_wait & ~pairs.is_asked
    if is_voluntary.any():
        columns = np.column_stack([columns, is_voluntary])
    return coefficients_of(columns, pairs.after)


class _Counts:
    """What all findings share, worked out once."""

    def __init__(self, rows: Rows, usable: Rows, pairs: Rows, model: _Model | None) -> None:
        self.rows, self.usable, self.pairs, self.model = rows, usable, pairs, model
        self.has_pair = rows.has_pair
        self.waits_before = pairs.before[pairs.is_wait]
        self.asked_waits = int(pairs.is_asked.sum())
        is_wait = rows.is_wait
        self.missing_waits = 1 - self.has_pair[is_wait].mean() if is_wait.any() else 0.0
        used_together = rows.uses.T.astype(float) @ rows.uses
        share = used_together / np.diag(used_together)[:, None] if len(rows) else used_together
        self.is_together = (share >= TOGETHER - TINY) & (share.T >= TOGETHER - TINY)


def _finding(counts: _Counts, index: int) -> Finding:
    rows, model, name = counts.rows, counts.model, counts.rows.names[index]
    is_own = rows.uses[:, index]
    column = model.position.get(name) if model else None
    own = counts.pairs if counts.pairs.uses[:, index].any() else counts.usable
    before, after = (values[own.uses[:, index]] for values in (own.before, own.after))
    from_middle = np.abs(counts.waits_before - np.median(rows.before[is_own]))
    return Finding(
        treatment=name,
        sessions=int(is_own.sum()),
        pairs=len(before),
        unrated=int((is_own & ~counts.has_pair).sum()),
        waits=len(counts.waits_before),
        comparable_waits=int((from_middle <= 1 + TINY).sum()),
        asked_waits=counts.asked_waits,
        missing_waits=float(counts.missing_waits),
        mean_before=float(before.mean()) if len(before) else None,
        raw_change=float(after.mean() - before.mean()) if len(before) else None,
        together_with=_together_with(counts, index, column),
        is_separable=column is None or bool(model.fit.is_estimable[column]),
        pairs_short=FEWEST_RESIDUAL_DEGREES - model.fit.residual_degrees if model else 0,
        estimate=None if column is None else _estimate(model, column),
    )


def _together_with(counts: _Counts, index: int, column: int | None) -> tuple[str, ...]:
    """Treatments in 80 % of its sessions and the reverse, or that the design cannot tell apart."""
    names = {counts.rows.names[other] for other in np.flatnonzero(counts.is_together[index])}
    if column is not None:
        aliased = counts.model.fit.aliased[column]
        names |= {name for name, other in counts.model.position.items() if aliased[other]}
    return tuple(sorted(names - {counts.rows.names[index]}))


def _estimate(model: _Model, column: int) -> Estimate | None:
    """None where the diary cannot tell the coefficient, or not how sure it is."""
    fitted = model.fit
    is_known = fitted.is_estimable[column] and not fitted.rests_on_one_day[column]
    if not is_known or fitted.residual_degrees < FEWEST_RESIDUAL_DEGREES:
        return None
    strict = None if model.strict is None else float(model.strict[column])
    return Estimate(
        difference=float(fitted.coefficients[column]),
        se=float(np.sqrt(fitted.covariance[column, column])),
        degrees=fitted.degrees,
        strict=None if strict is None or np.isnan(strict) else strict,
    )
