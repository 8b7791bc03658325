"""How often the comparison is wrong, measured on invented diaries whose truth is known.

`python -m tests.comparisons.engine.simulated.acceptance` runs everything on all cores, prints the tables
and ends with status 1 where a figure falls short. The seeds are fixed: the same code gives the
same tables.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.comparisons.engine.simulated import (
    certainties,
    day_test_measures,
    self_test_measures,
    version_1,
    weeks_measures,
)
from tests.comparisons.engine.simulated.coins import COINS, FIVE
from tests.comparisons.engine.simulated.habits import HABITS, UNSEEN, Habit
from tests.comparisons.engine.simulated.looks import ever, is_told_apart
from tests.comparisons.engine.simulated.measures import Figure, all_cases, before_and_after, run
from tests.comparisons.engine.simulated.people import NOTHING, Case
from tests.comparisons.engine.simulated.simulator import simulate
from tests.comparisons.engine.simulated.tables import VERSION_1, report, with_figures
from tests.comparisons.engine.simulated.waiting_time import WANTED, first_days

DIARIES = 1000
YEARS_OF = 10  # one diary of a year, looked at 121 times, for so many of the others
MEDIANS_OF = 6  # times as many where a median has a limit: of a hundred it is off by seven days
PLAIN_SHOWN = tuple(
    f"{name}, nothing works" for name in ("default", "strong treat-when-bad", "six months")
)
TEN = {f"Treatment {number}": 0.0 for number in range(10)}
EQUAL = {"nothing works": 0.0, "each takes off 1 point": -1.0}


@dataclass(frozen=True)
class Measurement:
    """One cell of a table: what to do with a range of seeds, and with how many of them."""

    table: str
    row: str
    column: str
    work: Callable[[range], list]
    diaries: int
    chunk: int

    def jobs(self) -> Iterator[tuple[tuple[str, str, str], Callable, range]]:
        for first in range(0, self.diaries, self.chunk):
            seeds = range(first, min(first + self.chunk, self.diaries))
            yield (self.table, self.row, self.column), self.work, seeds


def measurements(diaries: int) -> Iterator[Measurement]:
    yield from _years(max(diaries // YEARS_OF, 1))
    for case in all_cases():
        yield Measurement("case", case.name, "", partial(run, case), diaries, 100)
        if case.name in PLAIN_SHOWN:
            plain = partial(run, case, method=before_and_after)
            yield Measurement("plain", case.name, "", plain, diaries, 100)
    yield from _at_once(diaries)


def _at_once(diaries: int) -> Iterator[Measurement]:
    """Those whose figures are made of all diaries of a kind together."""

    def whole(table: str, row: str, work: Callable) -> Measurement:
        return Measurement(table, row, "", work, diaries, diaries)

    yield whole("weeks", "weeks", weeks_measures.figures_of_weeks)
    yield whole("few", "few sessions", weeks_measures.figures_of_few_sessions)
    kinds = self_test_measures.keys()
    for key in kinds:
        yield whole("self-test", " ".join(map(str, key)), partial(figures_of_self_test, key))
    by_days = day_test_measures.keys()
    for key in by_days:
        yield whole("day-test", " ".join(map(str, key)), partial(figures_of_day_test, key))


def figures_of_self_test(key: self_test_measures.Key, seeds: range) -> list[Figure]:
    return self_test_measures.figures(key, self_test_measures.results(key, seeds))


def figures_of_day_test(key: day_test_measures.Key, seeds: range) -> list[Figure]:
    return day_test_measures.figures(key, day_test_measures.results(key, seeds))


def _years(diaries: int) -> Iterator[Measurement]:
    def year(table: str, row: str, column: str, work: Callable, times: int = 1) -> Measurement:
        return Measurement(table, row, column, work, times * diaries, 10)

    for habit in (*HABITS, *UNSEEN):
        table = "habit" if habit in HABITS else "unseen"
        for name, coin in COINS.items():
            yield year(table, habit.name, name, partial(ever_of_habit, habit, coin))
        yield year(table, habit.name, VERSION_1, partial(ever_of_version_1, habit))
    for name, effects in (("three", NOTHING), ("ten", TEN)):
        useless = Case(f"{name} useless treatments", days=365, effects=effects)
        yield year("ever", useless.name, "", partial(ever_of_case, useless))
    for equal in _equal():
        yield year("apart", equal.name, "", partial(ever_apart, equal))
    for wanted in WANTED:
        days = partial(first_days, wanted.case)
        yield year("first", wanted.case.name, "", days, MEDIANS_OF if wanted.most else 1)


def _equal() -> Iterator[Case]:
    """Two treatments, and three, of which any two may be told apart."""
    for number, names in (("two", tuple(NOTHING)[:2]), ("three", tuple(NOTHING))):
        for name, effect in EQUAL.items():
            effects = dict.fromkeys(names, effect)
            yield Case(f"{number} equal treatments, {name}", days=365, effects=effects)


def ever_of_habit(habit: Habit, coin: int | None, seeds: range) -> list[bool]:
    return [ever(habit.diary(coin, seed)) for seed in seeds]


def ever_of_version_1(habit: Habit, seeds: range) -> list[bool]:
    """At one in 5, which was the only coin there was."""
    return [version_1.ever_helps(habit.diary(FIVE, seed)) for seed in seeds]


def ever_of_case(case: Case, seeds: range) -> list[bool]:
    return [ever(simulate(case, seed)) for seed in seeds]


def ever_apart(case: Case, seeds: range) -> list[bool]:
    return [ever(simulate(case, seed), is_told_apart) for seed in seeds]


def measure(diaries: int, processes: int, only: str = "") -> tuple[dict, list[certainties.Row]]:
    """All measurements in parallel, with a line of progress now and then.

    What must hold in every diary comes first, in one process alone, for the sake of its timing.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # one thread a process, or they fight for the cores
    jobs = [job for each in measurements(diaries) if only in each.table for job in each.jobs()]
    done: dict[tuple[str, str, str], list] = {}
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        certain = pool.apply(_certain)
        for at, (key, results) in enumerate(pool.imap(_work, jobs), start=1):
            done.setdefault(key, []).extend(results)
            if at % 20 == 0 or at == len(jobs):
                passed = f"{time.monotonic() - began:5.0f} s  {': '.join(filter(None, key))}"
                print(f"{at:4} of {len(jobs)}  {passed}", file=sys.stderr, flush=True)
    return done, certain


def _work(job: tuple) -> tuple[tuple[str, str, str], list]:
    key, work, seeds = job
    return key, work(seeds)


def _certain() -> list[certainties.Row]:
    return list(certainties.rows())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--diaries", type=int, default=DIARIES)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", help="only tables whose name holds this")
    parser.add_argument("--write", type=Path, help="put the tables into this file, at its end")
    given = parser.parse_args()
    measured, certain = measure(given.diaries, given.processes, given.only)
    text, is_good = report(measured, certain, given.diaries)
    print(text)
    if given.write:
        before = given.write.read_text(encoding="utf-8")
        given.write.write_text(with_figures(before, text), encoding="utf-8")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
