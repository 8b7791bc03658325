"""Which treatments are not told apart, said as shortly as it can be: twenty have 190 pairs."""

from collections.abc import Iterable
from itertools import groupby

from apps.comparisons.engine.comparison import Comparison

MOST_PAIRS = 3  # that are named at a glance


def told_apart(comparison: Comparison) -> dict[str, object]:
    """Pairs for a glance, and for many of them the shorter half in ``groups``.

    ``groups`` are those told apart where ``is_by_difference``, else those that are not; each a
    name with the names that come after it.
    """
    pairs, is_none = comparison.not_told_apart(), comparison.is_none_told_apart()
    apart = [(each.first, each.second) for each in comparison.differences if each.is_told_apart]
    is_by_difference = len(apart) < len(pairs)
    return {
        "pairs": pairs,
        "is_none": is_none,
        "are_many": not is_none and len(pairs) > MOST_PAIRS,
        "is_by_difference": is_by_difference,
        "groups": in_groups(apart if is_by_difference else pairs),
    }


def in_groups(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Every first name once, with its seconds, in the order in which they come."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    return [
        (first, [second for _first, second in own])
        for first, own in groupby(ordered, key=lambda pair: pair[0])
    ]
