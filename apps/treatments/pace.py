"""From when on a person's own pace is known. No Django: the engine asks too.

"At your pace" goes by the last four weeks. One session on the first day would make years of it.
"""

PACE_DAYS = 28
SHORTEST_PACE_DAYS = 14


def is_pace_known(days: float) -> bool:
    """Whether so many days have shown it: from the first session on, it and today included."""
    return days >= SHORTEST_PACE_DAYS
