"""What weeks, worst days and first sessions do by themselves: method, sections 6, 7 and 9.

Diaries of a rating a day, most days: the simulator's slow course, what the hours add to it and
rating noise, with nothing that works. The person starts something on a day that is the worst of
three weeks, because that is when people do.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from apps.comparisons.engine.measured import (
    FALLS_A_POINT,
    FALLS_EVERY_TIME,
    LOWER_AFTER_SIX_WEEKS,
    LOWER_IN_AN_EPISODE,
)
from apps.comparisons.engine.trend import Before, before_and_since, by_week
from tests.comparisons.engine.simulated.measures import Figure
from tests.comparisons.engine.simulated.simulator import CASES, Case, simulate

RATED = 0.75  # of days
THREE_WEEKS, SIX_WEEKS = 21, 42
AROUND = 3  # days on either side: a week's mean around a day
WEEKS_BEFORE = (6, 8, 12)
WEEKS_JUDGED = range(8)
FEWEST_HELD, MOST_DIRECTIONS = 0.93, 0.08
FIRST_SESSIONS, FIRST_DAYS = 5, 61
PRINTED_WITHIN = 0.01


@dataclass(frozen=True)
class Course(Case):
    """A person whose episode, if they have one, is gone by 1/e every `fades_in` days."""

    fades_in: float = 30.0


STEADY = Course("steady")
FADING = Course("a fading episode", level=2.8, recovery=6.0, fades_in=70)
EPISODE = Course("an episode from its peak", level=2.8, recovery=4.5)


def daily(case: Course, days: int, rng: np.random.Generator) -> np.ndarray:
    """The worse rating of each day, NRS 0-10, before any day is left out."""
    kept = math.exp(-1 / case.slow_days)
    slow = np.empty(days)
    slow[0] = rng.normal(0, case.slow_sd)
    for day, shock in enumerate(rng.normal(0, case.slow_sd * math.sqrt(1 - kept**2), days - 1)):
        slow[day + 1] = kept * slow[day] + shock
    pain = rng.normal(case.level, case.level_sd) + slow
    pain += case.recovery * np.exp(-np.arange(days) / case.fades_in)
    pain += rng.normal(0, math.hypot(case.fast_sd, case.noise_sd), days)
    return np.clip(np.round(pain), 0, 10)


def start_of(pain: np.ndarray, first: int) -> int | None:
    """The first day from `first` on that is worse than each of the three weeks before it."""
    return next(
        (
            day
            for day in range(first, len(pain) - 7 * len(WEEKS_JUDGED))
            if pain[day] > pain[day - THREE_WEEKS : day].max()
        ),
        None,
    )


def weeks_of(case: Course, weeks_before: int, seed: int) -> dict[int, float] | None:
    """Weekly pain from a start; None where no day of the diary makes the person start."""
    rng = np.random.default_rng([seed, weeks_before, *case.name.encode()])
    pain = daily(case, 7 * (weeks_before + 20), rng)
    start = start_of(pain, 7 * weeks_before)
    if start is None:
        return None
    is_rated = rng.random(len(pain)) < RATED
    from_day = start - 7 * weeks_before
    return by_week(
        {day - start: float(pain[day]) for day in range(from_day, len(pain)) if is_rated[day]}
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A share of independent diaries with its Monte-Carlo standard error."""

    value: float
    of: int

    @property
    def error(self) -> float:
        return math.sqrt(max(self.value * (1 - self.value), 1 / self.of) / self.of)

    @property
    def figure(self) -> tuple[float, float]:
        return self.value, self.error


def share(hits: Iterable[bool]) -> Share:
    hits = list(hits)
    return Share(sum(hits) / len(hits), len(hits))


def diaries(case: Course, weeks_before: int, seeds: Iterable[int]) -> Iterator[tuple[dict, Before]]:
    for seed in seeds:
        weeks = weeks_of(case, weeks_before, seed)
        found = weeks and before_and_since(weeks)
        if weeks and found:
            yield weeks, found


def held(case: Course, weeks_before: int, seeds: Iterable[int]) -> dict[int, Share]:
    """Per week since the start: the share of diaries whose week lies in the band."""
    found = list(diaries(case, weeks_before, seeds))
    return {
        week: share(
            band.band(week)[0] <= weeks[week] <= band.band(week)[1]
            for weeks, band in found
            if week in weeks
        )
        for week in WEEKS_JUDGED
    }


def directions(case: Course, weeks_before: int, seeds: Iterable[int]) -> Share:
    return share(band.has_direction for _, band in diaries(case, weeks_before, seeds))


def lower_after_six_weeks(case: Course, seeds: Iterable[int]) -> Share:
    """How often pain, as a week's mean, is a point or more lower six weeks after the worst day.

    The worst day of the first three weeks that have a week around them.
    """
    return share(_fall_from_the_worst_day(case, seed) >= 1 for seed in seeds)


def _fall_from_the_worst_day(case: Course, seed: int) -> float:
    rng = np.random.default_rng([seed, *case.name.encode()])
    pain = daily(case, THREE_WEEKS + SIX_WEEKS + 2 * AROUND, rng)
    worst = AROUND + int(np.argmax(pain[AROUND : AROUND + THREE_WEEKS]))
    then, later = (
        pain[day - AROUND : day + AROUND + 1].mean() for day in (worst, worst + SIX_WEEKS)
    )
    return float(then - later)


def first_falls(seeds: Iterable[int]) -> list[list[float]]:
    """before - after of the first five rated sessions, in every kind of diary; nothing works."""
    found = []
    for case, seed in itertools.product(CASES, seeds):
        diary = simulate(replace(case.with_nothing_working, days=FIRST_DAYS), seed)
        rated = [(s.before, s.after) for s in diary.sessions if s.treatments]
        falls = [before - after for before, after in rated if after is not None][:FIRST_SESSIONS]
        if len(falls) == FIRST_SESSIONS:
            found.append(falls)
    return found


def figures_of_weeks(seeds: Iterable[int]) -> list[Figure]:
    """What the band holds, and how often a direction is claimed: the limits of section 9."""
    seeds, found = list(seeds), []
    for case, weeks_before in itertools.product((STEADY, FADING), WEEKS_BEFORE):
        name = f"{case.name}, {weeks_before} weeks before"
        for week, kept in held(case, weeks_before, seeds).items():
            limit = FEWEST_HELD if case is STEADY else 0
            found.append(Figure(name, f"week {week} in the band", *kept.figure, limit, 1))
        most = MOST_DIRECTIONS if case is STEADY else 1
        claimed = directions(case, weeks_before, seeds).figure
        found.append(Figure(name, "a direction claimed", *claimed, 0, most))
    return found


def figures_of_few_sessions(seeds: Iterable[int]) -> list[Figure]:
    """What pages print of first sessions and worst days, beside what is measured now."""
    seeds = list(seeds)
    falls = first_falls(seeds[: len(seeds) // 10 or 1])  # of each of the simulator's cases
    measured = (
        ("five sessions fall a point", share(fmean(f) >= 1 for f in falls), FALLS_A_POINT),
        ("five sessions fall every time", share(min(f) > 0 for f in falls), FALLS_EVERY_TIME),
        ("lower after six weeks", lower_after_six_weeks(STEADY, seeds), LOWER_AFTER_SIX_WEEKS),
        ("lower after an episode", lower_after_six_weeks(EPISODE, seeds), LOWER_IN_AN_EPISODE),
    )
    return [
        Figure("few sessions", name, *now.figure, as_ - PRINTED_WITHIN, as_ + PRINTED_WITHIN)
        for name, now, as_ in measured
    ]
