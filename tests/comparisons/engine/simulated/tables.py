"""The measured figures as the Markdown tables that docs/method.md and the method page show."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from tests.comparisons.engine.simulated.certainties import Row
from tests.comparisons.engine.simulated.coins import COINS
from tests.comparisons.engine.simulated.measures import (
    Figure,
    Reading,
    all_cases,
    figures,
    share_of,
)
from tests.comparisons.engine.simulated.people import Case
from tests.comparisons.engine.simulated.waiting_time import WANTED, median_day

Measured = dict[tuple[str, str, str], list]

HEADING = "## How often it is wrong"
VERSION_1 = "version 1, one in 5"
MOST_BY_HABIT = 0.10
MOST_EVER = {"three useless treatments": 0.05, "ten useless treatments": 0.06}
MOST_APART = 0.04
NO_LIMIT = 1.0
YEARS = {
    "habit": "each habit",
    "unseen": "each habit that it cannot see",
    "first": "each median day",
    "ever": "`probably_helps` ever",
    "apart": "told apart ever",
}
NEVER = "not within the year"


def with_figures(text: str, tables: str) -> str:
    """The text with everything below its last heading replaced by the tables."""
    kept, heading, _ = text.partition(f"\n{HEADING}\n")
    if not heading:
        raise ValueError(f"There is no line {HEADING!r} to put the figures below.")
    return f"{kept}{heading}{tables}"


class Report:
    """Lines of Markdown, and the names of the figures among them that miss their limit."""

    def __init__(self, measured: Measured, diaries: int) -> None:
        self.measured, self.diaries = measured, diaries
        self.short: list[str] = []

    def of(self, table: str, column: str = "") -> Iterator[tuple[str, list]]:
        for (own, row, cell), results in self.measured.items():
            if (own, cell) == (table, column):
                yield row, results

    def cell(self, figure: Figure, text: str) -> str:
        """In bold, and remembered, where it falls short."""
        if figure.holds():
            return text
        self.short.append(f"{figure.case}: {figure.name} {figure.value:.4f} (se {figure.se:.4f})")
        return f"**{text}**"

    def share(self, row: str, name: str, flags: list, most: float) -> str:
        value, se = share_of([flag] for flag in flags)
        return self.cell(Figure(row, name, value, se, 0, most), percent(value))

    def years(self) -> str:
        """How many diaries of a year each figure is from, the fewest of a table's rows."""
        least: dict[str, int] = {}
        for (table, _row, _column), results in self.measured.items():
            if table in YEARS:
                least[table] = min(len(results), least.get(table, len(results)))
        named = (f"{YEARS[table]} {least[table]:,}" for table in YEARS if table in least)
        return f"Diaries of a year, at least: {', '.join(named)}." if least else ""

    def cases(self) -> Iterator[str]:
        yield "| case | bias | coverage | below 0 | probably helps | probably worse |"
        yield "|---|---|---|---|---|---|"
        by_name = {case.name: case for case in all_cases()}
        for name, diaries in self.of("case"):
            yield self.case(by_name[name], diaries)

    def case(self, case: Case, diaries: list[list[Reading]]) -> str:
        found = figures(case, diaries)
        named = {figure.name: figure for figure in found}
        biases = [figure for figure in found if figure.name.startswith("bias")]
        cells = [self.bias(biases)]
        for name in ("coverage", "below zero", "probably_helps", "probably_worse"):
            figure = named.get(name)
            cells.append(self.cell(figure, percent(figure.value)) if figure else "")
        return line(case.name, *cells)

    def bias(self, biases: list[Figure]) -> str:
        """The largest of a case; whichever of them falls short is remembered."""
        if not biases:
            return ""
        texts = [self.cell(figure, f"{figure.value:+.2f}") for figure in biases]
        worst = max(range(len(biases)), key=lambda at: abs(biases[at].value))
        return texts[worst]

    def habits(self, table: str, most: float) -> Iterator[str]:
        yield line(f"{table}: `probably_helps` ever within a year", *COINS, VERSION_1)
        yield line("---", *["---"] * (len(COINS) + 1))
        for row, _ in self.of(table, next(iter(COINS))):
            cells = [self.share(row, coin, self.measured[table, row, coin], most) for coin in COINS]
            old, _ = share_of([flag] for flag in self.measured[table, row, VERSION_1])
            yield line(row, *cells, percent(old))

    def times(self) -> Iterator[str]:
        yield line("median day of the first `probably_helps`, −1.5 points", "must be", "is")
        yield line("---", "---", "---")
        days = dict(self.of("first"))
        for wanted in WANTED:
            name = wanted.case.name
            if name in days:
                median, se = median_day(days[name])
                most = float("inf") if wanted.most is None else wanted.most
                shown = f"{median:.0f}" if math.isfinite(median) else NEVER
                text = self.cell(Figure(name, "median day", median, se, 0, most), shown)
                yield line(name, "" if wanted.most is None else f"≤ {wanted.most:.0f}", text)

    def further(self, certain: list[Row]) -> Iterator[str]:
        yield line("further figure", "must be", "is")
        yield line("---", "---", "---")
        for row, flags in self.of("ever"):
            text = self.share(row, "ever", flags, MOST_EVER[row])
            yield line(
                f"`probably_helps` ever, {row}", f"≤ {100 * MOST_EVER[row]:.0f} % of diaries", text
            )
        for row, flags in self.of("apart"):
            text = self.share(row, "told apart", flags, MOST_APART)
            yield line(f"told apart ever, {row}", f"≤ {100 * MOST_APART:.0f} % of diaries", text)
        for what, must, value, holds in certain:
            yield line(what, must, value if holds else f"**{value}**")
            self.short += [] if holds else [f"{what}: {value}"]

    def plain(self) -> Iterator[str]:
        """How often plain before-and-after would have called a useless treatment helpful."""
        yield line("plain before-and-after: interval below 0 for a treatment that does nothing", "")
        yield line("---", "---")
        for name, diaries in self.of("plain"):
            shown = [[r.high < 0 for r in d if r.difference is not None] for d in diaries]
            yield line(name, f"{100 * share_of(shown)[0]:.0f} %")

    def at_once(self, table: str, heading: str) -> Iterator[str]:
        """A line for each kind of diary, with all of its figures."""
        yield line(heading, "share of diaries")
        yield line("---", "---")
        found = [figure for _, each in self.of(table) for figure in each]
        for name, group in groupby(found, key=attrgetter("case")):
            cells = [f"{f.name} {self.cell(f, percent(f.value))}" for f in group]
            yield line(name, "; ".join(cells))


def report(measured: Measured, certain: list[Row], diaries: int) -> tuple[str, bool]:
    """The tables, and whether every figure keeps its limit."""
    made = Report(measured, diaries)
    tables = [
        made.cases(),
        made.habits("habit", MOST_BY_HABIT),
        made.habits("unseen", NO_LIMIT),
        made.times(),
        made.further(certain),
        made.at_once("self-test", "self-tests, by length, pain and true effect"),
        made.at_once(
            "day-test", "self-tests by days, by pain and true effect on the day's average"
        ),
        made.at_once("weeks", "over weeks, nothing started works"),
        made.at_once("few", "few sessions, nothing works"),
        made.plain(),
    ]
    parts = ["\n".join(table) for table in tables]
    first = f"{diaries:,} diaries a case. Bias: the largest of the case's treatments, NRS points."
    first = " ".join(filter(None, [first, made.years()]))
    last = [f"Falls short: {each}" for each in made.short] or ["Every figure keeps its limit."]
    return "\n\n".join([first, *parts, "\n".join(last)]) + "\n", not made.short


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
