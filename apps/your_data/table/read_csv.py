"""Files of our own: bytes to rows of cells by their columns."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.your_data.table.cells import Cell, shown
from apps.your_data.table.columns import BY_NAME, NAMES
from apps.your_data.table.days import readings_of
from apps.your_data.table.other_files import known_kind, what_else
from apps.your_data.table.problems import (
    Place,
    Problems,
    TooManyProblemsError,
    UnreadableError,
)
from apps.your_data.table.read_json import Archive, read_json
from apps.your_data.table.respelt import Cells, respelt, rewritten
from apps.your_data.table.text import (
    MOST_COLUMNS,
    decodable_as,
    encoding_of,
    first_row,
    likeliest_delimiter,
    possible_names,
    rows_in,
)

UTC = ZoneInfo("UTC")

Rows = Iterator[tuple[Place, dict[str, Cell]]]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A CSV file whose first line names columns of ours."""

    data: bytes
    encoding: str
    delimiter: str
    names: list[str]

    def rows(self, problems: Problems) -> Iterator[tuple[Place, Cells]]:
        """Those as long as the first line; the others are problems."""
        width = len(self.names)
        for place, cells in islice(rows_in(self.data, self.encoding, self.delimiter), 1, None):
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if len(cells) == width:
                yield place, dict(zip(self.names, cells, strict=True))
            else:
                message = _("This row has %(found)s cells, the first line has %(wanted)s.")
                problems.add(place, "", message % {"found": len(cells), "wanted": width})

    def rewritten(self) -> list[str]:
        """The moments that a spreadsheet has written in its own way."""
        found = []
        with suppress(UnreadableError, TooManyProblemsError):
            found = rewritten(cells for _place, cells in self.rows(Problems()))
        return found


def own_table(data: bytes) -> OwnTable | None:
    """The file, if its first line says that it is one of ours; else None."""
    encoding = None if is_json(data) else decodable_as(data)
    if encoding is None:
        return None
    delimiter = likeliest_delimiter(
        lambda each: len(_ours_in(possible_names(data, encoding, each)))
    )
    try:
        names = _in_our_letters(first_row(data, encoding, delimiter))
    except UnreadableError:
        return None
    return OwnTable(data, encoding, delimiter, names) if claims_to_be_ours(names) else None


def _ours_in(names: list[str]) -> set[str]:
    return {name.lower() for name in names} & set(NAMES)


def _in_our_letters(names: list[str]) -> list[str]:
    """Ours in small letters, where somebody has written the two that tell in others."""
    if not {"kind", "at"} <= _ours_in(names):
        return names
    return [name.lower() if name.lower() in BY_NAME else name for name in names]


def claims_to_be_ours(names: list[str]) -> bool:
    """Whether somebody who wrote this first line meant a file of ours."""
    ours = set(_in_our_letters(names)) & set(NAMES)
    is_mostly = len(ours) > len(set(names)) / 2
    return {"kind", "at"} <= ours or (is_mostly and not ours.isdisjoint({"kind", "at"}))


def days_in_question(data: bytes) -> list[str]:
    """Days of a file of ours that a spreadsheet has rewritten so that they could be two days."""
    table = own_table(data)
    found = table.rewritten() if table else []
    return found if len(readings_of(found)) > 1 else []


def rows_of(
    data: bytes,
    problems: Problems,
    archive: Archive,
    *,
    zone: ZoneInfo = UTC,
    reading: str = "",
) -> Rows:
    """The rows of a CSV file, without the empty ones; trouble goes to ``problems``.

    A JSON file has no such rows: ``archive`` gets what it holds. Where a spreadsheet has taken the
    offsets away, ``zone`` is that of rows which name none, and ``reading`` a ``DayReading`` for
    days that could be two.
    """
    try:
        if not data.strip(SPACE):
            raise UnreadableError(_("The file is empty."))
        if is_json(data):
            read_json(data, archive)
        else:
            yield from _csv_rows(data, problems, zone, reading)
    except UnreadableError as error:
        problems.refuse(error)


SPACE = b" \t\r\n\xef\xbb\xbf"


def is_json(data: bytes) -> bool:
    return bool(re.match(rb"(?:\xef\xbb\xbf)?\s*[{\[](?!\\rtf)", data))


def _csv_rows(data, problems, zone, reading) -> Rows:
    table = own_table(data)
    if table is None:
        _check_rows(data)
        raise UnreadableError(what_else(data))
    _check_header(table.names, problems)
    if problems:
        return
    moments = table.rewritten()
    readings = readings_of(moments)
    if reading not in readings and len(readings) > 1:
        raise UnreadableError(_two_days(moments))
    said = reading if reading in readings else readings[0]
    for place, cells in table.rows(problems):
        cells = respelt(cells, said, zone)
        yield place, {name: _from_csv(name, cell) for name, cell in cells.items()}


def _check_rows(data):
    """Raises UnreadableError where a line names columns and no row comes of what is below it."""
    encoding = None if known_kind(data) else encoding_of(data)
    if encoding is None:
        return
    delimiter = likeliest_delimiter(lambda each: len(possible_names(data, encoding, each)))
    columns = len(first_row(data, encoding, delimiter))
    if columns > MOST_COLUMNS:
        message = _("This table has %(found)s columns. Up to %(most)s can be read.")
        raise UnreadableError(message % {"found": columns, "most": MOST_COLUMNS})
    if columns < 2:
        return
    if sum(1 for _row in islice(rows_in(data, encoding, delimiter), 2)) < 2:
        raise UnreadableError(
            _(
                "There is no row in this file. Its first line names the columns, and each further "
                "line is a row: there is none."
            )
        )


def _two_days(moments):
    message = _(
        "A spreadsheet has rewritten the days of this file, and “%(found)s” could be two of them. "
        "Say which, or export the file again."
    )
    return message % {"found": shown(next(m for m in moments if len(readings_of([m])) > 1))}


def _check_header(names, problems):
    place = Place(1)
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


# A spreadsheet runs a cell that begins with one of these, so that it is written with a ' before
# it: what OWASP's page "CSV Injection" names, the full-width and small forms that some programs
# take for the same, and | of Windows' data exchange. Programs pass over spaces in front, some of
# them over those of no width too. Text that has such a ' of its own gets one more: reading takes
# one away.
RUNS = r"(?:[\t\r\n]|[\s\u200b\u2060\ufeff]*[=+\-@|＝＋－＠｜﹦﹢﹣﹫])"
GUARDED = re.compile(f"'+{RUNS}")
RUNNABLE = re.compile(f"'*{RUNS}")


def guarded(text: str) -> str:
    return f"'{text}" if RUNNABLE.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if GUARDED.match(text) else text
