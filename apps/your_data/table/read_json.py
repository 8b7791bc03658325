"""JSON files of a diary, read piece by piece: whole, a large file would fill the memory.

``archive_export`` writes them: {"format": "did-it-work", "version": 2, "person": {…},
"tables": {…}}.
"""

import json
import re
from collections.abc import Iterator
from typing import Protocol

from django.utils.translation import gettext as _

from apps.your_data.table.columns import FORMAT, VERSION
from apps.your_data.table.problems import Place, RowCount, UnreadableError


class Archive(Protocol):
    """Who takes what the file holds."""

    def read_person(self, place: Place, person: object) -> None: ...

    def read_tables(self, reader: "JsonReader") -> None: ...


def read_json(text: str, archive: Archive) -> None:
    """Give what the file holds to ``archive``. Raises UnreadableError at what is no diary."""
    reader = JsonReader(text)
    head = {}
    try:
        for key in reader.members():
            if key == "tables":
                head[key] = True
                archive.read_tables(reader)
            elif key == "person":
                archive.read_person(Place(reader.line_here()), reader.value())
            else:
                head[key] = reader.value()
        reader.end()
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableError(_("From here on this is not JSON."), Place(line)) from None
    _check_head(head)


def _check_head(head):
    said = (head.get("format"), head.get("version"))
    if said != (FORMAT, VERSION) or "tables" not in head:
        message = _(
            "This is not a diary: “format” must be “%(name)s”, “version” 2, and there must be "
            "“tables”."
        )
        raise UnreadableError(message % {"name": FORMAT})


class JsonReader:
    """A position in a text; each method reads on from there. Raises JSONDecodeError."""

    SPACE = re.compile(r"[ \t\n\r]*")

    def __init__(self, text: str):
        self.text, self.position, self.line, self.counted = text, 0, 1, 0
        self.decoder, self.rows = json.JSONDecoder(), RowCount()

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
        """The items of an array, with the line and the number of each.

        Raises UnreadableError after too many, those of other arrays of the file counted.
        """
        self._expect("[")
        mark = "" if self._is_next("]") else ","
        number = 0
        while mark == ",":
            number += 1
            place = Place(self.line_here(), number)
            self.rows.count(place)
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
