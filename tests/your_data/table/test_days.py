"""Days and times as people, apps and spreadsheets write them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from apps.your_data.table.clocks import Clock, read_clock
from apps.your_data.table.days import Said, read_moment, readings_of

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2024, 3, 12)


def moment(*clock):
    return datetime(2024, 3, 12, *clock, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "cell",
    [
        *("2024-03-12", "2024/3/12", "12.3.2024", "12.03.24", "20240312", "45363"),
        *("12 Mar 2024", "Mar 12, 2024", "12-Mar-24", "12. März 2024", "12th Mar 2024"),
        *("March 12th, 2024", "12. Mrz. 24", "12MAR2024", "2024-Mar-12", "12/Mar/2024"),
        *("Tue, 12 Mar 2024", "Dienstag, 12. Maerz 2024", "Di 12.03.2024", "12th of March 2024"),
        *("Mar 12 \u201924", "\uff11\uff12 Mar 2024", " 12\xa0Mar\u202f2024 "),
    ],
)
def test_days(cell):
    assert read_moment(cell.replace("\u2019", "'"), "dmy", BERLIN) == Said(DAY)


@pytest.mark.parametrize(
    ("month", "names"),
    [
        (1, "Jan January Januar Jänner"),
        (5, "May Mai"),
        (9, "Sep Sept. September"),
        (10, "Oct Okt. October Oktober"),
        (12, "Dec Dez. December DEZEMBER"),
    ],
)
def test_months_in_english_and_german(month, names):
    for name in names.split():
        assert read_moment(f"3 {name} 2024", "", BERLIN).day == date(2024, month, 3)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("12 Mar 2024 8:30 PM", moment(20, 30)),
        ("Mar 12, 2024 at 8:30\u202fPM", moment(20, 30)),
        ("12.03.2024 um 20.30 Uhr", moment(20, 30)),
        ("20240312T2030", moment(20, 30)),
        ("45363.75", moment(18)),
        ("45363,75", moment(18)),
        ("1710275415", datetime(2024, 3, 12, 20, 30, 15, tzinfo=UTC)),
        ("1710275415000", datetime(2024, 3, 12, 20, 30, 15, tzinfo=UTC)),
        ("Tue, 12 Mar 2024 20:30:15 +0000", datetime(2024, 3, 12, 20, 30, 15, tzinfo=UTC)),
        ("Tue Mar 12 2024 20:30:15 GMT+0100 (CET)", datetime(2024, 3, 12, 19, 30, 15, tzinfo=UTC)),
        ("2024-03-12 20:30 UTC", datetime(2024, 3, 12, 20, 30, tzinfo=UTC)),
    ],
)
def test_days_with_a_time(cell, at):
    assert read_moment(cell, "dmy", BERLIN) == Said(DAY, at)


def test_day_with_a_part_of_it_is_vague_and_24_00_is_still_that_day():
    assert read_moment("12 Mar 2024 evening", "", BERLIN) == Said(DAY, moment(19), is_vague=True)
    midnight = datetime(2024, 3, 13, tzinfo=BERLIN)
    assert read_moment("12.03.2024 24:00", "", BERLIN) == Said(DAY, midnight)


def test_short_days_begin_with_the_year_where_their_last_number_runs():
    days = ["24-03-12", "24-03-13", "24-03-14 20:30"]
    assert readings_of(days) == ["ymd"]
    assert read_moment(days[0], "ymd", BERLIN).day == DAY
    assert readings_of(["24-03-12"]) == ["dmy"]
    assert readings_of(["29-03-24", "30-03-24", "31-03-24"]) == ["dmy"]


def test_numbers_are_counted_from_1900_or_from_1904():
    assert read_moment("45363", "1900", BERLIN).day == DAY
    assert read_moment("45363", "1904", BERLIN).day == date(2028, 3, 13)


@pytest.mark.parametrize(
    "cell",
    [
        "March 12",
        "12 Mar",
        "March 2024",
        "31 Feb 2024",
        "12 Foo 2024",
        "20241332",
        "2024",
        "1234567",
    ],
)
def test_what_is_no_whole_day_is_refused(cell):
    with pytest.raises(ValidationError, match="is no day that we can read"):
        read_moment(cell, "dmy", BERLIN)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        *(("18:30", time(18, 30)), ("6pm", time(18)), ("12:05 a.m.", time(0, 5))),
        *(("7.15 Uhr", time(7, 15)), ("7h05", time(7, 5)), ("8:30 PM", time(20, 30))),
        *(("20.30", time(20, 30)), ("2030", time(20, 30)), ("20 Uhr 30", time(20, 30))),
        *(
            ("20:30:15", time(20, 30, 15)),
            ("0.75", time(18)),
            ("0.5", time(12)),
            ("0,8541666667", time(20, 30)),
        ),
    ],
)
def test_times(cell, clock):
    assert read_clock(cell) == Clock(clock)


@pytest.mark.parametrize("cell", ["24:00", "24.00 Uhr", "24:00:00"])
def test_midnight_at_the_end_of_a_day(cell):
    assert read_clock(cell) == Clock(time(), days=1)


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("Morning morgens AM früh", 8),
        ("Noon midday Mittags", 12),
        ("Afternoon Nachmittag", 15),
        ("Evening Abends pm", 19),
        ("Night nachts bedtime", 22),
    ],
)
def test_parts_of_the_day_are_vague(words, hour):
    for word in words.split():
        assert read_clock(word) == Clock(time(hour), is_vague=True)


@pytest.mark.parametrize("cell", ["soon", "25:00", "24:01", "13 pm", "7", "12:60", "20", "0.25"])
def test_what_is_no_time_is_refused(cell):
    with pytest.raises(ValidationError, match="is no time of day"):
        read_clock(cell)


@pytest.mark.parametrize(
    ("days", "readings"),
    [
        (["01/02/2026", "13/02/2026"], ["dmy"]),
        (["01/02/2026", "Fri 02/13/2026"], ["mdy"]),
        (["01/02/2026", "03/04/2026"], ["dmy", "mdy"]),
        (["01/01/2026", "02-02-2026"], ["dmy"]),
        (["2026-01-02", "01.02.2026", "1 Feb 2026", ""], ["dmy"]),
        (["45363", "45364.5"], ["1900", "1904"]),
        ([], ["dmy"]),
    ],
)
def test_one_reading_is_asked_for_only_where_the_column_does_not_say_it(days, readings):
    assert readings_of(days) == readings
