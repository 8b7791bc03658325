"""How many days of diary an effect of 1.5 points takes to be called `probably_helps`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tests.comparisons.engine.simulated.coins import ADAPTIVE, FIVE
from tests.comparisons.engine.simulated.looks import first_help
from tests.comparisons.engine.simulated.people import WORKS, Case
from tests.comparisons.engine.simulated.simulator import simulate

LONGEST = 365
ONE = {"Mat": -1.5}


@dataclass(frozen=True)
class Wanted:
    """A kind of diary in which the mat takes off 1.5 points, and the day it should be said by."""

    case: Case
    most: float | None = None


def _case(name: str, effects: dict[str, float], missing: float = 0.05, **changes) -> Case:
    changes = {"coin": ADAPTIVE, **changes}
    return Case(
        name, days=LONGEST, effects=effects, missing=missing, missing_waits=missing, **changes
    )


WANTED = (
    Wanted(_case("one treatment", ONE), 65),
    Wanted(_case("three treatments", WORKS), 125),
    Wanted(_case("one treatment, 45 % of asks skipped", ONE, skipped=0.45), 110),
    Wanted(_case("one treatment, 15 % missing", ONE, missing=0.15)),
    Wanted(_case("three treatments, 45 % of asks skipped", WORKS, skipped=0.45)),
    Wanted(_case("one treatment, waits only when asked", ONE, wait_share=0.0)),
    Wanted(_case("one treatment, waits only when asked, one in 5", ONE, wait_share=0.0, coin=FIVE)),
)


def first_days(case: Case, seeds: Iterable[int]) -> list[float]:
    return [first_help(simulate(case, seed), "Mat") for seed in seeds]


def median_day(days: list[float]) -> tuple[float, float]:
    """Median and its standard error, by the ranks half a square root of n to either side."""
    ranked, n = np.sort(days), len(days)
    step = math.sqrt(n) / 2
    low = ranked[max(math.floor(n / 2 - step), 0)]
    high = ranked[min(math.ceil(n / 2 + step), n - 1)]
    median = float(ranked[n // 2])
    return median, float(high - low) / 2 if math.isfinite(high) else 0.0
