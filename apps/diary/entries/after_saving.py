"""What an entry brings back at once is told by the apps above, which the diary does not know.

Each adds its tellers when it is ready; a teller takes the entry and returns HTML.
"""

from collections.abc import Callable

from apps.diary.models import Entry
from apps.treatments.models import Treatment

Teller = Callable[[Entry], str]
TELLERS: list[Teller] = []  # in a line below "saved"
LOOKING_BACK: list[Callable[[Treatment], str]] = []  # on Today, on the day of looking back
SO_FAR: list[Callable[..., str]] = []  # on Today, of its person and page
BESIDE_A_RATING: list[Teller] = []  # on the page of a session just rated again


def told(tellers: list, *things) -> list[str]:
    return [tell(*things) for tell in tellers]
