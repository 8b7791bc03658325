"""Invented diaries whose truth is known, to measure how often the comparison is wrong.

People look at their pain a few times a day, treat mostly when it is bad, sometimes wait, are
asked by the coin to wait first, and do not always rate again. What else they have a habit of is
in `habits`; the course of the pain is in `courses`.

The truth of a treatment in a diary is the mean, over its sessions that make a pair, of what the
same moment would have been rated with and without it, in the mean over the rating noise and on
the same rounded and clipped scale.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from apps.comparisons.engine.stats import Session, Toss
from tests.comparisons.engine.simulated.coins import one_in
from tests.comparisons.engine.simulated.courses import (
    PER_DAY,
    PER_HOUR,
    STEP,
    course,
    expected_rating,
)
from tests.comparisons.engine.simulated.people import CASES, Case

__all__ = ["CASES", "START", "Case", "Diary", "Person", "simulate"]

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ONSET = 20 // STEP
PAIN_LIMIT = 8  # above it the coin does not ask
FEWEST_SESSIONS = 2  # of a treatment, before the coin asks about it
QUIET_AFTER_WAIT = 2 * PER_HOUR


@dataclass(frozen=True)
class Diary:
    sessions: list[Session]
    ratings: list[tuple[datetime.datetime, float]]
    truth: dict[str, float]
    tosses: list[Toss]


def simulate(case: Case, seed: int, person: type[Person] | None = None) -> Diary:
    return (person or Person)(case, np.random.default_rng([seed, *case.name.encode()])).write()


class Person:
    """Somebody who treats by the rating and the hour alone; habits change one of these ways."""

    def __init__(self, case: Case, rng: np.random.Generator) -> None:
        self.case, self.rng = case, rng
        self.pain = course(case, rng)
        self.names = list(case.effects)
        self.sessions: list[Session] = []
        self.ratings: list[tuple[datetime.datetime, float]] = []
        self.tosses: list[Toss] = []
        # Of each pair of a treatment, what the pain was and what it would have been without it.
        self.effects: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.used: Counter[str] = Counter()
        self.asked_pairs, self.quiet_until = 0, 0

    def write(self) -> Diary:
        for day in range(self.case.days):
            free_from = 0
            looks = 1 + self.rng.poisson(self.case.looks - 1)
            for at in sorted(self.rng.integers(7 * PER_HOUR, 22 * PER_HOUR, looks).tolist()):
                if at >= free_from:
                    free_from = self.look(day * PER_DAY + at) - day * PER_DAY + PER_HOUR
        truth = {name: self.truth_of(pains) for name, pains in self.effects.items()}
        return Diary(self.sessions, self.ratings, truth, self.tosses)

    def truth_of(self, pains: list[tuple[float, float]]) -> float:
        """Of all pairs at once: one by one, this took as long as to write them down."""
        total, rest = expected_rating(np.array(pains), self.case.noise_sd).T
        return float(np.mean(total - rest))

    def rate(self, at: int, kindness: float = 0.0) -> int:
        noisy = self.pain[at] - kindness + self.case.noise_sd * self.rng.standard_normal()
        return int(min(max(round(noisy), 0), 10))

    def look(self, at: int) -> int:
        """What the person does about the pain now; returns when they are free again."""
        before = self.rate(at)
        treats, waits = self.chances(before, at)
        if self.rng.random() < treats:
            return self.start(at, before)
        if self.rng.random() < waits:
            return self.wait(at, before, self.case.wait_minutes[0])
        if self.rng.random() < 0.5:
            self.ratings.append((moment(at), before))
        return at

    # Ways that a habit may change

    def chances(self, before: int, at: int) -> tuple[float, float]:
        """Of treating and, if not, of waiting unasked."""
        case = self.case
        treats = case.treat_most / (1 + math.exp(case.treat_steepness * (case.treat_from - before)))
        waits = case.wait_share * math.exp(-case.wait_fades * max(before - 3, 0))
        if case.is_evening_user:
            is_evening = at % PER_DAY >= 17 * PER_HOUR
            treats *= 1.4 if is_evening else 0.4
            waits *= 0.5 if is_evening else 1.3
        return treats, waits

    def says_yes(self, at: int) -> bool:
        """To the coin, when it asks to wait first."""
        return self.rng.random() >= self.case.skipped

    def is_unrated(self, used: tuple[str, ...], before: int, after: int) -> bool:
        if used and self.case.is_missing_if_no_help:
            return self.rng.random() < (0.10 if after < before else 0.66)
        return self.rng.random() < (self.case.missing if used else self.case.missing_waits)

    def due_of(self, used: tuple[str, ...]) -> float:
        """Minutes until the app asks to rate again."""
        return self.case.treated_minutes[0]

    def rated_at(self, at: int, used: tuple[str, ...], before: int, due: float) -> int:
        _, spread = self.case.treated_minutes if used else self.case.wait_minutes
        drawn = due * math.exp(spread * self.rng.standard_normal())
        return at + round(min(max(drawn, 15), 470) / STEP)

    def rate_again(self, at: int, used: tuple[str, ...]) -> int:
        return self.rate(at)

    # What is written down

    def start(self, at: int, before: int) -> int:
        """A session, unless the coin asks to wait first and the answer is yes."""
        used = self.choose()
        if before > PAIN_LIMIT or at < self.quiet_until or not self.is_asked_about(used):
            return self.treat(at, before, used)
        chance = one_in(self.asked_pairs, self.case.coin)
        asked = bool(self.rng.random() * chance < 1)
        accepted = asked and self.says_yes(at)
        self.tosses.append(Toss(moment(at), used, asked, accepted, chance))
        if accepted:
            return self.wait(at, before, self.due_of(used), is_asked=True)
        return self.treat(at, before, used)

    def is_asked_about(self, used: tuple[str, ...]) -> bool:
        return all(self.used[name] >= FEWEST_SESSIONS for name in used)

    def choose(self) -> tuple[str, ...]:
        """The first treatment is the favourite."""
        case, rng = self.case, self.rng
        first = self.names[max(rng.integers(len(self.names) + 1) - 1, 0)]
        if first in case.always_together:
            return case.always_together
        if rng.random() < case.second_treatment:
            second = self.names[rng.integers(len(self.names))]
            return tuple({first: 0, second: 0})
        return (first,)

    def treat(self, at: int, before: int, used: tuple[str, ...]) -> int:
        self.used.update(used)
        due = self.due_of(used)
        after_at = self.rated_at(at, used, before, due)
        without = self.pain[after_at]
        scale = self.pain[at] / 5 if self.case.is_proportional else 1.0
        relief = {name: self.case.effects[name] * max(scale, 0.0) for name in used}
        self.relieve(at, after_at, sum(relief.values()))
        after = self.rate_again(after_at, used)
        if self.is_unrated(used, before, after):
            self.add(at, used, before, due)
            return after_at
        self.add(at, used, before, due, after, after_at)
        if is_in_window(at, after_at, due):
            self.keep_truth(without, relief)
        return after_at

    def keep_truth(self, without: float, relief: dict[str, float]) -> None:
        total = without + sum(relief.values())
        for name in relief:
            rest = without + sum(points for other, points in relief.items() if other != name)
            self.effects[name].append((total, rest))

    def relieve(self, at: int, after_at: int, points: float) -> None:
        """Full by the rating after (at the latest 20 minutes in), then fading."""
        if points:
            time = np.arange(1, min(10 * PER_DAY, len(self.pain) - at))
            fading = np.maximum(time - (after_at - at), 0)
            shape = np.minimum(time / min(ONSET, after_at - at), 1)
            shape *= np.exp2(-fading / (self.case.relief_half_life * PER_HOUR))
            self.pain[at + 1 : at + 1 + len(time)] += points * shape

    def wait(self, at: int, before: int, due: float, *, is_asked: bool = False) -> int:
        if self.case.gives_up and not is_asked:
            soon = at + int(self.rng.integers(3, 8))
            then = self.rate(soon)
            if then >= before and self.rng.random() < 0.75:
                self.add(at, (), before, due, then, soon)
                return self.treat(soon, then, self.choose())
        after_at = self.rated_at(at, (), before, due)
        after = self.rate(after_at)
        self.quiet_until = after_at + QUIET_AFTER_WAIT
        if self.is_unrated((), before, after):
            self.add(at, (), before, due, is_asked=is_asked)
        else:
            self.add(at, (), before, due, after, after_at, is_asked=is_asked)
            self.asked_pairs += is_asked and is_in_window(at, after_at, due)
        return after_at

    def add(
        self,
        at: int,
        used: tuple[str, ...],
        before: int,
        due: float,
        after: int | None = None,
        after_at: int | None = None,
        *,
        is_asked: bool = False,
    ) -> None:
        start, later = moment(at), None if after_at is None else moment(after_at)
        self.sessions.append(
            Session(start, used, before, after, later, is_asked, start.date(), due_minutes=due)
        )


def is_in_window(at: int, after_at: int, due: float) -> bool:
    """Whether two points of the course make a pair: 10 minutes to twice the due time, or 90."""
    return 10 <= (after_at - at) * STEP <= max(90, 2 * due)


def moment(at: int) -> datetime.datetime:
    return START + datetime.timedelta(minutes=at * STEP)
