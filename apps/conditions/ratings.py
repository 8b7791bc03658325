"""How often a condition was rated: told by the apps above, which this one does not know.

Each adds its counter when it is ready; a counter takes the condition and returns, by the name
of the scale, how many ratings there are on it.
"""

from collections import Counter
from collections.abc import Callable

from apps.conditions.models import Condition

COUNTERS: list[Callable[[Condition], dict[str, int]]] = []


def rated_in(condition: Condition) -> Counter:
    """Ratings by the names of their scales."""
    return sum((Counter(count(condition)) for count in COUNTERS), Counter())
