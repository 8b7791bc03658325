"""How often the comparison is wrong, measured on invented diaries (method, section 6).

`python -m tests.comparisons.engine.acceptance` runs every case with 1,000 diaries on all cores, prints
a table and ends with status 1 where a figure falls short. The seeds are fixed: the same code
gives the same table.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.comparisons.engine.certainties import Row, rows
from tests.comparisons.engine.measures import (
    EVERY_DAY,
    Figure,
    all_cases,
    before_and_after,
    ever_helped,
    figures,
    run,
    share_of,
)
from tests.comparisons.engine.simulator import Case, simulate


def _work(job: tuple[str, Case, range]) -> tuple[str, Case, list]:
    kind, case, seeds = job
    if kind == "case":
        return kind, case, run(case, seeds)
    if kind == "plain":
        return kind, case, run(case, seeds, before_and_after)
    return kind, case, [[ever_helped(simulate(case, seed))] for seed in seeds]


def _jobs(diaries: int) -> Iterator[tuple[str, Case, range]]:
    def chunks(size: int) -> Iterator[range]:
        return (range(first, min(first + size, diaries)) for first in range(0, diaries, size))

    yield from (("every day", EVERY_DAY, chunk) for chunk in chunks(20))
    yield from (("case", case, chunk) for case in all_cases() for chunk in chunks(100))
    yield from (
        ("plain", case, chunk)
        for case in all_cases()
        if case.name in PLAIN_SHOWN
        for chunk in chunks(100)
    )


PLAIN_SHOWN = tuple(
    f"{name}, nothing works" for name in ("default", "strong treat-when-bad", "six months")
)


def measure(diaries: int, processes: int) -> tuple[dict[tuple[str, str], tuple], list[Row]]:
    """All diaries of all cases, worked out in parallel, with a line of progress now and then.

    What must hold in every diary comes first, in one process alone, for the sake of its timing.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # one thread a process, or they fight for the cores
    jobs, done, began = list(_jobs(diaries)), {}, time.monotonic()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        certain = pool.apply(_certain)
        for at, (kind, case, results) in enumerate(pool.imap(_work, jobs), start=1):
            done.setdefault((kind, case.name), (case, []))[1].extend(results)
            if at % 10 == 0 or at == len(jobs):
                passed = f"{time.monotonic() - began:5.0f} s  {kind}: {case.name}"
                print(f"{at:4} of {len(jobs)}  {passed}", file=sys.stderr, flush=True)
    return done, certain


def _certain() -> list[Row]:
    return list(rows())


def rows_of_table(measured: dict) -> tuple[list[str], list[Figure]]:
    lines = [
        "| case | bias | coverage | below 0 | probably helps | probably worse |",
        "|---|---|---|---|---|---|",
    ]
    judged: list[Figure] = []
    for (kind, _), (case, diaries) in measured.items():
        if kind == "case":
            found = figures(case, diaries)
            judged += found
            lines.append(_line(case, found))
    return lines, judged


def _line(case: Case, found: list[Figure]) -> str:
    def cell(figure: Figure, text: str) -> str:
        return text if figure.holds() else f"**{text}**"

    named = {figure.name: figure for figure in found}
    biases = [figure for figure in found if figure.name.startswith("bias")]
    worst = max(biases, key=lambda figure: abs(figure.value), default=None)
    cells = [case.name, cell(worst, f"{worst.value:+.2f}") if worst else ""]
    for name in ("coverage", "below zero", "probably_helps", "probably_worse"):
        figure = named.get(name)
        cells.append(cell(figure, f"{100 * figure.value:.1f} %") if figure else "")
    return f"| {' | '.join(cells)} |"


def _looked_at(measured: dict) -> Row:
    _, looked = measured["every day", EVERY_DAY.name]
    ever = Figure(EVERY_DAY.name, "probably_helps", *share_of(looked), 0, 0.05)
    return (
        "`probably_helps` ever, looking after every entry for six months",
        "≤ 5 % of diaries",
        f"{100 * ever.value:.1f} %",
        ever.holds(),
    )


def plain_lines(measured: dict) -> list[str]:
    """How often plain before-and-after would have called a useless treatment helpful."""
    lines = []
    for (kind, _), (case, diaries) in measured.items():
        if kind == "plain":
            below, _ = share_of(
                [r.high < 0 for r in d if r.difference is not None] for d in diaries
            )
            lines.append(f"| {case.name} | {100 * below:.0f} % |")
    return lines


def report(measured: dict, certain: list[Row], diaries: int) -> tuple[str, bool]:
    lines, judged = rows_of_table(measured)
    others = [_looked_at(measured), *certain]
    falls_short = [
        f"{figure.case}: {figure.name} {figure.value:.4f} (se {figure.se:.4f})"
        for figure in judged
        if not figure.holds()
    ]
    falls_short += [f"{what}: {value}" for what, _, value, holds in others if not holds]
    text = [
        f"{diaries:,} diaries a case. Bias: the largest of the case's treatments, NRS points.",
        "",
        *lines,
        "",
        "| further figure | must be | is |",
        "|---|---|---|",
        *(f"| {what} | {must} | {value} |" for what, must, value, _ in others),
        "",
        "| plain before-and-after: interval below 0 for a treatment that does nothing | |",
        "|---|---|",
        *plain_lines(measured),
        "",
        *(f"Falls short: {each}" for each in falls_short),
        "" if falls_short else "Every figure keeps its limit.",
    ]
    return "\n".join(text).strip() + "\n", not falls_short


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diaries", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--write", type=Path, help="also write the table into this file")
    given = parser.parse_args()
    measured, certain = measure(given.diaries, given.processes)
    text, is_good = report(measured, certain, given.diaries)
    print(text)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
