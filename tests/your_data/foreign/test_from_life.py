"""Tables as people have them: what is asked once, what comes in, and what is named as left out."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.diary.models import CheckIn, PendingImport, TreatmentSession
from apps.treatments.models import Kind, Treatment
from apps.your_data.importing.preview import import_waiting

IMPORT, PREVIEW = reverse("your_data:import"), reverse("your_data:import_preview")
COLUMNS, QUESTIONS = reverse("your_data:import_columns"), reverse("your_data:import_questions")

DAYLIO = (
    "full_date,date,weekday,time,mood,activities,note_title,note\n"
    '2024-03-12,March 12,Tuesday,8:30 PM,meh,"stretching | heat pack",,"Leg pain 6"\n'
    "2024-03-11,March 11,Monday,9:05 AM,good,,,\n"
)
DAYLIO_SINCE_SCALES = (
    "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
    '2024-03-12,March 12,Tuesday,20:30,meh,"stretching | heat pack",,,"Leg pain 6"\n'
    "2024-03-11,March 11,Monday,09:05,good,,,,\n"
)
FLAREDOWN = (
    "user_id,age,sex,country,checkin_date,trackable_id,trackable_type,trackable_name,trackable_value\n"
    "a,40,female,GB,2024-03-12,12,Symptom,Back pain,3\n"
    "a,40,female,GB,2024-03-12,13,Symptom,Leg pain,2\n"
    "a,40,female,GB,2024-03-12,99,Treatment,Heat pad,1 x 20min\n"
)
BEARABLE = (
    "date,date formatted,weekday,time of day,category,rating/amount,detail,notes\n"
    '2024-03-12,12th Mar 2024,Tuesday,am,Symptom,3,"Back pain (Moderate)",\n'
    "2024-03-12,12th Mar 2024,Tuesday,pm,Energy,5,,\n"
    "2024-03-12,12th Mar 2024,Tuesday,,Mood,8,,\n"
)
MIGRAINE_BUDDY = (
    '"Date","Time Period","Description","Notes"\n'
    '"No ongoing events recorded during this period.","","",""\n\n'
    '"#","Started","Lasted","Pain Level","Notes"\n'
    '"1","11/16/24 13:12","1h 0m","4","long day"\n'
)
FORMS = (
    "Timestamp,How bad is your pain today? (0-10),Where is it?,What did you do?,Comments\n"
    '3/12/2024 20:30:15,6,Left leg,"Heat pack, stretching",\n'
    "3/13/2024 8:05:00,4,Left leg,,\n"
)


def sent(client, text):
    file = SimpleUploadedFile("diary.csv", text.encode())
    return client.post(IMPORT, {"file": file}, follow=True)


def proposed(response):
    """What the page of a form would send: what is chosen there already."""
    form = response.context["form"]
    return {n: form[n].value() for n in form.fields if form[n].value() not in (None, "")}


def questions_of(client, text, **columns):
    """The questions about a file whose columns are the proposed ones, with ``columns``."""
    response = sent(client, text)
    if response.redirect_chain[-1][0] == COLUMNS:
        response = client.post(COLUMNS, proposed(response) | columns, follow=True)
    return response


def brought(client, text, answers=None, **columns):
    """What the preview found, after the import."""
    response = questions_of(client, text, **columns)
    if response.redirect_chain[-1][0] == QUESTIONS:
        response = client.post(QUESTIONS, proposed(response) | (answers or {}), follow=True)
    assert response.redirect_chain[-1] == (PREVIEW, 302), response.context["form"].errors
    client.post(PREVIEW)
    return response.context["found"]


def check_ins(*fields):
    return list(CheckIn.objects.order_by("rated_at").values_list(*fields))


def test_bare_pain_is_never_taken_for_the_leg_but_asked(as_alice):
    response = questions_of(as_alice, "Date,Pain\n2024-03-12,6\n")
    assert list(response.context["form"].fields) == ["place"]
    assert response.context["form"]["place"].value() is None
    refused = as_alice.post(QUESTIONS, {})
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"place": ["Choose one."]},
    )
    as_alice.post(QUESTIONS, {"place": "back_pain"})
    as_alice.post(PREVIEW)
    assert check_ins("leg_pain", "back_pain") == [(None, 6)]


def test_row_with_a_time_and_nothing_else_is_skipped_and_named(as_alice):
    text = "Date,Time,Leg pain\n2024-03-12,20:30,6\n2024-03-13,20:30,\n"
    found = brought(as_alice, text)
    assert (found["new"]["number"], found["left_out"]["rows"]) == (1, 0)
    assert found["passed_over"] == [{"why": "rows with no more than a day or a time", "rows": 1}]


def test_bad_rows_are_shown_and_stay_out_while_the_others_come_in(as_alice):
    text = "Date,Leg pain,Notes\n2024-03-12,6,\n2024-03-13,5,\nAverage,5.5,\n"
    found = brought(as_alice, text)
    assert (found["new"]["number"], found["left_out"]["rows"]) == (2, 1)
    assert {row["place"] for row in found["left_out"]["shown"]} == {"4"}
    assert check_ins("leg_pain") == [(6,), (5,)]


def test_more_bad_rows_than_were_shown_are_shown_first(as_alice, alice):
    """As many were shown as there were then; since then there is one more."""
    response = sent(as_alice, "Date,Leg pain\n2024-03-12,6\nAverage,6\n")
    as_alice.post(COLUMNS, proposed(response))
    file = PendingImport.objects.get()
    file.found["left_out"]["total"] = 0
    file.save()
    assert import_waiting(alice, at=timezone.now()) is None
    assert PendingImport.objects.get().found["left_out"]["total"] == 1
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "header_row", "names"),
    [
        ("Pain diary of March,,\nDate,Pain,Notes\n2024-03-12,6,\n", 1, ["Date", "Pain", "Notes"]),
        ("Pain diary\nDate;Pain\n12.3.2024;6\n", 1, ["Date", "Pain"]),
        ("2024-03-12,6,tired\n2024-03-13,5,\n", -1, ["Column 1", "Column 2", "Column 3"]),
        ("Date,NRS (0-10)\n2024-03-12,6\n", 0, ["Date", "NRS (0-10)"]),
    ],
)
def test_line_with_the_names_is_found(as_alice, text, header_row, names):
    table = sent(as_alice, text).context["form"].file
    assert (table.header_row, table.names) == (header_row, names)


def test_line_with_the_names_can_be_picked(as_alice):
    sent(as_alice, "Date,Leg pain\nOf which day,How bad\n2024-03-12,6\n")
    response = as_alice.post(COLUMNS, {"header": 1}, follow=True)
    assert response.context["form"].file.names == ["Of which day", "How bad"]
    columns = {"date": 0, "leg_pain": 1}
    found = as_alice.post(COLUMNS, columns, follow=True).context["found"]
    assert (found["new"]["number"], found["left_out"]["rows"]) == (1, 0)
    response = as_alice.post(COLUMNS, {"header": 7})
    assert response.status_code == 422
    assert PendingImport.objects.get().columns["header"] == 1


def test_day_of_a_file_without_names_is_found_by_what_stands_there(as_alice):
    response = sent(as_alice, "6,2024-03-12,tired\n5,2024-03-13,\n")
    assert proposed(response) == {"date": 1}


def test_row_that_does_not_say_where_is_asked_about_and_named(as_alice):
    text = "Day,Metric,Value\n1 March 2024,Leg,6\n1 March 2024,,4\n"
    response = questions_of(as_alice, text)
    assert [(f.label, f.value()) for f in response.context["form"].words] == [
        ("Leg", "leg_pain"),
        ("(nothing)", ""),
    ]
    found = brought(as_alice, text, {"word_1": "out"})
    assert found["passed_over"] == [{"why": "(nothing)", "rows": 1}]


def test_number_too_long_to_be_one_counts_as_a_word(as_alice):
    text = f"Date,Leg pain,Sleep\n2024-03-12,6.5,7\n2024-03-13,{'9' * 60},7\n"
    found = brought(as_alice, text, {"scale_half": "up", "texts": "out"})
    assert found["new"]["number"] == 2
    assert check_ins("leg_pain", "sleep") == [(7, 7), (None, 7)]


def test_half_points_are_asked_once_and_marked_as_converted(as_alice):
    text = "Date,Time,Leg pain,Back pain\n2024-03-12,20:30,6.5,4\n2024-03-13,20:30,4,\n"
    form = questions_of(as_alice, text).context["form"]
    assert [(f.name, f.value()) for f in form.others] == [("scale_half", None)]
    brought(as_alice, text, {"scale_half": "down"})
    assert check_ins("leg_pain", "back_pain", "note") == [
        (6, 4, "Leg pain converted: 6.5 in the file, here 6."),
        (4, None, ""),
    ]


@pytest.mark.parametrize(
    ("answer", "ratings"),
    [("tenth", [(7, True), (0, False), (10, True)]), ("out", [(None, False)] * 3)],
)
def test_scale_to_a_hundred_is_asked_once(as_alice, answer, ratings):
    text = "Date,Leg pain,Note\n2024-03-12,65,a\n2024-03-13,0,b\n2024-03-14,100,c\n"
    brought(as_alice, text, {"scale_hundred": answer})
    assert [(leg, "converted" in note) for leg, note in check_ins("leg_pain", "note")] == ratings


def test_slip_above_10_stays_out_and_the_others_are_taken_as_they_are(as_alice):
    text = "Date,Leg pain\n2024-03-12,-1\n2024-03-13,11\n2024-03-14,5\n2024-03-15,-1.5\n"
    found = brought(as_alice, text, {"scale_hundred": "as_is"})
    assert [(each["place"], each["column"]) for each in found["left_out"]["shown"]] == [
        ("2", "Leg pain"),
        ("3", "Leg pain"),
        ("5", "Leg pain"),
    ]
    assert check_ins("leg_pain") == [(5,)]


def test_number_below_0_is_no_rating_whatever_is_converted(as_alice):
    found = brought(
        as_alice, "Date,Leg pain\n2024-03-12,-4\n2024-03-13,65\n", {"scale_hundred": "tenth"}
    )
    assert found["left_out"]["rows"] == 1
    assert check_ins("leg_pain") == [(7,)]


def test_words_and_short_scales_can_become_a_note(as_alice):
    text = "Date,Leg pain (0-4),Stress\n2024-03-12,3,high\n"
    brought(as_alice, text, {"scale_short": "note", "texts": "note"})
    assert check_ins("leg_pain", "stress", "note") == [
        (None, None, "Leg pain (0-4): 3, on another scale than 0 to 10\nStress: high")
    ]


def test_low_numbers_can_be_taken_as_they_are(as_alice):
    rows = "".join(f"2024-03-{day:02},{day % 5}\n" for day in range(1, 11))
    form = questions_of(as_alice, f"Date,Leg pain\n{rows}").context["form"]
    assert list(form.fields) == ["scale_short"]
    found = brought(as_alice, f"Date,Leg pain\n{rows}", {"scale_short": "as_is"})
    assert found["new"]["number"] == 10


def test_what_was_converted_is_marked_beside_its_own_rating(as_alice):
    """Not in the first entry of the row, which may be of another hour, or the session."""
    text = (
        "Date,Time,AM pain,PM pain,Leg pain,Treatment,Pain before,Note\n"
        "2024-03-12,24:00,3,6.5,4.5,Mat,5,long\n"
    )
    brought(as_alice, text, {"place": "leg_pain", "scale_half": "up"})
    assert check_ins("leg_pain", "note", "diary_date") == [
        (3, "", date(2024, 3, 12)),
        (7, "PM pain converted: 6.5 in the file, here 7.", date(2024, 3, 12)),
        (5, "Leg pain converted: 4.5 in the file, here 5.", date(2024, 3, 12)),
    ]
    session = TreatmentSession.objects.get()
    assert (session.note, session.diary_date) == ("long", date(2024, 3, 12))


SESSIONS = (
    "Date,Time,Treatment,Pain before,Pain after\n"
    '2024-03-12,8:30 PM,"Heat pack, stretching",6,4\n'
    "2024-03-13,9 PM,Heat pack / massage,5,5\n"
    "2024-03-14,21:00,,5,5\n"
)


def test_each_cell_with_several_treatments_is_asked_about_once(as_alice):
    form = questions_of(as_alice, SESSIONS + SESSIONS.partition("\n")[2]).context["form"]
    assert [f.label for f in form.treatments] == ["Heat pack, stretching", "Heat pack / massage"]
    found = brought(as_alice, SESSIONS, {"cell_0": "split", "cell_1": "whole", "untreated": "wait"})
    assert found["treatments"]["shown"] == ["Heat pack", "stretching", "Heat pack / massage"]
    waits = TreatmentSession.objects.filter(links=None)
    assert [wait.pain_before for wait in waits] == [5]


@pytest.mark.parametrize(
    ("answer", "numbers"), [("wait", (3, 0)), ("back_pain", (2, 1)), ("out", (2, 0))]
)
def test_row_without_a_treatment_is_what_somebody_says(as_alice, answer, numbers):
    found = brought(as_alice, SESSIONS, {"cell_0": "whole", "cell_1": "whole", "untreated": answer})
    assert (TreatmentSession.objects.count(), CheckIn.objects.count()) == numbers
    assert bool(found["passed_over"]) is (answer == "out")


def test_many_cells_are_asked_about_by_their_sign(as_alice):
    rows = "".join(f"2024-03-01,0{n % 10}:{n:02},Heat + Mat {n},7,4\n" for n in range(40))
    text = f"Date,Time,Treatment,Pain before,Pain after\n{rows}"
    form = questions_of(as_alice, text).context["form"]
    assert list(form.fields) == ["sign_0"]
    found = brought(as_alice, text, {"sign_0": "split"})
    assert (len(found["treatments"]["shown"]), found["new"]["number"]) == (41, 40)


def test_two_columns_of_one_day_are_two_ratings_from_memory(as_alice):
    text = (
        "Date,AM pain,PM pain,Medication,Notes\n12/03/2024,6,4,Ibuprofen,long\n13/03/2024,5,3,,\n"
    )
    found = brought(as_alice, text, {"place": "leg_pain"})
    assert found["columns_out"] == ["Medication"]
    assert check_ins("diary_date", "leg_pain", "note") == [
        (date(2024, 3, 12), 6, "long"),
        (date(2024, 3, 12), 4, ""),
        (date(2024, 3, 13), 5, ""),
        (date(2024, 3, 13), 3, ""),
    ]
    assert [entry.is_from_memory for entry in CheckIn.objects.all()] == [True] * 4


@pytest.mark.parametrize(
    ("header", "side"), [("Left leg", "left"), ("Leg", ""), ("Pain in the right leg", "right")]
)
def test_side_may_stand_in_the_name_of_the_column(as_alice, header, side):
    brought(as_alice, f"Date,{header},Lower back\n2024-03-12,6,\n")
    assert check_ins("leg_pain", "side") == [(6, side)]


def test_leg_and_back_have_columns_of_each_time_of_day(as_alice):
    text = "Date,Leg AM,Leg PM,Back AM,Back PM\n2024-03-12,6,4,3,2\n2024-03-13,,,1,\n"
    found = brought(as_alice, text, {"place": "leg_pain"})
    assert (found["columns_out"], found["new"]["number"]) == ([], 3)
    assert check_ins("leg_pain", "back_pain") == [(6, 3), (4, 2), (None, 1)]


def test_columns_of_one_name_are_told_apart(as_alice):
    found = brought(as_alice, "Date,Leg pain,Note,Note\n2024-03-12,6,a,b\n")
    assert found["columns_out"] == ["Note (Column 4)"]


def test_length_that_could_be_two_is_refused_in_words(as_alice):
    text = (
        "Date,Time,Treatment,Pain before,Minutes\n2024-03-12,9:00,Mat,5,0:30\n"
        "2024-03-12,10:00,Mat,5,-10\n2024-03-12,11:00,Mat,5,20\n"
    )
    found = brought(as_alice, text)
    assert [each["message"] for each in found["left_out"]["shown"]] == [
        "“0:30” is no length that we can read. Write whole minutes: 30.",
        "“-10” is no length that we can read. Write whole minutes: 30.",
    ]


def test_kind_is_that_of_the_built_in_treatment_in_any_spelling(as_alice):
    text = "Date,Time,Treatment,Pain before\n2024-03-12,9:00,HEAT\u00a0 pack,5\n"
    brought(as_alice, text)
    assert Treatment.objects.get().kind == Kind.HEAT


def test_more_columns_can_be_chosen_and_the_rest_is_named(as_alice):
    text = (
        "Date,Leg pain,Back pain,Sleep,Stress,Numbness,Painkillers,Reach,Symptoms,Condition,Steps\n"
        "2024-03-12,6,4,5,7,yes,Ibuprofen 400,left calf,tingling; nausea,Slipped disc,4500\n"
    )
    found = brought(as_alice, text)
    assert found["columns_out"] == ["Steps"]
    assert found["new"]["examples"][0]["said"] == (
        "Leg pain 6, back pain 4, tingling, numbness, calf, sleep last night 5, stress 7, "
        "painkillers today: yes"
    )
    entry = CheckIn.objects.get()
    assert (entry.leg_pain, entry.back_pain, entry.sleep, entry.stress) == (6, 4, 5, 7)
    assert (entry.symptoms, entry.furthest) == (["tingling", "numbness"], "calf")
    assert (entry.painkillers, entry.condition.name) == (True, "Slipped disc")
    assert entry.note == "Painkillers: Ibuprofen 400\nSymptoms: nausea"


def test_duration_in_hours_and_side_effect(as_alice):
    text = (
        "Date,Time,Treatment,Pain before,Duration (h),Side effect\n2024-03-12,9:00,Mat,5,1.5,red\n"
    )
    brought(as_alice, text)
    session = TreatmentSession.objects.get()
    assert (session.minutes, session.adverse_effect) == (90, "red")


def test_where_it_is_says_side_and_place(as_alice):
    found = brought(as_alice, FORMS)
    assert [each["said"] for each in found["new"]["examples"]] == [
        "Leg pain 6, left",
        "Leg pain 4, left",
    ]
    assert (found["new"]["examples"][0]["time"], found["new"]["examples"][0]["note"]) == (
        "20:30",
        "Heat pack, stretching",
    )


def test_one_thing_a_line_is_chosen_word_by_word(as_alice):
    form = questions_of(as_alice, BEARABLE).context["form"]
    assert [(f.label, f.value()) for f in form.words] == [
        ("Symptom: Back pain (Moderate)", "back_pain"),
        ("Energy", "out"),
        ("Mood", "out"),
    ]
    found = brought(as_alice, BEARABLE, {"scale_short": "as_is"})
    assert found["passed_over"] == [{"why": "Energy", "rows": 1}, {"why": "Mood", "rows": 1}]
    assert check_ins("leg_pain", "back_pain", "energy") == [(None, 3, None)]


def test_one_moment_of_a_long_table_is_one_entry_and_keeps_its_scale(as_alice):
    brought(as_alice, FLAREDOWN, {"scale_short": "note"})
    [(leg, back, note)] = check_ins("leg_pain", "back_pain", "note")
    assert (leg, back) == (None, None)
    assert note.splitlines() == [
        "Symptom: Back pain: 3, on another scale than 0 to 10",
        "Symptom: Leg pain: 2, on another scale than 0 to 10",
        "Treatment: Heat pad: 1 x 20min",
    ]


def test_ratings_of_one_moment_are_joined_unless_they_clash(as_alice):
    text = (
        "Date,Where,Pain\n2024-03-12,left leg,6\n2024-03-12,back,4\n2024-03-12,left leg,7\n"
        "2024-03-12,head,9\n"
    )
    found = brought(as_alice, text)
    assert check_ins("leg_pain", "back_pain", "side") == [(6, 4, "left"), (7, None, "left")]
    assert found["passed_over"] == [{"why": "head", "rows": 1}]


@pytest.mark.parametrize(
    ("answer", "number", "text"), [("note", 2, DAYLIO), ("out", 1, DAYLIO_SINCE_SCALES)]
)
def test_moods_of_daylio_become_a_note_or_nothing(as_alice, answer, number, text):
    response = questions_of(as_alice, text)
    assert response.redirect_chain[-1][0] == QUESTIONS
    assert list(response.context["form"].fields) == ["texts"]
    brought(as_alice, text, {"texts": answer})
    notes = [note for note, day in check_ins("note", "diary_date") if day == date(2024, 3, 12)]
    mood = ["mood: meh"] if answer == "note" else []
    assert notes[0].splitlines() == ["stretching, heat pack", "Leg pain 6", *mood]
    assert CheckIn.objects.count() == number


def test_migraine_buddy_is_found_below_its_preamble_and_asks_where(as_alice):
    response = questions_of(as_alice, MIGRAINE_BUDDY)
    assert list(response.context["form"].fields) == ["place"]
    found = brought(as_alice, MIGRAINE_BUDDY, {"place": "headache"})
    assert found["new"]["examples"][0]["time"] == "13:12"
    assert check_ins("leg_pain", "headache", "note") == [(None, 4, "long day")]


@pytest.mark.parametrize(
    ("header", "name", "fields"),
    [
        ("date,weekday,time of day,category,rating/amount,detail,notes\n8th Dec 2021,Wednesday,mid,Symptom,2,Neck pain (Moderate),", "Bearable", ["scale_short", "word_0"]),
        ("Date,Time,Pain severity,Location,Notes\n2024-03-12,9:00,5,Lower back,", "Manage My Pain", ["word_0"]),
        ("child_id,note,time\n1,slept well,2020-02-17 06:37:12", "Baby Buddy", []),
        ("child_id,start,end,notes\n1,2020-02-17 00:14:09,2020-02-17 02:48:09,long", "Baby Buddy", []),
    ],
)  # fmt: skip
def test_programs_are_known_by_their_header_and_ask_little(as_alice, header, name, fields):
    response = sent(as_alice, f"{header}\n")
    assert response.redirect_chain[-1][0] == QUESTIONS
    assert str(response.context["table"].profile.name) == name
    assert sorted(response.context["form"].fields) == fields
    assert name in response.content.decode()


def test_baby_buddy_comes_in_as_notes(as_alice):
    brought(as_alice, "child_id,note,time\n1,slept well,2020-02-17 06:37:12\n")
    assert check_ins("leg_pain", "note") == [(None, "slept well")]


@pytest.mark.parametrize("rows", [1, 3])
def test_questions_page_asks_the_same_number_of_queries(as_alice, rows, django_assert_num_queries):
    text = "Date,Pain\n" + "".join(f"2026-03-0{n + 1},{n}\n" for n in range(rows))
    questions_of(as_alice, text)
    with django_assert_num_queries(4):
        as_alice.get(QUESTIONS)


def test_questions_of_a_file_that_is_gone_or_has_no_columns_yet(as_alice):
    assert as_alice.get(QUESTIONS).status_code == 404
    sent(as_alice, "Date,Pain\n2026-03-01,4\n")
    assert as_alice.get(QUESTIONS).headers["Location"] == PREVIEW
