"""Days, times, ratings and sides as people elsewhere write them. Raises ValidationError."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.conditions.models import Side
from apps.your_data.table.cells import shown

NOTHING = {"", "-", "–", "—", "/", "n/a", "na", "null", "none", "nan", "k. a.", "k.a."}
WAITED = {"wait", "waiting", "wait and see", "waited", "warten", "gewartet", "abwarten"}
SIDES = {
    "l": Side.LEFT,
    "r": Side.RIGHT,
    "links": Side.LEFT,
    "rechts": Side.RIGHT,
    "beide": Side.BOTH,
    "beidseitig": Side.BOTH,
    "beidseits": Side.BOTH,
}
DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?(?:[T,;\s]+(.*))?", re.S)
TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(am|pm|uhr)?")
WHOLE = re.compile(r"([+-]?\d+)(?:[.,]0*)?(?:\s*/\s*10)?")
PART = re.compile(r"[+-]?\d*[.,]\d+(?:\s*/\s*10)?")


class DateOrder(models.TextChoices):
    """Which of the two comes first in 01/02/2026."""

    DAY_FIRST = "dmy", gettext_lazy("The day: 1 February 2026")
    MONTH_FIRST = "mdy", gettext_lazy("The month: January 2, 2026")


def is_nothing(cell: str) -> bool:
    return cell.casefold() in NOTHING


def order_said(cells) -> DateOrder | None:
    """The order that the days of a column can only have; None where both would do.

    Where no day could be read two ways it does not matter, and is the day.
    """
    numbers = [match for cell in cells if (match := _turnable(cell))]
    if not numbers or any(first > 12 for first, _second in numbers):
        return DateOrder.DAY_FIRST
    if any(second > 12 for _first, second in numbers):
        return DateOrder.MONTH_FIRST
    is_turned_the_same = all(first == second for first, second in numbers)
    return DateOrder.DAY_FIRST if is_turned_the_same else None


def _turnable(cell):
    """The two numbers of a day in which either could be the month."""
    match = DAY.fullmatch(cell)
    if not match or len(match[1]) > 2 or match[2] == ".":
        return None
    return int(match[1]), int(match[3])


def read_moment(cell: str, order: str, zone: ZoneInfo) -> tuple[date, datetime | None]:
    """The day, and the moment where the cell says one: by the clock of ``zone``, or its offset."""
    match = DAY.fullmatch(cell)
    try:
        day = _day(match, order)
        rest = match[5] or ""
        if rest and (moment := _iso(day, rest)):
            return moment.astimezone(zone).date(), moment
        return day, datetime.combine(day, read_time(rest), zone) if rest else None
    except (TypeError, ValueError, OverflowError):
        message = _("“%(found)s” is no day that we can read. Write it like 2026-01-31.")
        raise ValidationError(message % {"found": shown(cell)}) from None


def _day(match, order):
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(third) not in (2, 4) or len(first) > 2:
        raise ValueError
    year = int(third) + 2000 * (len(third) == 2)
    is_month_first = match[2] != "." and order == DateOrder.MONTH_FIRST
    day, month = (second, first) if is_month_first else (first, second)
    return date(year, int(month), int(day))


def _iso(day, rest):
    """With an offset from UTC of its own; None where it has none."""
    try:
        moment = datetime.fromisoformat(f"{day}T{rest.replace(' ', '')}")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def read_time(cell: str) -> time:
    """A time of day, in 24 or in 12 hours."""
    match = TIME.fullmatch(cell.casefold().replace("a.m.", "am").replace("p.m.", "pm").strip())
    if not match or not (match[2] or match[4]):
        _no_time(cell)
    hour = int(match[1])
    if match[4] in ("am", "pm"):
        if not 1 <= hour <= 12:
            _no_time(cell)
        hour = hour % 12 + 12 * (match[4] == "pm")
    try:
        return time(hour, int(match[2] or 0), int(match[3] or 0))
    except ValueError:
        _no_time(cell)


def _no_time(cell):
    message = _("“%(found)s” is no time of day. Write it like 18:30.")
    raise ValidationError(message % {"found": shown(cell)})


def read_rating(cell: str) -> str:
    """A whole number as our own files have it: 7,0 and 7/10 are 7. Nothing is rounded."""
    if is_nothing(cell):
        return ""
    if PART.fullmatch(cell) and not WHOLE.fullmatch(cell):
        message = _("“%(found)s” is no whole number. A rating here is a whole number, 0 to 10.")
        raise ValidationError(message % {"found": shown(cell)})
    match = WHOLE.fullmatch(cell)
    if match and int(match[1][:6]) > 10:
        message = _(
            "“%(found)s” is above 10. A scale that goes to 100 is not the scale of this diary: "
            "a rating here is a whole number, 0 to 10."
        )
        raise ValidationError(message % {"found": shown(cell)})
    return match[1] if match else cell


def read_side(cell: str) -> str:
    """As our own files have it; what is not known here is left for them to refuse."""
    word = cell.casefold()
    return "" if is_nothing(cell) else SIDES.get(word, word)


def read_treatments(cell: str) -> list[str] | None:
    """Names as our own files list them: none for waiting; None where the cell says nothing."""
    if cell.casefold() in WAITED:
        return []
    if is_nothing(cell):
        return None
    names = [name.strip() for name in cell.split(";") if name.strip()]
    return [f"{name} [other]" if name.endswith("]") else name for name in names]
