"""CSV files from elsewhere: their columns are chosen on a page, then they come in as our own do."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.diary.models import CheckIn, PendingImport, TreatmentSession
from apps.your_data.foreign.columns import MEANINGS, USUAL_NAMES, guessed
from apps.your_data.foreign.file import foreign_file
from apps.your_data.foreign.values import read_rating
from apps.your_data.importing.store import import_diary
from tests.factories import NOON, PendingImportFactory
from tests.your_data.table.sample_rows import CHECKIN, csv_file

IMPORT, PREVIEW = reverse("your_data:import"), reverse("your_data:import_preview")
COLUMNS = reverse("your_data:import_columns")
DIARY = "Datum;Uhrzeit;Schmerz (NRS);Bemerkung\n28.02.2026;07:30;7,0;müde\n01.03.2026;;;nur Notiz\n"
LEG = {"date": 0, "leg_pain": 1, "date_order": "dmy"}
SESSION = {"date": 0, "time": 1, "treatment": 2, "pain_before": 3, "pain_after": 4}


def sent(client, text, name="diary.csv", encoding="utf-8"):
    file = SimpleUploadedFile(name, text.encode(encoding))
    return client.post(IMPORT, {"file": file}, follow=True)


def imported(user, text, columns):
    return import_diary(user, text.encode(), at=NOON, columns=columns)


def problems(user, text, columns):
    outcome = imported(user, text, columns)
    assert (CheckIn.objects.count(), TreatmentSession.objects.count()) == (0, 0)
    return [(p.place.line, p.column, p.message) for p in outcome.problems.shown]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_encoding_and_delimiter(encoding, delimiter):
    text = f'Tag{delimiter}Rücken{delimiter}"a,b;c"\r\n1.2.2026{delimiter}4{delimiter}x\r\n'
    file = foreign_file(text.encode(encoding))
    assert (file.header, file.first_rows(5)) == (
        ("Tag", "Rücken", "a,b;c"),
        [["1.2.2026", "4", "x"]],
    )


@pytest.mark.parametrize(
    "data",
    [
        csv_file(CHECKIN),
        b"kind,at,mood\ncheckin,x,y\n",
        b"date,pain\n",
        b"Dear diary, my leg hurts.",
        b"one column\nonly\n",
        b'[{"date": 1}, {"date": 2}]',
        b"PK\x03\x04\x00,\x00\n1,2\n",
        b'date,pain\n"2026',
        b"",
    ],
)
def test_what_is_ours_or_no_table_has_no_columns_to_choose(data):
    assert foreign_file(data) is None


@pytest.mark.parametrize(
    ("header", "meanings"),
    [
        ("date,pain,notes", {"date": 0, "pain": 1, "note": 2}),
        ("Notiz,NRS,Datum", {"date": 2, "pain": 1, "note": 0}),
        ("Date,Time,Leg Pain (0-10),Back pain", {"date": 0, "time": 1, "leg_pain": 2, "back_pain": 3}),
        ("Zeitpunkt,Schmerz vorher,Schmerz nachher,Behandlung,Dauer (min)", {"date": 0, "pain_before": 1, "pain_after": 2, "treatment": 3, "minutes": 4}),
        ("a,b", {}),
        ("Date,Leg AM,Leg PM", {"date": 0, "morning": 1, "evening": 2}),
        ("Date,Leg AM,Back AM,Back PM", {"date": 0, "morning": 1, "back_morning": 2, "back_evening": 3}),
        ("Tag,Rücken morgens,Rücken", {"date": 0, "back_morning": 1, "back_pain": 2}),
        ("Date,Morning stiffness,Sleep hours", {"date": 0}),
    ],
)  # fmt: skip
def test_columns_are_guessed_from_their_names(header, meanings):
    assert guessed(header.split(",")) == meanings


def test_every_meaning_has_names():
    assert MEANINGS.keys() == USUAL_NAMES.keys()


def test_page_shows_the_guess_and_the_first_rows_then_the_preview(as_alice, alice):
    response = sent(as_alice, DIARY, encoding="cp1252")
    assert [url for url, _status in response.redirect_chain] == [PREVIEW, COLUMNS]
    form = response.context["form"]
    assert [form[name].value() for name in ("date", "time", "pain", "note", "leg_pain")] == [
        0, 1, 2, 3, None,
    ]  # fmt: skip
    assert response.context["first_rows"][0] == ["28.02.2026", "07:30", "7,0", "müde"]
    response = as_alice.post(COLUMNS, {"date": 0, "time": 1, "leg_pain": 2, "note": 3}, follow=True)
    assert response.redirect_chain == [(PREVIEW, 302)]
    assert response.context["found"]["new"]["number"] == 2
    assert CheckIn.objects.count() == 0
    as_alice.post(PREVIEW)
    assert list(
        CheckIn.objects.order_by("rated_at").values_list(
            "rated_at", "diary_date", "leg_pain", "note"
        )
    ) == [
        (datetime(2026, 2, 28, 7, 30, tzinfo=UTC), date(2026, 2, 28), 7, "müde"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), date(2026, 3, 1), None, "nur Notiz"),
    ]
    sent(as_alice, DIARY, encoding="cp1252")
    response = as_alice.post(COLUMNS, {"date": 0, "time": 1, "leg_pain": 2, "note": 3}, follow=True)
    found = response.context["found"]
    assert (found["new"]["number"], found["known"]["number"]) == (0, 2)


def test_day_without_a_time_is_from_memory_and_one_with_a_time_is_as_in_our_own_files(alice):
    text = "d,t,p\n2026-03-01,,4\n2026-03-02,18:30,5\n"
    assert imported(alice, text, {"date": 0, "time": 1, "leg_pain": 2}).new == 2
    first, second = CheckIn.objects.order_by("rated_at")
    assert (first.rated_at, first.is_from_memory, first.entered_at) == (
        datetime(2026, 3, 1, 12, tzinfo=UTC),
        True,
        NOON,
    )
    assert (second.rated_at.hour, second.is_from_memory, second.entered_at) == (18, False, None)


def test_times_of_a_file_from_elsewhere_count_as_from_memory_unless_somebody_says_otherwise(
    as_alice,
):
    """Only the second row says a time; of the first it is known that it is from memory."""
    sent(as_alice, "d,t,p\n2026-02-01,,4\n2026-02-02,18:30,5\n")
    columns = {"date": 0, "time": 1, "leg_pain": 2}
    found = as_alice.post(COLUMNS, columns, follow=True).context["found"]
    assert (found["new"]["number"], found["undated"]) == (2, 1)
    as_alice.post(PREVIEW)
    assert [entry.is_from_memory for entry in CheckIn.objects.all()] == [True, True]


def test_session_keeps_what_the_file_says_and_an_unknown_time_after_is_not_compared(alice):
    text = "d,t,what,before,after,end,min\n2026-03-01,23:30,Mat [blue];Heat,7,5,00:15,20\n2026-03-02,10:00,wait and see,6,6,,\n"
    columns = SESSION | {"after_time": 5, "minutes": 6}
    assert imported(alice, text, columns).problems.shown == []
    mat, wait = TreatmentSession.objects.order_by("started_at")
    assert [link.treatment.name for link in mat.links.all()] == ["Mat [blue]", "Heat"]
    assert (mat.pain_before, mat.pain_after, mat.minutes) == (7, 5, 20)
    assert (mat.after_rated_at - mat.started_at, mat.is_after_late, mat.is_from_memory) == (
        timedelta(minutes=45), False, False,
    )  # fmt: skip
    assert (wait.links.count(), wait.after_rated_at - wait.started_at) == (0, timedelta(minutes=45))
    assert (wait.is_after_late, wait.entered_at, wait.after_entered_at) == (True, None, NOON)


def test_one_row_can_be_a_check_in_and_a_session(alice):
    text = "d,leg,what,before,note\n2026-03-01,4,Mat,6,long day\n2026-03-02,,Mat,0,\n"
    columns = {"date": 0, "leg_pain": 1, "treatment": 2, "pain_before": 3, "note": 4}
    assert imported(alice, text, columns).new == 3
    assert CheckIn.objects.values_list("leg_pain", "note").get() == (4, "")
    assert list(
        TreatmentSession.objects.order_by("started_at").values_list("pain_before", "note")
    ) == [
        (6, "long day"),
        (0, ""),
    ]


def test_treatment_without_a_pain_before_goes_into_the_note(alice):
    text = "d,pain,what,note\n2026-03-01,4,Mat,tired\n"
    imported(alice, text, {"date": 0, "back_pain": 1, "treatment": 2, "note": 3})
    assert CheckIn.objects.values_list("back_pain", "note").get() == (4, "Mat\ntired")
    assert TreatmentSession.objects.count() == 0


def test_one_number_may_be_for_leg_and_back_and_missing_is_not_0(alice):
    text = "d,pain\n2026-03-01,0\n2026-03-02,\n2026-03-03,-\n2026-03-04,n/a\n"
    outcome = imported(alice, text, {"date": 0, "leg_pain": 1, "back_pain": 1})
    assert (outcome.new, outcome.problems.shown) == (1, [])
    assert CheckIn.objects.values_list("leg_pain", "back_pain").get() == (0, 0)


@pytest.mark.parametrize(
    ("cell", "rating"),
    [("7", "7"), ("7,0", "7"), ("7.00", "7"), ("0", "0"), ("10/10", "10"), ("8 out of 10", "8"), (" ", " "), ("", ""), ("–", "")],
)  # fmt: skip
def test_ratings_are_read_as_they_are_written(cell, rating):
    assert read_rating(cell) == rating


NO_WHOLE = "“{}” is no whole number. A rating here is a whole number, 0 to 10."
ABOVE = (
    "“{}” is above 10. A scale that goes to 100 is not the scale of this diary: "
    "a rating here is a whole number, 0 to 10."
)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("6,5", NO_WHOLE.format("6,5")),
        ("6.5", NO_WHOLE.format("6.5")),
        (".5", NO_WHOLE.format(".5")),
        ("45", ABOVE.format("45")),
        ("9" * 30, ABOVE.format("9" * 30)),
        ("-1", "Choose a whole number from 0 to 10."),
        ("bad", "Choose a whole number from 0 to 10."),
    ],
)
def test_ratings_that_are_none_are_refused_by_line_and_nothing_comes_in(alice, cell, reason):
    text = f'd;NRS heute\n2026-03-01;4\n2026-03-02;"{cell}"\n'
    assert problems(alice, text, {"date": 0, "leg_pain": 1}) == [(3, "NRS heute", reason)]


NO_DAY = "“{}” is no day that we can read. Write it like 2026-01-31."


@pytest.mark.parametrize(
    ("cell", "order", "moment"),
    [
        ("1 Feb 2026, 24:00", "", datetime(2026, 2, 2, tzinfo=UTC)),
        ("46054.75", "1900", datetime(2026, 2, 1, 18, tzinfo=UTC)),
        ("2026-02-01", "", datetime(2026, 2, 1, 12, tzinfo=UTC)),
        ("2026/2/1", "", datetime(2026, 2, 1, 12, tzinfo=UTC)),
        ("1.2.2026", "mdy", datetime(2026, 2, 1, 12, tzinfo=UTC)),
        ("01.02.26", "", datetime(2026, 2, 1, 12, tzinfo=UTC)),
        ("01/02/2026", "dmy", datetime(2026, 2, 1, 12, tzinfo=UTC)),
        ("01/02/2026", "mdy", datetime(2026, 1, 2, 12, tzinfo=UTC)),
        ("2/13/2026 6:30 pm", "mdy", datetime(2026, 2, 13, 18, 30, tzinfo=UTC)),
        ("01.02.2026, 18.30 Uhr", "", datetime(2026, 2, 1, 18, 30, tzinfo=UTC)),
        ("2026-02-01T18:30:15", "", datetime(2026, 2, 1, 18, 30, 15, tzinfo=UTC)),
        ("2026-02-01 18:30+02:00", "", datetime(2026, 2, 1, 16, 30, tzinfo=UTC)),
        ("2025-03-30 01:30", "", datetime(2025, 3, 30, 1, 30, tzinfo=UTC)),
        ("2025-10-26 01:30", "", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ("2025-07-01", "", datetime(2025, 7, 1, 11, tzinfo=UTC)),
    ],
)
def test_days_and_moments_in_the_person_s_own_zone(alice, cell, order, moment):
    text = f'd,pain\n"{cell}",4\n'
    outcome = imported(alice, text, {"date": 0, "leg_pain": 1, "date_order": order})
    assert outcome.problems.shown == []
    assert CheckIn.objects.get().rated_at == moment


@pytest.mark.parametrize("cell", ["31/02/2026", "yesterday", "", "2026", "1/2/3", "2026-13-01"])
def test_days_that_are_none_are_refused(alice, cell):
    text = f"d,pain\n{cell},4\n"
    expected = [(2, "d", NO_DAY.format(cell))]
    assert problems(alice, text, LEG) == expected


def test_time_that_is_none_and_a_day_that_has_not_come_are_refused(alice):
    text = "d,t,p\n2026-03-01,soon,4\n2027-01-01,10:00,4\n"
    assert problems(alice, text, {"date": 0, "time": 1, "leg_pain": 2}) == [
        (2, "t", "“soon” is no time of day. Write it like 18:30."),
        (3, "d", "That moment has not come yet."),
    ]


def test_page_asks_for_the_order_and_keeps_what_was_chosen(as_alice):
    response = sent(as_alice, "date,pain\n01/02/2026,4\n03/02/2026,5\n")
    assert 'name="date_order"' in response.content.decode()
    chosen = {"date": 0, "back_pain": 1}
    response = as_alice.post(COLUMNS, chosen)
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors == {"date_order": ["The file does not say it. Choose one."]}
    assert (form["back_pain"].value(), form["leg_pain"].value()) == ("1", None)
    as_alice.post(COLUMNS, chosen | {"date_order": "mdy"})
    as_alice.post(PREVIEW)
    days = CheckIn.objects.order_by("rated_at").values_list("diary_date", "back_pain")
    assert list(days) == [(date(2026, 1, 2), 4), (date(2026, 3, 2), 5)]


def test_page_asks_once_which_day_a_number_is(as_alice):
    response = sent(as_alice, "date,pain\n46054,4\n46055.75,5\n")
    field = response.context["form"]["date_order"]
    assert field.label == ("The days are numbers, as spreadsheets count them. Which day is 46054?")
    assert list(field.field.choices) == [
        ("1900", "1 February 2026, as nearly every spreadsheet counts"),
        ("1904", "2 February 2030, as old spreadsheets on a Mac counted"),
    ]
    as_alice.post(COLUMNS, {"date": 0, "leg_pain": 1, "date_order": "1900"})
    as_alice.post(PREVIEW)
    days = CheckIn.objects.order_by("rated_at").values_list("rated_at", "leg_pain")
    assert list(days) == [
        (datetime(2026, 2, 1, 12, tzinfo=UTC), 4),
        (datetime(2026, 2, 2, 18, tzinfo=UTC), 5),
    ]


def test_parts_of_the_day_are_times_and_from_memory(alice):
    text = b"Date,When,Pain\n" + b"".join(
        b"2026-02-%d,%s,%d\n" % (day, part, pain)
        for day, pain in ((12, 6), (13, 5))
        for part in (b"Morning", b"Evening")
    )
    columns = {"date": 0, "time": 1, "leg_pain": 2}
    outcomes = [import_diary(alice, text, at=NOON, columns=columns) for _time in range(2)]
    assert [(outcome.new, outcome.known) for outcome in outcomes] == [(4, 0), (0, 4)]
    entries = CheckIn.objects.order_by("rated_at")
    assert [(e.rated_at.hour, e.diary_date.day, e.leg_pain, e.is_from_memory) for e in entries] == [
        (8, 12, 6, True),
        (19, 12, 6, True),
        (8, 13, 5, True),
        (19, 13, 5, True),
    ]


def test_midnight_at_the_end_of_a_day_is_of_that_day(alice):
    imported(alice, "d,t,p\n2026-03-01,24:00,4\n", {"date": 0, "time": 1, "leg_pain": 2})
    entry = CheckIn.objects.get()
    assert (entry.rated_at, entry.diary_date, entry.is_from_memory) == (
        datetime(2026, 3, 2, tzinfo=UTC),
        date(2026, 3, 1),
        False,
    )


def test_order_that_the_file_says_is_not_asked(as_alice):
    response = sent(as_alice, "date,pain\n01/02/2026,4\n13/02/2026,5\n")
    assert 'name="date_order"' not in response.content.decode()
    as_alice.post(COLUMNS, {"date": 0, "leg_pain": 1, "date_order": "mdy"})
    assert PendingImport.objects.get().columns == {"date": 0, "leg_pain": 1, "date_order": "dmy"}


@pytest.mark.parametrize(
    ("chosen", "errors"),
    [
        (
            {},
            {
                "date": ["Choose the column that holds the day."],
                "__all__": ["Choose at least one column with a rating or a note."],
            },
        ),
        ({"date": 0, "time": 0}, {"__all__": ["Choose at least one column with a rating or a note."]}),
        (
            {"date": 0, "pain_before": 1},
            {"treatment": ["Choose the column that says what you did between the two ratings."]},
        ),
        (
            {"date": 0, "leg_pain": 1, "pain_after": 1},
            {"pain_before": ["A pain after needs the pain before it."]},
        ),
        (
            {"date": 9, "leg_pain": 1},
            {
                "date": [
                    "Select a valid choice. 9 is not one of the available choices.",
                    "Choose the column that holds the day.",
                ]
            },
        ),
    ],
)  # fmt: skip
def test_choice_that_says_too_little_is_refused(as_alice, chosen, errors):
    sent(as_alice, "date,pain\n2026-03-01,4\n")
    response = as_alice.post(COLUMNS, chosen)
    assert (response.status_code, response.context["form"].errors) == (422, errors)


def test_problems_are_told_by_line_beside_the_choice(as_alice):
    sent(as_alice, "date,pain,side\n2026-03-01,4,middle\n2026-03-02,-1,links\n")
    response = as_alice.post(COLUMNS, {"date": 0, "leg_pain": 1, "side": 2})
    assert response.status_code == 422
    assert [tuple(p) for p in response.context["problems"].shown] == [
        (
            (2, None),
            "side",
            "“middle” is not known here. Write one of: left, right, both, neither.",
        ),
        ((3, None), "pain", "Choose a whole number from 0 to 10."),
    ]
    assert response.context["form"]["side"].value() == "2"
    assert as_alice.post(PREVIEW, follow=True).redirect_chain[-1] == (COLUMNS, 302)
    assert CheckIn.objects.count() == 0


def test_session_must_say_what_was_done_and_ragged_rows_are_refused(alice):
    text = "d,t,what,before,after\n2026-03-01,10:00,,6,\n2026-03-02,10:00,Mat,6,5,extra\n"
    assert problems(alice, text, SESSION) == [
        (2, "what", "What you did is missing. Write it there, or “wait and see” if you just waited."),
        (3, "", "This row has 6 cells, the first line has 5."),
    ]  # fmt: skip


def test_short_rows_and_empty_cells_at_the_end_are_no_problem(alice):
    text = "d,pain,note,\n2026-03-01,4\n2026-03-02,5,x,,,\n"
    assert imported(alice, text, {"date": 0, "leg_pain": 1, "note": 2}).new == 2


def test_side_is_known_in_both_languages(alice):
    text = "d,pain,s\n2026-03-01,4,Links\n2026-03-02,4,both\n2026-03-03,4,-\n"
    imported(alice, text, {"date": 0, "leg_pain": 1, "side": 2})
    sides = CheckIn.objects.order_by("rated_at").values_list("side", flat=True)
    assert list(sides) == ["left", "both", ""]


def test_formula_in_a_note_stays_text(alice):
    imported(alice, "d,note\n2026-03-01,=1+1\n", {"date": 0, "note": 1})
    assert CheckIn.objects.get().note == "=1+1"


def test_columns_of_a_file_of_our_own_are_not_asked(as_alice, alice):
    PendingImportFactory(user=alice, uploaded_at=timezone.now())
    assert as_alice.get(COLUMNS).headers["Location"] == PREVIEW


def test_columns_of_a_file_that_is_gone(as_alice, alice, charlie):
    PendingImportFactory(user=charlie, uploaded_at=timezone.now(), columns={}, found=None)
    assert as_alice.get(COLUMNS).status_code == 404
    PendingImportFactory(user=alice, columns={}, found=None)
    with time_machine.travel(NOON + timedelta(hours=2)):
        assert as_alice.post(COLUMNS, {"date": 0}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_columns_page_asks_the_same_number_of_queries(as_alice, rows, django_assert_num_queries):
    sent(as_alice, "date,pain\n" + "".join(f"2026-03-0{n + 1},{n}\n" for n in range(rows)))
    with django_assert_num_queries(4):
        as_alice.get(COLUMNS)
    with django_assert_num_queries(26):
        as_alice.post(COLUMNS, {"date": 0, "leg_pain": 1})


def test_each_column_is_offered_with_the_first_thing_that_stands_in_it(as_alice):
    response = sent(as_alice, "date,,notes,empty\n2026-03-01,4,,\n2026-03-02,5,long day,\n")
    offered = [str(label) for _value, label in response.context["form"].fields["note"].choices]
    assert offered == [
        "not in the file",
        "date: 2026-03-01",
        "Column 2: 4",
        "notes: long day",
        "empty",
    ]
