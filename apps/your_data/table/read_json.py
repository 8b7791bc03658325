"""JSON files of a diary, read piece by piece: whole, a large file would fill the memory.

Version 1 holds entries as the rows of a CSV file do: {"format": "did-it-work", "version": 1,
"entries": [{"kind": "checkin", …}, …]}. Version 2 is complete: ``archive_export`` writes it.
"""

import json
import re
from collections.abc import Iterator
from typing import Protocol

from django.utils.translation import gettext as _

from apps.your_data.table.columns import BY_NAME, FORMAT, Cell, shown
from apps.your_data.table.problems import Place, Problems, UnreadableError

VERSION_OF = {"entries": 1, "tables": 2}

Rows = Iterator[tuple[Place, dict[str, Cell]]]


class Archive(Protocol):
    """Who takes what only version 2 holds."""

    def read_person(self, place: Place, person: object) -> None: ...

    def read_tables(self, reader: "JsonReader") -> None: ...


def rows_of_json(text: str, problems: Problems, archive: Archive | None) -> Rows:
    """The rows of version 1; what version 2 holds goes to ``archive``.

    Raises UnreadableError at what is no JSON or no diary.
    """
    reader = JsonReader(text)
    head = {}
    try:
        for key in reader.members():
            if key == "entries":
                head[key] = True
                yield from _entries(reader, problems)
            elif key == "tables" and archive:
                head[key] = True
                archive.read_tables(reader)
            elif key == "person" and archive:
                archive.read_person(Place(reader.line_here()), reader.value())
            else:
                head[key] = reader.value()
        reader.end()
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableError(_("From here on this is not JSON."), Place(line)) from None
    _check_head(head)


def _check_head(head):
    versions = [version for key, version in VERSION_OF.items() if key in head]
    if head.get("format") != FORMAT or versions != [head.get("version")]:
        message = _(
            "This is not a diary: “format” must be “%(name)s”, and “version” 1 with “entries” "
            "or 2 with “tables”."
        )
        raise UnreadableError(message % {"name": FORMAT})


class JsonReader:
    """A position in a text; each method reads on from there. Raises JSONDecodeError."""

    SPACE = re.compile(r"[ \t\n\r]*")

    def __init__(self, text: str):
        self.text, self.position, self.line, self.counted = text, 0, 1, 0
        self.decoder = json.JSONDecoder()

    def members(self) -> Iterator[str]:
        """The keys of an object; after each, read its value before going on."""
        self._expect("{")
        mark = "" if self._is_next("}") else ","
        while mark == ",":
            if not isinstance(key := self.value(), str):
                self._fail()
            self._expect(":")
            yield key
            mark = self._expect(",}")

    def items(self) -> Iterator[tuple[Place, object]]:
        """The items of an array, with the line and the number of each."""
        self._expect("[")
        mark = "" if self._is_next("]") else ","
        number = 0
        while mark == ",":
            number += 1
            place = Place(self.line_here(), number)
            yield place, self.value()
            mark = self._expect(",]")

    def value(self) -> object:
        value, self.position = self.decoder.raw_decode(self.text, self.position)
        self._skip_space()
        return value

    def end(self) -> None:
        if self.position != len(self.text):
            self._fail()

    def line_here(self) -> int:
        self.line += self.text.count("\n", self.counted, self.position)
        self.counted = self.position
        return self.line

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

    def _fail(self):
        raise json.JSONDecodeError("unexpected", self.text, min(self.position, len(self.text)))


def _entries(reader, problems):
    for place, entry in reader.items():
        if not isinstance(entry, dict):
            problems.add(place, "", _("An entry must be an object in curly brackets."))
            continue
        cells = {}
        for name, value in entry.items():
            column = BY_NAME.get(name)
            cell = _cell(value, is_list=bool(column and column.is_list))
            if column is None:
                message = _("There is no column “%(name)s” in this format.")
                problems.add(place, shown(name), message % {"name": shown(name)})
            elif cell is None:
                problems.add(place, name, _("This kind of value does not belong here."))
            else:
                cells[name] = cell
        yield place, cells


def _cell(value, *, is_list) -> Cell | None:
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
