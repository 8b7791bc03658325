"""Days as people, apps and spreadsheets write them. Raises ValidationError.

Months may be words, in English and in German. What could mean two days (01/02/2026; 45363, a
spreadsheet's count) is read as ``DayReading`` says: ``readings_of`` tells when to ask.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.your_data.table.cells import shown
from apps.your_data.table.clocks import plain, read_clock, time_of_part

REST = r"(?:[t,;\s]+(.*))?"
NUMBERS = re.compile(rf"(\d{{1,4}})([./-])(\d{{1,2}})\2(\d{{1,4}})\.?{REST}", re.S)
SHORT_DAY = re.compile(rf"(\d\d)[/-]\d\d[/-](\d\d){REST}", re.S)
COMPACT = re.compile(rf"(\d{{4}})(\d\d)(\d\d){REST}", re.S)
EPOCH = re.compile(r"(\d{10})(?:[.,]\d+|\d{3})?")
COUNTED = re.compile(r"(\d{5})(?:[.,](\d+))?")
NTH, BETWEEN, YEAR = r"(\d{1,2})(?:\.|st|nd|rd|th)?", r"[\s,./-]*", r"'?(\d{4}|\d{2})(?!\d)"
WORD = r"(?:of\s)?([^\W\d_]{3,})"
DAY_IN_WORDS = re.compile(rf"{NTH}{BETWEEN}{WORD}{BETWEEN}{YEAR}{REST}", re.S)
MONTH_IN_WORDS = re.compile(rf"{WORD}{BETWEEN}{NTH}{BETWEEN}(?<!\d){YEAR}{REST}", re.S)
YEAR_IN_WORDS = re.compile(rf"(\d{{4}}){BETWEEN}{WORD}{BETWEEN}{NTH}{REST}", re.S)
MONTHS = (
    "january januar jänner",
    "february februar feber",
    "march märz maerz mrz",
    "april",
    "may mai",
    "june juni",
    "july juli",
    "august",
    "september sept",
    "october oktober",
    "november",
    "december dezember",
)
WEEKDAY = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|mo|di|mi|do|fr|sa|so"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend)[.,]*\s+(?:,\s*)?"
)
AT = re.compile(r"(?:at|um|gegen|-|–)\s+")
OFFSET = re.compile(r"\s*(?:gmt|utc)\s*(?=[+-])|\s*\(.*\)$")
NAMELESS_OFFSET = re.compile(r"\s*(?:gmt|utc|z)$")


class DayReading(models.TextChoices):
    """Which comes first in 01/02/2026, or when a spreadsheet began to count its days."""

    DAY_FIRST = "dmy", _lazy("The day: 1 February 2026")
    MONTH_FIRST = "mdy", _lazy("The month: January 2, 2026")
    YEAR_FIRST = "ymd", _lazy("The year: 2001 February 2")
    SINCE_1900 = "1900", _lazy("as nearly every spreadsheet counts")
    SINCE_1904 = "1904", _lazy("as old spreadsheets on a Mac counted")


LAST_MONTH = 12
ORDERS = [DayReading.DAY_FIRST, DayReading.MONTH_FIRST]
COUNTS = [DayReading.SINCE_1900, DayReading.SINCE_1904]
# Day 0. Spreadsheets count a 29 February 1900 that never was: from March on it is this one.
FIRST_COUNTED = {DayReading.SINCE_1904: date(1904, 1, 1)}
USUAL_FIRST = date(1899, 12, 30)


class Said(NamedTuple):
    """A day, and the moment where one was said; ``is_vague``: only a part of the day was."""

    day: date
    at: datetime | None = None
    is_vague: bool = False


def readings_of(cells: Iterable[str]) -> list[DayReading]:
    """How the days of one column can be read: one way, or the two to choose from.

    Where no day could be read two ways it does not matter, and is the day first.
    """
    texts = [plain(cell) for cell in cells]
    if _are_years_first(texts):
        return [DayReading.YEAR_FIRST]
    numbers = [found for text in texts if (found := _turnable(text))]
    if not numbers:
        is_counted = any(COUNTED.fullmatch(text) for text in texts)
        return COUNTS if is_counted else [DayReading.DAY_FIRST]
    if any(first > 12 for first, _second in numbers):
        return [DayReading.DAY_FIRST]
    if any(second > 12 for _first, second in numbers):
        return [DayReading.MONTH_FIRST]
    is_turned_the_same = all(first == second for first, second in numbers)
    return [DayReading.DAY_FIRST] if is_turned_the_same else ORDERS


def question_of(
    readings: list[DayReading], cells: Iterable[str]
) -> tuple[str | Promise, list[tuple[str, str | Promise]]]:
    """What is asked of a column of such days, and the answers to choose from."""
    if readings != COUNTS:
        return _lazy("In a day like 01/02/2026, which comes first?"), [
            (reading.value, reading.label) for reading in ORDERS
        ]
    match = next(filter(None, (COUNTED.fullmatch(plain(cell)) for cell in cells)))
    question = _("The days are numbers, as spreadsheets count them. Which day is %(number)s?")
    return question % {"number": match[1]}, [
        (reading.value, f"{date_format(_nth_day(match[1], reading))}, {reading.label}")
        for reading in COUNTS
    ]


def _are_years_first(texts):
    """26-03-01, 26-03-02: of short days more is different in the last number than in the first."""
    short = [(m[1], m[2]) for text in texts if (m := SHORT_DAY.fullmatch(text))]
    return len({last for _first, last in short}) > len({first for first, _last in short}) and all(
        int(first) > LAST_MONTH for first, _last in short
    )


def _turnable(text):
    """The two numbers of a day in which either could be the month."""
    match = NUMBERS.fullmatch(WEEKDAY.sub("", text, count=1))
    if not match or len(match[1]) > 2 or match[2] == ".":
        return None
    return int(match[1]), int(match[3])


def read_moment(cell: str, reading: str, zone: ZoneInfo) -> Said:
    """The day, and the moment where the cell says one: by the clock of ``zone``, or its offset."""
    text = plain(cell)
    if match := WEEKDAY.match(text):
        text = text[match.end() :]
    try:
        if match := EPOCH.fullmatch(text):
            at = datetime.fromtimestamp(int(match[1]), UTC)
            return Said(at.astimezone(zone).date(), at)
        if match := COUNTED.fullmatch(text):
            return _counted(match, reading, zone)
        day, rest = _day_and_rest(text, reading)
        return _at_that_time(day, AT.sub("", rest or "", count=1), zone)
    except (TypeError, ValueError, OverflowError):
        message = _("“%(found)s” is no day that we can read. Write it like 2026-01-31.")
        raise ValidationError(message % {"found": shown(cell)}) from None


def _counted(match, reading, zone):
    day = _nth_day(match[1], reading)
    if not match[2]:
        return Said(day)
    return Said(day, datetime.combine(day, time_of_part(float(f"0.{match[2]}")), zone))


def _nth_day(number, reading):
    return FIRST_COUNTED.get(reading, USUAL_FIRST) + timedelta(days=int(number))


def _day_and_rest(text, reading):
    """Raises ValueError where there is no such day, TypeError where it is no day at all."""
    if match := NUMBERS.fullmatch(text):
        return _day_of_numbers(match, reading), match[5]
    if match := COMPACT.fullmatch(text):
        year, month, day = (int(part) for part in match.groups()[:3])
    elif match := DAY_IN_WORDS.fullmatch(text):
        day, month, year = int(match[1]), _month(match[2]), _year(match[3])
    elif match := MONTH_IN_WORDS.fullmatch(text):
        month, day, year = _month(match[1]), int(match[2]), _year(match[3])
    elif match := YEAR_IN_WORDS.fullmatch(text):
        year, month, day = int(match[1]), _month(match[2]), int(match[3])
    else:
        raise TypeError
    return date(year, month, day), match[4]


def _day_of_numbers(match, reading):
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(third) not in (2, 4) or len(first) > 2:
        raise ValueError
    if reading == DayReading.YEAR_FIRST and len(first) == len(third) == 2:
        return date(_year(first), int(second), int(third))
    is_month_first = match[2] != "." and reading == DayReading.MONTH_FIRST
    day, month = (second, first) if is_month_first else (first, second)
    return date(_year(third), int(month), int(day))


def _year(text):
    return int(text) + 2000 * (len(text) == 2)


def _month(word):
    for number, names in enumerate(MONTHS, 1):
        if any(name.startswith(word) for name in names.split()):
            return number
    raise ValueError


def _at_that_time(day, rest, zone):
    if not rest:
        return Said(day)
    if moment := _iso(day, rest):
        return Said(moment.astimezone(zone).date(), moment)
    clock = read_clock(rest)
    return Said(day, clock.on(day, zone), clock.is_vague)


def _iso(day, rest):
    """With an offset from UTC of its own; None where it has none."""
    rest = NAMELESS_OFFSET.sub("+00:00", OFFSET.sub("", rest))
    try:
        moment = datetime.fromisoformat(f"{day}T{rest.replace(' ', '')}")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
