"""Invented diaries whose truth is known, to measure how often the comparison is wrong.

Pain on the worse side is a slow and a fast autocorrelated process (Ornstein-Uhlenbeck) around a
level, plus what a case adds: a trend, flares, a daily rhythm, a second side. A rating is that
pain plus rating noise, rounded and clipped to 0..10. People look at their pain a few times a
day, treat mostly when it is bad, sometimes wait, are sometimes asked to wait, and do not always
rate again.

The truth of a treatment in a diary is the mean, over its sessions that were rated again, of what
the same moment would have been rated with and without it, in the mean over the rating noise and
on the same rounded and clipped scale.
"""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.signal import lfilter
from scipy.special import ndtr

from apps.comparisons.engine.stats import Session

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
STEP = 5  # minutes between two points of the pain's course
PER_HOUR, PER_DAY = 60 // STEP, 24 * 60 // STEP
ONSET = 20 // STEP

WORKS = {"Mat": -1.5, "Heat": -0.7, "Stretching": 0.0}
NOTHING = {"Mat": 0.0, "Heat": 0.0, "Stretching": 0.0}


@dataclass(frozen=True)
class Case:
    """One kind of person and diary. Pain in NRS points; effects negative = less pain."""

    name: str
    days: int = 91
    effects: dict[str, float] = field(default_factory=lambda: dict(WORKS))
    is_proportional: bool = False  # effects are then per 5 points of the pain of the moment
    relief_half_life: float = 2.0  # hours, after the rating
    level: float = 4.6
    level_sd: float = 0.6  # between people
    slow_sd: float = 1.2
    slow_days: float = 7.0
    fast_sd: float = 1.4
    fast_hours: float = 2.0
    noise_sd: float = 0.5
    trend: float = 0.0  # per 30 days
    recovery: float = 0.0  # height of the peak at the start, gone by 1/e every 30 days
    flares: float = 0.0  # per 30 days, 3 points high, half gone after 8 hours
    rhythm: float = 0.0  # amplitude over the day, highest at 20:00
    is_evening_user: bool = False
    has_sides: bool = False
    treat_from: float = 5.5  # rating at which treating is as likely as it is not
    treat_steepness: float = 0.9  # per point
    treat_most: float = 0.75
    wait_share: float = 0.25  # of moments when nothing is done otherwise
    wait_fades: float = 0.0  # how much rarer waiting gets per point above 3
    asked_share: float = 0.20
    looks: float = 2.8  # a day
    missing: float = 0.15
    missing_waits: float = 0.15
    is_missing_if_no_help: bool = False
    treated_minutes: tuple[float, float] = (45.0, 0.25)  # median, sd of its log
    wait_minutes: tuple[float, float] = (45.0, 0.25)
    second_treatment: float = 0.0  # share of sessions with two
    always_together: tuple[str, ...] = ()
    gives_up: bool = False  # about half of the voluntary waits

    @property
    def with_nothing_working(self) -> Case:
        return replace(
            self, name=f"{self.name}, nothing works", effects=dict.fromkeys(self.effects, 0.0)
        )


@dataclass(frozen=True)
class Diary:
    sessions: list[Session]
    ratings: list[tuple[datetime.datetime, float]]
    truth: dict[str, float]


def expected_rating(pain: float, noise_sd: float) -> float:
    """Mean of round(pain + noise) clipped to 0..10."""
    return float(ndtr((pain - np.arange(0.5, 10)) / noise_sd).sum())


def simulate(case: Case, seed: int) -> Diary:
    return _Person(case, np.random.default_rng([seed, *case.name.encode()])).write()


def _autocorrelated(rng: np.random.Generator, n: int, sd: float, steps: float) -> np.ndarray:
    kept = math.exp(-1 / steps)
    shocks = rng.standard_normal(n) * sd * math.sqrt(1 - kept**2)
    shocks[0] = rng.standard_normal() * sd
    return lfilter([1.0], [1.0, -kept], shocks)


def _course(case: Case, rng: np.random.Generator) -> np.ndarray:
    """Pain on the worse side without any treatment, every five minutes."""
    n = (case.days + 1) * PER_DAY
    day = np.arange(n) / PER_DAY
    pain = rng.normal(case.level, case.level_sd) + case.trend * (day - case.days / 2) / 30
    pain += case.recovery * np.exp(-day / 30)
    pain += _autocorrelated(rng, n, case.slow_sd, case.slow_days * PER_DAY)
    pain += case.rhythm * np.cos(2 * np.pi * (day % 1 - 20 / 24))
    for start in np.flatnonzero(rng.random(n) < case.flares / 30 / PER_DAY):
        pain[start:] += 3 * np.exp2(-np.arange(n - start) / (8 * PER_HOUR))
    fast = _autocorrelated(rng, n, case.fast_sd, case.fast_hours * PER_HOUR)
    if not case.has_sides:
        return pain + fast
    other = _autocorrelated(rng, n, case.fast_sd, case.fast_hours * PER_HOUR)
    is_switched = np.repeat(np.cumsum(rng.random(case.days + 1) < 0.1) % 2, PER_DAY)
    return pain + np.maximum(fast - 2.5 * is_switched, other - 2.5 * (1 - is_switched))


class _Person:
    def __init__(self, case: Case, rng: np.random.Generator) -> None:
        self.case, self.rng = case, rng
        self.pain = _course(case, rng)
        self.names = list(case.effects)
        self.sessions: list[Session] = []
        self.ratings: list[tuple[datetime.datetime, float]] = []
        self.effects: dict[str, list[float]] = defaultdict(list)

    def write(self) -> Diary:
        for day in range(self.case.days):
            free_from = 0
            looks = 1 + self.rng.poisson(self.case.looks - 1)
            for at in np.sort(self.rng.integers(7 * PER_HOUR, 22 * PER_HOUR, looks)):
                if at >= free_from:
                    free_from = self.look(day * PER_DAY + int(at)) - day * PER_DAY + PER_HOUR
        truth = {name: float(np.mean(each)) for name, each in self.effects.items()}
        return Diary(self.sessions, self.ratings, truth)

    def rate(self, at: int) -> int:
        noisy = self.pain[at] + self.rng.normal(0, self.case.noise_sd)
        return int(min(max(round(noisy), 0), 10))

    def look(self, at: int) -> int:
        """What the person does about the pain now; returns when they are free again."""
        case, rng, before = self.case, self.rng, self.rate(at)
        treats, waits = self.habits(before, at)
        if rng.random() < treats:
            if before <= 8 and rng.random() < case.asked_share and rng.random() < 0.8:
                return self.wait(at, before, is_asked=True)
            return self.treat(at, before)
        if rng.random() < waits:
            return self.wait(at, before, is_asked=False)
        if rng.random() < 0.5:
            self.ratings.append((_moment(at), before))
        return at

    def habits(self, before: int, at: int) -> tuple[float, float]:
        """Chances of treating and, if not, of waiting: they know the rating and the hour only."""
        case = self.case
        treats = case.treat_most / (1 + math.exp(case.treat_steepness * (case.treat_from - before)))
        waits = case.wait_share * math.exp(-case.wait_fades * max(before - 3, 0))
        if case.is_evening_user:
            is_evening = at % PER_DAY >= 17 * PER_HOUR
            treats *= 1.4 if is_evening else 0.4
            waits *= 0.5 if is_evening else 1.3
        return treats, waits

    def treat(self, at: int, before: int) -> int:
        case, rng = self.case, self.rng
        used = self.choose()
        after_at = at + self.steps(case.treated_minutes)
        without = self.pain[after_at]
        scale = self.pain[at] / 5 if case.is_proportional else 1.0
        relief = {name: case.effects[name] * max(scale, 0.0) for name in used}
        self.relieve(at, after_at, sum(relief.values()))
        after = self.rate(after_at)
        missing = case.missing
        if case.is_missing_if_no_help:
            missing = 0.10 if after < before else 0.66
        if rng.random() < missing:
            self.add(at, used, before)
            return after_at
        self.add(at, used, before, after, after_at)
        total = expected_rating(without + sum(relief.values()), case.noise_sd)
        for name in used:
            rest = without + sum(points for other, points in relief.items() if other != name)
            self.effects[name].append(total - expected_rating(rest, case.noise_sd))
        return after_at

    def choose(self) -> tuple[str, ...]:
        case, rng = self.case, self.rng
        first = self.names[
            max(rng.integers(len(self.names) + 1) - 1, 0)
        ]  # the first is the favourite
        if first in case.always_together:
            return case.always_together
        if rng.random() < case.second_treatment:
            second = self.names[rng.integers(len(self.names))]
            return tuple({first: 0, second: 0})
        return (first,)

    def relieve(self, at: int, after_at: int, points: float) -> None:
        """Full by the rating after (at the latest 20 minutes in), then fading."""
        if points:
            time = np.arange(1, min(10 * PER_DAY, len(self.pain) - at))
            fading = np.maximum(time - (after_at - at), 0)
            shape = np.minimum(time / min(ONSET, after_at - at), 1)
            shape *= np.exp2(-fading / (self.case.relief_half_life * PER_HOUR))
            self.pain[at + 1 : at + 1 + len(time)] += points * shape

    def wait(self, at: int, before: int, *, is_asked: bool) -> int:
        case, rng = self.case, self.rng
        if case.gives_up and not is_asked:
            soon = at + int(rng.integers(3, 8))
            then = self.rate(soon)
            if then >= before and rng.random() < 0.75:
                self.add(at, (), before, then, soon)
                return self.treat(soon, then)
        after_at = at + self.steps(case.wait_minutes)
        if rng.random() < case.missing_waits:
            self.add(at, (), before, is_asked=is_asked)
        else:
            self.add(at, (), before, self.rate(after_at), after_at, is_asked=is_asked)
        return after_at

    def steps(self, minutes: tuple[float, float]) -> int:
        median, sd = minutes
        drawn = median * math.exp(self.rng.normal(0, sd))
        return round(min(max(drawn, 15), 470) / STEP)

    def add(
        self,
        at: int,
        used: tuple[str, ...],
        before: int,
        after: int | None = None,
        after_at: int | None = None,
        *,
        is_asked: bool = False,
    ) -> None:
        moment = _moment(at)
        later = None if after_at is None else _moment(after_at)
        self.sessions.append(Session(moment, used, before, after, later, is_asked, moment.date()))


def _moment(at: int) -> datetime.datetime:
    return START + datetime.timedelta(minutes=at * STEP)


FIVE = {"Mat": -1.5, "Heat": -0.7, "Stretching": 0.0, "Massage": -1.0, "Gel": 0.0}

CASES = (
    Case("default"),
    Case(
        "strong treat-when-bad",
        treat_from=6.2,
        treat_steepness=2.0,
        treat_most=0.9,
        wait_fades=0.3,
    ),
    Case("recovery from a peak", level=2.8, recovery=4.5),
    Case("rising trend", trend=1.0),
    Case("flares", level=3.8, flares=6),
    Case("evening users", rhythm=1.0, is_evening_user=True),
    Case("slow heavy swings", slow_sd=2.3, slow_days=10),
    Case("side switching", has_sides=True),
    Case("floor (mild pain)", level=2.0, treat_from=3.5, level_sd=0.4),
    Case("effect proportional to pain", is_proportional=True),
    Case("carry-over of a day", relief_half_life=12.0),
    Case("40 % missing at random", missing=0.40, missing_waits=0.40),
    Case("40 % missing, not at random", is_missing_if_no_help=True),
    Case("unequal intervals", treated_minutes=(60.0, 0.45), wait_minutes=(45.0, 0.45)),
    Case("one month", days=30),
    Case("two months", days=61),
    Case("six months", days=182),
    Case("twelve months", days=365),
    Case("two treatments per session", second_treatment=0.5),
    Case("five treatments", effects=dict(FIVE), treat_most=0.9),
    Case("half the waits given up early", gives_up=True),
)
