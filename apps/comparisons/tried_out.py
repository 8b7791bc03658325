"""How often the comparison was wrong on invented diaries, read from the table in docs/method.md.

`make acceptance` measures it. Where the table is missing there is nothing to show.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

from apps.comparisons.charts.words import percent

FILE = settings.BASE_DIR / "docs" / "method.md"
IN_VAIN = ", nothing works"
HELPS, WORSE = "probably helps", "probably worse"
NAMES = (  # of the kinds of diary, as the file has them, to be translated
    gettext_noop("default"),
    gettext_noop("strong treat-when-bad"),
    gettext_noop("recovery from a peak"),
    gettext_noop("rising trend"),
    gettext_noop("flares"),
    gettext_noop("evening users"),
    gettext_noop("slow heavy swings"),
    gettext_noop("side switching"),
    gettext_noop("floor (mild pain)"),
    gettext_noop("effect proportional to pain"),
    gettext_noop("carry-over of a day"),
    gettext_noop("40 % missing at random"),
    gettext_noop("40 % missing, not at random"),
    gettext_noop("unequal intervals"),
    gettext_noop("one month"),
    gettext_noop("two months"),
    gettext_noop("six months"),
    gettext_noop("twelve months"),
    gettext_noop("two treatments per session"),
    gettext_noop("five treatments"),
    gettext_noop("half the waits given up early"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of diary in which nothing worked, and how many of 100 were told otherwise."""

    name: str
    helps: float
    worse: float

    @property
    def row(self) -> list[str]:
        return [gettext(self.name), percent(self.helps), percent(self.worse)]


@dataclass(frozen=True, slots=True)
class Figures:
    diaries: int  # of each kind
    kinds: tuple[Kind, ...]
    looks: tuple[tuple[str, float], ...]  # the same diaries by plain before and after

    @property
    def n(self) -> str:
        return number_format(self.diaries, force_grouping=True)

    @property
    def plain(self) -> list[list[str]]:
        return [[gettext(name), f"{share:.0f}\N{NO-BREAK SPACE}%"] for name, share in self.looks]

    @property
    def worst(self) -> str:
        return percent(max(kind.helps for kind in self.kinds))

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
    rows = plain[0][1:] if plain else []
    named = tuple((row[0].removesuffix(IN_VAIN), _share(row[1])) for row in rows)
    return Figures(int(diaries[1].replace(",", "")), kinds, named) if kinds else None


def _tables(text: str):
    """Each table of a Markdown text: rows of cells, the heading first, without its rule."""
    for block in re.findall(r"(?:^\|.*\|[ ]*\n?)+", text, re.MULTILINE):
        rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in block.splitlines()]
        yield [row for row in rows if not set("".join(row)) <= set("-: ")]


def _share(cell: str) -> float:
    return float(cell.removesuffix("%"))
