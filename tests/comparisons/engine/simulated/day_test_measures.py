"""How often a planned self-test by days finds what is there, and what is not.

The people of `self_test_measures`, who write a check-in in the morning on most days, and once more
in the evening. The treatment is worn or taken all day: from the morning on it takes the same off
at every hour, so that its effect on the day's average is that of the evening, and through the
night it fades with its half-life.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import numpy as np

from apps.comparisons.engine.measured import DAY_TEST_HELPS, DAYS_OF_TEST
from apps.comparisons.engine.self_test import ENOUGH_EVIDENCE, Moment, Result, analyse, letters
from tests.comparisons.engine.simulated.measures import Figure
from tests.comparisons.engine.simulated.self_test_measures import (
    HIGHEST,
    MOST_RARE,
    MOST_SURE,
    PEOPLE,
    Pain,
)
from tests.comparisons.engine.simulated.simulator import Case
from tests.comparisons.engine.simulated.weeks_measures import PRINTED_WITHIN, share

EFFECTS = (-1.5, -1.0, 0.0)
WRITES = 0.85  # share of days with a first check-in
MORNING, EVENING = (7, 11), (18, 22)  # hours between which each check-in is written

Key = tuple[str, float]  # person, effect


def simulated(case: Case, effect: float, seed: int) -> list[Moment]:
    """A whole self-test by days of what takes `effect` NRS points (negative: less pain)."""
    rng = np.random.default_rng([seed, DAYS_OF_TEST, round(-10 * effect), *case.name.encode()])
    drawn = letters(uuid.UUID(bytes=rng.bytes(16)), DAYS_OF_TEST)
    pain = Pain(case, rng)
    found: list[Moment] = []
    day = 0
    while len(found) < DAYS_OF_TEST:
        at = 24 * day + rng.uniform(*MORNING)
        day += 1
        if rng.random() < WRITES and (before := pain.rated(at)) <= HIGHEST:
            found.append(_day(pain, drawn[len(found)], before, at, effect))
    return found


def _day(pain: Pain, letter: str, before: int, at: float, effect: float) -> Moment:
    evening = at - at % 24 + pain.rng.uniform(*EVENING)
    if letter == "T":  # as much in the evening as all day: put in now, and fading from then on
        pain.rated(evening)
        pain.relief += effect
    after = pain.rated(evening)
    is_missing = pain.rng.random() < pain.case.missing
    return Moment(letter, before, None if is_missing else after, at / 24)


def results(key: Key, seeds: Iterable[int]) -> list[Result]:
    person, effect = key
    return [analyse(simulated(PEOPLE[person], effect, seed)) for seed in seeds]


def keys() -> list[Key]:
    return [(person, effect) for person in PEOPLE for effect in EFFECTS]


def figures(key: Key, found: list[Result]) -> list[Figure]:
    """As of a test by sessions: what pages print must be what is measured."""
    person, effect = key
    name = f"self-test of {DAYS_OF_TEST} days, {person}, {effect:+.1f}"

    def figure(text: str, hits: Iterable[bool], low: float, high: float) -> Figure:
        return Figure(name, text, *share(hits).figure, low, high)

    printed = DAY_TEST_HELPS[effect][list(PEOPLE).index(person)]
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
