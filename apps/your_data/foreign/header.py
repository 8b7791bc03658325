"""In which line of a file from elsewhere the names of its columns stand, if in any."""

import re

NO_HEADER = -1  # no line has names: the first is a row already
# A number, a day or a time begins with a digit, or with a month and then one.
VALUE = re.compile(r"[+-]?\d|[^\W\d]{3,10}\.?\s+\d", re.S)


def guessed_header(rows: list[list[str]]) -> int:
    """Which of the first rows names the columns, from 0; ``NO_HEADER`` where none does.

    Names hold no value, and a row with one follows. Titles have one cell only, and a list that
    stands above the table has fewer columns than it.
    """
    named = [number for number, cells in enumerate(rows) if _are_names(cells)]
    before_values = [n for n in named if n + 1 < len(rows) and _has_value(rows[n + 1])]
    if before_values:
        return before_values[0]
    if named:
        return max(named, key=lambda number: (_filled(rows[number]), -number))
    return NO_HEADER if rows and _has_value(rows[0]) else 0


def _are_names(cells: list[str]) -> bool:
    return _filled(cells) >= 2 and not _has_value(cells)


def _has_value(cells: list[str]) -> bool:
    return any(VALUE.match(cell.strip()) for cell in cells)


def _filled(cells: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)
