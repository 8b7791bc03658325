"""Ratings of a file keep their places: no shoulder becomes a leg because two names are the same."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from apps.conditions.models import Condition
from apps.conditions.places import Places
from apps.diary.models import CheckIn


def misplaced(entry: CheckIn, name: str, said: Places | None, here: Places) -> str | None:
    """What is wrong with a rating that was given in the places ``said`` (None: as they are
    ``here``), where its condition is rated ``here``; None where nothing is.
    """
    if entry.leg_pain is None and entry.back_pain is None:
        return None
    if said and said != here:
        message = _("“%(name)s” is rated in %(said)s in this file, and in %(here)s in your diary.")
        return message % {"name": name, "said": said, "here": here}
    if entry.back_pain is not None and here.second is None:
        message = _("“%(name)s” is rated in one place only: %(here)s.")
        return message % {"name": name, "here": here}
    return None


def refuse_misplaced(
    rows: Iterable[tuple[CheckIn, Condition, Places | None]], refuse: Callable[[int, str], None]
) -> None:
    """Call ``refuse`` with the number of the first such row of each condition, and why."""
    told = set()
    for number, (entry, condition, said) in enumerate(rows):
        message = misplaced(entry, condition.name, said, condition.places)
        if message and condition.pk not in told:
            told.add(condition.pk)
            refuse(number, message)
