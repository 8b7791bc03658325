"""What a method says of simulated diaries, and the figures it is judged by.

A figure may miss its limit by two Monte-Carlo standard errors, with the diary as the unit.
Bias and coverage are taken over every estimate that would be shown, also under `too_early`;
verdict rates over the treatments that are past `too_early`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np

from apps.comparisons.engine.regression import fit
from apps.comparisons.engine.stats import compare
from apps.comparisons.engine.verdicts import (
    FEWEST_PAIRS,
    Comparable,
    Counted,
    Estimate,
    Finding,
    Unanswered,
    Waits,
)
from tests.comparisons.engine.simulator import CASES, NOTHING, Case, Diary, simulate

NOT_AT_RANDOM = "40 % missing, not at random"
EVERY_DAY = Case("looking after every entry", days=182, effects=dict(NOTHING))


@dataclass(frozen=True, slots=True)
class Reading:
    """What one treatment of one diary was said to do, beside what it does."""

    treatment: str
    truth: float
    difference: float | None
    low: float | None
    high: float | None
    verdict: str


Method = Callable[[Diary], list[Reading]]


def _reading(diary: Diary, finding: Finding | Unanswered) -> Reading:
    name = finding.treatment
    truth = diary.truth.get(name, float("nan"))
    numbers = (finding.difference, finding.low, finding.high) if finding.estimate else [None] * 3
    return Reading(name, truth, *numbers, finding.verdict)


def against_waiting(diary: Diary) -> list[Reading]:
    """The product's own comparison."""
    return [_reading(diary, finding) for finding in compare(diary.sessions, diary.ratings)]


def before_and_after(diary: Diary) -> list[Reading]:
    """What every other diary does: the change itself, without the waits as a reference."""
    return [_reading(diary, _plain(finding, diary)) for finding in compare(diary.sessions)]


def _plain(finding: Counted, diary: Diary) -> Finding | Unanswered:
    known = {field.name: getattr(finding, field.name) for field in fields(Counted)}
    own = [s for s in diary.sessions if finding.treatment in s.treatments and s.after is not None]
    if len(own) < 2:
        return Unanswered(**known)
    change = np.array([s.after - s.before for s in own], dtype=float)
    day = np.array([s.day.toordinal() for s in own])
    mean = fit(np.ones((len(own), 1)), change, day)
    se = float(np.sqrt(mean.covariance[0, 0]))
    estimate = Estimate(float(mean.coefficients[0]), se, mean.degrees)
    n = len(own)
    alone = {  # nobody asks for waits there
        "pairs": n,
        "waiting": Waits(rated=n, all=n, asked_rated=n, asked=n),
        "comparable": Comparable(pain=n, hour=n, interval=n, all_three=n),
        "together_with": (),
        "is_separable": True,
    }
    return Finding(**known | alone, estimate=estimate)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, its Monte-Carlo standard error and the limits it must keep."""

    case: str
    name: str
    value: float
    se: float
    low: float
    high: float

    def holds(self, allowance: float = 2.0) -> bool:
        slack = allowance * self.se
        return bool(self.low - slack <= self.value <= self.high + slack)


def share_of(flags: Iterable[Iterable[float]]) -> tuple[float, float]:
    """Mean over everything, and its standard error with each inner list (a diary) as the unit."""
    groups = [list(group) for group in flags]
    totals = np.array([sum(group) for group in groups], dtype=float)
    counts = np.array([len(group) for group in groups], dtype=float)
    if not counts.sum():
        return 0.0, 0.0
    mean = totals.sum() / counts.sum()
    return float(mean), float(np.sqrt(((totals - mean * counts) ** 2).sum()) / counts.sum())


def figures(case: Case, diaries: list[list[Reading]]) -> list[Figure]:
    """The figures of section 6 that one case is judged by."""
    shown = [[r for r in diary if r.difference is not None] for diary in diaries]
    answered = [[r for r in diary if r.verdict != "too_early"] for diary in diaries]
    result = []
    if not case.is_missing_if_no_help:
        result += [_bias(case, name, shown) for name in _bias_groups(case)]
        covered = share_of([r.low <= r.truth <= r.high for r in diary] for diary in shown)
        result.append(Figure(case.name, "coverage", *covered, 0.93, 0.98))
        if not any(case.effects.values()):
            below = share_of([r.high < 0 for r in diary] for diary in shown)
            result.append(Figure(case.name, "below zero", *below, 0, 0.05))
    if not any(case.effects.values()):
        for verdict in ("probably_helps", "probably_worse"):
            rate = share_of([r.verdict == verdict for r in diary] for diary in answered)
            result.append(Figure(case.name, verdict, *rate, 0, 0.025))
    return result


def _bias_groups(case: Case) -> list[tuple[str, ...]]:
    """Each treatment that differs from the others; all useless ones are one group."""
    useless = tuple(name for name, points in case.effects.items() if not points)
    return [(name,) for name, points in case.effects.items() if points] + [useless]


def _bias(case: Case, names: tuple[str, ...], shown: list[list[Reading]]) -> Figure:
    errors = ([r.difference - r.truth for r in diary if r.treatment in names] for diary in shown)
    return Figure(case.name, f"bias {'+'.join(names)}", *share_of(errors), -0.10, 0.10)


def looks(diary: Diary) -> Iterator[Finding]:
    """What a person sees who looks after every entry, from the first possible answer on.

    An entry that is no rated session moves no estimate, so only rated ones are looked at.
    """
    for until in range(2 * FEWEST_PAIRS, len(diary.sessions) + 1):
        if diary.sessions[until - 1].after is not None:
            yield from compare(diary.sessions[:until], diary.ratings)


def ever_helped(diary: Diary) -> bool:
    return any(finding.verdict == "probably_helps" for finding in looks(diary))


def all_cases() -> list[Case]:
    return [variant for case in CASES for variant in (case, case.with_nothing_working)]


def run(case: Case, seeds: Iterable[int], method: Method = against_waiting) -> list[list[Reading]]:
    return [method(simulate(case, seed)) for seed in seeds]
