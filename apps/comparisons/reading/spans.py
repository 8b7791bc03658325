"""The days that a chart covers, and the slots (days or weeks) that they are drawn in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.db import models
from django.db.models import F, Func, Value
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Range(models.TextChoices):
    WEEKS_2 = "2w", gettext_lazy("last 2 weeks")
    WEEKS_4 = "4w", gettext_lazy("last 4 weeks")
    MONTHS_3 = "3m", gettext_lazy("last 3 months")
    MONTHS_6 = "6m", gettext_lazy("last 6 months")
    YEAR = "1y", gettext_lazy("last year")
    ALL = "all", gettext_lazy("everything")


# As they stand side by side above a chart.
SHORT_NAMES = {
    Range.WEEKS_2: gettext_lazy("2 weeks"),
    Range.WEEKS_4: gettext_lazy("4 weeks"),
    Range.MONTHS_3: gettext_lazy("3 months"),
    Range.MONTHS_6: gettext_lazy("6 months"),
    Range.YEAR: gettext_lazy("1 year"),
    Range.ALL: gettext_lazy("All"),
}
LENGTHS = {
    Range.WEEKS_2: 14,
    Range.WEEKS_4: 28,
    Range.MONTHS_3: 92,
    Range.MONTHS_6: 184,
    Range.YEAR: 366,
}
LONGEST_BY_DAY = 366
LONGEST_DAILY = 31
LONGEST_WEEKLY = 2 * LONGEST_BY_DAY
LONGEST_BY_MARKS = 100
LONGEST_BY_MONDAYS = 42
LONGEST_BY_THIRD_DAYS = 16


def in_words(days: Iterable[date]) -> list[str]:
    """Days as "Mon 9 Mar 2026". A chart has hundreds: the names are translated once for all."""
    weekdays = [str(WEEKDAYS_ABBR[number]) for number in range(7)]
    months = ["", *(str(MONTHS_3[number]).title() for number in range(1, 13))]
    text = get_format("DAY_IN_WORDS")
    return [text % (weekdays[day.weekday()], day.day, months[day.month], day.year) for day in days]


@dataclass(frozen=True)
class Span:
    """From ``first_day`` to ``last_day``, both included.

    ``slot_days``: how many days are drawn as one; None: one, or over a year a week.
    """

    first_day: date
    last_day: date
    slot_days: int | None = None

    @classmethod
    def of(cls, chosen: Range, *, today: date, bounds: tuple[date, date] | None) -> "Span":
        """The days up to ``today``, or with "everything" those from the first entry to the last."""
        if chosen == Range.ALL:
            return cls(*(bounds or (today, today)))
        return cls(today - timedelta(days=LENGTHS[chosen] - 1), today)

    @classmethod
    def between(
        cls,
        first_day: date | None,
        last_day: date | None,
        *,
        today: date,
        bounds: tuple[date, date] | None,
    ) -> "Span":
        """Days of one's own choice, of which either end may be open.

        It goes no further than the diary does: to today or the last entry, and back to a year
        before the first one.
        """
        begun, ended = bounds or (today, today)
        last = min(last_day or today, max(today, ended))
        earliest = min(begun, last) - timedelta(days=LENGTHS[Range.YEAR])
        return cls(max(first_day, earliest) if first_day else min(begun, last), last)

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def is_weekly(self) -> bool:
        """Whether a slot is one week or several, from a Monday to a Sunday."""
        return self.step > 1

    @cached_property
    def step(self) -> int:
        """Days in a slot."""
        return self.slot_days or (7 if self.days > LONGEST_BY_DAY else 1)

    def by_points(self) -> "Span":
        """In the points of a line: a day up to a month, a week up to two years, then four."""
        if self.days <= LONGEST_DAILY:
            return replace(self, slot_days=1)
        return replace(self, slot_days=7 if self.days <= LONGEST_WEEKLY else 28)

    def by_marks(self) -> "Span":
        """In the marks of what was done: a day up to a hundred, then as a line."""
        return replace(self, slot_days=1) if self.days <= LONGEST_BY_MARKS else self.by_points()

    @property
    def has_days_behind(self) -> bool:
        """Whether single days are drawn behind the points of a line."""
        return LONGEST_DAILY < self.days <= LONGEST_BY_DAY

    @cached_property
    def start(self) -> date:
        """The first day of slot 0."""
        monday = timedelta(days=self.first_day.weekday() if self.is_weekly else 0)
        return self.first_day - monday

    @property
    def first_monday(self) -> date:
        """The Monday on or before the first day, for what is counted by week in any span."""
        return self.first_day - timedelta(days=self.first_day.weekday())

    @property
    def slots(self) -> int:
        return self.slot_of(self.last_day) + 1

    def slot_of(self, day: date) -> int:
        return (day - self.start).days // self.step

    def slot(self, field: str) -> Func:
        """The slot of a stored day, in SQL: a difference of dates, so no time zone has a say."""
        return Func(
            F(field),
            Value(self.start, output_field=models.DateField()),
            template=f"((%(expressions)s) / {self.step})",
            arg_joiner=" - ",
            output_field=models.IntegerField(),
        )

    def day_of(self, slot: int) -> date:
        return self.start + timedelta(days=slot * self.step)

    def middle_of(self, slot: int) -> float:
        """Days from the first day to the middle of what the span holds of a slot."""
        first = max(self.day_of(slot), self.first_day)
        last = min(self.day_of(slot + 1) - timedelta(days=1), self.last_day)
        return ((first - self.first_day) + (last - self.first_day)).days / 2

    def labels(self) -> list[str]:
        """Every slot in words: "Mon 9 Mar 2026", or the week or weeks from that day."""
        days = in_words(self.day_of(slot) for slot in range(self.slots))
        if not self.is_weekly:
            return days
        weeks = _("Week from %(day)s") if self.step == 7 else _("4 weeks from %(day)s")
        return [weeks % {"day": day} for day in days]

    def ticks(self) -> list[dict]:
        """Marks of the time axis: every third day up to two weeks, Mondays up to six, firsts of
        months up to a year, then firsts of January, April, July and October, then of January."""
        return [
            {"at": (day - self.start).days / self.step, "label": self._tick_label(day)}
            for day in self._tick_days()
        ]

    def _tick_days(self) -> list[date]:
        if self.days <= LONGEST_BY_MONDAYS:
            days = (self.first_day + timedelta(days=number) for number in range(self.days))
            if self.days <= LONGEST_BY_THIRD_DAYS:
                return [day for day in days if (self.last_day - day).days % 3 == 2]
            return [day for day in days if day.weekday() == 0]
        months = (1, 4, 7, 10) if self.days > LONGEST_BY_DAY else range(1, 13)
        if self.days > 5 * LONGEST_BY_DAY:
            months = (1,)
        years = range(self.first_day.year, self.last_day.year + 1)
        firsts = (date(year, month, 1) for year in years for month in months)
        return [day for day in firsts if self.first_day <= day <= self.last_day]

    def _tick_label(self, day: date) -> str:
        if self.days <= LONGEST_BY_MONDAYS:
            return date_format(day, "SHORT_MONTH_DAY_FORMAT")
        return date_format(day, "M Y" if self.days > LONGEST_BY_DAY or day.month == 1 else "M")
