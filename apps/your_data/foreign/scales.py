"""Ratings on a scale that is not this diary's: whole numbers from 0 to 10.

Nothing is converted unless somebody says so, and what was converted says it in its note.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

# No longer than this: a hundred digits are no rating, and no Decimal could be rounded.
NUMBER = re.compile(
    r"\(?([+-]?(?:\d{1,9}(?:[.,]\d{0,9})?|[.,]\d{1,9}))\)?\s*"
    r"(?:%|(?:/|out of|of|von)\s*(\d{1,6}))?",
    re.I,
)
HALF = re.compile(r"\s*½")
SHORT_NAME = re.compile(r"\b[01]\s*(?:-|–|to|bis)\s*[345]\b|/\s*[345]\b", re.I)
ENOUGH = 10  # ratings, to wonder that none is above 4
LOW = 4
A_FIFTH = 5


class Trouble(StrEnum):
    """What is unusual about the ratings of a column."""

    HALF = "half"  # 6.5
    HUNDRED = "hundred"  # 0 to 100
    SHORT = "short"  # 0 to 4 or 5


class How(StrEnum):
    """What becomes of such ratings."""

    UP = "up"  # rounded, halves up
    DOWN = "down"  # rounded, halves down
    TENTH = "tenth"  # divided by ten and rounded, halves up
    NOTE = "note"
    OUT = "out"
    AS_IS = "as_is"


ANSWERS = {
    Trouble.HALF: (How.UP, How.DOWN, How.OUT),
    Trouble.HUNDRED: (How.TENTH, How.AS_IS, How.NOTE, How.OUT),
    Trouble.SHORT: (How.NOTE, How.AS_IS, How.OUT),
}


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column of ratings: its numbers, and its words, each once."""

    trouble: Trouble | None
    words: tuple[str, ...]


def number_of(cell: str) -> tuple[Decimal, int | None] | None:
    """The number, and what it is out of where the cell says it: 3/4 is 3 of 4, 6½ is 6.5."""
    match = NUMBER.fullmatch(HALF.sub(".5", cell))
    if not match:
        return None
    return Decimal(match[1].replace(",", ".")), int(match[2]) if match[2] else None


def is_above_low(cell: str) -> bool:
    found = number_of(cell)
    return found is not None and found[0] > LOW


def looked_at(name: str, cells: Iterable[str], *, is_whole_scale: bool = False) -> Column:
    """What the column of this name holds; ``cells`` are those that say something.

    ``is_whole_scale``: another column shows that low numbers here are low on the same scale.
    """
    words: dict[str, bool] = {}
    numbers: list[Decimal] = []
    scales: set[int | None] = set()
    for cell in cells:
        found = number_of(cell)
        if found is None:
            words[cell] = True
        else:
            numbers.append(found[0])
            scales.add(found[1])
    return Column(_trouble(name, numbers, scales, is_whole_scale), tuple(words))


def _trouble(
    name: str, numbers: list[Decimal], scales: set[int | None], is_whole_scale: bool
) -> Trouble | None:
    if not numbers:
        return None
    above = sum(10 < number <= 100 for number in numbers)
    if 100 in scales or above * A_FIFTH >= len(numbers):
        return Trouble.HUNDRED
    is_low = len(numbers) >= ENOUGH and 0 <= min(numbers) <= max(numbers) <= LOW
    is_low = is_low and not is_whole_scale
    if scales & {3, 4, 5} or SHORT_NAME.search(name) or is_low:
        return Trouble.SHORT
    if any(number % 1 for number in numbers):
        return Trouble.HALF
    return None


def converted(cell: str, how: How) -> str | None:
    """The rating that is stored, 0 to 10; None where it is none by this answer.

    What no answer can mend, such as -1, stays as it is, to be refused.
    """
    found = number_of(cell)
    if found is None or found[0] < 0 or how in (How.NOTE, How.OUT):
        return None
    number = found[0] / 10 if how == How.TENTH else found[0]
    rounding = ROUND_HALF_DOWN if how == How.DOWN else ROUND_HALF_UP
    return str(int(number.quantize(Decimal(1), rounding)))
