"""A CSV file from elsewhere: any usual encoding and delimiter, and a header that is not ours."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from apps.your_data.table.problems import Place, Problems, UnreadableError
from apps.your_data.table.read_csv import claims_to_be_ours, is_json
from apps.your_data.table.text import encoding_of, likeliest_delimiter, rows_in

LOOKED_AT = 6  # rows, to find the delimiter
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """Its bytes and their encoding, what stands between the cells, and its first row."""

    data: bytes
    encoding: str
    delimiter: str
    header: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """What the columns are called; one without a name by its number, from 1."""
        return [
            name or _("Column %(number)s") % {"number": number}
            for number, name in enumerate(self.header, 1)
        ]

    def rows(self) -> Iterator[tuple[Place, list[str]]]:
        """The rows below the header that are not empty, each as long as it or longer.

        Raises UnreadableError where it is no CSV any more.
        """
        width = len(self.header)
        for place, cells in islice(rows_in(self.data, self.encoding, self.delimiter), 1, None):
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
            problems.add(error.place, "", error)

    def cells(self) -> Iterator[list[str]]:
        """The rows without their places, as far as they can be read."""
        with suppress(UnreadableError):
            yield from (cells for _place, cells in self.rows())

    def first_rows(self, number: int) -> list[list[str]]:
        return list(islice(self.cells(), number))


def foreign_file(data: bytes) -> ForeignFile | None:
    """The file, if it is a table with rows whose header is not ours; else None."""
    encoding = None if is_json(data) else encoding_of(data)
    if encoding is None:
        return None
    try:
        delimiter = likeliest_delimiter(lambda each: _fit(data, encoding, each))
        header, _first = (cells for _place, cells in islice(rows_in(data, encoding, delimiter), 2))
    except (UnreadableError, ValueError):
        return None
    while header and not header[-1].strip():
        header.pop()
    names = tuple(cell.strip() for cell in header)
    if not 2 <= len(names) <= MOST_COLUMNS or claims_to_be_ours(names):
        return None
    return ForeignFile(data, encoding, delimiter, names)


def _fit(data, encoding, delimiter):
    """How many of the first rows are as long as the header, and how long that is."""
    try:
        rows = islice(rows_in(data, encoding, delimiter), LOOKED_AT)
        lengths = [len(cells) for _place, cells in rows]
    except UnreadableError:
        return (0, 0)
    if not lengths or lengths[0] < 2:
        return (0, 0)
    return (lengths.count(lengths[0]), lengths[0])
