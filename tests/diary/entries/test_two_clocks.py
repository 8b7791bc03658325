"""Moving to another zone: what was written keeps its day and hour; what comes goes by the new one."""

import re
import uuid
from datetime import UTC, date, datetime

import pytest
import time_machine

from apps.diary.models import CheckIn, TreatmentSession
from tests.factories import CheckInFactory, TreatmentSessionFactory

CLOCK, NEW = "/settings/clock/", "/check-ins/new/"
LATE, EARLY = datetime(2026, 3, 10, 23, 30, tzinfo=UTC), datetime(2026, 3, 10, 3, 30, tzinfo=UTC)


def typed(**fields):
    return {"client_id": str(uuid.uuid4()), "leg_pain": "4", **fields}


@time_machine.travel(datetime(2026, 3, 10, 9, 5, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("zone", "there", "place"),
    [
        ("Pacific/Auckland", "22:05", "Auckland"),
        ("America/New_York", "05:05", "New York"),
        ("Asia/Calcutta", "14:35", "Kolkata"),
        ("Europe/Kiev", "11:05", "Kyiv"),
    ],
)
def test_both_clocks_are_said_and_the_place_of_the_device(as_alice, zone, there, place):
    said = as_alice.get(CLOCK, {"zone": zone}).json()
    assert said["line"] == f"This device shows {there}, your diary 09:05 (London)."
    assert (said["use"], len(said["token"])) == (f"Use {place}", 64)


@time_machine.travel(LATE, tick=False)
def test_both_clocks_are_said_with_their_days_where_these_differ(as_alice):
    said = as_alice.get(CLOCK, {"zone": "Pacific/Auckland"}).json()
    assert said["line"] == "This device shows Wednesday 12:30, your diary Tuesday 23:30 (London)."


@pytest.mark.parametrize("zone", ["", "Mars/Phobos", "../etc/passwd", "Factory", "\x00"])
def test_zone_that_nobody_knows_is_said_nothing_about_and_never_stored(as_alice, alice, zone):
    assert as_alice.get(CLOCK, {"zone": zone}).json() == {}
    response = as_alice.post(CLOCK, {"time_zone": zone})
    assert (response.status_code, b"Europe/London" in response.content) == (400, True)
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/London"


@pytest.mark.parametrize(
    ("zone", "stored"),
    [
        ("Pacific/Auckland", "Pacific/Auckland"),
        ("America/New_York", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
    ],
)
def test_one_tap_changes_the_clock_and_comes_back(as_alice, alice, zone, stored):
    response = as_alice.post(CLOCK, {"time_zone": zone, "next": "/today/"}, follow=True)
    alice.refresh_from_db()
    assert (response.redirect_chain, alice.time_zone) == ([("/today/", 302)], stored)
    said = f"Your diary goes by the clock of {stored.split('/')[1].replace('_', ' ')} now."
    assert said in response.content.decode()


def test_change_of_clock_leads_to_no_other_site(as_alice):
    response = as_alice.post(CLOCK, {"time_zone": "UTC", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/settings/"


def entries_and_times(client, day):
    page = client.get(f"/diary/{day.year}/{day.month}/{day.day}/").content.decode()
    stored = CheckIn.objects.get(), TreatmentSession.objects.get()
    times = re.findall(r"\b\d\d:\d\d\b", page.split("<main")[1].split("</main>")[0])
    return [(each.diary_date, each.local_at) for each in stored], times


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/New_York", "Asia/Kolkata"])
@pytest.mark.parametrize("at", [LATE, EARLY])
def test_entries_written_before_keep_their_day_and_hour(as_alice, alice, zone, at):
    """23:30 would be tomorrow in Auckland and Kolkata, 03:30 yesterday in New York."""
    CheckInFactory(user=alice, rated_at=at, leg_pain=4)
    TreatmentSessionFactory(user=alice, started_at=at)
    day = date(2026, 3, 10)
    before = entries_and_times(as_alice, day)
    as_alice.post(CLOCK, {"time_zone": zone, "next": f"/diary/{day.year}/{day.month}/{day.day}/"})
    as_alice.get(f"/diary/{day.year}/{day.month}/{day.day}/")  # says that it was changed, once
    assert before[0] == [(day, at.replace(tzinfo=None))] * 2
    assert f"{at:%H:%M}" in before[1]
    assert entries_and_times(as_alice, day) == before


@pytest.mark.parametrize(
    ("zone", "at", "day", "hour"),
    [
        ("Pacific/Auckland", LATE, date(2026, 3, 11), 12),
        ("Asia/Kolkata", LATE, date(2026, 3, 11), 5),
        ("America/New_York", EARLY, date(2026, 3, 9), 23),
    ],
)
def test_entries_written_after_go_by_the_new_clock(as_alice, zone, at, day, hour):
    with time_machine.travel(at, tick=False):
        as_alice.post(CLOCK, {"time_zone": zone})
        as_alice.post(NEW, typed())
        heading = as_alice.get("/today/").content.decode()
    stored = CheckIn.objects.get()
    assert (stored.time_zone, stored.diary_date, stored.local_at.hour) == (zone, day, hour)
    assert f"{day:%A} {day.day} March" in heading


@time_machine.travel(LATE, tick=False)
def test_time_typed_by_the_clock_of_a_place_further_east_is_refused_by_name(as_alice):
    """12:25 on an Auckland phone, in a diary that still goes by London."""
    response = as_alice.post(NEW, typed(rated_at="2026-03-11T12:25"))
    assert response.context["form"].errors["rated_at"] == [
        "That moment has not come yet: the diary's clock shows 10 March 2026, 23:30 (London)."
    ]
    as_alice.post(CLOCK, {"time_zone": "Pacific/Auckland"})
    as_alice.post(NEW, typed(rated_at="2026-03-11T12:25"))
    assert CheckIn.objects.get().rated_at == datetime(2026, 3, 10, 23, 25, tzinfo=UTC)


def test_entry_that_is_changed_names_the_clock_by_which_it_was_written(as_alice, alice):
    entry = CheckInFactory(user=alice, rated_at=EARLY, leg_pain=4)
    page = f"/check-ins/{entry.pk}/edit/"
    assert "By the clock of" not in as_alice.get(page).content.decode()
    as_alice.post(CLOCK, {"time_zone": "America/New_York"})
    content = as_alice.get(page).content.decode()
    assert "By the clock of London, where you wrote it." in content
    assert 'value="2026-03-10T03:30"' in content
