from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from apps.diary.entries.moments import ClockTimeField, clock_time, instant, refuse_future

LONDON = ZoneInfo("Europe/London")
SPRING_NIGHT = datetime(2026, 3, 29)
AUTUMN_NIGHT = datetime(2026, 10, 25)


def test_instant_follows_the_zone_s_offset_of_that_day():
    assert instant(datetime(2026, 1, 5, 9, 0), LONDON) == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert instant(datetime(2026, 7, 5, 9, 0), LONDON) == datetime(2026, 7, 5, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_instant_refuses_a_time_that_the_clocks_skip(minute):
    with pytest.raises(ValidationError) as refused:
        instant(SPRING_NIGHT.replace(hour=1, minute=minute), LONDON)
    assert refused.value.messages == [
        f"At 01:{minute:02} on that day the clocks had gone forward: that time did not exist."
    ]


def test_instant_takes_the_hours_beside_the_skipped_one():
    assert instant(SPRING_NIGHT.replace(hour=0, minute=59), LONDON).hour == 0
    assert instant(SPRING_NIGHT.replace(hour=2), LONDON).hour == 1


def test_instant_in_the_repeated_hour_is_the_first():
    typed = AUTUMN_NIGHT.replace(hour=1, minute=30)
    assert instant(typed, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_instant_in_the_repeated_hour_is_the_second_where_the_first_is_too_early():
    started = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    typed = AUTUMN_NIGHT.replace(hour=1, minute=10)
    assert instant(typed, LONDON, not_before=started) == datetime(2026, 10, 25, 1, 10, tzinfo=UTC)


def test_instant_outside_the_repeated_hour_never_moves_for_not_before():
    started = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    typed = datetime(2026, 3, 10, 14, 0)
    assert instant(typed, LONDON, not_before=started) == datetime(2026, 3, 10, 14, tzinfo=UTC)


def test_instant_refuses_the_years_before_1900():
    with pytest.raises(ValidationError) as refused:
        instant(datetime(1899, 12, 31, 12, 0), LONDON)
    assert refused.value.messages == ["The day must be in 1900 or later."]


@pytest.mark.parametrize("moment", [datetime(2026, 3, 11, 12), datetime(2026, 3, 10, 12, 6)])
def test_refuse_future_says_why(moment):
    with pytest.raises(ValidationError) as refused:
        refuse_future(moment.replace(tzinfo=UTC), at=datetime(2026, 3, 10, 12, 0, tzinfo=UTC))
    assert refused.value.messages == ["That moment has not come yet."]


def test_refuse_future_names_the_clock_that_it_goes_by():
    at = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    with pytest.raises(ValidationError) as refused:
        refuse_future(at + timedelta(hours=1), at=at, zone=ZoneInfo("Asia/Calcutta"))
    assert refused.value.messages == [
        "That moment has not come yet: the diary's clock shows 10 March 2026, 17:30 (Kolkata)."
    ]


def test_refuse_future_forgives_a_clock_five_minutes_fast():
    now = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    assert refuse_future(now.replace(minute=5), at=now) is None


@pytest.mark.parametrize(
    "typed", ["seven", "2026-02-30T10:00", "2026-03-10T10:00+01:00", "1", "9999-12-31T23:59"]
)
def test_clock_time_field_refuses_what_is_no_local_time(typed):
    with pytest.raises(ValidationError) as refused:
        ClockTimeField().clean(typed)
    assert refused.value.messages == ["Write a date and a time, for example 2026-03-10 14:30."]


def test_clock_time_field_keeps_minutes():
    assert ClockTimeField().clean("2026-03-10T14:30") == datetime(2026, 3, 10, 14, 30)
    assert ClockTimeField(required=False).clean("") is None


def test_clock_time_is_what_the_clock_showed():
    moment = datetime(2026, 7, 5, 8, 12, 59, tzinfo=UTC)
    assert clock_time(moment, LONDON) == datetime(2026, 7, 5, 9, 12)
