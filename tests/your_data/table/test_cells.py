"""Each wrong cell gets its line, its column and a reason in words; nothing is stored."""

import pytest

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, TreatmentSession
from apps.treatments.models import Treatment
from apps.your_data.importing.store import import_diary
from tests.factories import NOON
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file

FAR_DAY = "The day must be within a day of “at”."
NOT_A_RATING = "Choose a whole number from 0 to 10."
AFTER = {"pain_after": "3", "after_at": "2026-03-10T12:45:00+00:00"}
MANY = ";".join(f"Treatment {n}" for n in range(51))


def problems_of(user, *rows):
    outcome = import_diary(user, csv_file(*rows), at=NOON)
    assert (outcome.new, outcome.known) == (0, 0)
    for model in (CheckIn, TreatmentSession, Condition, Treatment):
        assert model.objects.count() == 0
    return [(p.place.line, p.column, p.message) for p in outcome.problems.shown]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (CHECKIN | {"leg_pain": "11"}, "leg_pain", NOT_A_RATING),
        (CHECKIN | {"leg_pain": "-1"}, "leg_pain", NOT_A_RATING),
        (CHECKIN | {"back_pain": "seven"}, "back_pain", NOT_A_RATING),
        (CHECKIN | {"sleep": "6.5"}, "sleep", NOT_A_RATING),
        (SESSION | {"pain_before": ""}, "pain_before", "This must not be empty."),
        (SESSION | {"pain_before": "nan"}, "pain_before", NOT_A_RATING),
        (
            CHECKIN | {"kind": "check-in"},
            "kind",
            "“check-in” is not known here. Write one of: checkin, session, self_test.",
        ),
        (CHECKIN | {"kind": ""}, "kind", "This must not be empty."),
        (CHECKIN | {"at": ""}, "at", "This must not be empty."),
        (
            CHECKIN | {"at": "last Tuesday"},
            "at",
            "“last Tuesday” is no date and time. Write it like 2024-01-31T18:30:00+00:00.",
        ),
        (
            CHECKIN | {"at": "9999-12-31T23:59:59-12:00"},
            "at",
            "“9999-12-31T23:59:59-12:00” is no date and time. "
            "Write it like 2024-01-31T18:30:00+00:00.",
        ),
        (
            CHECKIN | {"at": "20/02/2026"},
            "at",
            "“20/02/2026” is no date and time. Write it like 2024-01-31T18:30:00+00:00.",
        ),
        (
            CHECKIN | {"at": "1899-12-31T12:00:00Z"},
            "at",
            "The day must be in 1900 or later.",
        ),
        (CHECKIN | {"at": "2026-03-12T12:00:00Z"}, "at", "That moment has not come yet."),
        (
            CHECKIN | {"diary_date": "1899-12-31"},
            "diary_date",
            "The day must be in 1900 or later.",
        ),
        (CHECKIN | {"diary_date": "2026-03-12"}, "diary_date", "That moment has not come yet."),
        (
            CHECKIN | {"diary_date": "10/3"},
            "diary_date",
            "“10/3” is no date. Write it like 2024-01-31.",
        ),
        (
            CHECKIN | {"time_zone": "Europe/Atlantis"},
            "time_zone",
            "“Europe/Atlantis” is not a time zone we know. Choose one such as Europe/London.",
        ),
        (
            CHECKIN | {"condition": "c" * 81},
            "condition",
            "Ensure this value has at most 80 characters (it has 81).",
        ),
        (
            CHECKIN | {"side": "middle"},
            "side",
            "“middle” is not known here. Write one of: left, right, both, neither.",
        ),
        (
            CHECKIN | {"furthest": "knee"},
            "furthest",
            "“knee” is not known here. Write one of: lower_back, buttock, thigh, calf, foot.",
        ),
        (
            CHECKIN | {"symptoms": "tingling;itching"},
            "symptoms",
            "“itching” is not known here. Write one of: numbness, tingling, burning, weakness, none.",
        ),
        (
            CHECKIN | {"painkillers": "maybe"},
            "painkillers",
            "“maybe” is not known here. Write one of: yes, no.",
        ),
        (
            SESSION | {"treatments": "Mat [blue]"},
            "treatments",
            "“blue” is no kind of treatment. Write one of: stretching, exercise, "
            "staying_active, posture, heat, pain_relief, acupressure_mat, acupuncture, "
            "physiotherapy, hydrotherapy, massage, injection, orthotics, weight, other. If the "
            "brackets belong to the name, add the kind behind them: “Mat [blue] [other]”.",
        ),
        (SESSION | {"treatments": "[heat]"}, "treatments", "The name is missing."),
        (
            SESSION | {"treatments": "m" * 81},
            "treatments",
            "Ensure this value has at most 80 characters (it has 81).",
        ),
        (
            SESSION | {"treatments": MANY},
            "treatments",
            "51 treatments are too many for one session: up to 50.",
        ),
        (
            SESSION | {"treatments": "Mat [heat];mat [other]"},
            "treatments",
            "One treatment is named twice with two kinds.",
        ),
        (SESSION | {"minutes": "0"}, "minutes", "A session lasts from 1 to 1,440 minutes."),
        (SESSION | {"minutes": "1441"}, "minutes", "A session lasts from 1 to 1,440 minutes."),
        (SESSION | {"minutes": "ten"}, "minutes", "Enter a whole number."),
        (
            SESSION | {"pain_after": "3"},
            "after_at",
            "Give both the pain after and when you rated it, or neither.",
        ),
        (
            SESSION | {"after_at": "2026-03-10T12:45:00Z"},
            "pain_after",
            "Give both the pain after and when you rated it, or neither.",
        ),
        (SESSION | AFTER | {"pain_before": ""}, "pain_before", "This must not be empty."),
        (
            SESSION | AFTER | {"after_at": "2026-03-10T11:59:59Z"},
            "after_at",
            "You cannot have rated again before you started.",
        ),
        (
            SESSION | AFTER | {"after_at": "2026-03-12T12:00:00Z"},
            "after_at",
            "That moment has not come yet.",
        ),
        (
            SESSION | {"treatments": "Mat", "asked_by_app": "no"},
            "asked_by_app",
            "Only a wait and see can be asked by the app: leave it empty here.",
        ),
        (
            SESSION | {"position": "feet"},
            "position",
            "“feet” is not known here. Write one of: lower_back, buttocks, neck, standing.",
        ),
        (
            CHECKIN | {"note": "n" * 5001},
            "note",
            "Ensure this value has at most 5000 characters (it has 5001).",
        ),
        (
            CHECKIN | {"note": "a\x00b"},
            "note",
            "This holds a character that cannot be stored. Delete it, or type it again.",
        ),
        (
            CHECKIN | {"client_id": "12"},
            "client_id",
            "“12” is no UUID. Leave it empty if you have none.",
        ),
        (
            CHECKIN | {"minutes": "20"},
            "minutes",
            "This belongs to sessions only: leave it empty here.",
        ),
        (
            CHECKIN | {"leg_pain": "", "side": "left", "condition": "Sciatica"},
            "leg_pain",
            "This check-in says nothing. Give a rating, or a note.",
        ),
        (CHECKIN | {"diary_date": "2026-03-08"}, "diary_date", FAR_DAY),
        (SESSION | {"diary_date": "1990-03-10"}, "diary_date", FAR_DAY),
        (
            CHECKIN | {"at": "2026-03-08T12:00:00Z", "diary_date": "2026-03-10"},
            "diary_date",
            FAR_DAY,
        ),
        (
            SESSION | {"leg_pain": "4"},
            "leg_pain",
            "This belongs to check-ins only: leave it empty here.",
        ),
    ],
)
def test_import_refuses_a_cell(alice, row, column, reason):
    assert problems_of(alice, CHECKIN, row, CHECKIN) == [(3, column, reason)]


def test_import_reports_every_problem_of_a_row(alice):
    row = SESSION | {"pain_before": "11", "minutes": "0", "pain_after": "2", "side": "up"}
    assert [problem[:2] for problem in problems_of(alice, row)] == [
        (2, "side"),
        (2, "pain_before"),
        (2, "after_at"),
        (2, "minutes"),
    ]


def test_import_counts_lines_inside_quoted_notes(alice):
    rows = [CHECKIN | {"note": "one\r\ntwo\nthree"}, CHECKIN | {"leg_pain": "11"}]
    assert problems_of(alice, *rows) == [(5, "leg_pain", NOT_A_RATING)]


def test_import_refuses_a_client_id_with_two_contents(alice):
    client_id = "3f0a8d7e-5a8e-4f8e-9d52-9d6c0d0f6d11"
    rows = [CHECKIN | {"client_id": client_id}, CHECKIN | {"client_id": client_id, "leg_pain": "5"}]
    reason = "This client_id is on line 2 too, with other content."
    assert problems_of(alice, *rows) == [(3, "client_id", reason)]


def test_import_refuses_a_treatment_of_two_kinds(alice):
    rows = [SESSION | {"treatments": names} for names in ("Mat [heat]", "mat [other]")]
    reason = "“mat” is of the kind heat on line 2."
    assert problems_of(alice, *rows) == [(3, "treatments", reason)]


def test_import_shows_a_hundred_problems_and_counts_all(alice):
    outcome = import_diary(alice, csv_file(*[CHECKIN | {"sleep": "x"}] * 250), at=NOON)
    assert (len(outcome.problems.shown), outcome.problems.total) == (100, 250)


def test_import_gives_a_file_up_at_ten_thousand_problems(alice):
    outcome = import_diary(alice, csv_file(*[CHECKIN | {"sleep": "x"}] * 10_001), at=NOON)
    assert (outcome.problems.total, outcome.problems.is_cut_short) == (10_000, True)
    assert CheckIn.objects.count() == 0


def test_import_shortens_what_it_shows_of_a_cell(alice):
    [(_line, _column, reason)] = problems_of(alice, CHECKIN | {"side": "x" * 100_000})
    found = "x" * 40
    assert reason == f"“{found}…” is not known here. Write one of: left, right, both, neither."


def test_import_says_only_what_was_refused_of_a_check_in_with_nothing_else(alice):
    assert problems_of(alice, CHECKIN | {"leg_pain": "11"}) == [(2, "leg_pain", NOT_A_RATING)]


@pytest.mark.parametrize(
    "said",
    [
        {"painkillers": "no"},
        {"sleep": "0"},
        {"symptoms": "burning"},
        {"note": "x"},
        {"stress": "0"},
    ],
)
def test_import_takes_a_check_in_that_says_one_thing(alice, said):
    assert problems_of(alice) == []
    import_diary(alice, csv_file(CHECKIN | {"leg_pain": ""} | said), at=NOON)
    assert CheckIn.objects.count() == 1
