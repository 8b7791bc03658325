"""How far down it reached, and which signs were noted, over time: strips that the server draws.

One unit of a drawing is a slot of the span (a day, or a week). A slot that answers and notes
nothing has a faint mark; one that does not answer has none.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import latest_rows
from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.signs import (
    DEPTH,
    Written,
    both_legs_days,
    deepest_by_day,
    symptom_days,
)
from apps.comparisons.reading.spans import Span, in_words
from apps.diary.models import Furthest
from apps.diary.red_flags.new_signs import BELOW_THE_KNEE

MOST_ROWS = 100
LEVELS = len(DEPTH)
FIRST_BELOW = min(DEPTH[place] for place in BELOW_THE_KNEE)


def strips(course: Course, said: list[Written]) -> dict | None:
    """Of the span of ``course``; None where no entry answers what is drawn here."""
    span = course.span.by_marks()
    reach, lanes = deepest_by_day(said), noted(course, said)
    if not reach and not lanes:
        return None
    return {
        "title": _("Reach and signs over time"),
        "summary": sentences(reach, lanes),
        "slots": span.slots,
        "first": in_words([span.first_day])[0],
        "last": in_words([span.last_day])[0],
        "is_weekly": span.is_weekly,
        "reach": reach_drawing(reach, span) if reach else None,
        "lanes": [lane(name, days, answered, span) for name, days, answered in lanes],
        "table": table(reach, lanes),
    }


def noted(course: Course, said: list[Written]) -> list[tuple[str, set[date], set[date]]]:
    """What was noted at least once: its name, its days, and the days that answered."""
    by_symptom, answered = symptom_days(said)
    found = [(capfirst(str(each.label)), days, answered) for each, days in by_symptom.items()]
    if course.places.is_from_the_back_down:
        found.append((_("Both legs"), *both_legs_days(course.sides)))
    return [each for each in found if each[1]]


def reach_drawing(reach: dict[date, str], span: Span) -> dict:
    """Bars that hang from the back as far down as it reached: the furthest of each slot."""
    depths: dict[int, int] = {}
    for day, place in reach.items():
        slot = span.slot_of(day)
        depths[slot] = max(DEPTH[place] + 1, depths.get(slot, 0))
    bars = {False: [], True: []}
    for slot, depth in sorted(depths.items()):
        bars[depth > FIRST_BELOW].append(f"M{slot + 0.5} 0V{depth}")
    return {
        "levels": LEVELS,
        "knee": FIRST_BELOW,
        "above": "".join(bars[False]),
        "below": "".join(bars[True]),
    }


def lane(name: str, days: set[date], answered: set[date], span: Span) -> dict:
    ticked = {span.slot_of(day) for day in days}
    empty = {span.slot_of(day) for day in answered} - ticked
    return {
        "name": name,
        "ticks": _marks(ticked, "0V10"),
        "answered": _marks(empty, "8V10"),
    }


def _marks(slots: Iterable[int], height: str) -> str:
    return "".join(f"M{slot + 0.5} {height}" for slot in sorted(slots))


def sentences(reach: dict[date, str], lanes: list[tuple]) -> list[str]:
    """Each with on how many of the days that answered, and the first of them."""
    below = {day for day, place in reach.items() if place in BELOW_THE_KNEE}
    found = [(_("Below the knee"), below, set(reach))] if reach else []
    return [_sentence(name, days, len(answered)) for name, days, answered in [*found, *lanes]]


def _sentence(name: str, days: set[date], n: int) -> str:
    text = ngettext(
        "%(name)s: on %(days)s of %(n)s day answered",
        "%(name)s: on %(days)s of %(n)s days answered",
        n,
    ) % {"name": name, "days": len(days), "n": n}
    if not days:
        return f"{text}."
    first = date_format(min(days), "SHORT_MONTH_DATE_FORMAT")
    return _("%(counts)s, first on %(day)s.") % {"counts": text, "day": first}


def table(reach: dict[date, str], lanes: list[tuple]) -> dict:
    """A row for each day that answers, the latest first."""
    days = sorted({*reach, *(day for _name, _days, own in lanes for day in own)}, reverse=True)
    shown = days[:MOST_ROWS]
    names = {place: str(Furthest(place).label) for place in {*reach.values()}}
    rows = [
        [
            words,
            names[reach[day]] if day in reach else "–",
            *(_cell(day, own, answered) for _name, own, answered in lanes),
        ]
        for day, words in zip(shown, in_words(shown), strict=True)
    ]
    return {
        "columns": [_("When"), _("Furthest"), *(name for name, _days, _answered in lanes)],
        "rows": rows,
        "note": latest_rows(len(shown), len(days)),
    }


def _cell(day: date, noted_on: set[date], answered: set[date]) -> str:
    if day not in answered:
        return "–"
    return _("yes") if day in noted_on else _("no")
