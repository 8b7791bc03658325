"""Then and now of what is watched beside pain: reach, signs, both legs, sleep, times of day.

A day that does not answer counts for nothing: each count is of the days, or ratings, that do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import mean as mean_of
from statistics import median
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.comparisons.charts.words import mean, points
from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.signs import (
    DEPTH,
    Written,
    both_legs_days,
    deepest_by_day,
    symptom_days,
)
from apps.diary.models import Furthest
from apps.diary.red_flags.new_signs import BELOW_THE_KNEE
from apps.sharing.report.first_and_last_weeks import NONE, Window
from apps.sharing.report.scope import Scope

MORNING_UNTIL, EVENING_FROM = 11, 17  # hours of the person's own clock


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``since`` is the first day that notes it, ``n`` what it rests on."""

    name: str
    cells: list[str]
    n: int
    since: date | None = None
    is_none: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """A check-in of one of the windows: its hour by the person's clock, and NRS points."""

    day: date
    hour: int
    pain: int | None
    sleep: int | None


def watched(scope: Scope, course: Course, said: list[Written], windows: list[Window]) -> dict:
    """Rows that an entry answers, the names of the others, and which way the reach moved.

    One query.
    """
    is_of_legs = scope.condition.places.is_from_the_back_down
    found = [
        *([reach(said, windows)] if is_of_legs else []),
        *signs(said, windows),
        *([both_legs(course.sides, windows)] if is_of_legs else []),
        *by_ratings(scope, ratings(scope, windows), windows),
    ]
    return {
        "rows": [row for row in found if row.n],
        "not_answered": [row.name for row in found if not row.n],
        "moved": moved(said, windows),
    }


def reach(said: list[Written], windows: list[Window]) -> Row:
    """Days below the knee of the days that say how far it reached."""
    deepest = deepest_by_day(said)
    below = {day for day, place in deepest.items() if place in BELOW_THE_KNEE}
    return _counted(_("Below the knee"), below, set(deepest), windows)


def moved(said: list[Written], windows: list[Window]) -> str:
    """From where to where the middle day reached, without a judgement; empty if it cannot be."""
    deepest = deepest_by_day(said)
    depths = [
        sorted(DEPTH[place] for day, place in deepest.items() if _is_in(day, window))
        for window in windows
    ]
    if len(depths) < 2 or not all(depths):
        return ""
    then, now = (own[(len(own) - 1) // 2] for own in depths)
    texts = {
        True: _("Usual reach: further down, from %(then)s to %(now)s."),
        False: _("Usual reach: further up, from %(then)s to %(now)s."),
    }
    text = _("Usual reach: %(then)s, then and now.") if then == now else texts[now > then]
    names = {"then": Furthest.values[then], "now": Furthest.values[now]}
    return text % {key: Furthest(place).label for key, place in names.items()}


def signs(said: list[Written], windows: list[Window]) -> list[Row]:
    """Of the days that tick a symptom; what was never noted stands in one line together."""
    noted, answered = symptom_days(said)
    found = [
        _counted(capfirst(str(each.label)), days, answered, windows)
        for each, days in noted.items()
        if days
    ]
    others = [str(each.label) for each, days in noted.items() if not days]
    if others:
        found.append(_counted(capfirst(", ".join(others)), set(), answered, windows))
    return found


def both_legs(sides: list[tuple], windows: list[Window]) -> Row:
    return _counted(_("Both legs"), *both_legs_days(sides), windows)


def _counted(name: str, noted: set[date], answered: set[date], windows: list[Window]) -> Row:
    counts = [(_within(noted, each), _within(answered, each)) for each in windows]
    return Row(
        name=name,
        cells=[_("%(n)s of %(all)s") % {"n": n, "all": m} if m else NONE for n, m in counts],
        n=sum(m for _n, m in counts),
        since=min(noted, default=None),
        is_none=not any(n for n, _m in counts),
    )


def _is_in(day: date, window: Window) -> bool:
    return window.span.first_day <= day <= window.span.last_day


def _within(days: Iterable[date], window: Window) -> int:
    return sum(_is_in(day, window) for day in days)


def ratings(scope: Scope, windows: list[Window]) -> list[Rating]:
    """Check-ins of the windows. One query; hours are resolved here, as everywhere."""
    within = windows[0].within
    for window in windows[1:]:
        within |= window.within
    columns = ("diary_date", "rated_at", "time_zone", "leg_pain", "sleep")
    rows = scope.check_ins().filter(within).order_by().values_list(*columns)
    return [
        Rating(day, at.astimezone(ZoneInfo(zone)).hour, pain, sleep)
        for day, at, zone, pain, sleep in rows
    ]


def by_ratings(scope: Scope, found: list[Rating], windows: list[Window]) -> list[Row]:
    place = capfirst(scope.condition.places.first.pain)
    early = [(row.day, row.pain) for row in found if row.hour < MORNING_UNTIL]
    late = [(row.day, row.pain) for row in found if row.hour >= EVENING_FROM]
    slept = [(row.day, row.sleep) for row in found]
    before = _("%(pain)s before %(hour)s:00") % {"pain": place, "hour": MORNING_UNTIL}
    after = _("%(pain)s after %(hour)s:00") % {"pain": place, "hour": EVENING_FROM}
    return [
        _summed(before, early, windows, lambda own: points(median(own))),
        _summed(after, late, windows, lambda own: points(median(own))),
        _summed(_("Sleep"), slept, windows, lambda own: mean(mean_of(own))),
    ]


def _summed(
    name: str,
    rated: list[tuple[date, int | None]],
    windows: list[Window],
    in_one: Callable[[list[int]], str],
) -> Row:
    """A number for each window, with how many ratings it is of in brackets."""
    parts = [
        [value for day, value in rated if value is not None and _is_in(day, window)]
        for window in windows
    ]
    cells = [f"{in_one(own)} ({len(own)})" if own else NONE for own in parts]
    return Row(name=name, cells=cells, n=sum(map(len, parts)))
