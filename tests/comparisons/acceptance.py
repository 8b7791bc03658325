"""How often the comparison is wrong, measured on invented diaries (method, section 6).

`python -m tests.comparisons.acceptance` runs every case with 1,000 diaries on all cores, prints
a table and ends with status 1 where a figure falls short. The seeds are fixed: the same code
gives the same table.

A figure may miss its limit by two Monte-Carlo standard errors, with the diary as the unit.
Bias and coverage are taken over every estimate that would be shown, also under `too_early`;
verdict rates over the treatments that are past `too_early`.
"""

from __future__ import annotations

import argparse
import datetime
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from apps.comparisons.regression import fit
from apps.comparisons.stats import Session, compare
from apps.comparisons.verdicts import FEWEST_PAIRS, Estimate, Finding
from tests.comparisons.simulator import CASES, NOTHING, START, Case, Diary, simulate

NOT_AT_RANDOM = "40 % missing, not at random"
EVERY_DAY = Case("looking after every entry", days=182, effects=dict(NOTHING))


@dataclass(frozen=True, slots=True)
class Reading:
    """What one treatment of one diary was said to do, beside what it does."""

    treatment: str
    truth: float
    difference: float | None
    low: float | None
    high: float | None
    verdict: str


Method = Callable[[Diary], list[Reading]]


def _reading(diary: Diary, finding: Finding) -> Reading:
    name = finding.treatment
    truth = diary.truth.get(name, float("nan"))
    return Reading(name, truth, finding.difference, finding.low, finding.high, finding.verdict)


def against_waiting(diary: Diary) -> list[Reading]:
    """The product's own comparison."""
    return [_reading(diary, finding) for finding in compare(diary.sessions, diary.ratings)]


def before_and_after(diary: Diary) -> list[Reading]:
    """What every other diary does: the change itself, without the waits as a reference."""
    return [_reading(diary, _plain(finding, diary)) for finding in compare(diary.sessions)]


def _plain(finding: Finding, diary: Diary) -> Finding:
    own = [s for s in diary.sessions if finding.treatment in s.treatments and s.after is not None]
    if len(own) < 2:
        return replace(finding, estimate=None)
    change = np.array([s.after - s.before for s in own], dtype=float)
    day = np.array([s.day.toordinal() for s in own])
    mean = fit(np.ones((len(own), 1)), change, day)
    se = float(np.sqrt(mean.covariance[0, 0]))
    estimate = Estimate(float(mean.coefficients[0]), se, mean.degrees, None)
    return replace(
        finding,
        pairs=len(own),
        waits=len(own),  # nobody asks for waits there
        comparable_waits=len(own),
        together_with=(),
        is_separable=True,
        estimate=estimate,
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, its Monte-Carlo standard error and the limits it must keep."""

    case: str
    name: str
    value: float
    se: float
    low: float
    high: float

    def holds(self, allowance: float = 2.0) -> bool:
        slack = allowance * self.se
        return bool(self.low - slack <= self.value <= self.high + slack)


def _share(flags: Iterable[Iterable[float]]) -> tuple[float, float]:
    """Mean over everything, and its standard error with each inner list (a diary) as the unit."""
    groups = [list(group) for group in flags]
    totals = np.array([sum(group) for group in groups], dtype=float)
    counts = np.array([len(group) for group in groups], dtype=float)
    if not counts.sum():
        return 0.0, 0.0
    mean = totals.sum() / counts.sum()
    return float(mean), float(np.sqrt(((totals - mean * counts) ** 2).sum()) / counts.sum())


def figures(case: Case, diaries: list[list[Reading]]) -> list[Figure]:
    """The figures of section 6 that one case is judged by."""
    shown = [[r for r in diary if r.difference is not None] for diary in diaries]
    answered = [[r for r in diary if r.verdict != "too_early"] for diary in diaries]
    result = []
    if not case.is_missing_if_no_help:
        result += [_bias(case, name, shown) for name in _bias_groups(case)]
        covered = _share([r.low <= r.truth <= r.high for r in diary] for diary in shown)
        result.append(Figure(case.name, "coverage", *covered, 0.93, 0.98))
        if not any(case.effects.values()):
            below = _share([r.high < 0 for r in diary] for diary in shown)
            result.append(Figure(case.name, "below zero", *below, 0, 0.05))
    if not any(case.effects.values()):
        for verdict in ("probably_helps", "probably_worse"):
            rate = _share([r.verdict == verdict for r in diary] for diary in answered)
            result.append(Figure(case.name, verdict, *rate, 0, 0.025))
    return result


def _bias_groups(case: Case) -> list[tuple[str, ...]]:
    """Each treatment that differs from the others; all useless ones are one group."""
    useless = tuple(name for name, points in case.effects.items() if not points)
    return [(name,) for name, points in case.effects.items() if points] + [useless]


def _bias(case: Case, names: tuple[str, ...], shown: list[list[Reading]]) -> Figure:
    errors = ([r.difference - r.truth for r in diary if r.treatment in names] for diary in shown)
    return Figure(case.name, f"bias {'+'.join(names)}", *_share(errors), -0.10, 0.10)


def looks(diary: Diary) -> Iterator[Finding]:
    """What a person sees who looks after every entry, from the first possible answer on.

    An entry that is no rated session moves no estimate, so only rated ones are looked at.
    """
    for until in range(2 * FEWEST_PAIRS, len(diary.sessions) + 1):
        if diary.sessions[until - 1].after is not None:
            yield from compare(diary.sessions[:until], diary.ratings)


def ever_helped(diary: Diary) -> bool:
    return any(finding.verdict == "probably_helps" for finding in looks(diary))


def all_cases() -> list[Case]:
    return [variant for case in CASES for variant in (case, case.with_nothing_working)]


def run(case: Case, seeds: Iterable[int], method: Method = against_waiting) -> list[list[Reading]]:
    return [method(simulate(case, seed)) for seed in seeds]


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


def measure(diaries: int, processes: int) -> dict[tuple[str, str], tuple[Case, list]]:
    """All diaries of all cases, worked out in parallel, with a line of progress per case."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # one thread a process, or they fight for the cores
    jobs, done, began = list(_jobs(diaries)), {}, time.monotonic()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for at, (kind, case, results) in enumerate(pool.imap(_work, jobs), start=1):
            _, so_far = done.setdefault((kind, case.name), (case, []))
            so_far += results
            if len(so_far) == diaries:
                passed = time.monotonic() - began
                print(
                    f"{at:4} of {len(jobs)}  {passed:5.0f} s  {kind}: {case.name}",
                    file=sys.stderr,
                    flush=True,
                )
    return done


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


def further(measured: dict) -> Iterator[tuple[str, str, str, bool]]:
    """The other rows of section 6: what, what it must be, what it is, whether it holds."""
    _, looked = measured["every day", EVERY_DAY.name]
    ever = Figure(EVERY_DAY.name, "probably_helps", *_share(looked), 0, 0.05)
    yield (
        "`probably_helps` ever, looking after every entry for six months",
        "≤ 5 % of diaries",
        f"{100 * ever.value:.1f} %",
        ever.holds(),
    )
    yield from _invariances()
    yield _no_waits()
    yield _together()
    yield _identical()
    milliseconds = 1000 * fastest(10_000)
    yield (
        "time at 10,000 pairs, 5 treatments, rows included",
        "under 100 ms",
        f"{milliseconds:.0f} ms",
        milliseconds < 100,
    )


def apart(one: list[Reading], other: list[Reading]) -> float:
    """The largest disagreement of two comparisons of the same treatments; infinite in kind."""
    if [r.verdict for r in one] != [r.verdict for r in other]:
        return float("inf")
    numbers = [
        abs(getattr(a, name) - getattr(b, name))
        for a, b in zip(one, other, strict=True)
        for name in ("difference", "low", "high")
        if a.difference is not None
    ]
    return max(numbers, default=0.0)


def shuffled(diary: Diary) -> Diary:
    order = random.Random(1)
    sessions, ratings = list(diary.sessions), list(diary.ratings)
    order.shuffle(sessions)
    order.shuffle(ratings)
    return replace(diary, sessions=sessions, ratings=ratings)


def in_another_zone(diary: Diary) -> Diary:
    zone = datetime.timezone(datetime.timedelta(hours=9))
    moved = [
        replace(
            s,
            started_at=s.started_at.astimezone(zone),
            after_at=s.after_at and s.after_at.astimezone(zone),
        )
        for s in diary.sessions
    ]
    ratings = [(at.astimezone(zone), value) for at, value in diary.ratings]
    return replace(diary, sessions=moved, ratings=ratings)


def renamed(diary: Diary) -> Diary:
    """Every name with a Z before it: the order of the names stays, so readings stay in line."""
    named = [
        replace(s, treatments=tuple(f"Z{name}" for name in s.treatments)) for s in diary.sessions
    ]
    truth = {f"Z{name}": points for name, points in diary.truth.items()}
    return replace(diary, sessions=named, truth=truth)


def turned_round(diary: Diary) -> Diary:
    turned = [
        replace(s, before=10 - s.before, after=None if s.after is None else 10 - s.after)
        for s in diary.sessions
    ]
    return replace(diary, sessions=turned, ratings=[(at, 10 - v) for at, v in diary.ratings])


def _invariances() -> Iterator[tuple[str, str, str, bool]]:
    diaries = [simulate(CASES[0], seed) for seed in range(50)]
    for text, change in (
        ("shuffled input", shuffled),
        ("another zone for the same instants", in_another_zone),
        ("treatments renamed", renamed),
    ):
        most = max(apart(against_waiting(d), against_waiting(change(d))) for d in diaries)
        yield text, "the same to 1e-9", f"within {most:.0e}", most <= 1e-9
    short = [replace(d, sessions=d.sessions[:50]) for d in diaries]
    most = max(
        abs(one.difference + other.difference)
        for d in short
        for one, other in zip(compare(d.sessions), compare(turned_round(d).sessions), strict=True)
        if one.difference is not None
    )
    yield "10 − x, under 60 pairs", "changes sign to 1e-9", f"within {most:.0e}", most <= 1e-9


def _no_waits() -> tuple[str, str, str, bool]:
    """One start: nothing before it, the treatment at every session after it, no wait."""
    seen = set()
    for seed in range(50):
        sessions = [s for s in simulate(CASES[0], seed).sessions if s.treatments]
        seen |= {finding.verdict for finding in compare(sessions)}
    return "no waits", "`too_early`", ", ".join(sorted(seen)), seen == {"too_early"}


def _together() -> tuple[str, str, str, bool]:
    case = replace(CASES[0], always_together=("Heat", "Mat"))
    found = [
        {f.treatment: f.verdict for f in compare(simulate(case, seed).sessions)}
        for seed in range(50)
    ]
    late = [each for each in found if each["Stretching"] != "too_early"]
    seen = {each[name] for each in late for name in ("Heat", "Mat")}
    text = ", ".join(sorted(seen))
    return "two treatments always together", "`cannot_separate`, both", text, seen == {text}


def _identical() -> tuple[str, str, str, bool]:
    seen, most = set(), 0.0
    for seed in range(50):
        same = [
            s if s.after is None else replace(s, after=s.before)
            for s in simulate(CASES[0], seed).sessions
        ]
        for finding in compare(same):
            seen.add(finding.verdict)
            most = max(most, abs(finding.difference or 0.0))
    is_neutral = not seen & {"probably_helps", "probably_worse", "may_help", "may_worsen"}
    text = f"difference {most:.0f}; {', '.join(sorted(seen))}"
    return "identical before and after", "0, nothing for or against", text, is_neutral and most == 0


def fastest(pairs: int, repeats: int = 10) -> float:
    """Seconds of processor for one comparison of `pairs` pairs and 5 treatments, best of some."""
    draw = random.Random(0)
    sessions = [
        Session(
            (at := START + datetime.timedelta(hours=8 * number, minutes=draw.randrange(300))),
            (f"Treatment {draw.randrange(5)}",) if draw.random() < 0.6 else (),
            draw.randrange(11),
            draw.randrange(11),
            at + datetime.timedelta(minutes=draw.randrange(30, 90)),
            draw.random() < 0.5,
            at.date(),
        )
        for number in range(pairs)
    ]
    times = []
    for _ in range(repeats):
        began = time.process_time()
        compare(sessions)
        times.append(time.process_time() - began)
    return min(times)


def plain_lines(measured: dict) -> list[str]:
    """How often plain before-and-after would have called a useless treatment helpful."""
    lines = []
    for (kind, _), (case, diaries) in measured.items():
        if kind == "plain":
            below, _ = _share([r.high < 0 for r in d if r.difference is not None] for d in diaries)
            lines.append(f"| {case.name} | {100 * below:.0f} % |")
    return lines


def report(measured: dict, diaries: int) -> tuple[str, bool]:
    lines, judged = rows_of_table(measured)
    others = list(further(measured))
    falls_short = [f"{f.case}: {f.name} {f.value:.4f} (se {f.se:.4f})" for f in judged]
    falls_short = [
        text for text, figure in zip(falls_short, judged, strict=True) if not figure.holds()
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
    measured = measure(given.diaries, given.processes)
    text, is_good = report(measured, given.diaries)
    print(text)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
