"""What is no rate: what must hold in every diary."""

from __future__ import annotations

import datetime
import random
import time
from collections.abc import Iterator
from dataclasses import replace

from apps.comparisons.engine.stats import Session, compare
from tests.comparisons.engine.simulated.measures import Reading, against_waiting
from tests.comparisons.engine.simulated.simulator import CASES, START, Diary, simulate

Row = tuple[str, str, str, bool]  # what, what it must be, what it is, whether it holds


def rows() -> Iterator[Row]:
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
    mixed = [list(diary.sessions), list(diary.ratings), list(diary.tosses)]
    for each in mixed:
        order.shuffle(each)
    sessions, ratings, tosses = mixed
    return replace(diary, sessions=sessions, ratings=ratings, tosses=tosses)


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
    tosses = [replace(toss, at=toss.at.astimezone(zone)) for toss in diary.tosses]
    return replace(diary, sessions=moved, ratings=ratings, tosses=tosses)


def renamed(diary: Diary) -> Diary:
    """Every name with a Z before it: the order of the names stays, so readings stay in line."""

    def named(entries: list) -> list:
        return [replace(e, treatments=tuple(f"Z{name}" for name in e.treatments)) for e in entries]

    truth = {f"Z{name}": points for name, points in diary.truth.items()}
    sessions, tosses = named(diary.sessions), named(diary.tosses)
    return replace(diary, sessions=sessions, tosses=tosses, truth=truth)


def turned_round(diary: Diary) -> Diary:
    turned = [
        replace(s, before=10 - s.before, after=None if s.after is None else 10 - s.after)
        for s in diary.sessions
    ]
    return replace(diary, sessions=turned, ratings=[(at, 10 - v) for at, v in diary.ratings])


def _invariances() -> Iterator[Row]:
    diaries = [simulate(CASES[0], seed) for seed in range(50)]
    for text, change in (
        ("shuffled input", shuffled),
        ("another zone for the same instants", in_another_zone),
        ("treatments renamed", renamed),
    ):
        most = max(apart(against_waiting(d), against_waiting(change(d))) for d in diaries)
        yield text, "the same to 1e-9", f"within {most:.0e}", most <= 1e-9
    short = [replace(d, sessions=d.sessions[:50]) for d in diaries]
    most = max(_apart_when_turned(d) for d in short)
    yield "10 − x, under 60 pairs", "changes sign to 1e-9", f"within {most:.0e}", most <= 1e-9


def _apart_when_turned(diary: Diary) -> float:
    pairs = zip(against_waiting(diary), against_waiting(turned_round(diary)), strict=True)
    return max((abs(a.difference + b.difference) for a, b in pairs if a.difference), default=0.0)


def _no_waits() -> Row:
    """One start: nothing before it, the treatment at every session after it, no wait."""
    seen = set()
    for seed in range(50):
        sessions = [s for s in simulate(CASES[0], seed).sessions if s.treatments]
        seen |= {finding.verdict for finding in compare(sessions)}
    return "no waits", "`too_early`", ", ".join(sorted(seen)), seen == {"too_early"}


def _together() -> Row:
    case = replace(CASES[0], always_together=("Heat", "Mat"))
    found = [
        {f.treatment: f.verdict for f in compare(simulate(case, seed).sessions)}
        for seed in range(50)
    ]
    late = [each for each in found if each["Stretching"] != "too_early"]
    seen = {each[name] for each in late for name in ("Heat", "Mat")}
    text = ", ".join(sorted(seen))
    return "two treatments always together", "`cannot_separate`, both", text, seen == {text}


def _identical() -> Row:
    seen, most = set(), 0.0
    for seed in range(50):
        same = [
            s if s.after is None else replace(s, after=s.before)
            for s in simulate(CASES[0], seed).sessions
        ]
        for reading in against_waiting(Diary(same, [], {}, [])):
            seen.add(reading.verdict)
            most = max(most, abs(reading.difference or 0.0))
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
