"""Ratings and sides as people elsewhere write them. Raises ValidationError."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.conditions.models import Side
from apps.your_data.table.cells import shown

NOTHING = {"", "-", "–", "—", "/", "n/a", "na", "null", "none", "nan", "k. a.", "k.a."}
WAITED = {"wait", "waiting", "wait and see", "waited", "warten", "gewartet", "abwarten"}
SIDES = {
    "l": Side.LEFT,
    "r": Side.RIGHT,
    "links": Side.LEFT,
    "rechts": Side.RIGHT,
    "beide": Side.BOTH,
    "beidseitig": Side.BOTH,
    "beidseits": Side.BOTH,
}
OF_TEN = r"(?:\s*(?:/|out of|of|von)\s*10)?"
WHOLE = re.compile(rf"([+-]?\d+)(?:[.,]0*)?{OF_TEN}", re.I)
PART = re.compile(rf"[+-]?\d*[.,]\d+{OF_TEN}", re.I)


def is_nothing(cell: str) -> bool:
    return cell.casefold() in NOTHING


def read_rating(cell: str) -> str:
    """A whole number as our own files have it: 7,0 and 7/10 are 7. Nothing is rounded."""
    if is_nothing(cell):
        return ""
    if PART.fullmatch(cell) and not WHOLE.fullmatch(cell):
        message = _("“%(found)s” is no whole number. A rating here is a whole number, 0 to 10.")
        raise ValidationError(message % {"found": shown(cell)})
    match = WHOLE.fullmatch(cell)
    if match and int(match[1][:6]) > 10:
        message = _(
            "“%(found)s” is above 10. A scale that goes to 100 is not the scale of this diary: "
            "a rating here is a whole number, 0 to 10."
        )
        raise ValidationError(message % {"found": shown(cell)})
    return match[1] if match else cell


def read_side(cell: str) -> str:
    """As our own files have it; what is not known here is left for them to refuse."""
    word = cell.casefold()
    return "" if is_nothing(cell) else SIDES.get(word, word)


def read_treatments(cell: str) -> list[str] | None:
    """Names as our own files list them: none for waiting; None where the cell says nothing."""
    if cell.casefold() in WAITED:
        return []
    if is_nothing(cell):
        return None
    names = [name.strip() for name in cell.split(";") if name.strip()]
    return [f"{name} [other]" if name.endswith("]") else name for name in names]
