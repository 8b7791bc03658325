"""A CSV file from elsewhere: any usual encoding and delimiter, and a header that is not ours."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from apps.your_data.foreign.header import NO_HEADER, guessed_header
from apps.your_data.foreign.profiles import Profile, profile_of
from apps.your_data.table.other_files import known_kind
from apps.your_data.table.problems import Place, Problems, UnreadableError
from apps.your_data.table.read_csv import claims_to_be_ours, is_json
from apps.your_data.table.text import MOST_COLUMNS, encoding_of, likeliest_delimiter, rows_in

LOOKED_AT = 12  # rows, to find the delimiter and the line with the names
MOST_ABOVE = 40  # rows above the names, in files of programs that we know


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """Its bytes and their encoding, what stands between the cells, and where its names stand.

    ``header_row`` counts the rows that are not empty from 0; ``top`` are the first of them.
    """

    data: bytes
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    top: tuple[tuple[str, ...], ...]
    profile: Profile | None = None

    @property
    def names(self) -> list[str]:
        """What the columns are called: one without a name, or with that of another before it, by
        its number from 1."""
        names: list[str] = []
        for number, name in enumerate(self.header, 1):
            called = _("Column %(number)s") % {"number": number}
            names.append(f"{name} ({called})" if name in names else name or called)
        return names

    def rows(self) -> Iterator[tuple[Place, list[str]]]:
        """The rows below the header that are not empty, each as long as it or longer.

        Raises UnreadableError where it is no CSV any more.
        """
        width = len(self.header)
        below = self.header_row + 1
        for place, cells in islice(rows_in(self.data, self.encoding, self.delimiter), below, None):
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            yield place, [cell.strip() for cell in cells] + [""] * (width - len(cells))

    def full_rows(self, problems: Problems) -> Iterator[tuple[Place, list[str]]]:
        """Those as long as the header; the others, and whatever is no CSV, are problems."""
        try:
            for place, cells in self.rows():
                if len(cells) == len(self.header):
                    yield place, cells
                else:
                    message = _("This row has %(found)s cells, the first line has %(wanted)s.")
                    params = {"found": len(cells), "wanted": len(self.header)}
                    problems.add(place, "", message % params)
        except UnreadableError as error:
            problems.end(error.place, error)

    def cells(self) -> Iterator[list[str]]:
        """The rows without their places, as far as they can be read."""
        with suppress(UnreadableError):
            yield from (cells for _place, cells in self.rows())

    def first_rows(self, number: int) -> list[list[str]]:
        return list(islice(self.cells(), number))


def foreign_file(data: bytes, header_row: int | None = None) -> ForeignFile | None:
    """The file, if it is a table with rows whose header is not ours; else None.

    ``header_row`` is the one that somebody picked, else it is found.
    """
    encoding = None if is_json(data) or known_kind(data) else encoding_of(data)
    if encoding is None:
        return None
    delimiter = likeliest_delimiter(lambda each: _fit(data, encoding, each))
    top = _top(data, encoding, delimiter, MOST_ABOVE)
    profile = None
    if header_row is None:
        header_row, profile = profile_of(top)
        if profile is None:
            header_row = guessed_header(top[:LOOKED_AT])
    names = _names(top, header_row)
    is_table = 2 <= len(names) <= MOST_COLUMNS and len(top) > header_row + 1
    if not is_table or claims_to_be_ours(top[0]) or claims_to_be_ours(names):
        return None
    shown = tuple(map(tuple, top[:LOOKED_AT]))
    return ForeignFile(data, encoding, delimiter, names, header_row, shown, profile)


def _names(top, header_row) -> tuple[str, ...]:
    if header_row == NO_HEADER:
        return ("",) * max(map(len, top), default=0)
    names = top[header_row] if header_row < len(top) else []
    last = max((number for number, name in enumerate(names, 1) if name), default=0)
    return tuple(names[:last])


def _top(data, encoding, delimiter, most):
    """The first rows, as far as they can be read."""
    rows: list[list[str]] = []
    with suppress(UnreadableError):
        for _place, cells in islice(rows_in(data, encoding, delimiter), most):
            rows.append([cell.strip() for cell in cells])
    return rows


def _fit(data, encoding, delimiter):
    """How many of the first rows are of the same length, and how long that is."""
    lengths = Counter(map(len, _top(data, encoding, delimiter, LOOKED_AT)))
    lengths.pop(1, None)
    return max(((count, length) for length, count in lengths.items()), default=(0, 0))
