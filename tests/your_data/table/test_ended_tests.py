"""A row of a self-test that has ended: what it says, and what is refused of it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from apps.diary.models import SelfTest
from apps.your_data.importing.store import import_diary
from apps.your_data.table.columns import NAMES
from apps.your_data.table.write_csv import export_csv
from tests.factories import (
    NOON,
    ConditionFactory,
    DayTestFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    TreatmentFactory,
)
from tests.your_data.table.sample_rows import CHECKIN, csv_file

FIRST, SECOND = UUID(int=7), UUID(int=8)
BEGAN = datetime(2026, 1, 3, 7, 30, 1, 5, tzinfo=UTC)
ROW = {
    "kind": "self_test",
    "at": "2026-01-03T07:30:01.000005+00:00",
    "time_zone": "UTC",
    "condition": "Sciatica",
    "self_test": "Heat\\; pack [heat];'=Mat [acupressure_mat]",
    "self_test_moments": "24",
    "self_test_minutes": "45",
    "self_test_sure": "0",
    "self_test_last_day": "2026-03-20",
    "self_test_may_end_early": "yes",
    "self_test_seed": "00000000-0000-0000-0000-000000000001",
    "self_test_order": "TWTWWTTWTWWTTWWTTWTWTWWT",
    "self_test_ended_at": "2026-03-10T12:00:00+00:00",
    "self_test_ended": "stopped",
    "self_test_used": (
        f"1 {FIRST} 2026-01-04T12:00:00+00:00;"
        f"3 {SECOND} 2026-01-05T12:00:00.000001+00:00 2026-01-05T12:10:00+00:00"
    ),
}


@pytest.fixture
def self_test(alice):
    test = SelfTestFactory(
        user=alice,
        condition=ConditionFactory(user=alice),
        treatment=TreatmentFactory(user=alice, name="Heat; pack", kind="heat"),
        other=TreatmentFactory(user=alice, name="'=Mat", kind="acupressure_mat"),
        expectation=0,
        may_end_early=True,
        started_at=BEGAN,
        ends_on=date(2026, 3, 20),
        ended_at=NOON,
        why_ended="stopped",
    )
    shared = {"user": alice, "self_test": test}
    at = datetime(2026, 1, 4, 12, tzinfo=UTC)
    SelfTestMomentFactory(**shared, ordinal=0, client_id=FIRST, drawn_at=at)
    at += timedelta(days=1)
    SelfTestMomentFactory(
        **shared,
        ordinal=2,
        client_id=SECOND,
        drawn_at=at + timedelta(microseconds=1),
        broken_off_at=at + timedelta(minutes=10),
    )
    return test


def exported(user) -> bytes:
    return b"".join(export_csv(user))


def rows_of(file) -> list[dict]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def held(user) -> list[dict]:
    """All that is stored of a person's self-tests, but for the numbers of the rows."""
    return [
        {
            **{field.name: getattr(test, field.attname) for field in SelfTest._meta.fields[2:]},
            "condition": test.condition.name,
            "treatment": test.treatment.name,
            "other": test.other and test.other.name,
            "drawn": list(
                test.drawn.values_list("ordinal", "client_id", "drawn_at", "broken_off_at")
            ),
        }
        for test in SelfTest.objects.for_user(user).select_related(
            "condition", "treatment", "other"
        )
    ]


def problems_of(user, *rows, names=NAMES):
    outcome = import_diary(user, csv_file(*rows, names=names), at=NOON)
    return [(each.place.line, each.column, each.message) for each in outcome.problems.shown]


def test_its_row_says_all_of_it_in_utc(alice, self_test):
    (row,) = rows_of(exported(alice))
    assert {name: said for name, said in row.items() if said} == ROW


def test_a_running_one_has_no_row_and_ended_ones_stand_after_the_entries(alice, self_test):
    SelfTestFactory(user=alice, condition=self_test.condition, treatment=self_test.treatment)
    later = DayTestFactory(
        user=alice, condition=self_test.condition, ended_at=NOON, why_ended="date"
    )
    import_diary(alice, csv_file(CHECKIN), at=NOON)
    rows = rows_of(exported(alice))
    assert [row["kind"] for row in rows] == ["checkin", "self_test", "self_test"]
    assert (rows[2]["self_test_order"], rows[2]["self_test_used"]) == (later.order, "")


def test_it_comes_back_without_a_difference(alice, charlie, self_test):
    DayTestFactory(user=alice, condition=self_test.condition, ended_at=NOON, why_ended="whole")
    file = exported(alice)
    outcome = import_diary(charlie, file, at=NOON)
    assert (outcome.problems.shown, outcome.new, outcome.known) == ([], 0, 0)
    assert held(charlie) == held(alice)
    assert exported(charlie) == file
    assert import_diary(charlie, file, at=NOON).left == []
    assert len(held(charlie)) == 2


def test_a_row_without_what_may_be_empty_is_a_test_that_used_no_letter(alice):
    optional = ("time_zone", "self_test_may_end_early", "self_test_used")
    row = {name: said for name, said in ROW.items() if name not in optional}
    assert problems_of(alice, row, names=list(row)) == []
    (test,) = held(alice)
    assert (test["drawn"], test["may_end_early"], test["unit"]) == ([], False, "session")


USED = f"1 {FIRST} 2026-01-04T12:00:00+00:00"
NO_LETTER = (
    "” is no letter that was used. Write its number, the client_id of its entry and when it was "
    "drawn, with spaces between."
)


@pytest.mark.parametrize(
    ("said", "column", "reason"),
    [
        ({"condition": ""}, "condition", "This must not be empty."),
        ({"self_test": ""}, "self_test", "This must not be empty."),
        ({"self_test_moments": ""}, "self_test_moments", "This must not be empty."),
        ({"self_test_minutes": ""}, "self_test_minutes", "This must not be empty."),
        ({"self_test_sure": ""}, "self_test_sure", "This must not be empty."),
        ({"self_test_seed": "12"}, "self_test_seed", "“12” is no UUID."),
        (
            {"self_test_order": "TTTW"},
            "self_test_order",
            "“TTTW” is no order: it has T and W, two of each in every four letters.",
        ),
        (
            {"self_test_order": "TTWW"},
            "self_test_order",
            "It has 4 letters, and there are 24 sessions or days.",
        ),
        (
            {"self_test_ended_at": "2026-01-03T07:30:00Z"},
            "self_test_ended_at",
            "It must not have ended before it began.",
        ),
        (
            {"self_test_ended_at": "2027-01-03T07:30:00Z"},
            "self_test_ended_at",
            "That moment has not come yet.",
        ),
        (
            {"self_test_ended": "over"},
            "self_test_ended",
            "“over” is not known here. Write one of: whole, date, early, stopped.",
        ),
        (
            {"self_test_last_day": "20 March"},
            "self_test_last_day",
            "“20 March” is no date. Write it like 2024-01-31.",
        ),
        (
            {"self_test_used": f"25 {FIRST} 2026-01-04T12:00:00Z"},
            "self_test_used",
            "Letter 25 was used, and there are only 24.",
        ),
        ({"self_test_used": "1"}, "self_test_used", f"“1{NO_LETTER}"),
        ({"self_test_used": f"0 {FIRST} x"}, "self_test_used", f"“0 {FIRST} x{NO_LETTER}"),
        (
            {"self_test_used": "1 x 2026-01-04T12:00:00Z"},
            "self_test_used",
            "“x” is no UUID.",
        ),
        (
            {"self_test_used": f"1 {FIRST} 1899-01-04T12:00:00Z"},
            "self_test_used",
            "The day must be in 1900 or later.",
        ),
        (
            {"self_test_used": f"{USED};2{USED[1:]}"},
            "self_test_used",
            "Each letter and each entry may be there once, in the order of the letters.",
        ),
        (
            {"self_test_used": f"2 {SECOND} 2026-01-04T12:00:00Z;{USED}"},
            "self_test_used",
            "Each letter and each entry may be there once, in the order of the letters.",
        ),
        ({"note": "x"}, "note", "This belongs to entries only: leave it empty here."),
    ],
)
def test_half_a_row_of_it_is_refused(alice, said, column, reason):
    assert problems_of(alice, CHECKIN, ROW | said, CHECKIN) == [(3, column, reason)]
    assert not SelfTest.objects.exists()


def test_an_entry_says_nothing_of_one_that_has_ended(alice):
    said = CHECKIN | {"self_test_order": "TTWW"}
    reason = "This belongs to self-tests only: leave it empty here."
    assert problems_of(alice, said) == [(2, "self_test_order", reason)]


def test_the_same_row_twice_is_one_self_test_and_two_that_differ_are_refused(alice):
    differs = ROW | {"self_test_sure": "9"}
    reason = "This self-test is on line 2 too, with other content."
    assert problems_of(alice, ROW, differs) == [(3, "self_test", reason)]
    later = ROW | {"at": "2026-01-04T07:30:00Z"}
    reason = "An entry that used a letter of it used one on line 2 too."
    assert problems_of(alice, ROW, later) == [(3, "self_test_used", reason)]
    assert problems_of(alice, ROW, ROW) == []
    assert len(held(alice)) == 1


def test_letters_need_the_column_that_says_which_entries_used_them(alice):
    reason = "This column is missing: it says which entries used the letters."
    assert problems_of(alice, ROW, names=list(ROW)) == [(2, "client_id", reason)]


@pytest.mark.parametrize(
    ("delimiter", "day", "moment"),
    [(";", "%d.%m.%Y", "%d.%m.%Y %H:%M"), ("\t", "%m/%d/%Y", "%m/%d/%Y %I:%M %p")],
)
def test_a_spreadsheet_may_have_saved_it(alice, delimiter, day, moment):
    """It takes the seconds of a moment, and the offset, and leaves what is in the letters' cell."""
    row = ROW | {
        "at": BEGAN.strftime(moment),
        "self_test_last_day": date(2026, 3, 20).strftime(day),
        "self_test_ended_at": datetime(2026, 2, 28, 12).strftime(moment),
        "self_test_sure": "0,0",
    }
    file = io.StringIO()
    writer = csv.DictWriter(file, NAMES, delimiter=delimiter)
    writer.writeheader()
    writer.writerow(row)
    outcome = import_diary(alice, file.getvalue().encode("utf-8-sig"), at=NOON)
    assert outcome.problems.shown == []
    (test,) = held(alice)
    assert test["started_at"] == BEGAN.replace(second=0, microsecond=0)
    assert (test["ends_on"], test["expectation"]) == (date(2026, 3, 20), 0)
    assert test["ended_at"] == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert [drawn[:2] for drawn in test["drawn"]] == [(0, FIRST), (2, SECOND)]
