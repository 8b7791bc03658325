import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from apps.diary.models import CheckIn
from tests.factories import NOON, CheckInFactory, ConditionFactory, TreatmentSessionFactory

NOT_YET = "That moment has not come yet: the diary's clock shows 10 March 2026, 12:00 (London)."
NEW = "/check-ins/new/"


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def typed(**fields):
    return {"client_id": uuid.uuid4(), **fields}


@time_machine.travel(NOON, tick=False)
def test_checkin_create_saves_what_was_rated_and_nothing_else(as_alice, alice):
    condition = ConditionFactory(user=alice)
    response = as_alice.post(NEW, typed(leg_pain="0", back_pain="7", side="left"))
    assert (response.status_code, response.url) == (302, "/today/")
    assert said(response) == ["Saved. Leg pain 0, back pain 7, left"]
    stored = CheckIn.objects.values(
        "user", "condition", "leg_pain", "back_pain", "side", "rated_at", "diary_date",
        "time_zone", "sleep", "painkillers", "symptoms", "entered_at", "version",
    ).get()  # fmt: skip
    assert stored == {
        "user": alice.pk,
        "condition": condition.pk,
        "leg_pain": 0,
        "back_pain": 7,
        "side": "left",
        "rated_at": NOON,
        "diary_date": date(2026, 3, 10),
        "time_zone": "Europe/London",
        "sleep": None,
        "painkillers": None,
        "symptoms": [],
        "entered_at": NOON,
        "version": 1,
    }


def test_checkin_create_keeps_everything_optional(as_alice, alice):
    ConditionFactory(user=alice)
    as_alice.post(
        NEW,
        typed(
            leg_pain="3",
            furthest="calf",
            symptoms=["burning", "tingling"],
            sleep="0",
            stress="10",
            energy="5",
            headache="1",
            muscle_tension="2",
            painkillers="no",
            note="Sat through a film.",
            adverse_effect="Red skin.",
        ),
    )
    stored = CheckIn.objects.get()
    assert (stored.furthest, stored.symptoms) == ("calf", ["burning", "tingling"])
    assert (stored.sleep, stored.stress, stored.energy) == (0, 10, 5)
    assert (stored.headache, stored.muscle_tension, stored.painkillers) == (1, 2, False)
    assert (stored.note, stored.adverse_effect) == ("Sat through a film.", "Red skin.")


def test_checkin_no_pain_is_one_tap(as_alice, alice):
    ConditionFactory(user=alice)
    as_alice.post(NEW, typed(no_pain="1", side="left"))
    stored = CheckIn.objects.get()
    assert (stored.leg_pain, stored.back_pain, stored.side) == (0, 0, "neither")


def test_checkin_of_a_person_without_a_condition_makes_sciatica(as_alice, alice):
    as_alice.post(NEW, typed(leg_pain="3"))
    assert CheckIn.objects.get().condition.name == "Sciatica"


def test_checkin_sent_twice_makes_one_entry(as_alice, alice):
    data = typed(leg_pain="4")
    first, second = as_alice.post(NEW, data), as_alice.post(NEW, data)
    assert [first.status_code, second.status_code] == [302, 302]
    assert CheckIn.objects.count() == 1


def test_checkin_sent_again_with_other_content_loses_nothing(as_alice):
    data = typed(leg_pain="4")
    as_alice.post(NEW, data)
    again = as_alice.post(NEW, data | {"leg_pain": "8", "note": "worse now"})
    assert again.status_code == 409
    form = again.context["form"]
    assert (form["leg_pain"].value(), form["note"].value()) == ("8", "worse now")
    as_alice.post(NEW, form.data)
    assert sorted(CheckIn.objects.values_list("leg_pain", flat=True)) == [4, 8]


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    "said",
    [
        {"leg_pain": "0"},
        {"leg_pain": "4", "back_pain": "10", "side": "both", "typed_ago": "600"},
        {"no_pain": "1"},
    ],
)
def test_what_comes_from_today_is_saved_as_the_whole_form_saves_it(as_alice, said):
    for fields in (said, said | {"note": ""}):
        assert as_alice.post(NEW, typed(**fields)).status_code == 302
    rows = CheckIn.objects.values()
    one, other = ({**row, "id": 0, "client_id": 0} for row in rows)
    assert one == other


def test_what_comes_from_today_is_asked_about_in_the_whole_form(as_alice):
    data = typed(leg_pain="4")
    for pain, status in (("4", 302), ("8", 409), ("11", 422)):
        answer = as_alice.post(NEW, data | {"leg_pain": pain})
        assert answer.status_code == status
        if status > 400:
            form = answer.context["form"]
            assert (form["leg_pain"].value(), "note" in form.fields) == (pain, True)


def test_checkins_several_a_day_are_all_kept(as_alice):
    for pain in ["4", "4", "0"]:
        as_alice.post(NEW, typed(leg_pain=pain))
    assert CheckIn.objects.count() == 3


@pytest.mark.parametrize("pain", ["11", "-1", "seven", "6.5", "１１", "1e1", "\x00"])
def test_checkin_refuses_what_is_no_rating_and_keeps_the_rest(as_alice, pain):
    response = as_alice.post(NEW, typed(leg_pain=pain, back_pain="3", note="kept"))
    assert response.status_code == 422
    form = response.context["form"]
    assert form.errors["leg_pain"] == ["Choose a whole number from 0 to 10."]
    assert (form["back_pain"].value(), form["note"].value()) == ("3", "kept")
    assert re.search(r'value="3"[^>]* checked', response.content.decode())
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("rated_at", "1899-12-31T12:00", "The day must be in 1900 or later."),
        ("rated_at", "2026-03-11T12:00", NOT_YET),
        ("rated_at", "yesterday", "Write a date and a time, for example 2026-03-10 14:30."),
        (
            "note",
            "n" * 10_000,
            "Ensure this value has at most 5000 characters (it has 10000).",
        ),
        ("note", "a\x00b", "Null characters are not allowed."),
        ("side", "up", "Select a valid choice. up is not one of the available choices."),
        ("furthest", "ear", "Select a valid choice. ear is not one of the available choices."),
        ("symptoms", ["itch"], "Select a valid choice. itch is not one of the available choices."),
        ("symptoms", ["none", "burning"], "Choose either “none of these” or what there is."),
        ("red_flags", ["x"], "Select a valid choice. x is not one of the available choices."),
        ("painkillers", "x", "Select a valid choice. x is not one of the available choices."),
        ("client_id", "abc", "Enter a valid UUID."),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_checkin_refuses_bad_input_in_words(as_alice, field, value, message):
    response = as_alice.post(NEW, typed(leg_pain="3") | {field: value})
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]
    assert CheckIn.objects.count() == 0


def test_checkin_refuses_a_time_that_the_clocks_skipped(as_alice):
    response = as_alice.post(NEW, typed(leg_pain="3", rated_at="2026-03-29T01:30"))
    assert response.status_code == 422
    assert response.context["form"].errors["rated_at"] == [
        "At 01:30 on that day the clocks had gone forward: that time did not exist."
    ]


def test_checkin_keeps_a_lone_surrogate_from_harming(as_alice):
    body = f"client_id={uuid.uuid4()}&leg_pain=3&note=%ED%A0%80"
    response = as_alice.post(NEW, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert CheckIn.objects.get().note == "\ufffd" * 3


def test_checkin_with_nothing_in_it_is_refused(as_alice):
    response = as_alice.post(NEW, typed(side="left"))
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "There is nothing to save yet. Rate your pain, or write a note."
    ]


def test_checkin_refuses_somebody_else_s_condition(as_alice, alice, charlie):
    ConditionFactory(user=alice)
    ConditionFactory(user=alice, name="Trapped nerve")
    hers = ConditionFactory(user=charlie)
    response = as_alice.post(NEW, typed(leg_pain="3", condition=hers.pk))
    assert response.status_code == 422
    assert CheckIn.objects.count() == 0


@time_machine.travel("2026-03-11T02:00+00:00", tick=False)
def test_checkin_back_dated_lies_on_its_day_and_is_from_memory(as_alice):
    as_alice.post(NEW, typed(leg_pain="3", rated_at="2026-03-01T22:15"))
    stored = CheckIn.objects.get()
    assert stored.rated_at == datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
    assert (stored.diary_date, stored.is_from_memory) == (date(2026, 3, 1), True)


@time_machine.travel("2026-07-01T23:30+00:00", tick=False)
def test_checkin_after_local_midnight_lies_on_the_new_day(as_alice):
    as_alice.post(NEW, typed(leg_pain="3"))
    assert CheckIn.objects.get().diary_date == date(2026, 7, 2)


def test_checkin_edit_changes_and_counts_the_version(as_alice, alice):
    check_in = CheckInFactory(user=alice, leg_pain=4, note="before")
    page = as_alice.get(f"/check-ins/{check_in.pk}/edit/")
    data = page.context["form"].initial
    response = as_alice.post(
        f"/check-ins/{check_in.pk}/edit/",
        {
            "client_id": data["client_id"],
            "version": data["version"],
            "rated_at": data["rated_at"].isoformat(),
            "leg_pain": "0",
            "note": "after",
        },
    )
    assert response.url == "/diary/2026/3/10/"
    check_in.refresh_from_db()
    assert (check_in.leg_pain, check_in.note, check_in.version) == (0, "after", 2)
    assert check_in.rated_at == NOON


def test_checkin_edit_from_another_zone_never_moves_the_day(as_alice, alice):
    check_in = CheckInFactory(
        user=alice,
        rated_at=datetime(2026, 3, 10, 23, 30, 12, tzinfo=UTC),
        diary_date=date(2026, 3, 10),
    )
    alice.time_zone = "Asia/Tokyo"
    alice.save()
    url = f"/check-ins/{check_in.pk}/edit/"
    initial = as_alice.get(url).context["form"].initial
    assert initial["rated_at"] == datetime(2026, 3, 10, 23, 30)
    as_alice.post(
        url,
        {
            "client_id": initial["client_id"],
            "version": "1",
            "rated_at": "2026-03-10T23:30",
            "leg_pain": "9",
        },
    )
    check_in.refresh_from_db()
    assert (check_in.leg_pain, check_in.time_zone) == (9, "Europe/London")
    assert check_in.rated_at == datetime(2026, 3, 10, 23, 30, 12, tzinfo=UTC)
    assert check_in.diary_date == date(2026, 3, 10)


def test_checkin_edit_of_an_old_version_is_told_and_loses_nothing(as_alice, alice):
    check_in = CheckInFactory(user=alice, leg_pain=4)
    url = f"/check-ins/{check_in.pk}/edit/"
    data = {
        "client_id": check_in.client_id,
        "version": "1",
        "rated_at": "2026-03-10T12:00",
    }
    as_alice.post(url, data | {"leg_pain": "2"})
    slower = as_alice.post(url, data | {"leg_pain": "8", "note": "typed long"})
    assert slower.status_code == 409
    assert slower.context["stored"] == "Leg pain 2"
    form = slower.context["form"]
    assert (form["leg_pain"].value(), form["note"].value()) == ("8", "typed long")
    assert CheckIn.objects.get().leg_pain == 2
    as_alice.post(url, form.data)
    stored = CheckIn.objects.get()
    assert (stored.leg_pain, stored.note, stored.version) == (8, "typed long", 3)


def test_checkin_edit_retried_after_it_was_saved_is_no_conflict(as_alice, alice):
    check_in = CheckInFactory(user=alice, leg_pain=4)
    data = {
        "client_id": check_in.client_id,
        "version": "1",
        "rated_at": "2026-03-10T12:00",
        "leg_pain": "2",
    }
    url = f"/check-ins/{check_in.pk}/edit/"
    assert [as_alice.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert CheckIn.objects.get().version == 2


def test_checkin_delete_and_undo_bring_back_the_same_row(as_alice, alice):
    check_in = CheckInFactory(user=alice, leg_pain=0, note="kept", version=3)
    before = CheckIn.objects.filter(pk=check_in.pk).values().get()
    as_alice.post(f"/check-ins/{check_in.pk}/delete/")
    assert CheckIn.objects.count() == 0
    response = as_alice.post("/diary/undo/")
    assert said(response)[-1] == "It is back in your diary."
    assert CheckIn.objects.values().get() == before
    assert said(as_alice.post("/diary/undo/"))[-1].startswith("There is nothing to bring back.")


@pytest.mark.parametrize("name", ["checkin_edit", "checkin_delete"])
def test_checkin_of_somebody_else_is_missing(as_alice, charlie, name):
    hers = CheckInFactory(user=charlie, leg_pain=4)
    url = reverse(f"diary:{name}", args=[hers.pk])
    assert as_alice.post(url, {"leg_pain": "9"}).status_code == 404
    assert CheckIn.objects.get().leg_pain == 4


@pytest.mark.parametrize("rows", [1, 3])
def test_checkin_form_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        CheckInFactory(user=alice)
        ConditionFactory(user=alice, name=f"Condition {number}")
    with django_assert_num_queries(9):
        as_alice.get(NEW)


@time_machine.travel(NOON, tick=False)  # by day, when it may draw for a self-test
@pytest.mark.parametrize("rows", [1, 3])
def test_checkin_save_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for _ in range(rows):
        CheckInFactory(user=alice)
    with django_assert_num_queries(11):
        as_alice.post(NEW, typed(leg_pain="3"))


def ratings_chosen(page):
    return re.findall(r'name="(\w+)" value="(\d+)"[^>]* checked', page.content.decode())


def test_checkin_form_presets_no_pain_but_the_last_side(as_alice, alice):
    last = CheckInFactory(user=alice, leg_pain=7, side="right")
    # The form of what was rated shows the rating: it would be seen on the other, too.
    assert ("leg_pain", "7") in ratings_chosen(as_alice.get(f"/check-ins/{last.pk}/edit/"))
    page = as_alice.get(NEW)
    assert page.context["form"]["side"].value() == "right"
    assert ratings_chosen(page) == []


def side_begun_with(client):
    """On each page that presets one: Today, the whole check-in, and starting a session."""
    pages = [client.get(path) for path in ("/today/", NEW, "/sessions/start/")]
    [side] = {page.context["form"]["side"].value() for page in pages}
    return side


@pytest.mark.parametrize("days", [0, 40])
def test_side_comes_back_after_a_moment_without_pain(as_alice, alice, days):
    """However long ago it last hurt: read with the last days, or looked up."""
    now = timezone.now()
    CheckInFactory(user=alice, leg_pain=7, side="right", rated_at=now - timedelta(days=days + 1))
    CheckInFactory(user=alice, leg_pain=0, back_pain=0, side="neither", rated_at=now)
    TreatmentSessionFactory(user=alice, pain_before=0, side="neither", started_at=now)
    assert side_begun_with(as_alice) == "right"


def test_side_of_pain_in_the_back_alone_is_neither_again(as_alice, alice):
    now = timezone.now()
    CheckInFactory(user=alice, leg_pain=7, side="right", rated_at=now - timedelta(days=1))
    CheckInFactory(user=alice, leg_pain=None, back_pain=3, side="neither", rated_at=now)
    assert side_begun_with(as_alice) == "neither"


@pytest.mark.parametrize(("usual", "begun_with"), [("left", "left"), ("switches", ""), ("", "")])
def test_usual_side_is_begun_with_where_it_has_never_hurt_yet(as_alice, alice, usual, begun_with):
    ConditionFactory(user=alice, usual_side=usual)
    now = timezone.now()
    CheckInFactory(user=alice, leg_pain=0, back_pain=None, side="neither", rated_at=now)
    assert side_begun_with(as_alice) == begun_with


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"no_pain": "1"}, "Saved. No pain today"),
        ({"leg_pain": "0", "back_pain": "0", "side": "left"}, "Saved. No pain, left"),
        ({"leg_pain": "0", "side": "neither"}, "Saved. Leg pain 0, neither"),
        ({"no_pain": "1", "rated_at": "2026-03-01T12:00"}, "Saved. No pain"),
    ],
)
def test_moment_without_pain_is_said_in_words(as_alice, fields, words):
    assert said(as_alice.post(NEW, typed(**fields))) == [words]


def test_checkin_say_more_carries_over_what_was_typed(as_alice, alice):
    condition = ConditionFactory(user=alice, name="Nerve")
    ConditionFactory(user=alice)
    typed_so_far = typed(more="1", leg_pain="0", back_pain="", side="both", condition=condition.pk)
    page = as_alice.post(NEW, typed_so_far)
    assert page.status_code == 200
    form = page.context["form"]
    values = [form[name].value() for name in ["leg_pain", "back_pain", "side", "condition"]]
    assert values == ["0", "", "both", str(condition.pk)]
    assert re.findall(r'name="(\w+)" value="(\d+)"[^>]* checked', page.content.decode()) == [
        ("leg_pain", "0")
    ]
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize("typed_at", ["", "yesterday", "1899-01-01T10:00"])
def test_checkin_edit_with_an_odd_moment_is_refused_and_keeps_the_rest(as_alice, alice, typed_at):
    check_in = CheckInFactory(user=alice)
    data = {"client_id": check_in.client_id, "version": "1", "leg_pain": "2", "note": "kept"}
    url = f"/check-ins/{check_in.pk}/edit/"
    response = as_alice.post(url, data | {"rated_at": typed_at})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["rated_at"]
    assert response.context["form"]["note"].value() == "kept"


def test_checkin_rating_changed_later_is_from_memory(as_alice, alice):
    check_in = CheckInFactory(user=alice, entered_at=NOON, leg_pain=4)
    data = {"client_id": check_in.client_id, "rated_at": "2026-03-10T12:00"}
    url = f"/check-ins/{check_in.pk}/edit/"
    as_alice.post(url, data | {"version": "1", "leg_pain": "4", "note": "a word more"})
    check_in.refresh_from_db()
    assert not check_in.is_from_memory
    as_alice.post(url, data | {"version": "2", "leg_pain": "3"})
    check_in.refresh_from_db()
    assert check_in.is_from_memory
