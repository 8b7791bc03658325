"""What the first sessions and weeks look like when nothing works: figures for the few-session card.

Each is a share of invented diaries, to be said beside somebody's own few sessions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from tests.comparisons.engine.courses import PER_DAY, PER_HOUR, course
from tests.comparisons.engine.people import CASES, Case
from tests.comparisons.engine.simulator import simulate

FIRST = 5
FADING = next(case for case in CASES if case.recovery)
STEADY = CASES[0].with_nothing_working
LOOKED_AT = np.array([9, 14, 20]) * PER_HOUR


def first_sessions(seeds: Iterable[int]) -> list[tuple[bool, bool]]:
    """Of the first five rated sessions of each treatment: fell a point on average; every time."""
    return [each for seed in seeds for each in _first_sessions(replace(STEADY, days=120), seed)]


def _first_sessions(case: Case, seed: int) -> Iterator[tuple[bool, bool]]:
    sessions = simulate(case, seed).sessions
    for name in case.effects:
        own = [s for s in sessions if name in s.treatments and s.after is not None][:FIRST]
        if len(own) == FIRST:
            falls = [s.before - s.after for s in own]
            yield sum(falls) / FIRST >= 1, min(falls) > 0


def is_lower_six_weeks_later(case: Case, seeds: Iterable[int]) -> list[bool]:
    """Whether the week six weeks after the worst day of three weeks is a point or more lower.

    Each week is that of seven days, of whose worst ratings the mean is taken.
    """
    return [_is_lower(replace(case, days=84), seed) for seed in seeds]


def _is_lower(case: Case, seed: int) -> bool:
    rng = np.random.default_rng([seed, *case.name.encode()])
    days = course(case, rng)[: case.days * PER_DAY].reshape(case.days, PER_DAY)
    rated = np.clip(np.round(days[:, LOOKED_AT] + rng.normal(0, case.noise_sd, (84, 3))), 0, 10)
    worst = rated.max(axis=1)
    at = int(worst[:21].argmax())
    return bool(worst[at : at + 7].mean() - worst[at + 42 : at + 49].mean() >= 1)
