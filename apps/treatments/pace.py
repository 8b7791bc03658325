"""From when on a person's own pace is known. No Django: the engine asks too.

"At your pace" goes by the last four weeks, or by the days there are while they are fewer: four
weeks as the divisor of two weeks' sessions would promise twice the time. One session on the first
day would make years of it.
"""

PACE_DAYS = 28
SHORTEST_PACE_DAYS = 14


def is_pace_known(days: float) -> bool:
    """Whether so many days have shown it: from the first session on, it and today included."""
    return days >= SHORTEST_PACE_DAYS


def in_28_days(counted: int, days: float) -> float:
    """How many a person's pace makes in 28 days, of those counted in the last 28.

    ``days`` from the first on, it and today included; 0 where there is none.
    """
    return counted * PACE_DAYS / min(max(days, 1), PACE_DAYS)
