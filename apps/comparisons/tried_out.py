"""How often the comparison was wrong on invented diaries, read from the table in docs/method.md.

`make acceptance` measures it. Where the table is missing there is nothing to show.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

FILE = settings.BASE_DIR / "docs" / "method.md"
IN_VAIN = ", nothing works"
HELPS, WORSE = "probably helps", "probably worse"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of diary in which nothing worked, and how many of 100 were told otherwise."""

    name: str
    helps: float
    worse: float

    @property
    def row(self) -> list[str]:
        return [self.name, _percent(self.helps), _percent(self.worse)]


@dataclass(frozen=True, slots=True)
class Figures:
    diaries: str  # of each kind, as the file writes it: "1,000"
    kinds: tuple[Kind, ...]
    plain: tuple[tuple[str, str], ...]  # the same diaries by plain before and after

    @property
    def worst(self) -> str:
        return _percent(max(kind.helps for kind in self.kinds))

    @property
    def rows(self) -> list[list[str]]:
        return [kind.row for kind in self.kinds]


@cache
def figures() -> Figures | None:
    return read(FILE.read_text(encoding="utf-8")) if FILE.exists() else None


def read(text: str) -> Figures | None:
    """The figures of the first table with the columns that we know; None if there is none."""
    diaries = re.search(r"^([\d,]+) diaries a case", text, re.MULTILINE)
    tables = list(_tables(text))
    measured = [table for table in tables if {"case", HELPS, WORSE} <= set(table[0])]
    if not (diaries and measured):
        return None
    heading, *rows = measured[0]
    name, helps, worse = map(heading.index, ("case", HELPS, WORSE))
    kinds = tuple(
        Kind(row[name].removesuffix(IN_VAIN), _share(row[helps]), _share(row[worse]))
        for row in rows
        if row[name].endswith(IN_VAIN) and row[helps] and row[worse]
    )
    plain = [table for table in tables if table[0][0].startswith("plain before-and-after")]
    named = tuple((row[0].removesuffix(IN_VAIN), row[1]) for row in plain[0][1:]) if plain else ()
    return Figures(diaries[1], kinds, named) if kinds else None


def _tables(text: str):
    """Each table of a Markdown text: rows of cells, the heading first, without its rule."""
    for block in re.findall(r"(?:^\|.*\|[ ]*\n?)+", text, re.MULTILINE):
        rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in block.splitlines()]
        yield [row for row in rows if not set("".join(row)) <= set("-: ")]


def _share(cell: str) -> float:
    return float(cell.removesuffix("%"))


def _percent(share: float) -> str:
    return f"{share:.1f} %"
