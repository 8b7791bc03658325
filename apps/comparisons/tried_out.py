"""How often the comparison was wrong on invented diaries, read from the tables in docs/method.md.

`make acceptance` measures it. Where the tables are missing there is nothing to show.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

from apps.comparisons.charts.words import percent
from apps.comparisons.diary_kinds import NAMES

__all__ = ["NAMES", "Figures", "Habit", "Kind", "figures", "read"]

FILE = settings.BASE_DIR / "docs" / "method.md"
IN_VAIN = ", nothing works"
HELPS, WORSE = "probably helps", "probably worse"
Table = list[list[str]]


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
class Habit:
    """A habit of somebody for whom nothing works, and how many of 100 were ever told otherwise.

    `shares` are within a year, at each coin in the table's order; `before` is by version 1.
    """

    name: str
    shares: tuple[float, ...]
    before: float

    @property
    def row(self) -> list[str]:
        return [gettext(self.name), *map(percent, self.shares), percent(self.before)]


@dataclass(frozen=True, slots=True)
class Figures:
    diaries: int  # of each kind
    kinds: tuple[Kind, ...]
    looks: tuple[tuple[str, float], ...]  # the same diaries by plain before and after
    habits: tuple[Habit, ...] = ()
    unseen: tuple[Habit, ...] = ()  # what the method cannot see
    days: tuple[tuple[str, int], ...] = ()  # to the first "probably", the median

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
    def worst_habit(self) -> str:
        return percent(max(max(habit.shares) for habit in self.habits))

    @property
    def worst_before(self) -> str:
        return percent(max(habit.before for habit in self.habits))

    @property
    def rows(self) -> Table:
        return [kind.row for kind in self.kinds]

    @property
    def habit_rows(self) -> Table:
        return [habit.row for habit in self.habits]

    @property
    def unseen_rows(self) -> Table:
        return [habit.row for habit in self.unseen]

    @property
    def day_rows(self) -> Table:
        return [[gettext(name), number_format(days)] for name, days in self.days]


@cache
def figures() -> Figures | None:
    return read(FILE.read_text(encoding="utf-8")) if FILE.exists() else None


def read(text: str) -> Figures | None:
    """The figures of the tables with the columns that we know; None without diaries and kinds."""
    diaries = re.search(r"^([\d,]+) diaries a case", text, re.MULTILINE)
    tables = list(_tables(text))
    kinds = _kinds(tables)
    if not (diaries and kinds):
        return None
    return Figures(
        diaries=int(diaries[1].replace(",", "")),
        kinds=kinds,
        looks=tuple(
            (row[0].removesuffix(IN_VAIN), _share(row[1]))
            for row in _rows(tables, "plain before-and-after")
        ),
        habits=tuple(map(_habit, _rows(tables, "habit:"))),
        unseen=tuple(map(_habit, _rows(tables, "unseen:"))),
        days=tuple(
            (row[0], int(row[2])) for row in _rows(tables, "median day") if row[2].isdecimal()
        ),
    )


def _kinds(tables: list[Table]) -> tuple[Kind, ...]:
    measured = [table for table in tables if {"case", HELPS, WORSE} <= set(table[0])]
    if not measured:
        return ()
    heading, *rows = measured[0]
    name, helps, worse = map(heading.index, ("case", HELPS, WORSE))
    return tuple(
        Kind(row[name].removesuffix(IN_VAIN), _share(row[helps]), _share(row[worse]))
        for row in rows
        if row[name].endswith(IN_VAIN) and row[helps] and row[worse]
    )


def _habit(row: list[str]) -> Habit:
    name, *shares, before = row
    return Habit(name, tuple(map(_share, shares)), _share(before))


def _rows(tables: list[Table], heading: str) -> Table:
    """Those of the table whose first heading begins so; none where there is no such table."""
    return next((rows for head, *rows in tables if head[0].startswith(heading)), [])


def _tables(text: str) -> Iterator[Table]:
    """Each table of a Markdown text: rows of cells, the heading first, without its rule."""
    for block in re.findall(r"(?:^\|.*\|[ ]*\n?)+", text, re.MULTILINE):
        rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in block.splitlines()]
        yield [row for row in rows if not set("".join(row)) <= set("-: ")]


def _share(cell: str) -> float:
    return float(cell.removesuffix("%"))
