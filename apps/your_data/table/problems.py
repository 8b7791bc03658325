"""What is wrong with a file, by line and column, in words."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

MOST_SHOWN, MOST_COUNTED, LONGEST_MESSAGE = 100, 10_000, 500
MOST_ROWS = 100_000  # of a file: twenty-seven entries a day for ten years


class Place(NamedTuple):
    """Where a row begins: the line of the file (the header is line 1); in JSON the entry too."""

    line: int
    entry: int | None = None

    def __str__(self):
        if self.entry is None:
            return str(self.line)
        return _("%(line)s (entry %(entry)s)") % {"line": self.line, "entry": self.entry}


class Problem(NamedTuple):
    place: Place
    column: str
    message: str

    def __str__(self):
        where = _("line %(place)s") % {"place": self.place}
        return ": ".join([", ".join(filter(None, [where, self.column])), self.message])


class TooManyProblemsError(Exception):
    """Reading on would tell nobody anything."""


@dataclass(slots=True)
class Problems:
    """Problems are counted and the first hundred kept: a wrong file has one per cell.

    At ten thousand the file is given up: 20 MB of them would keep the server busy for minutes.
    """

    shown: list[Problem] = field(default_factory=list)
    total: int = 0

    def __bool__(self):
        return self.total > 0

    def add(self, place: Place, column: str, message: str | Promise) -> None:
        self.total += 1
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(Problem(place, column, str(message)[:LONGEST_MESSAGE]))
        if self.is_cut_short:
            raise TooManyProblemsError

    @property
    def is_cut_short(self) -> bool:
        return self.total >= MOST_COUNTED


class UnreadableError(Exception):
    """Nothing after this place can be read."""

    def __init__(self, message, place=Place(1)):  # noqa: B008 (immutable)
        super().__init__(message)
        self.place = place


class RowCount:
    """Counts the rows of one file while they are read, and ends it where there are too many."""

    def __init__(self):
        self.number = 0

    def count(self, place: Place) -> None:
        self.number += 1
        if self.number > MOST_ROWS:
            message = _("This file has more than %(most)s rows. Split it, please.")
            raise UnreadableError(message % {"most": f"{MOST_ROWS:,}"}, place)
