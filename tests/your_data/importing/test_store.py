"""What an import stores: defaults, names, and nothing twice."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from apps.treatments.models import Kind, Treatment
from apps.your_data.importing.store import import_diary
from config.postgres.copying import MANY
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    UserFactory,
)
from tests.your_data.table.sample_rows import CHECKIN, NAMES, SESSION, csv_file

CLIENT_ID = "3f0a8d7e-5a8e-4f8e-9d52-9d6c0d0f6d11"


def imported(user, *rows):
    outcome = import_diary(user, csv_file(*rows), at=NOON)
    assert outcome.problems.shown == []
    return outcome.new, outcome.known


def test_import_stores_every_field_of_a_check_in(alice):
    row = {
        "kind": "checkin",
        "at": "2026-03-10T00:30:00+01:00",
        "time_zone": "Europe/Berlin",
        "condition": "Trapped nerve",
        "side": "left",
        "leg_pain": "0",
        "back_pain": "10",
        "furthest": "calf",
        "symptoms": "tingling; burning",
        "red_flags": "bladder; both_legs",
        "sleep": "1",
        "stress": "2",
        "energy": "3",
        "headache": "4",
        "muscle_tension": "5",
        "painkillers": "yes",
        "medicines": "Ibuprofen;Paracetamol",
        "adverse_effect": "'=none",
        "note": " two\nlines ",
        "client_id": CLIENT_ID,
    }
    assert imported(alice, row) == (1, 0)
    entry = CheckIn.objects.values().get()
    del entry["id"], entry["created_at"]
    assert entry == {
        "user_id": alice.pk,
        "rated_at": datetime(2026, 3, 9, 23, 30, tzinfo=UTC),
        "diary_date": date(2026, 3, 10),
        "time_zone": "Europe/Berlin",
        "condition_id": Condition.objects.get(user=alice, name="Trapped nerve").pk,
        "side": "left",
        "leg_pain": 0,
        "back_pain": 10,
        "furthest": "calf",
        "symptoms": ["tingling", "burning"],
        "red_flags": ["bladder", "both_legs"],
        "red_flags_ticked_at": datetime(2026, 3, 9, 23, 30, tzinfo=UTC),
        "sleep": 1,
        "stress": 2,
        "energy": 3,
        "headache": 4,
        "muscle_tension": 5,
        "painkillers": True,
        "medicines": ["Ibuprofen", "Paracetamol"],
        "adverse_effect": "=none",
        "note": " two\nlines ",
        "client_id": uuid.UUID(CLIENT_ID),
        "version": 1,
        "entered_at": None,
    }


def test_import_stores_every_field_of_a_session(alice):
    row = {
        "kind": "session",
        "at": "2026-03-10T11:00:00Z",
        "diary_date": "2026-03-09",
        "treatments": "Shakti mat [acupressure_mat];Heat pack",
        "minutes": "1440",
        "pain_before": "10",
        "pain_after": "0",
        "after_at": "2026-03-10T11:00:00Z",
        "position": "neck",
        "due_minutes": "90",
        "something_else": "yes",
    }
    assert imported(alice, row) == (1, 0)
    entry = TreatmentSession.objects.values().get()
    links = SessionTreatment.objects.filter(session=entry["id"], user=alice)
    assert list(links.values_list("treatment__name", flat=True)) == ["Shakti mat", "Heat pack"]
    del entry["id"], entry["created_at"], entry["client_id"], entry["condition_id"]
    assert entry == {
        "user_id": alice.pk,
        "started_at": datetime(2026, 3, 10, 11, tzinfo=UTC),
        "diary_date": date(2026, 3, 9),
        "time_zone": "Europe/London",
        "side": "",
        "minutes": 1440,
        "pain_before": 10,
        "pain_after": 0,
        "after_rated_at": datetime(2026, 3, 10, 11, tzinfo=UTC),
        "after_entered_at": None,
        "is_closed_unrated": False,
        "position": "neck",
        "asked_by_app": None,
        "due_minutes": 90,
        "together": None,
        "had_something_else": True,
        "adverse_effect": "",
        "note": "",
        "version": 1,
        "entered_at": None,
    }


@pytest.mark.parametrize(("answer", "stored"), [("yes", True), ("no", False), ("", None)])
def test_import_of_a_wait_says_whether_the_app_asked(alice, answer, stored):
    imported(alice, SESSION | {"asked_by_app": answer})
    session = TreatmentSession.objects.get()
    assert (session.asked_by_app, session.links.count()) == (stored, 0)


def test_import_takes_the_day_from_the_row_s_own_zone(alice):
    zones = ["Pacific/Kiritimati", "America/New_York", ""]
    imported(alice, *[CHECKIN | {"at": "2026-03-10T00:30:00Z", "time_zone": z} for z in zones])
    assert dict(CheckIn.objects.values_list("time_zone", "diary_date")) == {
        "Pacific/Kiritimati": date(2026, 3, 10),
        "America/New_York": date(2026, 3, 9),
        "Europe/London": date(2026, 3, 10),
    }


@pytest.mark.parametrize(
    ("own", "meant"),
    [
        ([], "Sciatica"),
        (["Neck"], "Neck"),
        (["Neck", "Knee"], "Sciatica"),
        (["sciatica", "Neck"], "sciatica"),
    ],
)
def test_import_without_a_condition_takes_the_only_one(alice, own, meant):
    for name in own:
        ConditionFactory(user=alice, name=name)
    ConditionFactory(name="Somebody else's")
    imported(alice, CHECKIN)
    assert CheckIn.objects.get().condition.name == meant


def test_import_takes_a_name_of_the_account_that_differs_in_case_only(alice):
    names = (("Mat", 0), ("HEAT", 0), ("heat", 1))
    own = [TreatmentFactory(user=alice, name=name, twin=twin) for name, twin in names]
    rows = [SESSION | {"treatments": name} for name in ("mat", "HEAT", "heat", "Ice", "ice")]
    imported(alice, *rows)
    names = TreatmentSession.objects.order_by("id").values_list("treatments__name", flat=True)
    assert list(names) == ["Mat", "HEAT", "heat", "Ice", "Ice"]
    assert Treatment.objects.filter(user=alice).count() == len(own) + 1


def test_import_takes_names_that_differ_in_case_only_for_the_first_of_them(alice):
    rows = [
        SESSION | {"condition": "NECK", "treatments": "Ätherisches Öl;ICE [heat]"},
        SESSION | {"condition": "Neck", "treatments": "ätherisches öl;Ice"},
        CHECKIN | {"condition": "neck"},
    ]
    imported(alice, *rows)
    assert list(Condition.objects.values_list("name", flat=True)) == ["NECK"]
    assert list(Treatment.objects.values_list("name", "kind")) == [
        ("ICE", "heat"),
        ("Ätherisches Öl", "other"),
    ]
    assert SessionTreatment.objects.count() == 4


def test_import_gives_the_kind_to_a_name_however_it_is_written(alice):
    imported(
        alice, SESSION | {"treatments": "mat"}, SESSION | {"treatments": "MAT [acupressure_mat]"}
    )
    assert Treatment.objects.values_list("name", "kind").get() == ("mat", "acupressure_mat")


def test_import_takes_the_usual_condition_however_a_row_writes_it(alice):
    imported(alice, CHECKIN, CHECKIN | {"condition": "SCIATICA"})
    assert Condition.objects.get().name == "Sciatica"


@pytest.mark.parametrize("day", ["2026-03-09", "2026-03-10", "2026-03-11"])
def test_import_takes_a_day_beside_the_one_of_the_clock(alice, day):
    imported(alice, CHECKIN | {"diary_date": day})
    assert CheckIn.objects.get().diary_date == date.fromisoformat(day)


def test_import_of_two_names_for_one_treatment_links_it_once(alice):
    TreatmentFactory(user=alice, name="Mat")
    imported(alice, SESSION | {"treatments": "Mat;mat;Mat"})
    assert SessionTreatment.objects.count() == 1


@pytest.mark.parametrize(
    ("treatment", "kind", "minutes"),
    [
        ("Shakti mat [acupressure_mat]", Kind.ACUPRESSURE_MAT, 20),
        ("heat pack", Kind.HEAT, 20),
        ("Cold shower", Kind.OTHER, None),
        ("Stretching [other]", Kind.OTHER, None),
    ],
)
def test_import_makes_treatments_of_their_kind(alice, treatment, kind, minutes):
    imported(alice, SESSION | {"treatments": treatment})
    made = Treatment.objects.get(user=alice)
    assert (made.kind, made.minutes) == (kind, minutes)


def test_import_uses_the_account_s_treatment_as_it_is(alice):
    own = TreatmentFactory(user=alice, name="Mat", kind=Kind.ACUPRESSURE_MAT)
    TreatmentFactory(name="Mat")
    imported(alice, SESSION | {"treatments": "Mat [heat]"})
    assert TreatmentSession.objects.get().treatments.get() == own


def test_import_of_the_same_file_adds_nothing(alice):
    rows = [CHECKIN, SESSION, CHECKIN | {"client_id": CLIENT_ID}]
    assert imported(alice, *rows) == (3, 0)
    assert imported(alice, *rows, SESSION | {"side": "left"}) == (1, 3)


def test_equal_rows_of_one_file_are_several_entries_and_the_same_file_again_adds_none(alice):
    same = CHECKIN | {"at": "2026-03-10T13:00:00+01:00", "leg_pain": " 4 "}
    assert imported(alice, CHECKIN, same, CHECKIN) == (3, 0)
    assert imported(alice, CHECKIN, same, CHECKIN) == (0, 3)
    assert imported(alice, CHECKIN) == (0, 1)
    assert imported(alice, *[CHECKIN] * 4) == (1, 3)


def test_a_client_id_twice_in_one_file_is_one_entry(alice):
    row = CHECKIN | {"client_id": CLIENT_ID}
    assert imported(alice, row, row) == (1, 1)


def test_import_knows_a_row_again_in_other_columns_and_zones(alice):
    imported(alice, CHECKIN)
    data = csv_file(CHECKIN | {"at": "2026-03-10T07:00:00-05:00"}, names=["leg_pain", "at", "kind"])
    alice.time_zone = "Asia/Tokyo"
    ConditionFactory(user=alice, name="A second condition")
    assert import_diary(alice, data, at=NOON).new == 0


def test_import_makes_the_same_id_of_the_same_content_for_ever(db):
    """Were it to change with a release, files imported before would be imported twice."""
    user = UserFactory(pk=7)
    imported(user, SESSION | {"treatments": "Mat [heat]", "note": "é", "diary_date": "2026-03-10"})
    assert TreatmentSession.objects.get().client_id == uuid.UUID(
        "503d0c75-809c-5e6e-afc0-ba008c891df7"
    )


def test_import_leaves_an_entry_of_the_same_client_id_as_it_is(alice):
    entry = CheckInFactory(user=alice, leg_pain=2, client_id=CLIENT_ID)
    assert imported(alice, CHECKIN | {"leg_pain": "9", "client_id": CLIENT_ID}) == (0, 1)
    entry.refresh_from_db()
    assert entry.leg_pain == 2


def test_import_does_not_mind_somebody_else_s_client_id(alice, charlie):
    CheckInFactory(user=charlie, client_id=CLIENT_ID)
    assert imported(alice, CHECKIN | {"client_id": CLIENT_ID}) == (1, 0)


def test_import_forgives_a_clock_that_is_a_day_ahead(alice):
    assert imported(alice, CHECKIN | {"at": "2026-03-11T11:00:00Z"}) == (1, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_import_asks_the_same_number_of_queries(alice, rows, django_assert_num_queries):
    file = csv_file(
        *[CHECKIN | {"leg_pain": str(n)} for n in range(rows)],
        *[SESSION | {"treatments": f"Treatment {n}"} for n in range(rows)],
    )
    with django_assert_num_queries(19):
        import_diary(alice, file, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_one_copy():
    user = UserFactory()
    rows = [SESSION | {"note": str(n), "treatments": f"Treatment {n % 7}"} for n in range(300)]
    outcomes = []

    def run():
        try:
            outcomes.append(import_diary(user, csv_file(*rows), at=NOON).new)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 0, 0, 300]
    assert TreatmentSession.objects.count() == SessionTreatment.objects.count() == 300
    assert Treatment.objects.count() == 7


def test_import_takes_files_from_before_there_were_red_flags(alice):
    names = [name for name in NAMES if name != "red_flags"]
    assert import_diary(alice, csv_file(CHECKIN, names=names), at=NOON).new == 1
    assert CheckIn.objects.values("red_flags", "red_flags_ticked_at").get() == {
        "red_flags": [],
        "red_flags_ticked_at": None,
    }


def test_a_treatment_in_two_unicode_spellings_is_one(alice):
    names = ["Wärmekissen", "Wa\u0308rmekissen", "WÄRMEKISSEN", "Wärmekissen\u200b"]
    rows = [SESSION | {"treatments": name, "note": str(n)} for n, name in enumerate(names)]
    assert imported(alice, *rows) == (4, 0)
    assert [t.name for t in Treatment.objects.for_user(alice)] == ["Wärmekissen"]
    assert SessionTreatment.objects.for_user(alice).count() == 4


@pytest.mark.parametrize("number", [1, MANY])
def test_what_only_the_database_refuses_is_told_and_nothing_is_half_stored(alice, number):
    """The same words, whether few rows are stored or so many that they are copied."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE diary_checkin ADD CONSTRAINT no_elevens CHECK (note <> '11')")
    moments = [NOON - timedelta(hours=each + 1) for each in range(number)]
    rows = [CHECKIN | {"at": f"{at:%Y-%m-%dT%H:%M}", "note": ""} for at in moments]
    rows[-1]["note"] = "11"
    [problem] = import_diary(alice, csv_file(*rows), at=NOON).problems.shown
    assert problem.message == (
        "The database refuses a row of this file. The rule it breaks: no_elevens."
    )
    assert (CheckIn.objects.count(), Condition.objects.count()) == (0, 0)
    rows[-1]["note"] = ""
    assert imported(alice, *rows) == (number, 0)
