"""What a handful of sessions is worth: how rare their order is, and what a self-test would take.

Counts and shares alone, never a verdict. No Django.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from apps.comparisons.engine.rows import Session
from apps.treatments.pace import PACE_DAYS

Pair = tuple[float, float]  # NRS before and after, 0-10

FEWEST_ORDERS = 20
MOST_PAIRS = 40
PARTS_OF_A_POINT = 1_000_000  # in whole ones of these falls are counted, so that ties are ties


def order(
    sessions: Sequence[Pair | Session], waits: Sequence[Pair | Session]
) -> tuple[int, int] | None:
    """How many relabellings of these pairs have sessions that fall at least as far; of how many.

    `waits` are those the app asked for. The fall is before - after less 0.5 * (before - mean
    before), because high pain falls by itself; its mean over the sessions is what is compared,
    ties counted, the labelling that happened among them. The share is exact.

    Under FEWEST_ORDERS even the cleanest order says nothing: it is worked out, not shown. None
    above 40 pairs: then a self-test or the comparison can answer, and this would only look like
    one.
    """
    pairs = [_pair(each) for each in (*sessions, *waits)]
    treated, orders = len(sessions), math.comb(len(pairs), len(sessions))
    if len(pairs) > MOST_PAIRS:
        return None
    falls = [_fall(pair) for pair in pairs]
    seen, sums = sum(falls[:treated]), _sums_of(falls, treated)
    return sum(ways for total, ways in sums.items() if total >= seen), orders


def _pair(each: Pair | Session) -> Pair:
    """Of a session its two ratings. Raises ValueError where it was not rated again."""
    if not isinstance(each, Session):
        return each
    if each.after is None:
        raise ValueError("A session that was not rated again has no place in an order.")
    return each.before, each.after


def _fall(pair: Pair) -> int:
    """Twice the adjusted fall, less the mean, which is the same in every relabelling.

    A whole number, so that equal sums are equal and can be counted together.
    """
    before, after = pair
    return round((2 * (before - after) - before) * PARTS_OF_A_POINT)


def _sums_of(numbers: Sequence[int], chosen: int) -> Counter[int]:
    """Every sum of `chosen` of the numbers, with in how many ways it comes about.

    Counted number by number over the sums so far, so that 40 choose 20, which is 138 thousand
    million, takes no longer than a page may.
    """
    ways: list[Counter[int]] = [Counter({0: 1}), *(Counter() for _ in range(chosen))]
    for number in numbers:
        for size in range(chosen, 0, -1):
            for total, count in ways[size - 1].items():
                ways[size][total + number] += count
    return ways[chosen]


def weeks_needed(moments: int, sessions_in_28_days: float) -> int | None:
    """Weeks, rounded up, until a self-test has its moments at the pace of the last 28 days.

    None under one session in 28 days: at that pace a test cannot answer.
    """
    if sessions_in_28_days < 1:
        return None
    return math.ceil(moments * PACE_DAYS / 7 / sessions_in_28_days)
