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
from apps.your_data.table.other_files import other_json
from apps.your_data.table.problems import Place, RowCount, UnreadableError


class Archive(Protocol):
    """Who takes what the file holds."""

    def read_person(self, place: Place, person: object) -> None: ...

    def read_tables(self, reader: "JsonReader") -> None: ...


def read_json(data: bytes, archive: Archive) -> None:
    """Give what the file holds to ``archive``. Raises UnreadableError at what is no diary."""
    text = _decoded(data)
    reader, head = JsonReader(text), {}
    try:
        for key in reader.members():
            if key in ("person", "tables") and head.get("format") != FORMAT:
                _refuse_other(text)
            if key == "tables":
                head[key] = True
                archive.read_tables(reader)
            elif key == "person":
                archive.read_person(Place(reader.line_here()), reader.value())
            else:
                head[key] = reader.value()
        reader.end()
    except (ValueError, RecursionError):
        _refuse_other(text)
    if head.get("version") != VERSION or "tables" not in head:
        _refuse_other(text)


def _decoded(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = _("This is not UTF-8 text. Save the file as “UTF-8” and try again.")
        raise UnreadableError(message, Place(line)) from None


def _refuse_other(text):
    """JSON of another shape is said to be that; only what is none is called so."""
    try:
        head = JsonReader(text).head()
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableError(_("From here on this is not JSON."), Place(line)) from None
    raise UnreadableError(other_json(head, ours=FORMAT, version=VERSION))


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

    def head(self) -> dict:
        """What an object says beside its lists and objects; nothing of any other JSON. To the end
        of the text."""
        said = {}
        self._skip_space()
        if self.text.startswith("{", self.position):
            for key in self.members():
                value = self.value()
                if not isinstance(value, (list, dict)):
                    said[key] = value
        else:
            self.value()
        self.end()
        return said

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
