"""Several treatments in one cell: taken apart only where somebody said so."""

import re

from apps.your_data.foreign.values import is_nothing, read_treatments

SIGNS = "|/+&,"
PARTS = re.compile(rf"\s*[{re.escape(SIGNS)};]\s*")


def signs_in(cell: str) -> list[str]:
    """The signs that may stand between two treatments of this cell."""
    return [sign for sign in SIGNS if sign in cell] if len(parts_of(cell)) > 1 else []


def parts_of(cell: str) -> list[str]:
    return [part for part in PARTS.split(cell) if part]


class Treatments:
    """``answers``: ``split``, the cells that hold several, and ``split_signs`` for all others."""

    def __init__(self, answers: dict):
        self.split = set(answers.get("split", []))
        self.signs = set(answers.get("split_signs", []))

    def of(self, cell: str) -> list[str] | None:
        """As our own files list them: none for waiting; None where the cell says nothing."""
        if cell in self.split or not self.signs.isdisjoint(signs_in(cell)):
            return read_treatments(";".join(parts_of(cell)))
        return read_treatments(cell)

    def in_words(self, cell: str) -> str:
        """For a note, where without a rating before it is no session."""
        return "" if is_nothing(cell) else ", ".join(p.strip() for p in cell.split("|"))
