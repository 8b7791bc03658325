"""A table's bytes to numbered rows: any usual encoding, and any usual mark between the cells."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from django.utils.translation import gettext as _

from apps.your_data.table.problems import Place, RowCount, UnreadableError

DELIMITERS = ",;\t"
MOST_COLUMNS = 200
LOOKED_AT = 400  # bytes, to find out how wide the letters are
NumberedRows = Iterator[tuple[Place, list[str]]]


def encoding_of(data: bytes) -> str | None:
    """How a text is encoded; None for what is no text."""
    encoding = decodable_as(data)
    return encoding if encoding and "\0" not in data.decode(encoding) else None


def decodable_as(data: bytes) -> str | None:
    """UTF-16 mostly says so by its first two bytes; what is no UTF-8 is of an older Windows."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if is_utf16 else [*_wide(data), "utf-8-sig", "cp1252"]:
        with suppress(UnicodeDecodeError):
            data.decode(encoding)
            return encoding
    return None


def _wide(data):
    """UTF-16 without a sign before it: of Latin text every other byte is 0, and no others."""
    head = data[:LOOKED_AT]
    for encoding, zeros, letters in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if zeros and zeros.count(0) * 4 > len(zeros) * 3 and 0 not in letters:
            yield encoding


def rows_in(data: bytes, encoding: str, delimiter: str) -> NumberedRows:
    """The rows that are not empty, each with its line.

    Raises UnreadableError at what is no CSV, and after too many.
    """
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    return _numbered(csv.reader(lines, delimiter=delimiter, strict=True))


def likeliest_delimiter(fit: Callable[[str], object]) -> str:
    """The mark between the cells that fits best; the comma where all fit the same."""
    return max(DELIMITERS, key=fit)


def first_row(data: bytes, encoding: str, delimiter: str) -> list[str]:
    """Its cells without the spaces around them, and without the empty ones at its end."""
    _place, cells = next(islice(rows_in(data, encoding, delimiter), 1), (None, []))
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def possible_names(data: bytes, encoding: str, delimiter: str) -> list[str]:
    """``first_row``; none where it is no CSV with this delimiter, such as "a","b" with another."""
    with suppress(UnreadableError):
        return first_row(data, encoding, delimiter)
    return []


def _numbered(reader) -> NumberedRows:
    """A row's line is that on which it begins: a quoted note may go over several."""
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
        if any(cells) and not _says_delimiter(place, cells):
            counted.count(place)
            yield place, cells


def _says_delimiter(place, cells):
    """The line "sep=;", which a spreadsheet reads, stands before the columns' names."""
    return place.line == 1 and cells[0].lower().startswith("sep=") and not any(cells[1:])
