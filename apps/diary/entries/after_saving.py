"""What an entry brings back at once is told by the apps above, which the diary does not know.

Each adds its teller when it is ready; a teller takes the entry and returns HTML.
"""

from collections.abc import Callable

from apps.diary.models import Entry

Teller = Callable[[Entry], str]
TELLERS: list[Teller] = []


def told(entry: Entry) -> list[str]:
    return [tell(entry) for tell in TELLERS]
