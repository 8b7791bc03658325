"""Times of day as people, apps and spreadsheets write them. Raises ValidationError."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.your_data.table.cells import shown

MILITARY = re.compile(r"(\d\d)(\d\d)")
CLOCK = re.compile(
    r"(\d{1,2})(?:\s*(?:[:.h]|uhr)\s*(\d{2}))?(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(am|pm|uhr)?"
)
# As a spreadsheet counts: 0.75 is six in the evening. 0.25 could be 00:25 as well: it is refused.
OF_A_DAY = re.compile(r"0?(?:\.(?=\d$|[6-9]\d$|\d{3})|,)(\d+)")
TWO_MEANINGS = re.compile(r"0?\.\d\d")
# Where only a part of the day is said, this hour stands for it, and the rating is from memory.
HOURS = {
    8: "am, morning, in the morning, morgen, morgens, am morgen, früh, in der früh",
    10: "late morning, vormittag, vormittags, am vormittag",
    12: "noon, mid, midday, at noon, lunchtime, mittag, mittags, am mittag",
    15: "afternoon, in the afternoon, nachmittag, nachmittags, am nachmittag",
    19: "pm, evening, in the evening, abend, abends, am abend",
    22: "night, at night, bedtime, before bed, nacht, nachts, in der nacht, vor dem schlafen",
}
PARTS = {part: time(hour) for hour, parts in HOURS.items() for part in parts.split(", ")}
DAY_SECONDS = 86_400


class Clock(NamedTuple):
    """What a clock showed; ``days`` is 1 for 24:00. ``is_vague``: a part of the day was said."""

    time: time
    days: int = 0
    is_vague: bool = False

    def on(self, day: date, zone: ZoneInfo) -> datetime:
        """The moment at which clocks in ``zone`` showed it on that day."""
        return datetime.combine(day + timedelta(days=self.days), self.time, zone)


def plain(cell: str) -> str:
    """The cell in small letters, with usual digits and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", cell).casefold().split())


def read_clock(cell: str) -> Clock:
    """A time in 24 or in 12 hours, a part of the day, or a spreadsheet's part of one."""
    text = plain(cell).replace("a.m.", "am").replace("p.m.", "pm")
    if text in PARTS:
        return Clock(PARTS[text], is_vague=True)
    if match := OF_A_DAY.fullmatch(text):
        return Clock(time_of_part(float(f"0.{match[1]}")))
    match = CLOCK.fullmatch(MILITARY.sub(r"\1:\2", text) if MILITARY.fullmatch(text) else text)
    if not match or not (match[2] or match[4]) or TWO_MEANINGS.fullmatch(text):
        _refuse(cell)
    if (match[1], match[2], match[3] or "00", match[4] in ("am", "pm")) == MIDNIGHT:
        return Clock(time(), days=1)
    try:
        return Clock(time(_hour(match), int(match[2] or 0), int(match[3] or 0)))
    except ValueError:
        _refuse(cell)


MIDNIGHT = ("24", "00", "00", False)


def _hour(match):
    hour = int(match[1])
    if match[4] not in ("am", "pm"):
        return hour
    if not 1 <= hour <= 12:
        raise ValueError
    return hour % 12 + 12 * (match[4] == "pm")


def time_of_part(part: float) -> time:
    """The time at which that part of a day (0 to 1) is over, to the second."""
    minutes, second = divmod(min(round(part * DAY_SECONDS), DAY_SECONDS - 1), 60)
    return time(*divmod(minutes, 60), second)


def _refuse(cell):
    message = _("“%(found)s” is no time of day. Write it like 18:30.")
    raise ValidationError(message % {"found": shown(cell)})
