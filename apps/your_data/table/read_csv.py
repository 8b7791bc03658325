"""Files of the exchange format: bytes to numbered rows of cells."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.your_data.table.cells import Cell, shown
from apps.your_data.table.columns import BY_NAME, NAMES
from apps.your_data.table.problems import Place, Problems, RowCount, UnreadableError
from apps.your_data.table.read_json import Archive, read_json

Rows = Iterator[tuple[Place, dict[str, Cell]]]

NOT_UTF8 = gettext_lazy("This is not UTF-8 text. Save the file as “CSV UTF-8” and try again.")


def rows_of(data: bytes, problems: Problems, archive: Archive) -> Rows:
    """The rows of a CSV file, without the empty ones; trouble goes to ``problems``.

    A JSON file has no such rows: ``archive`` gets what it holds.
    """
    try:
        _refuse_other_encodings(data)
        if is_json(data):
            read_json(data.decode("utf-8-sig"), archive)
        else:
            yield from _csv_rows(data, problems)
    except UnreadableError as error:
        problems.add(error.place, "", error)


def is_json(data: bytes) -> bool:
    return bool(re.match(rb"(?:\xef\xbb\xbf)?\s*[{\[]", data))


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
    numbered = numbered_rows(csv.reader(lines, strict=True))
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


def numbered_rows(reader) -> Iterator[tuple[Place, list[str]]]:
    """Rows with the line on which each begins: a quoted note may go over several lines.

    Raises UnreadableError at what is no CSV, and after too many.
    """
    counted = RowCount()
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
            counted.count(place)
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
