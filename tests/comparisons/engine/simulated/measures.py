"""What a method says of simulated diaries at one look, and the figures it is judged by.

A figure may miss its limit by two Monte-Carlo standard errors, with the diary as the unit.
Bias and coverage are taken over every estimate that would be shown, also under `too_early`;
verdict rates over the treatments that are past `too_early`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from apps.comparisons.engine.regression import always_valid_half_width, t_975
from apps.comparisons.engine.verdicts import FEWEST_PAIRS, Finding, Unanswered
from tests.comparisons.engine.simulated.looks import compared
from tests.comparisons.engine.simulated.people import CASES, Case
from tests.comparisons.engine.simulated.simulator import Diary, simulate

NOT_AT_RANDOM = "40 % missing, not at random"


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


def against_waiting(diary: Diary) -> list[Reading]:
    """The product's own comparison."""
    return [_reading(diary, finding) for finding in compared(diary)]


def _reading(diary: Diary, finding: Finding | Unanswered) -> Reading:
    name, truth = finding.treatment, _truth(diary, finding.treatment)
    if isinstance(finding, Unanswered):
        return Reading(name, truth, None, None, None, finding.verdict)
    return Reading(name, truth, finding.difference, finding.low, finding.high, finding.verdict)


def before_and_after(diary: Diary) -> list[Reading]:
    """What every other diary does: the change itself, without the waits as a reference."""
    names = sorted({name for s in diary.sessions for name in s.treatments})
    return [_plain(diary, name) for name in names]


def _truth(diary: Diary, treatment: str) -> float:
    return diary.truth.get(treatment, float("nan"))


def _plain(diary: Diary, treatment: str) -> Reading:
    """The mean change with the same interval and the same bound for looking every day."""
    own = [s for s in diary.sessions if treatment in s.treatments and s.after is not None]
    truth, days = _truth(diary, treatment), len({s.day for s in own})
    if days < 2:
        return Reading(treatment, truth, None, None, None, "too_early")
    change = np.array([s.after - s.before for s in own], dtype=float)
    mean, se = change.mean(), _se_by_day(change, [s.day for s in own])
    half = se * t_975(max(days - 1, 2))
    is_sure = abs(mean) > always_valid_half_width(se, max(days - 1, 2))
    said = "probably_helps" if mean < 0 else "probably_worse"
    verdict = "too_early" if len(own) < FEWEST_PAIRS else said if is_sure else "cannot_tell"
    return Reading(treatment, truth, mean, mean - half, mean + half, verdict)


def _se_by_day(change: np.ndarray, days: list) -> float:
    """Standard error of the mean when one day is left out at a time."""
    _, day, size = np.unique(
        [day.toordinal() for day in days], return_inverse=True, return_counts=True
    )
    pulls = np.bincount(day, change - change.mean()) / (len(change) - size)
    return float(np.sqrt((pulls**2).sum()))


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
    """The figures that one case is judged by."""
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


def all_cases() -> list[Case]:
    return [variant for case in CASES for variant in (case, case.with_nothing_working)]


def run(case: Case, seeds: Iterable[int], method: Method = against_waiting) -> list[list[Reading]]:
    return [method(simulate(case, seed)) for seed in seeds]
