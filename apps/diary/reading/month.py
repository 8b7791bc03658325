"""The diary as a calendar: what each day of a month held, in two queries."""

from calendar import Calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.conditions.models import Side
from apps.diary.models import CheckIn, TreatmentSession
from apps.users.typed.years import FIRST_YEAR, LAST_YEAR


@dataclass(slots=True)
class CalendarDay:
    """One day. ``worst`` is the highest rating of leg, back, before or after; None: not rated."""

    date: date
    today: date
    worst: int | None = None
    check_ins: int = 0
    waits: int = 0
    treatments: list[str] = field(default_factory=list)
    sides: list[str] = field(default_factory=list)
    has_red_flag: bool = False

    @property
    def is_today(self) -> bool:
        return self.date == self.today

    @property
    def has_come(self) -> bool:
        return self.date <= self.today

    @property
    def is_empty(self) -> bool:
        return not (self.check_ins or self.waits or self.treatments)

    def rated(self, *ratings: int | None) -> None:
        known = [rating for rating in (self.worst, *ratings) if rating is not None]
        self.worst = max(known, default=None)

    def named(self, side: str, treatments=()) -> None:
        if side and side not in self.sides:
            self.sides.append(side)
        self.treatments += [name for name in treatments if name not in self.treatments]

    @property
    def sides_in_words(self) -> str:
        return ", ".join(str(Side(side).label) for side in self.sides)

    @property
    def side_letters(self) -> str:
        """For the little room of a phone; the same is said in words to who listens."""
        if Side.BOTH in self.sides:
            return _("L+R")
        letters = {Side.LEFT: _("L"), Side.RIGHT: _("R")}
        return " ".join(letters[side] for side in self.sides if side in letters)

    def in_words(self) -> str:
        """All that the day's square shows, for a screen reader."""
        said = [date_format(self.date, "WEEKDAY_DATE_FORMAT")]
        if self.worst is not None:
            said.append(_("worst pain %(n)s") % {"n": self.worst})
        elif self.is_empty:
            said.append(_("nothing written down"))
        said += [self.sides_in_words, ", ".join(self.treatments)]
        if self.waits:
            waits = ngettext("%(n)s wait", "%(n)s waits", self.waits)
            said.append(waits % {"n": self.waits})
        if self.has_red_flag:
            said.append(_("a red flag was ticked"))
        return "; ".join(part for part in said if part)


@dataclass(frozen=True, slots=True)
class Month:
    first_day: date
    weeks: list[list[CalendarDay | None]]

    @property
    def days(self) -> list[CalendarDay]:
        return [day for week in self.weeks for day in week if day]

    @property
    def is_empty(self) -> bool:
        return all(day.is_empty for day in self.days)

    @property
    def weekdays(self) -> list[date]:
        """Seven days from which the heads of the columns take their names."""
        first = self.first_day - timedelta(days=(self.first_day.weekday() - _first_weekday()) % 7)
        return [first + timedelta(days=n) for n in range(7)]

    @property
    def earlier(self) -> date | None:
        before = self.first_day - timedelta(days=1)
        return before.replace(day=1) if before.year >= FIRST_YEAR else None

    @property
    def later(self) -> date | None:
        """The next month, if it has begun."""
        after = (self.first_day + timedelta(days=31)).replace(day=1)
        return after if after <= self.days[0].today else None


def is_a_month(year: int, month: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12


def month_of(user, first_day: date, *, today: date, treatment=None, **filters) -> Month:
    """The month that begins at ``first_day``, for a condition, side and treatment where given.

    A treatment leaves check-ins out: they have none.
    """
    dates = Calendar(_first_weekday()).monthdatescalendar(first_day.year, first_day.month)
    own = {d: CalendarDay(d, today) for week in dates for d in week if d.month == first_day.month}
    filters |= {"first_day": first_day, "last_day": max(own)}
    _add_sessions(own, user, treatment, filters)
    if not treatment:
        _add_check_ins(own, user, filters)
    return Month(first_day, [[own.get(day) for day in week] for week in dates])


def _first_weekday() -> int:
    """0 is Monday, as in Python; Django's formats count from Sunday."""
    return (get_format("FIRST_DAY_OF_WEEK") - 1) % 7


def _add_sessions(own, user, treatment, filters):
    sessions = TreatmentSession.objects.for_user(user).filtered(treatment=treatment, **filters)
    columns = ["names", "diary_date", "side", "pain_before", "pain_after"]
    for row in sessions.with_names().order_by("started_at").values_list(*columns, named=True):
        day = own[row.diary_date]
        day.rated(row.pain_before, row.pain_after)
        day.named(row.side, row.names)
        day.waits += not row.names


def _add_check_ins(own, user, filters):
    check_ins = CheckIn.objects.for_user(user).filtered(**filters).order_by("rated_at")
    columns = ["diary_date", "side", "leg_pain", "back_pain", "red_flags"]
    for row in check_ins.values_list(*columns, named=True):
        day = own[row.diary_date]
        day.rated(row.leg_pain, row.back_pain)
        day.named(row.side)
        day.check_ins += 1
        day.has_red_flag |= bool(row.red_flags)
