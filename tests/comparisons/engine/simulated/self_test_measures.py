"""How often a planned self-test finds what is there, and what is not: method, sections 4 and 9.

Invented people as in the simulator, but only at the instants at which they look at their pain:
two Ornstein-Uhlenbeck processes around a level, exact between any two instants. Every eligible
moment draws the next letter of a sealed order; relief fades with its half-life, also into the
next moment.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Iterator

import numpy as np

from apps.comparisons.engine.measured import SELF_TEST_HELPS
from apps.comparisons.engine.self_test import ENOUGH_EVIDENCE, Moment, Result, analyse, letters
from tests.comparisons.engine.simulated.measures import Figure
from tests.comparisons.engine.simulated.simulator import Case
from tests.comparisons.engine.simulated.weeks_measures import PRINTED_WITHIN, share

RESTLESS = Case("restless pain", missing=0.05, fast_sd=1.8)
QUIETER = Case("quieter pain", missing=0.05)
PEOPLE = {"restless": RESTLESS, "quieter": QUIETER}
LENGTHS = (24, 32, 48)
EFFECTS = (-2.0, -1.5, -1.0, 0.0)
HOURS_APART = 3.0
HIGHEST = 8  # pain up to which a draw may ask for a wait
MOST_RARE, MOST_SURE = 0.055, 0.05  # where nothing works; an e-value promises the second

Key = tuple[str, float, int]  # person, effect, moments


class Pain:
    """Pain on the worse side, which can only be asked for later and later instants (hours)."""

    def __init__(self, case: Case, rng: np.random.Generator) -> None:
        self.case, self.rng, self.now = case, rng, 0.0
        self.level = rng.normal(case.level, case.level_sd)
        self.slow, self.fast = rng.normal(0, case.slow_sd), rng.normal(0, case.fast_sd)
        self.relief = 0.0

    def rated(self, at: float) -> int:
        passed, self.now = at - self.now, at
        self.slow = self._moved(self.slow, self.case.slow_sd, passed / 24 / self.case.slow_days)
        self.fast = self._moved(self.fast, self.case.fast_sd, passed / self.case.fast_hours)
        self.relief *= 2 ** (-passed / self.case.relief_half_life)
        pain = self.level + self.slow + self.fast + self.relief
        return int(min(max(round(pain + self.case.noise_sd * self.rng.standard_normal()), 0), 10))

    def _moved(self, value: float, sd: float, lengths: float) -> float:
        kept = math.exp(-lengths)
        return value * kept + sd * math.sqrt(1 - kept * kept) * self.rng.standard_normal()


def simulated(case: Case, effect: float, moments: int, seed: int) -> list[Moment]:
    """A whole self-test of a treatment that takes `effect` NRS points (negative: less pain)."""
    rng = np.random.default_rng([seed, moments, round(-10 * effect), *case.name.encode()])
    drawn = letters(uuid.UUID(bytes=rng.bytes(16)), moments)
    pain = Pain(case, rng)
    found: list[Moment] = []
    for at in _looks(case, rng):
        if found and at - 24 * found[-1].at_days < HOURS_APART:
            continue
        before = pain.rated(at)
        if before <= HIGHEST and rng.random() < _treats(case, before):
            found.append(_moment(pain, drawn[len(found)], before, at, effect))
        if len(found) == moments:
            return found
    raise AssertionError("looks never end")


def _looks(case: Case, rng: np.random.Generator) -> Iterator[float]:
    """Hours since the start at which the person looks at their pain, between 7 and 22 o'clock."""
    day = 0
    while True:
        looks = 1 + rng.poisson(case.looks - 1)
        yield from (24 * day + hour for hour in sorted(rng.uniform(7, 22, looks).tolist()))
        day += 1


def _treats(case: Case, before: int) -> float:
    return case.treat_most / (1 + math.exp(case.treat_steepness * (case.treat_from - before)))


def _moment(pain: Pain, letter: str, before: int, at: float, effect: float) -> Moment:
    case, rng = pain.case, pain.rng
    median, sd = case.treated_minutes
    later = at + min(max(median * math.exp(rng.normal(0, sd)), 15), 90) / 60
    if letter == "T":  # full by the rating: put in now, less what would fade until then
        pain.rated(later)
        pain.relief += effect
    after = pain.rated(later)
    return Moment(letter, before, None if rng.random() < case.missing else after, at / 24)


def results(key: Key, seeds: Iterable[int]) -> list[Result]:
    person, effect, moments = key
    return [analyse(simulated(PEOPLE[person], effect, moments, seed)) for seed in seeds]


def keys() -> list[Key]:
    return [(person, e, n) for person in PEOPLE for e in EFFECTS for n in LENGTHS]


def figures(key: Key, found: list[Result]) -> list[Figure]:
    """Of tests of one kind: how often they find it; where nothing works, how often falsely so.

    What pages print must be what is measured, to a point in a hundred.
    """
    person, effect, moments = key
    name = f"self-test of {moments}, {person}, {effect:+.1f}"

    def figure(text: str, hits: Iterable[bool], low: float, high: float) -> Figure:
        return Figure(name, text, *share(hits).figure, low, high)

    printed = SELF_TEST_HELPS[effect, moments][list(PEOPLE).index(person)]
    helps = (r.verdict == "helps" for r in found)
    rows = [figure("said to help", helps, printed - PRINTED_WITHIN, printed + PRINTED_WITHIN)]
    if not effect:
        rare = (20 * r.as_extreme <= r.orders for r in found)
        sure = (max(r.e_values) >= ENOUGH_EVIDENCE for r in found)
        rows += [
            figure("a rare order", rare, 0, MOST_RARE),
            figure("e of 20 ever", sure, 0, MOST_SURE),
        ]
    return rows
