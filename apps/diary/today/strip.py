"""The last two weeks as a small line: what one check-in gives back at once.

Numbers of a small SVG that the server draws; its words are templates' work.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import TextChoices

DAYS = 14
FEWEST_DAYS = 4  # fewer say nothing of what it mostly was
FIRST_X, STEP_X, BASE_Y, STEP_Y = 26, 20, 74, 6


class Place(TextChoices):
    """Where a rating lies beside the middle half of the days before."""

    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Dot:
    """A diary day and its place in the drawing; ``y`` None: not rated, and a gap stays a gap."""

    date: date
    x: int
    y: int | None


@dataclass(frozen=True, slots=True)
class Mostly:
    """The middle half of the leg ratings of ``number`` earlier days, and where ``now`` lies."""

    low: int
    high: int
    number: int
    now: int

    @property
    def place(self) -> Place:
        if self.now < self.low:
            return Place.BELOW
        return Place.ABOVE if self.now > self.high else Place.WITHIN

    @property
    def is_one(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Strip:
    leg: list[Dot]
    back: list[Dot]
    days_rated: int
    mostly: Mostly | None

    @property
    def leg_lines(self) -> list[str]:
        return lines(self.leg)

    @property
    def back_lines(self) -> list[str]:
        return lines(self.back)


def strip(check_ins, day: date, *, now: int | None) -> Strip:
    """Of rows with ``diary_date``, ``leg_pain`` and ``back_pain``: the worst of each day.

    ``now`` is the leg pain just rated, 0 to 10, or None.
    """
    days = [day - timedelta(days=n) for n in reversed(range(DAYS))]
    leg, back = worst(check_ins, "leg_pain"), worst(check_ins, "back_pain")
    earlier = sorted(leg[each] for each in days[:-1] if each in leg)
    rated = sum(each in leg or each in back for each in days)
    return Strip(dots(days, leg), dots(days, back), rated, mostly(earlier, now))


def worst(check_ins, name: str) -> dict[date, int]:
    found: dict[date, int] = {}
    for row in check_ins:
        pain = getattr(row, name)
        if pain is not None:
            found[row.diary_date] = max(pain, found.get(row.diary_date, 0))
    return found


def dots(days: list[date], pain: dict[date, int]) -> list[Dot]:
    heights = {day: BASE_Y - STEP_Y * pain[day] for day in days if day in pain}
    return [Dot(day, FIRST_X + n * STEP_X, heights.get(day)) for n, day in enumerate(days)]


def lines(dots: list[Dot]) -> list[str]:
    """Points of each unbroken run of rated days, as SVG writes them."""
    runs = groupby(dots, key=lambda dot: dot.y is not None)
    return [" ".join(f"{dot.x},{dot.y}" for dot in run) for is_rated, run in runs if is_rated]


def mostly(earlier: list[int], now: int | None) -> Mostly | None:
    """``earlier`` is sorted. None under four days, or where the leg was not rated now."""
    if now is None or len(earlier) < FEWEST_DAYS:
        return None
    quarter = len(earlier) // 4
    return Mostly(earlier[quarter], earlier[-1 - quarter], len(earlier), now)
