"""What is wrong with a file, by line and column, in words."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

MOST_SHOWN, MOST_COUNTED, LONGEST_MESSAGE = 100, 10_000, 500
MOST_NAMED = 5  # spans of lines that have the same problem
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


@dataclass(slots=True)
class Same:
    """One problem, and all the places at which the file has it: as long as it is, one line."""

    column: str
    message: str
    places: list[Place] = field(default_factory=list)

    def __str__(self):
        return str(Problem(self.where, self.column, self.message))

    @property
    def where(self) -> str:
        """Lines that follow one another as a span: 2–18, 20."""
        lines = [place.line for place in self.places]
        if len(lines) == 1 or len(set(lines)) < len(lines):  # JSON may be all one line
            return self._named([str(place) for place in self.places])
        spans: list[list[int]] = []
        for line in lines:
            if spans and line <= spans[-1][1] + 1:
                spans[-1][1] = line
            else:
                spans.append([line, line])
        return self._named([str(a) if a == b else f"{a}–{b}" for a, b in spans])

    def _named(self, places):
        named = ", ".join(places[:MOST_NAMED])
        more = len(places) - MOST_NAMED
        return named if more < 1 else _("%(lines)s and more") % {"lines": named}


class TooManyProblemsError(Exception):
    """Reading on would tell nobody anything."""


@dataclass(slots=True)
class Problems:
    """Problems are counted and the first hundred kept: a wrong file has one per cell.

    At ten thousand the file is given up: 20 MB of them would keep the server busy for minutes.
    ``about_file`` is what is wrong with it as a whole, and with none of its lines.
    """

    shown: list[Problem] = field(default_factory=list)
    total: int = 0
    kinds: dict[tuple[str, str], Same] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    is_unreadable: bool = False
    about_file: str = ""

    def __bool__(self):
        return self.total > 0

    def add(self, place: Place, column: str, message: str | Promise) -> None:
        self.total += 1
        problem = Problem(place, column, str(message)[:LONGEST_MESSAGE])
        self.places.add(place)
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(problem)
        kind = problem[1:]
        if kind in self.kinds or len(self.kinds) < MOST_SHOWN:
            self.kinds.setdefault(kind, Same(*kind)).places.append(place)
        if self.is_cut_short:
            raise TooManyProblemsError

    def refuse(self, error: "UnreadableError") -> None:
        """No more can be read of the file, or nothing of it."""
        if error.place is None:
            self.about_file = str(error)
        self.add(error.place or Place(1), "", str(error))

    def end(self, place: Place, message: str | Promise) -> None:
        """What is below this place cannot be read: no row can be left out for that."""
        self.is_unreadable = True
        self.add(place, "", message)

    @property
    def is_of_rows(self) -> bool:
        """Whether the rows without a problem could come in without the others."""
        return not (self.is_unreadable or self.is_cut_short)

    @property
    def each_once(self) -> list[Same]:
        """What is wrong, equal problems together: the first hundred of them."""
        return list(self.kinds.values())

    @property
    def told(self) -> int:
        """How many problems ``each_once`` tells of."""
        return sum(len(same.places) for same in self.kinds.values())

    @property
    def is_cut_short(self) -> bool:
        return self.total >= MOST_COUNTED


class UnreadableError(Exception):
    """Nothing after this place can be read; without one, nothing at all."""

    def __init__(self, message, place=None):
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
