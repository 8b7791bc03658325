"""An old row stays an old row, whatever has happened to its spaces and its columns."""

import pytest

from apps.diary.models import CheckIn, TreatmentSession
from apps.your_data.importing.store import import_diary
from tests.factories import NOON, CheckInFactory, ConditionFactory
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file

NOTED = CHECKIN | {"note": "long day,\nthen bed"}
MAT = SESSION | {"treatments": "Mat", "minutes": "20"}
DATED = {"date": 0, "leg_pain": 1}


def counted(user, data, columns=None):
    outcome = import_diary(user, data, at=NOON, columns=columns)
    assert outcome.problems.shown == []
    return outcome.new, outcome.known, [(each.what, each.why) for each in outcome.left]


@pytest.mark.parametrize(
    "changed",
    [
        {"note": "long day,\r\nthen bed"},
        {"note": " long day,  then bed "},
        {"at": "2026-03-10T12:00:00Z"},
        {"at": "2026-03-10T12:00:59+00:00"},
        {"time_zone": "Europe/Berlin", "diary_date": "2026-03-10"},
    ],
)
def test_spaces_and_seconds_make_no_new_row(alice, changed):
    counted(alice, csv_file(NOTED))
    assert counted(alice, csv_file(NOTED | changed)) == (0, 1, [])


def test_newly_chosen_column_makes_no_new_row_and_is_named(alice):
    text = b"d,p,b,n\n2026-03-01,4,6,tired\n2026-03-02,5,,\n"
    assert counted(alice, text, DATED) == (2, 0, [])
    left = [
        ("1 March 2026, Leg pain 4: Note", "stays –; the file says tired"),
        ("1 March 2026, Leg pain 4: Back pain", "stays –; the file says 6"),
    ]
    assert counted(alice, text, DATED | {"back_pain": 2, "note": 3}) == (0, 2, left)
    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        {"leg_pain": "5"},
        {"at": "2026-03-10T12:01:00+00:00"},
        {"side": "right"},
        {"condition": "Knee"},
    ],
)
def test_other_row_is_new(alice, other):
    condition = ConditionFactory(user=alice, name="Sciatica")
    CheckInFactory(user=alice, condition=condition, leg_pain=4, side="left")
    assert counted(alice, csv_file(CHECKIN | {"side": "left"} | other))[:2] == (1, 0)


def test_two_equal_rows_are_two_and_each_has_its_own_entry(alice):
    twice = csv_file(CHECKIN, CHECKIN)
    assert counted(alice, twice) == (2, 0, [])
    noted = csv_file(*[CHECKIN | {"note": "x"}] * 3)
    new, known, left = counted(alice, noted)
    assert (new, known, [what for what, _why in left]) == (
        1,
        2,
        ["10 March 2026, Leg pain 4: Note"] * 2,
    )


@pytest.mark.parametrize("treatments", ["Heat pack", "Mat;Heat pack", ""])
def test_session_of_other_treatments_or_a_wait_is_new(alice, treatments):
    counted(alice, csv_file(MAT))
    assert counted(alice, csv_file(MAT | {"treatments": treatments}))[:2] == (1, 0)


def test_session_is_known_by_its_ratings_and_treatments(alice):
    counted(alice, csv_file(MAT))
    said = [("10 March 2026, Session: pain 6 before: Minutes", "stays 20; the file says 25")]
    assert counted(alice, csv_file(MAT | {"minutes": "25", "treatments": "mat"})) == (0, 1, said)
    assert TreatmentSession.objects.count() == 1


def test_notes_alone_are_known_by_their_words(alice):
    note = CHECKIN | {"leg_pain": "", "note": "bad\r\nnight"}
    counted(alice, csv_file(note))
    assert counted(alice, csv_file(note | {"note": "bad night"}))[:2] == (0, 1)
    assert counted(alice, csv_file(note | {"note": "good night"}))[:2] == (1, 0)


def test_row_with_an_id_of_its_own_is_what_its_id_says(alice):
    CheckInFactory(user=alice, leg_pain=4)
    row = CHECKIN | {"client_id": "6a3ff5cf-5d40-4e43-8d0f-6c3b9d1f2b57"}
    assert counted(alice, csv_file(row))[:2] == (1, 0)
