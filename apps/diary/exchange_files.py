"""Files of the exchange format: bytes to numbered rows of cells."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.diary.exchange import BY_NAME, FORMAT, NAMES, VERSION, Cell, shown

MOST_SHOWN, MOST_COUNTED, LONGEST_MESSAGE = 100, 10_000, 500
NOT_UTF8 = gettext_lazy("This is not UTF-8 text. Save the file as “CSV UTF-8” and try again.")


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


Rows = Iterator[tuple[Place, dict[str, Cell]]]


def rows_of(data: bytes, problems: Problems) -> Rows:
    """The rows of a CSV or JSON file, without the empty ones; trouble goes to ``problems``."""
    try:
        _refuse_other_encodings(data)
        if re.match(rb"(?:\xef\xbb\xbf)?\s*[{\[]", data):
            yield from _json_rows(data.decode("utf-8-sig"), problems)
        else:
            yield from _csv_rows(data, problems)
    except UnreadableError as error:
        problems.add(error.place, "", error)


def _refuse_other_encodings(data: bytes) -> None:
    if not data.strip():
        raise UnreadableError(_("The file is empty."))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError(NOT_UTF8)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(NOT_UTF8, Place(line)) from None


# CSV


def _csv_rows(data: bytes, problems: Problems) -> Rows:
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    numbered = _numbered(csv.reader(lines, strict=True))
    place, header = next(numbered, (Place(1), []))
    names = [cell.strip() for cell in header]
    _check_header(names, place, problems)
    if problems:
        return
    for place, cells in numbered:
        if len(cells) == len(names):
            named = zip(names, cells, strict=True)
            yield place, {name: _from_csv(name, cell) for name, cell in named}
        else:
            message = _("This row has %(found)s cells, the first line has %(wanted)s.")
            problems.add(place, "", message % {"found": len(cells), "wanted": len(names)})


def _numbered(reader):
    """Rows with the line on which each begins: a quoted note may go over several lines."""
    while True:
        place = Place(reader.line_num + 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = _(
                "From here on this is not CSV: a quotation mark is missing or misplaced, "
                "or a cell is far too long."
            )
            raise UnreadableError(message, place) from None
        if any(cells):
            yield place, cells


def _check_header(names, place, problems):
    if not set(names) & set(NAMES):
        message = _("The first line must name the columns, with commas between them: %(names)s.")
        raise UnreadableError(message % {"names": ",".join(NAMES)}, place)
    for name in dict.fromkeys(names):
        if name not in BY_NAME:
            message = _("There is no column “%(name)s” in this format.")
            problems.add(place, shown(name), message % {"name": shown(name)})
        if names.count(name) > 1:
            problems.add(place, shown(name), _("This column is there more than once."))
    for name in ("kind", "at"):
        if name not in names:
            problems.add(place, name, _("This column is missing."))


def _from_csv(name, cell):
    return unguarded(cell) if BY_NAME[name].is_text else cell


# A spreadsheet runs a cell that begins with one of these, so that it is written with a '
# before it. Text that has such a ' of its own gets one more: reading takes one away.
GUARDED = re.compile(r"'+[=+\-@\t\r]")
RUNNABLE = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    return f"'{text}" if RUNNABLE.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if GUARDED.match(text) else text


# JSON: {"format": "did-it-work", "version": 1, "entries": [{"kind": "checkin", …}, …]}


def _json_rows(text: str, problems: Problems) -> Rows:
    try:
        head = {}
        for key, value in _JsonReader(text).members():
            if key == "entries":
                yield from _json_entries(value, problems)
            head[key] = value
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableError(_("From here on this is not JSON."), Place(line)) from None
    if (head.get("format"), head.get("version")) != (FORMAT, VERSION) or "entries" not in head:
        message = _("This is not a diary: “format” must be “%(name)s” and “version” %(version)s.")
        raise UnreadableError(message % {"name": FORMAT, "version": VERSION})


class _JsonReader:
    """Reads the entries one by one: whole, a large file would fill the memory."""

    SPACE = re.compile(r"[ \t\n\r]*")

    def __init__(self, text):
        self.text, self.position, self.line, self.counted = text, 0, 1, 0
        self.decoder = json.JSONDecoder()

    def members(self):
        """The keys and values of the object; the value of "entries" is an iterator."""
        self._expect("{")
        mark = "" if self._is_next("}") else ","
        while mark == ",":
            key = self._value()
            self._expect(":")
            yield key, self._entries() if key == "entries" else self._value()
            mark = self._expect(",}")
        if self.position != len(self.text):
            self._fail()

    def _entries(self):
        self._expect("[")
        mark = "" if self._is_next("]") else ","
        number = 0
        while mark == ",":
            number += 1
            place = Place(self._line(), number)
            yield place, self._value()
            mark = self._expect(",]")

    def _value(self):
        value, self.position = self.decoder.raw_decode(self.text, self.position)
        self._skip_space()
        return value

    def _is_next(self, mark):
        if is_next := self.text.startswith(mark, self.position):
            self._expect(mark)
        return is_next

    def _expect(self, marks):
        self._skip_space()
        mark = self.text[self.position : self.position + 1]
        if not mark or mark not in marks:
            self._fail()
        self.position += 1
        self._skip_space()
        return mark

    def _skip_space(self):
        self.position = self.SPACE.match(self.text, self.position).end()

    def _line(self):
        self.line += self.text.count("\n", self.counted, self.position)
        self.counted = self.position
        return self.line

    def _fail(self):
        raise json.JSONDecodeError("unexpected", self.text, min(self.position, len(self.text)))


def _json_entries(entries, problems):
    for place, entry in entries:
        if not isinstance(entry, dict):
            problems.add(place, "", _("An entry must be an object in curly brackets."))
            continue
        cells = {}
        for name, value in entry.items():
            column = BY_NAME.get(name)
            cell = _from_json(value, is_list=bool(column and column.is_list))
            if column is None:
                message = _("There is no column “%(name)s” in this format.")
                problems.add(place, shown(name), message % {"name": shown(name)})
            elif cell is None:
                problems.add(place, name, _("This kind of value does not belong here."))
            else:
                cells[name] = cell
        yield place, cells


def _from_json(value, *, is_list) -> Cell | None:
    """The cell that says the same; None where nothing does."""
    match value:
        case None | []:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case list() if is_list and all(isinstance(item, str) for item in value):
            return value
    return None
