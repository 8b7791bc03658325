import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from apps.diary.models import HowOften, SessionTreatment, TreatmentSession
from tests.factories import (
    NOON,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitPlanFactory,
)

START, NEW = "/sessions/start/", "/sessions/new/"

NOT_YET = "That moment has not come yet: the diary's clock shows 10 March 2026, 12:00 (London)."


@pytest.fixture(autouse=True)
def _never_asked_to_wait(alice):
    """Her sessions start at once; tests/diary/waiting/test_views.py is about the others."""
    WaitPlanFactory(user=alice, one_in=HowOften.NEVER)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def typed(**fields):
    return {"client_id": uuid.uuid4(), **fields}


def names(session):
    return [link.treatment.name for link in session.links.all()]


@time_machine.travel(NOON, tick=False)
def test_session_start_takes_one_tap_on_the_pain(as_alice, alice):
    mat = TreatmentFactory(user=alice, minutes=20)
    page = as_alice.get(START, {"treatment": mat.pk})
    assert page.context["form"].initial["did"] == [mat.pk]
    assert page.context["form"].initial["minutes"] == 20
    response = as_alice.post(START, typed(did=[mat.pk], pain_before="6", side="left", minutes="20"))
    assert said(response) == ["Saved. Acupressure mat: pain 6 before"]
    session = TreatmentSession.objects.get()
    assert names(session) == ["Acupressure mat"]
    assert (session.started_at, session.entered_at, session.diary_date) == (
        NOON,
        NOON,
        date(2026, 3, 10),
    )
    assert (session.pain_before, session.pain_after, session.after_rated_at) == (6, None, None)
    assert (session.side, session.minutes, session.asked_by_app) == ("left", 20, None)


def test_session_without_a_treatment_is_wait_and_see(as_alice):
    as_alice.post(START, typed(did=["wait"], pain_before="0"))
    assert list(TreatmentSession.objects.waits()) == list(TreatmentSession.objects.all())
    assert TreatmentSession.objects.get().pain_before == 0


def test_session_may_hold_two_treatments(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    heat = TreatmentFactory(user=alice, name="Heat pack", kind="heat")
    as_alice.post(START, typed(did=[mat.pk, heat.pk], pain_before="6"))
    assert names(TreatmentSession.objects.get()) == ["Acupressure mat", "Heat pack"]


def test_session_finish_takes_one_tap_and_stays_to_the_second(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, started_at=NOON, pain_before=6)
    later = NOON + timedelta(minutes=47, seconds=12)
    with time_machine.travel(later, tick=False):
        url = f"/sessions/{session.pk}/finish/"
        data = as_alice.get(url).context["form"].initial
        response = as_alice.post(
            url, {"client_id": data["client_id"], "version": data["version"], "pain_after": "0"}
        )
    assert (response.status_code, response.url) == (302, f"/sessions/{session.pk}/after/")
    assert said(response) == ["Saved. Wait and see: pain 6 before, 0 after"]
    session.refresh_from_db()
    assert (session.pain_after, session.after_rated_at) == (0, later)
    assert session.after_entered_at == later
    assert session.started_at == NOON


def test_session_finish_tapped_twice_keeps_the_first_rating(as_alice, alice):
    session = TreatmentSessionFactory(user=alice)
    url = f"/sessions/{session.pk}/finish/"
    data = {"client_id": session.client_id, "version": "1"}
    assert as_alice.post(url, data | {"pain_after": "3"}).status_code == 302
    assert as_alice.post(url, data | {"pain_after": "3"}).status_code == 302
    other = as_alice.post(url, data | {"pain_after": "5"})
    assert other.status_code == 409
    assert other.context["notice"].startswith(
        "This was rated again already: Wait and see: pain 6 before, 3 after."
    )
    session.refresh_from_db()
    assert (session.pain_after, session.version) == (3, 2)


def test_session_finish_of_one_rated_before_offers_to_change_it(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, pain_after=0, after_rated_at=NOON)
    page = as_alice.get(f"/sessions/{session.pk}/finish/")
    assert (page.status_code, page.templates[0].name) == (200, "diary/writing/session_form.html")
    assert f'action="/sessions/{session.pk}/edit/"' in page.content.decode()


def test_session_finish_without_a_rating_is_refused_and_keeps_the_note(as_alice, alice):
    session = TreatmentSessionFactory(user=alice)
    data = {"client_id": session.client_id, "version": "1", "note": "felt warm"}
    response = as_alice.post(f"/sessions/{session.pk}/finish/", data)
    assert response.status_code == 422
    assert response.context["form"]["note"].value() == "felt warm"
    session.refresh_from_db()
    assert (session.pain_after, session.after_rated_at) == (None, None)


def test_session_closed_unrated_stays_missing_and_is_not_asked_for(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, started_at=datetime.now(UTC))
    assert len(as_alice.get("/today/").context["page"].open_sessions) == 1
    as_alice.post(f"/sessions/{session.pk}/close/")
    assert as_alice.get("/today/").context["page"].open_sessions == []
    session.refresh_from_db()
    assert (session.pain_after, session.is_closed_unrated) == (None, True)


@time_machine.travel(NOON, tick=False)
def test_session_written_down_afterwards_is_from_memory(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    response = as_alice.post(
        NEW,
        typed(
            did=[mat.pk],
            started_at="2026-03-09T20:00",
            pain_before="7",
            after_rated_at="2026-03-09T20:50",
            pain_after="4",
            position="buttocks",
            side="right",
        ),
    )
    assert response.status_code == 302
    session = TreatmentSession.objects.get()
    assert session.started_at == datetime(2026, 3, 9, 20, 0, tzinfo=UTC)
    assert session.after_rated_at == datetime(2026, 3, 9, 20, 50, tzinfo=UTC)
    assert (session.diary_date, session.position) == (date(2026, 3, 9), "buttocks")
    assert (session.is_from_memory, session.is_after_late) == (True, True)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"pain_before": "11"}, "pain_before", "Choose a whole number from 0 to 10."),
        ({"pain_before": ""}, "pain_before", "Choose a whole number from 0 to 10."),
        ({"did": []}, "did", "Say what you did, or choose “Nothing: I waited”."),
        ({"did": ["wait", "mat"]}, "did", "You cannot have waited and done something in the same session."),
        ({"after_rated_at": ""}, "after_rated_at", "Give both the pain after and when you rated it, or neither."),
        ({"pain_after": ""}, "after_rated_at", "Give both the pain after and when you rated it, or neither."),
        ({"after_rated_at": "2026-03-09T19:59"}, "after_rated_at", "You cannot have rated again before you started."),
        ({"minutes": "1441"}, "minutes", "A session lasts from 1 to 1,440 minutes."),
        ({"minutes": "0"}, "minutes", "A session lasts from 1 to 1,440 minutes."),
        ({"started_at": "1899-01-01T10:00"}, "started_at", "The day must be in 1900 or later."),
        ({"started_at": "2026-03-11T10:00"}, "started_at", NOT_YET),
        ({"position": "head"}, "position", "Select a valid choice. head is not one of the available choices."),
        ({"adverse_effect": "x" * 5001}, "adverse_effect", "Ensure this value has at most 5000 characters (it has 5001)."),
    ],
)  # fmt: skip
@time_machine.travel(NOON, tick=False)
def test_session_refuses_bad_input_in_words(as_alice, alice, changes, field, message):
    mat = TreatmentFactory(user=alice)
    data = typed(
        did=[mat.pk],
        started_at="2026-03-09T20:00",
        pain_before="7",
        after_rated_at="2026-03-09T20:50",
        pain_after="4",
        note="kept",
    )
    changes = {key: [mat.pk, "wait"] if value == ["wait", "mat"] else value for key, value in changes.items()}  # fmt: skip
    response = as_alice.post(NEW, data | changes)
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [message]
    assert response.context["form"]["note"].value() == "kept"
    assert (TreatmentSession.objects.count(), SessionTreatment.objects.count()) == (0, 0)


def test_session_refuses_somebody_else_s_treatment(as_alice, charlie):
    hers = TreatmentFactory(user=charlie)
    assert as_alice.post(START, typed(did=[hers.pk], pain_before="3")).status_code == 422
    assert as_alice.get(START, {"treatment": hers.pk}).status_code == 404
    assert TreatmentSession.objects.count() == 0


def test_start_asks_what_counts_above_the_tap(as_alice, alice):
    for name in ("Sciatica", "Nerve"):
        ConditionFactory(user=alice, name=name)
    page = as_alice.get(START).content.decode()
    names = re.findall(r'<(?:select|input type="radio"|button)[^>]* name="(\w+)"', page)
    assert list(dict.fromkeys(names)) == ["condition", "side", "pain_before", "position"]


@pytest.mark.parametrize("treatment", ["9" * 30, "x", "-1", "²"])
def test_session_start_with_an_odd_address_is_no_error(as_alice, treatment):
    assert as_alice.get(START, {"treatment": treatment}).status_code in (200, 404)


def test_session_across_the_autumn_hour_keeps_its_order(as_alice):
    with time_machine.travel("2026-10-26T12:00+00:00", tick=False):
        response = as_alice.post(
            NEW,
            typed(
                did=["wait"],
                started_at="2026-10-25T00:50",
                pain_before="5",
                after_rated_at="2026-10-25T01:40",
                pain_after="5",
            ),
        )
    assert response.status_code == 302
    session = TreatmentSession.objects.get()
    assert session.after_rated_at - session.started_at == timedelta(minutes=50)


def test_session_sent_twice_makes_one_entry(as_alice, alice):
    data = typed(did=[TreatmentFactory(user=alice).pk], pain_before="4")
    assert [as_alice.post(START, data).status_code for _ in range(2)] == [302, 302]
    assert TreatmentSession.objects.count() == 1
    other = as_alice.post(START, data | {"did": ["wait"]})
    assert other.status_code == 409


def edit_data(session, **changes):
    return {
        "client_id": session.client_id,
        "version": session.version,
        "started_at": "2026-03-10T12:00",
        "pain_before": session.pain_before,
    } | changes


def test_session_edit_changes_treatments_and_rating(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    heat = TreatmentFactory(user=alice, name="Heat pack", kind="heat")
    session = TreatmentSessionFactory(user=alice, treatments=[mat])
    kept = session.links.get().pk
    as_alice.post(f"/sessions/{session.pk}/edit/", edit_data(session, did=[mat.pk, heat.pk]))
    assert names(session) == ["Acupressure mat", "Heat pack"]
    assert session.links.first().pk == kept
    session.refresh_from_db()
    as_alice.post(f"/sessions/{session.pk}/edit/", edit_data(session, did=["wait"]))
    assert names(session) == []


def test_session_edit_taking_the_after_rating_back_makes_it_missing(as_alice, alice):
    session = TreatmentSessionFactory(
        user=alice,
        pain_after=3,
        after_rated_at=NOON + timedelta(minutes=45),
        after_entered_at=NOON + timedelta(minutes=45),
    )
    response = as_alice.post(f"/sessions/{session.pk}/edit/", edit_data(session, did=["wait"]))
    assert response.status_code == 302
    session.refresh_from_db()
    assert (session.pain_after, session.after_rated_at, session.after_entered_at) == (None,) * 3


def test_session_edit_of_an_old_version_is_told_and_loses_nothing(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, pain_before=6)
    url = f"/sessions/{session.pk}/edit/"
    old = edit_data(session, did=["wait"])
    as_alice.post(url, old | {"pain_before": "5"})
    slower = as_alice.post(url, old | {"pain_before": "8", "note": "typed long"})
    assert slower.status_code == 409
    assert slower.context["stored"] == "Wait and see: pain 5 before"
    as_alice.post(url, slower.context["form"].data)
    session.refresh_from_db()
    assert (session.pain_before, session.note, session.version) == (8, "typed long", 3)


def test_session_edit_offers_an_archived_treatment_only_where_it_was_used(as_alice, alice):
    mat = TreatmentFactory(user=alice, archived_at=NOON)
    used = TreatmentSessionFactory(user=alice, treatments=[mat])
    other = TreatmentSessionFactory(user=alice)

    def offered(session):
        form = as_alice.get(f"/sessions/{session.pk}/edit/").context["form"]
        return [value for value, _label in form.fields["did"].choices]

    assert offered(used) == [str(mat.pk), "wait"]
    assert offered(other) == ["wait"]


def test_session_delete_and_undo_bring_back_what_was_done(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, treatments=[TreatmentFactory(user=alice)])
    as_alice.post(f"/sessions/{session.pk}/delete/")
    assert (TreatmentSession.objects.count(), SessionTreatment.objects.count()) == (0, 0)
    as_alice.post("/diary/undo/")
    assert names(TreatmentSession.objects.get(pk=session.pk)) == ["Acupressure mat"]


@pytest.mark.parametrize(
    "name", ["session_edit", "session_finish", "session_close", "session_delete"]
)
def test_session_of_somebody_else_is_missing(as_alice, charlie, name):
    hers = TreatmentSessionFactory(user=charlie)
    url = reverse(f"diary:{name}", args=[hers.pk])
    assert as_alice.post(url, {"pain_after": "1", "version": "1"}).status_code == 404
    hers.refresh_from_db()
    assert (hers.pain_after, hers.is_closed_unrated) == (None, False)


@pytest.mark.parametrize("name", ["checkin_delete", "session_delete", "session_close"])
def test_changes_are_post_only(as_alice, name):
    assert as_alice.get(reverse(f"diary:{name}", args=[1])).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [(START, 10), (NEW, 4)])
def test_session_forms_cost_the_same_queries(
    as_alice, alice, django_assert_num_queries, url, queries, rows
):
    for number in range(rows):
        mat = TreatmentFactory(user=alice, name=f"Mat {number}")
        TreatmentSessionFactory(user=alice, treatments=[mat])
    with django_assert_num_queries(queries):
        as_alice.get(url)


def pain_chosen(page):
    return re.findall(r'name="(pain_\w+)" value="(\d+)"[^>]* checked', page.content.decode())


def test_session_forms_preset_no_pain(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, pain_before=7, side="right")
    # The form of what was rated shows the rating: it would be seen on the others, too.
    assert ("pain_before", "7") in pain_chosen(as_alice.get(f"/sessions/{session.pk}/edit/"))
    assert [pain_chosen(as_alice.get(url)) for url in (START, NEW)] == [[], []]


@pytest.mark.parametrize("field", ["started_at", "pain_before", "did"])
def test_session_edit_with_a_field_left_empty_is_refused_and_keeps_the_rest(as_alice, alice, field):
    session = TreatmentSessionFactory(user=alice)
    data = edit_data(session, did=["wait"], note="kept") | {field: ""}
    response = as_alice.post(f"/sessions/{session.pk}/edit/", data)
    assert response.status_code == 422
    assert (list(response.context["form"].errors), response.context["form"]["note"].value()) == (
        [field],
        "kept",
    )


def test_session_with_a_treatment_sent_twice_holds_it_once(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    data = typed(did=[mat.pk, mat.pk], pain_before="3", started_at="2026-03-09T20:00")
    assert as_alice.post(NEW, data).status_code == 302
    assert names(TreatmentSession.objects.get()) == ["Acupressure mat"]


def test_session_with_another_condition_is_no_repeat(as_alice, alice):
    sciatica, nerve = ConditionFactory(user=alice), ConditionFactory(user=alice, name="Nerve")
    session = TreatmentSessionFactory(user=alice, condition=sciatica)
    url = f"/sessions/{session.pk}/edit/"
    old = edit_data(session, did=["wait"], condition=sciatica.pk)
    as_alice.post(url, old | {"note": "changed elsewhere"})
    slower = as_alice.post(url, old | {"note": "changed elsewhere", "condition": nerve.pk})
    assert slower.status_code == 409


def test_session_rating_changed_days_later_was_typed_then(as_alice, alice):
    rated = NOON + timedelta(minutes=45)
    session = TreatmentSessionFactory(
        user=alice,
        entered_at=NOON,
        pain_after=7,
        after_rated_at=rated,
        after_entered_at=rated,
    )
    after = {"pain_after": "7", "after_rated_at": "2026-03-10T12:45"}
    url = f"/sessions/{session.pk}/edit/"
    with time_machine.travel(NOON + timedelta(days=12)):
        as_alice.post(url, edit_data(session, did=["wait"], note="only a note") | after)
        session.refresh_from_db()
        assert (session.is_from_memory, session.is_after_late) == (False, False)
        as_alice.post(url, edit_data(session, did=["wait"]) | after | {"pain_after": "1"})
    session.refresh_from_db()
    assert (session.entered_at, session.is_after_late) == (NOON, True)
    assert session.is_from_memory


def test_session_closed_after_it_was_rated_stays_rated(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, pain_after=3, after_rated_at=NOON)
    as_alice.post(f"/sessions/{session.pk}/close/")
    session.refresh_from_db()
    assert (session.pain_after, session.is_closed_unrated) == (3, False)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "10 more minutes and it counts"), (599, "1 more minute and it counts"), (600, None)],
)
def test_rating_too_early_to_count_says_so_before_it_is_saved(as_alice, alice, seconds, said):
    session = TreatmentSessionFactory(user=alice, started_at=NOON)
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        page = as_alice.get(f"/sessions/{session.pk}/finish/").content.decode()
    found = re.search(r"\d+ more minutes? and it counts", page)
    assert (found and found[0]) == said
    assert ("Save anyway" in page) == (said is not None)
    assert page.count('name="pain_after" value="3"') == 1


@pytest.mark.parametrize("kind", ["session", "wait"])
def test_rating_before_is_not_shown_while_the_rating_after_is_given(as_alice, alice, kind):
    treatments = [TreatmentFactory(user=alice)] if kind == "session" else []
    session = TreatmentSessionFactory(
        user=alice, pain_before=9, started_at=NOON, treatments=treatments
    )
    with time_machine.travel(NOON + timedelta(minutes=45), tick=False):
        for response in (
            as_alice.get(f"/sessions/{session.pk}/finish/"),
            as_alice.post(f"/sessions/{session.pk}/finish/", {"version": "1"}),
        ):
            page = response.content.decode()
            assert "before" not in re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
            assert 'value="9" checked' not in page


def after_page(client, session):
    page = client.get(f"/sessions/{session.pk}/after/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def test_rating_again_shows_the_waits_from_the_same_start(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    rated = {"started_at": NOON, "after_rated_at": NOON + timedelta(minutes=46), "pain_before": 6}
    session = TreatmentSessionFactory(user=alice, treatments=[mat], pain_after=3, **rated)
    for after in (5, 5):
        TreatmentSessionFactory(user=alice, pain_after=after, **rated)
    page = after_page(as_alice, session)
    assert "From 6 to 3" in page
    assert "After three waits from about a 6, their average stands here." in page
    assert "Rated sessions 1 of about 8 Waits 2 of about 8" in page
    TreatmentSessionFactory(user=alice, pain_after=4, **rated)
    page = after_page(as_alice, session)
    assert "When you just waited from a 6: 6 → 4.7 on average (3 times)" in page
    assert "Acupressure mat, 46 minutes" in page


def test_rating_that_does_not_count_says_so_beside_the_waits(as_alice, alice):
    session = TreatmentSessionFactory(
        user=alice, started_at=NOON, pain_after=0, after_rated_at=NOON + timedelta(minutes=9)
    )
    assert "under 10 minutes after the start: kept, but not compared" in after_page(
        as_alice, session
    )
