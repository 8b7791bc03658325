"""Clock times as people type them, made into instants: in Python only, in the entry's own zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.users.typed.clocks import place_of
from apps.users.typed.years import FIRST_YEAR, LAST_YEAR

CLOCKS_MAY_DIFFER_BY = timedelta(minutes=5)


def instant(
    clock_time: datetime, zone: ZoneInfo, *, not_before: datetime | None = None
) -> datetime:
    """The instant at which a clock in ``zone`` showed ``clock_time`` (naive, to the minute).

    In the hour that the clocks repeat in autumn it is the first such instant, or the second
    where the first would lie before ``not_before`` (rated again at 01:10 after starting at 01:50).
    Raises ValidationError for a time which the clocks skip in spring, and before 1900.
    """
    if clock_time.year < FIRST_YEAR:
        raise ValidationError(_("The day must be in 1900 or later."), code="too_early")
    first = clock_time.replace(tzinfo=zone, fold=0)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) != clock_time:
        raise ValidationError(
            _("At %(time)s on that day the clocks had gone forward: that time did not exist."),
            code="no_such_time",
            params={"time": clock_time.strftime("%H:%M")},
        )
    second = first.replace(fold=1)
    is_second = not_before is not None and first.astimezone(UTC) < not_before
    return (second if is_second else first).astimezone(UTC)


def refuse_future(moment: datetime, *, at: datetime, zone: ZoneInfo | None = None) -> None:
    """Refuse what lies in the future of ``at``; 5 minutes are forgiven.

    Whoever typed by another clock is told what the one in ``zone`` shows.
    """
    if moment <= at + CLOCKS_MAY_DIFFER_BY:
        return
    refused = ValidationError(_("That moment has not come yet."), code="in_the_future")
    if zone:
        shown = date_format(clock_time(at, zone), "DATETIME_FORMAT")
        words = _("That moment has not come yet: the diary's clock shows %(time)s (%(place)s).")
        params = {"time": shown, "place": place_of(zone.key)}
        refused = ValidationError(words, code="in_the_future", params=params)
    raise refused


class ClockTimeField(forms.DateTimeField):
    """A date and time of day as typed, without a zone; the form makes it an instant."""

    default_error_messages = {
        "invalid": _("Write a date and a time, for example 2026-03-10 14:30."),
    }

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            typed = datetime.fromisoformat(str(value).strip())
        except ValueError:
            typed = None
        if typed is None or typed.tzinfo or typed.year > LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return typed.replace(second=0, microsecond=0)


def clock_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in ``zone`` showed at ``moment``, to the minute, for a form field."""
    return moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0, fold=0)


def same_time_on(day: date, *, at: datetime, zone: ZoneInfo) -> datetime:
    """A day of the past at the time of day that it is now, as a first suggestion for a field.

    Naive, to the minute; never a time that the clocks skip on that day.
    """
    wanted = datetime.combine(day, at.astimezone(zone).time()).replace(second=0, microsecond=0)
    return clock_time(wanted.replace(tzinfo=zone).astimezone(UTC), zone)
