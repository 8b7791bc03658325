"""A person's calendar (iCalendar, RFC 5545): days to look back on, weekly appointments, and the
daily reminder."""

import uuid
from datetime import UTC, datetime, time, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vDuration

from apps.diary.models import CalendarFeed, ReminderPlan, SelfTest
from apps.diary.reminders.calendar_zones import vtimezone
from apps.diary.reminders.mails import absolute
from apps.treatments.models import Treatment, TreatmentPeriod
from apps.users.models import Rhythm

YEARS_AHEAD = timedelta(days=10 * 365)
ASK_AGAIN_AFTER = timedelta(hours=12)
EVENT_LASTS = timedelta(minutes=5)
_NAMESPACE = uuid.UUID("3f0c2b7e-6f0e-4f5c-9f3a-5b7f0e0a4d11")


def calendar(feed: CalendarFeed, *, at: datetime) -> bytes:
    """The calendar as text; treatments have their names in it only where the person said so."""
    written = Calendar()
    written.add("prodid", "-//Did it work?//diary//EN")
    written.add("version", "2.0")
    written.add("x-wr-calname", _("Diary"))
    written.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"value": "DURATION"})
    # The library does not know this name, and would write 12:00:00.
    written.add("x-published-ttl", vDuration(ASK_AGAIN_AFTER))
    plan = ReminderPlan.objects.for_user(feed.user).first()
    if plan is not None and feed.user.rhythm != Rhythm.PAUSED:
        if plan.is_daily:
            is_weekly = feed.user.rhythm == Rhythm.WEEKLY
            _add_daily(written, plan, feed.user, at, {"freq": "weekly" if is_weekly else "daily"})
        elif plan.for_self_tests and (last := _last_day_of_tests(feed.user)):
            _add_daily(written, plan, feed.user, at, {"freq": "daily", "until": last})
    for treatment in _treatments(feed.user):
        if treatment.review_on is not None:
            written.add_component(_review(treatment, feed.names_treatments, at))
        if treatment.weekday is not None and treatment.is_in_use:
            written.add_component(_appointment(treatment, feed, at))
    return written.to_ical()


def _treatments(user):
    """In use is what has a stretch of days without an end, or no stretch at all."""
    periods = TreatmentPeriod.objects.for_user(user).filter(treatment=OuterRef("pk"))
    is_in_use = Exists(periods.filter(ended_on=None)) | ~Exists(periods)
    treatments = Treatment.objects.for_user(user).current()
    treatments = treatments.annotate(is_in_use=ExpressionWrapper(is_in_use, BooleanField()))
    return treatments.order_by("review_on", "name")


def _last_day_of_tests(user) -> datetime | None:
    """The end of the last day of the self-tests that run; None where none does."""
    days = SelfTest.objects.for_user(user).running().values_list("ends_on", flat=True)
    last = max(days, default=None)
    return last and datetime.combine(last, time(23, 59), tzinfo=user.zone).astimezone(UTC)


def _add_daily(written, plan, user, at, how_often):
    """At the chosen time by the person's clock, from the day it was chosen: every day, once a
    week where the person is asked so, or every day until a self-test ends."""
    zone = user.zone
    event = _event(f"daily {plan.user_id}", _("Diary"), at)
    begins = datetime.combine(plan.since.astimezone(zone).date(), plan.daily_at, tzinfo=zone)
    event.start, event.end = begins, begins + EVENT_LASTS
    event.add("rrule", how_often)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Diary"))
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    if "TZID" in event["dtstart"].params:
        first = plan.since.replace(minute=0, second=0, microsecond=0) - timedelta(days=2)
        written.add_component(vtimezone(zone, first=first, last=at + YEARS_AHEAD))
    written.add_component(event)


def _review(treatment, is_named, at):
    title = _("Look back")
    if is_named:
        title = _("Look back: %(treatment)s") % {"treatment": treatment.name}
    event = _event(f"review {treatment.pk}", title, at)
    event.start, event.end = treatment.review_on, treatment.review_on + timedelta(days=1)
    return event


def _appointment(treatment, feed, at):
    """Every week on its weekday, from the day the calendar was made: its hour is not known."""
    title = treatment.name if feed.names_treatments else _("Appointment")
    event = _event(f"appointment {treatment.pk}", title, at)
    made_on = feed.made_at.astimezone(feed.user.zone).date()
    first = made_on + timedelta(days=(treatment.weekday - made_on.weekday()) % 7)
    event.start, event.end = first, first + timedelta(days=1)
    event.add("rrule", {"freq": "weekly"})
    return event


def _event(what, title, at):
    """``what`` makes an id that stays the same each time the calendar is read, and says nothing."""
    event = Event()
    event.add("uid", str(uuid.uuid5(_NAMESPACE, absolute(f"/{what}"))))
    event.add("dtstamp", at.astimezone(UTC))
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    event.add("url", absolute(reverse("diary:today")))
    return event
