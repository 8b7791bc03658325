"""The day after days with a treatment and after days without. Counting only; no Django."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

MEASURES = ("leg_pain", "sleep", "stress", "energy", "headache", "muscle_tension")
SCALE = 11


def next_day(
    with_it: Collection[date],
    written: Collection[date],
    first_ratings: Mapping[date, Mapping[str, int | None]],
) -> dict[str, dict[str, list[int]]]:
    """Per measure how often each rating from 0 to 10 was given, after days with and without.

    ``with_it`` are the diary days with a session of the treatment, ``written`` all diary days
    with any entry; a day without any entry belongs to neither kind, for nobody knows what was
    done on it. ``first_ratings`` are each day's first check-in: it is nearest to the night and
    before most of what that day holds. Day D counts by the first check-in of day D + 1; where
    there is none, or it leaves a measure out, D does not count for it (missing stays missing).
    Ratings are whole NRS points; for sleep and energy higher is better, else lower.
    """
    counts = {measure: {"with": [0] * SCALE, "without": [0] * SCALE} for measure in MEASURES}
    for day in set(written) | set(with_it):
        kind = "with" if day in with_it else "without"
        ratings = first_ratings.get(day + timedelta(days=1), {})
        for measure in MEASURES:
            rating = ratings.get(measure)
            if rating is not None:
                counts[measure][kind][rating] += 1
    return counts


def mean_of(counts: list[int]) -> float | None:
    """The mean rating in NRS points of such counts; None where there is no rating."""
    n = sum(counts)
    return sum(rating * times for rating, times in enumerate(counts)) / n if n else None
