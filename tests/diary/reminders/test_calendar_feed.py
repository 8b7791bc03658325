"""The calendar that a phone reads: what is in it, whom it opens to, and when its clock rings."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
import vobject
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar
from vobject.icalendar import stringToDurations

from apps.diary.models import CalendarFeed
from apps.diary.reminders.calendar_zones import changes, vtimezone
from tests.factories import (
    NOON,
    ReminderPlanFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
)

REVIEW = date(2026, 6, 1)
CHANGES_OF_2026 = ["2026-03-29 01:00", "2026-10-25 01:00"]


def url_of(user, **fields):
    return reverse("diary:calendar", args=[CalendarFeed.make(user, at=NOON, **fields)])


def read(client, url):
    with time_machine.travel(NOON, tick=False):
        response = client.get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def titles(calendar):
    return [str(event["SUMMARY"]) for event in calendar.events]


def test_calendar_names_no_treatment_unless_it_may(client, alice, charlie):
    TreatmentFactory(user=alice, name="Shakti mat", review_on=REVIEW)
    TreatmentFactory(user=alice, name="Heat", review_on=None)
    TreatmentFactory(user=alice, name="Old", review_on=REVIEW, archived_at=NOON)
    TreatmentFactory(user=charlie, review_on=REVIEW)
    quiet = client.get(url_of(alice))
    assert titles(Calendar.from_ical(quiet.content)) == ["Look back"]
    assert b"Shakti" not in quiet.content
    (event,) = read(client, url_of(alice, names_treatments=True)).events
    assert str(event["SUMMARY"]) == "Look back: Shakti mat"
    assert (event.start, event.end) == (REVIEW, date(2026, 6, 2))
    assert str(event["URL"]) == "http://localhost:8000/today/"


DURATION = re.compile(  # RFC 5545, 3.3.6
    r"[+-]?P(\d+W|(\d+D)(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?|T(?=\d)(\d+H)?(\d+M)?(\d+S)?)"
)


def test_durations_have_the_form_of_the_standard_and_another_library_reads_them(client, alice):
    TreatmentFactory(user=alice, review_on=REVIEW)
    ReminderPlanFactory(user=alice, is_daily=True, daily_at=time(20, 5), since=NOON)
    text = client.get(url_of(alice)).content.decode()
    lines = [line.partition(":") for line in text.splitlines()]
    names = ("REFRESH-INTERVAL", "X-PUBLISHED-TTL", "TRIGGER", "DURATION")
    found = {name: value for name, _colon, value in lines if name.startswith(names)}
    assert set(found) == {"REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL", "TRIGGER"}
    assert [value for value in found.values() if not DURATION.fullmatch(value)] == []

    read_by_another = vobject.readOne(text)
    for name in ("refresh_interval", "x_published_ttl"):
        said = getattr(read_by_another, name).value
        assert stringToDurations(said) == [timedelta(hours=12)]
    alarms = [e.valarm for e in read_by_another.vevent_list if hasattr(e, "valarm")]
    assert [alarm.trigger.value for alarm in alarms] == [timedelta(0)]
    lengths = {event.dtend.value - event.dtstart.value for event in read_by_another.vevent_list}
    assert lengths == {timedelta(minutes=5), timedelta(days=1)}


def test_weekly_appointment_is_an_event_of_every_week_while_it_is_in_use(client, alice):
    """From the first Thursday after the calendar was made, a Tuesday."""
    weekly = TreatmentFactory(user=alice, name="Acupuncture", weekday=3)
    TreatmentPeriodFactory(user=alice, treatment=weekly, ended_on=None)
    stopped = TreatmentFactory(user=alice, name="Massage", weekday=3)
    TreatmentPeriodFactory(user=alice, treatment=stopped, ended_on=date(2026, 3, 10))
    TreatmentFactory(user=alice, name="Pilates", weekday=3, archived_at=NOON)
    (event,) = read(client, url_of(alice)).events
    assert (str(event["SUMMARY"]), event["RRULE"]["FREQ"]) == ("Appointment", ["WEEKLY"])
    assert (event.start, event.end) == (date(2026, 3, 12), date(2026, 3, 13))
    named = read(client, url_of(alice, names_treatments=True))
    assert titles(named) == ["Acupuncture"]


def test_ids_of_events_stay_and_say_nothing(client, alice):
    treatment = TreatmentFactory(user=alice, review_on=REVIEW)
    TreatmentFactory(user=alice, name="Heat", review_on=REVIEW)
    url = url_of(alice)
    first, again = ([str(event["UID"]) for event in read(client, url).events] for _ in range(2))
    assert (first, len(set(first))) == (again, 2)
    assert not any(str(treatment.pk) == uid or alice.email in uid for uid in first)


def test_daily_reminder_is_an_event_of_every_day(client, alice):
    ReminderPlanFactory(user=alice, is_daily=True, daily_at=time(20, 5), since=NOON)
    calendar = read(client, url_of(alice))
    (event,) = calendar.events
    assert (str(event["SUMMARY"]), event["RRULE"]) == ("Diary", {"FREQ": ["DAILY"]})
    assert event["DTSTART"].to_ical() == b"20260310T200500"
    assert event["DTSTART"].params == {"TZID": "Europe/London"}
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/London"]
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(0)]


@pytest.mark.parametrize(
    ("rhythm", "rules"), [("daily", ["DAILY"]), ("weekly", ["WEEKLY"]), ("paused", [])]
)
def test_daily_reminder_keeps_to_how_often_the_diary_may_ask(client, alice, rhythm, rules):
    alice.keep_rhythm(rhythm, at=NOON)
    ReminderPlanFactory(user=alice, is_daily=True, since=NOON)
    calendar = read(client, url_of(alice))
    assert [event["rrule"]["freq"][0].upper() for event in calendar.events] == rules


def test_reminder_of_a_self_test_is_an_event_of_every_day_until_its_last(client, alice):
    ReminderPlanFactory(user=alice, for_self_tests=True, daily_at=time(20, 5), since=NOON)
    assert titles(read(client, url_of(alice))) == []
    self_test = SelfTestFactory(user=alice, ends_on=date(2026, 4, 30))
    (event,) = read(client, url_of(alice)).events
    until = datetime(2026, 4, 30, 22, 59, tzinfo=UTC)
    assert (str(event["SUMMARY"]), event["RRULE"]) == (
        "Diary",
        {"FREQ": ["DAILY"], "UNTIL": [until]},
    )
    self_test.ended_at, self_test.why_ended = NOON, "stopped"
    self_test.save()
    assert titles(read(client, url_of(alice))) == []


def test_daily_reminder_that_is_off_is_not_in_it(client, alice):
    ReminderPlanFactory(user=alice, for_sessions=True)
    assert titles(read(client, url_of(alice))) == []


@pytest.mark.parametrize("zone", ["UTC", "Africa/Accra", "Etc/GMT+5", "GB", "Asia/Kathmandu"])
def test_every_zone_that_an_event_names_is_written_down(client, alice, zone):
    alice.time_zone = zone
    alice.save()
    ReminderPlanFactory(user=alice, is_daily=True, daily_at=time(7), since=NOON)
    calendar = read(client, url_of(alice))
    (event,) = calendar.events
    assert calendar.get_missing_tzids() == set()
    assert event.start.astimezone(UTC) == datetime(2026, 3, 10, 7, tzinfo=ZoneInfo(zone))


ZONES = [
    "Europe/London",
    "Europe/Dublin",
    "America/Havana",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Asia/Tokyo",
]


@pytest.mark.parametrize("name", ZONES)
def test_zone_read_back_has_the_same_clock_all_year(name):
    """Hour by hour; icalendar's reading of a repeated hour is left out."""
    zone = ZoneInfo(name)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    written = vtimezone(zone, first=first, last=first + timedelta(days=3 * 365))
    read_back = type(written).from_ical(written.to_ical()).to_tz()
    jumps = changes(zone, first=first, last=first + timedelta(days=3 * 365))
    for hour in range(24 * 600):
        moment = first + timedelta(days=20, hours=hour, minutes=30)
        if all(abs(moment - jump) > timedelta(hours=2) for jump in jumps):
            local = moment.astimezone(zone).replace(tzinfo=None)
            assert (
                local.replace(tzinfo=read_back).utcoffset() == moment.astimezone(zone).utcoffset()
            )


def test_clocks_of_london_change_at_one_utc():
    first = datetime(2026, 1, 1, tzinfo=UTC)
    found = changes(ZoneInfo("Europe/London"), first=first, last=datetime(2027, 1, 1, tzinfo=UTC))
    assert [f"{change:%Y-%m-%d %H:%M}" for change in found] == CHANGES_OF_2026


def test_changes_are_written_by_the_clock_that_ran_until_then():
    first = datetime(2026, 1, 1, tzinfo=UTC)
    zone = vtimezone(ZoneInfo("Europe/London"), first=first, last=datetime(2027, 1, 1, tzinfo=UTC))
    begins = [each["DTSTART"].to_ical().decode() for each in zone.subcomponents]
    assert begins == ["20260101T000000", "20260329T010000", "20261025T020000"]


# Whom it opens to


def answer(response):
    return response.status_code, dict(response.headers), response.content


def test_unknown_and_revoked_addresses_answer_like_any_missing_page(client, alice):
    cache.clear()
    url = url_of(alice)
    assert client.get(url).status_code == 200
    CalendarFeed.objects.all().delete()
    missing = answer(client.get("/no-such-page/"))
    unknown = reverse("diary:calendar", args=["0" * 43])
    for each in (url, unknown, "/calendar/x.ics", "/calendar/%00.ics"):
        assert answer(client.get(each)) == missing


def test_calendar_of_a_closed_account_is_a_missing_page(client, alice):
    url = url_of(alice)
    alice.is_active = False
    alice.save()
    assert client.get(url).status_code == 404


def test_calendar_is_kept_by_nobody_and_sets_no_cookie(client, alice):
    response = client.get(url_of(alice))
    assert (response["Cache-Control"], dict(response.cookies)) == ("private, no-store", {})


def test_guesses_are_limited_per_address_but_never_the_right_secret(client, alice):
    cache.clear()
    url, wrong = url_of(alice), reverse("diary:calendar", args=["0" * 43])
    statuses = [client.get(wrong).status_code for _guess in range(31)]
    assert statuses == [404] * 30 + [429]
    assert client.get(url).status_code == 200
    assert client.get(wrong, REMOTE_ADDR="192.0.2.7").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_calendar_costs_the_same_queries(client, alice, django_assert_num_queries, rows):
    for number in range(rows):
        TreatmentFactory(user=alice, name=f"mat {number}", review_on=REVIEW, weekday=1)
    ReminderPlanFactory(user=alice, is_daily=True)
    url = url_of(alice)
    with django_assert_num_queries(3):
        client.get(url)
