"""The honest comparison: what followed a treatment against what followed waiting.

One least-squares model per person over all pairs of one condition, waits as the reference:
`after ~ treatments + 1 + before [+ recent level] [+ trend] [+ hour] [+ gap] [+ interaction]`.
`rows` says which sessions make a pair, `design` builds the columns, `regression` fits them,
`comparable` and `coin` look at the waits, `verdicts` says what may be said. No Django.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from apps.comparisons.engine.coin import Tosses, as_randomised, tosses_of
from apps.comparisons.engine.comparable import comparable_waits, median
from apps.comparisons.engine.comparison import ARITHMETIC, METHOD, Comparison, Difference
from apps.comparisons.engine.design import columns_of
from apps.comparisons.engine.regression import (
    FEWEST_RESIDUAL_DEGREES,
    Days,
    Effect,
    Fit,
    always_valid_half_width,
    days_of,
    fit,
    independent,
)
from apps.comparisons.engine.rows import (
    DAY,
    MINUTE,
    TINY,
    Bools,
    Floats,
    Ratings,
    Rows,
    Session,
    Toss,
    all_ratings,
    rows_of,
    without_rare,
)
from apps.comparisons.engine.verdicts import (
    FEWEST_ASKED_WAITS,
    FEWEST_PAIRS,
    Counted,
    Estimate,
    Finding,
    Unanswered,
    Waits,
)
from apps.treatments.pace import PACE_DAYS, in_28_days, is_pace_known

__all__ = ["ARITHMETIC", "METHOD", "Comparison", "Difference", "Session", "Toss", "compare"]

FEWEST_WAITS = 3
FEWEST_DAYS = 2
TOGETHER_PERCENT = 80


def compare(
    sessions: Iterable[Session] | Rows,
    ratings: Iterable[tuple[datetime.datetime, float]] | Ratings = (),
    zone: datetime.tzinfo = datetime.UTC,
    tosses: Iterable[Toss] = (),
) -> Comparison:
    """What followed each treatment against what followed waiting, for one person's condition.

    `sessions`, check-in `ratings` (moment, NRS points) and the coin's eligible `tosses` in any
    order; `zone` is that of sessions without one of their own. In which zone a moment is written
    changes nothing. Ratings are 0 to 10, all moments carry a time zone, no after lies before its
    start: else ValueError. Missing after-ratings stay missing; they count in `sessions` and in
    the share missing. Sessions and ratings may come as arrays already, which is faster.
    """
    rows = sessions if isinstance(sessions, Rows) else rows_of(sessions, zone)
    known = all_ratings(rows, ratings)
    has_pair = rows.has_pair
    usable = rows[has_pair]
    pairs, in_model = without_rare(usable)
    model = _model(pairs, in_model, known)
    facts = _Facts(rows, has_pair, usable, pairs, model, tosses_of(list(tosses), rows))
    findings = tuple(_finding(facts, index) for index in range(len(rows.names)))
    is_without_waits = facts.waiting.rated < FEWEST_WAITS
    among_themselves = _without_waits(pairs, known) if is_without_waits else model
    return Comparison(
        findings=findings,
        pairs=len(pairs),
        days=len(np.unique(pairs.day)),
        waiting=facts.waiting,
        differences=tuple(_differences(among_themselves, findings)),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    fit: Fit
    strict: Fit | None  # with voluntary waits in a column of their own
    position: Mapping[str, int]  # treatment -> its column
    has_waits: bool = True


def _model(pairs: Rows, in_model: Bools, known: Ratings) -> _Model | None:
    """The fitted model, or None under 3 waits, 8 pairs or 2 days."""
    is_wait = pairs.is_wait
    too_few = is_wait.sum() < FEWEST_WAITS or len(pairs) < FEWEST_PAIRS or not in_model.any()
    if too_few or (days := days_of(pairs.day)).number < FEWEST_DAYS:
        return None
    columns = _columns(pairs, in_model, known)
    fitted = fit(columns, pairs.after, days)
    strict = _strict(columns, fitted, pairs, days)
    return _Model(fitted, strict, _position(pairs, in_model))


def _columns(pairs: Rows, in_model: Bools, known: Ratings) -> Floats:
    uses = pairs.uses[:, in_model].astype(np.float64)
    others = columns_of(pairs, *known)
    required = uses.shape[1] + 1 + int(np.ptp(pairs.before) > TINY)
    return independent(np.column_stack([uses, others]), required)


def _position(pairs: Rows, in_model: Bools) -> dict[str, int]:
    names = [pairs.names[index] for index in np.flatnonzero(in_model)]
    return {name: column for column, name in enumerate(names)}


def _strict(columns: Floats, fitted: Fit, pairs: Rows, days: Days) -> Fit | None:
    """The model with voluntary waits in a column of their own; needs 5 asked waits."""
    if pairs.is_asked.sum() < FEWEST_ASKED_WAITS:
        return None
    is_voluntary = pairs.is_wait & ~pairs.is_asked
    if not is_voluntary.any():
        return fitted
    return fit(np.column_stack([columns, is_voluntary]), pairs.after, days)


def _without_waits(pairs: Rows, known: Ratings) -> _Model | None:
    """The same model without a reference, for the differences between treatments alone."""
    treated = pairs[~pairs.is_wait]
    counts = treated.uses.sum(axis=0)
    if (counts >= FEWEST_PAIRS).sum() < 2 or len(np.unique(treated.day)) < FEWEST_DAYS:
        return None
    in_model = counts > 0
    fitted = fit(_columns(treated, in_model, known), treated.after, treated.day)
    return _Model(fitted, None, _position(treated, in_model), has_waits=False)


def _differences(
    model: _Model | None, findings: Iterable[Finding | Unanswered]
) -> Iterator[Difference]:
    """Between any two treatments that the design tells apart, each once.

    Without waits only between those with 8 pairs or more: nothing else is compared there. The
    bound is shared out among all that may be told apart, so that ten of them mislead no more
    often than one.
    """
    if model is None:
        return
    fewest = 1 if model.has_waits else FEWEST_PAIRS
    known = [one for one in findings if one.treatment in model.position and one.pairs >= fewest]
    among = max(math.comb(sum(one.pairs >= FEWEST_PAIRS for one in known), 2), 1)
    for one, other in combinations(known, 2):
        weights = np.zeros(len(model.fit.coefficients))
        weights[model.position[one.treatment]] += 1
        weights[model.position[other.treatment]] -= 1
        effect = model.fit.contrast(weights)
        if effect is not None:
            yield _difference(one, other, effect, among)


def _difference(one: Counted, other: Counted, effect: Effect, among: int) -> Difference:
    is_enough = min(one.pairs, other.pairs) >= FEWEST_PAIRS
    bound = always_valid_half_width(effect.se, effect.degrees, among)
    return Difference(
        first=one.treatment,
        second=other.treatment,
        estimate=effect.difference,
        se=effect.se,
        low=effect.difference - effect.half_width,
        high=effect.difference + effect.half_width,
        is_told_apart=is_enough and abs(effect.difference) > bound,
    )


class _Facts:
    """What all findings share, worked out once."""

    def __init__(
        self,
        rows: Rows,
        has_pair: Bools,
        usable: Rows,
        pairs: Rows,
        model: _Model | None,
        tosses: Tosses,
    ) -> None:
        self.rows, self.has_pair, self.usable, self.pairs = rows, has_pair, usable, pairs
        self.model, self.tosses = model, tosses
        self.waits = pairs[pairs.is_wait]
        self.waiting = Waits(
            rated=len(self.waits),
            all=int(rows.is_wait.sum()),
            asked_rated=int(self.waits.is_asked.sum()),
            asked=int(rows.is_asked.sum()),
            asks=tosses.asks,
            skipped=tosses.skipped,
            recent=self.recent(self.waits.started, since=rows.started),
        )
        both = (rows.uses.T.astype(np.float64) @ rows.uses).round().astype(np.int64)
        is_mostly = 100 * both >= TOGETHER_PERCENT * np.diag(both)[:, None]
        self.is_together = is_mostly & is_mostly.T

    def recent(self, started: Floats, since: Floats) -> float | None:
        """How many 28 days have at the pace up to the latest session, itself included; None where
        the first of ``since`` is so near that no pace is known."""
        latest = self.rows.started.max(initial=0.0)
        days = (latest - since.min(initial=latest)) / DAY + 1
        if not is_pace_known(days):
            return None
        return in_28_days(int((started > latest - PACE_DAYS * DAY).sum()), days)


def _finding(facts: _Facts, index: int) -> Finding | Unanswered:
    rows, model, name = facts.rows, facts.model, facts.rows.names[index]
    is_own = rows.uses[:, index]
    column = None if model is None else model.position.get(name)
    pairs = facts.pairs if facts.pairs.uses[:, index].any() else facts.usable
    is_pair = pairs.uses[:, index]
    before, interval = pairs.before[is_pair], pairs.interval[is_pair]
    n = len(before)
    began = rows.before[is_own], rows.hour[is_own]
    known: dict[str, Any] = {
        "treatment": name,
        "sessions": int(is_own.sum()),
        "pairs": n,
        "unrated": int((is_own & ~facts.has_pair).sum()),
        "waiting": facts.waiting,
        "comparable": comparable_waits(facts.waits, *began, interval),
        "mean_before": float(before.mean()) if n else None,
        "raw_change": float(pairs.after[is_pair].mean() - before.mean()) if n else None,
        "minutes_after": median(interval) / MINUTE if n else None,
        "together_with": _together_with(facts, index, column),
        "is_separable": model is None or column is None or bool(model.fit.is_estimable[column]),
        "recent": facts.recent(pairs.started[is_pair], since=rows.started[is_own]),
        "pairs_short": FEWEST_RESIDUAL_DEGREES - model.fit.residual_degrees if model else 0,
    }
    estimate = None if column is None else _estimate(facts, column, name)
    return Unanswered(**known) if estimate is None else Finding(**known, estimate=estimate)


def _together_with(facts: _Facts, index: int, column: int | None) -> tuple[str, ...]:
    """Treatments in 80 % of its sessions and the reverse, or that the design cannot tell apart."""
    names = {facts.rows.names[other] for other in np.flatnonzero(facts.is_together[index])}
    if column is not None and facts.model is not None:
        aliased = facts.model.fit.aliased[column]
        names |= {name for name, other in facts.model.position.items() if aliased[other]}
    return tuple(sorted(names - {facts.rows.names[index]}))


def _estimate(facts: _Facts, column: int, treatment: str) -> Estimate | None:
    """None where the diary cannot tell the coefficient, or not how sure it is."""
    model = facts.model
    effect = None if model is None else model.fit.effect(column)
    if model is None or effect is None:
        return None
    strict = None if model.strict is None else model.strict.effect(column)
    by_coin = as_randomised(facts.tosses, facts.rows, treatment)
    return Estimate(effect.difference, effect.se, effect.degrees, strict, by_coin)
