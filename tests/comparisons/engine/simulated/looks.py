"""What a person sees who looks again and again: the same diary, cut at the end of each day."""

from __future__ import annotations

import datetime
import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import attrgetter, itemgetter

import numpy as np

from apps.comparisons.engine.rows import Ratings, Rows, rows_of
from apps.comparisons.engine.stats import Comparison, compare
from apps.comparisons.engine.verdicts import FEWEST_PAIRS
from tests.comparisons.engine.simulated.simulator import START, Diary

EVERY_THIRD_DAY = 3
YEAR = 365


def until(diary: Diary, day: int) -> Diary:
    """What stood in it at the end of that many days."""
    end = START + datetime.timedelta(days=day)
    return Diary(
        sessions=diary.sessions[: bisect_left(diary.sessions, end, key=attrgetter("started_at"))],
        ratings=diary.ratings[: bisect_left(diary.ratings, end, key=itemgetter(0))],
        truth=diary.truth,
        tosses=diary.tosses[: bisect_left(diary.tosses, end, key=attrgetter("at"))],
    )


def compared(diary: Diary) -> Comparison:
    return compare(diary.sessions, diary.ratings, tosses=diary.tosses)


def looks(diary: Diary, days: int = YEAR, every: int = EVERY_THIRD_DAY) -> Iterator[tuple]:
    """The day, the diary until then and its comparison, where there is enough to compare.

    The diary becomes arrays once, of which each look takes the beginning.
    """
    rows = rows_of(diary.sessions, datetime.UTC)
    ratings = Ratings(
        np.array([at.timestamp() for at, _ in diary.ratings]),
        np.array([value for _, value in diary.ratings], dtype=float),
    )
    for day in range(every, days + 1, every):
        then = until(diary, day)
        known = _beginning(rows, len(then.sessions))
        if np.count_nonzero(~np.isnan(known.after)) >= FEWEST_PAIRS:
            rated = Ratings(*(array[: len(then.ratings)] for array in ratings))
            yield day, then, compare(known, rated, tosses=then.tosses)


def _beginning(rows: Rows, length: int) -> Rows:
    """The first so many sessions, with the names that stand in them."""
    first = rows[np.arange(length)]
    is_named = first.uses.any(axis=0)
    names = tuple(np.array(rows.names)[is_named].tolist())
    return replace(first, names=names, uses=first.uses[:, is_named])


def is_helped(comparison: Comparison) -> bool:
    return any(finding.verdict == "probably_helps" for finding in comparison)


def is_told_apart(comparison: Comparison) -> bool:
    return any(difference.is_told_apart for difference in comparison.differences)


def ever(diary: Diary, is_said: Callable[[Comparison], bool] = is_helped, days: int = YEAR) -> bool:
    return any(is_said(comparison) for _, _, comparison in looks(diary, days))


def first_help(diary: Diary, treatment: str, days: int = YEAR, every: int = 1) -> float:
    """Day at whose end its first `probably_helps` stands; infinite where none does."""
    for day, _, comparison in looks(diary, days, every):
        found = next((f for f in comparison if f.treatment == treatment), None)
        if found and found.verdict == "probably_helps":
            return day
    return math.inf
