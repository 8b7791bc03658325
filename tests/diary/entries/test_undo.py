"""What was saved a moment ago: said on the next page, and taken back from there."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages

from apps.diary.models import CheckIn, DeletedEntry, HowOften, TreatmentSession, WaitDraw, WaitPlan
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitPlanFactory,
)

UNDO = "/today/undo/"
ASKS = uuid.UUID(int=0)


@pytest.fixture(autouse=True)
def _never_asked_to_wait(alice):
    WaitPlanFactory(user=alice, one_in=HowOften.NEVER)


def offered(client):
    """The token that Today offers to undo; None where it offers nothing."""
    page = client.get("/today/").content.decode()
    found = re.search(r'name="saved" value="([^"]+)"', page)
    return found and found[1]


def undo(client, token):
    """What the page says after a tap on Undo."""
    response = client.post(UNDO, {"saved": token})
    assert (response.status_code, response.url) == (302, "/today/")
    return [str(message) for message in get_messages(response.wsgi_request)]


def check_in(client, **fields):
    client.post("/check-ins/new/", {"client_id": uuid.uuid4(), "leg_pain": "4", **fields})
    return offered(client)


def start(client, *did, pain="6", **fields):
    data = {"client_id": uuid.uuid4(), "did": [t.pk for t in did] or ["wait"], "pain_before": pain}
    client.post("/sessions/start/", data | fields)
    return offered(client)


def finish(client, session, pain="3"):
    data = {"client_id": session.client_id, "version": session.version, "pain_after": pain}
    client.post(f"/sessions/{session.pk}/finish/", data)
    return offered(client)


def test_new_check_in_is_taken_back_and_can_return(as_alice, alice):
    token = check_in(as_alice, note="typed long")
    assert undo(as_alice, token) == ["Taken back."]
    assert CheckIn.objects.count() == 0
    as_alice.post("/diary/undo/")
    assert CheckIn.objects.values_list("leg_pain", "note").get() == (4, "typed long")


def test_second_tap_on_undo_changes_nothing(as_alice, alice):
    kept = CheckInFactory(user=alice)
    token = check_in(as_alice)
    assert undo(as_alice, token) == ["Taken back."]
    assert undo(as_alice, token)[-1] == "It was taken back before."
    assert CheckIn.objects.get() == kept


def test_undo_leaves_what_was_changed_since(as_alice):
    token = check_in(as_alice)
    entry = CheckIn.objects.get()
    as_alice.post(
        entry.get_absolute_url(),
        {
            "client_id": entry.client_id,
            "version": 1,
            "leg_pain": "7",
            "rated_at": "2026-03-10T12:00",
        },
    )
    said = undo(as_alice, token)
    assert said[-1] == "It was changed since then. Change or delete it in your diary."
    assert CheckIn.objects.get().leg_pain == 7


def test_started_session_is_taken_back_with_its_treatments(as_alice, alice):
    token = start(as_alice, TreatmentFactory(user=alice))
    assert undo(as_alice, token) == ["Taken back."]
    assert TreatmentSession.objects.count() == 0
    as_alice.post("/diary/undo/")
    assert [link.treatment.name for link in TreatmentSession.objects.get().links.all()] == [
        "Acupressure mat"
    ]


def test_session_taken_back_leaves_the_toss_as_it_was(as_alice, alice):
    """What was tossed stays true, and the same form is not tossed for again."""
    WaitPlan.objects.filter(user=alice).update(one_in=HowOften.ONE_IN_FIVE, pain_limit=0)
    token = start(as_alice, TreatmentFactory(user=alice))
    draw = WaitDraw.objects.get()
    undo(as_alice, token)
    assert WaitDraw.objects.values_list("pk", "outcome", "client_id").get() == (
        draw.pk,
        draw.outcome,
        draw.client_id,
    )


def rated_again(session):
    session.refresh_from_db()
    return session.pain_after, session.after_rated_at, session.after_entered_at


def test_start_taken_back_lets_the_wait_that_it_ended_go_on(as_alice, alice):
    with time_machine.travel(NOON, tick=False):
        start(as_alice)
        wait = TreatmentSession.objects.get()
    with time_machine.travel(NOON + timedelta(minutes=20), tick=False):
        token = start(as_alice, TreatmentFactory(user=alice), pain="8")
        assert rated_again(wait)[0] == 8
        assert undo(as_alice, token) == ["Taken back."]
        assert rated_again(wait) == (None, None, None)
        assert wait.version == 3
        page = as_alice.get("/today/").context["page"]
        assert [open.session.pk for open in page.open_sessions] == [wait.pk]
        # Brought back, it would not end the wait again: so it is not offered.
        assert DeletedEntry.objects.count() == 0
    assert TreatmentSession.objects.get() == wait


def test_start_taken_back_keeps_a_wait_that_was_rated_otherwise(as_alice, alice):
    """Rated by its owner at another moment, or another condition's: nothing of this start."""
    mine = ConditionFactory(user=alice)
    with time_machine.travel(NOON, tick=False):
        own = TreatmentSessionFactory(
            user=alice, condition=mine, started_at=NOON - timedelta(minutes=30), pain_after=6,
            after_rated_at=NOON - timedelta(seconds=1),
            after_entered_at=NOON - timedelta(seconds=1),
        )  # fmt: skip
        other = TreatmentSessionFactory(
            user=alice, condition=ConditionFactory(user=alice, name="Nerve"), pain_after=6,
            started_at=NOON - timedelta(minutes=30), after_rated_at=NOON, after_entered_at=NOON,
        )  # fmt: skip
        undo(as_alice, start(as_alice, TreatmentFactory(user=alice), condition=mine.pk))
    assert (rated_again(own)[0], rated_again(other)[0]) == (6, 6)


def test_start_taken_back_after_another_start_gives_the_wait_that_one_s_rating(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    with time_machine.travel(NOON, tick=False):
        start(as_alice)
        wait = TreatmentSession.objects.get()
    with time_machine.travel(NOON + timedelta(minutes=20), tick=False):
        mistaken = start(as_alice, mat, pain="8")
    later = NOON + timedelta(minutes=21)
    with time_machine.travel(later, tick=False):
        start(as_alice, mat, pain="5")
        undo(as_alice, mistaken)
    assert rated_again(wait) == (5, later, later)


def test_rating_taken_back_is_missing_again(as_alice, alice):
    session = TreatmentSessionFactory(user=alice)
    token = finish(as_alice, session, pain="0")
    assert rated_again(session)[0] == 0
    assert undo(as_alice, token) == ["Taken back."]
    assert rated_again(session) == (None, None, None)
    assert undo(as_alice, token)[-1] == "It was taken back before."
    session.refresh_from_db()
    assert session.version == 3


def test_rating_changed_since_is_not_taken_back(as_alice, alice):
    session = TreatmentSessionFactory(user=alice)
    token = finish(as_alice, session)
    undo(as_alice, token)
    session.refresh_from_db()
    finish(as_alice, session, pain="5")
    assert undo(as_alice, token)[-1].startswith("It was changed since then.")
    assert rated_again(session)[0] == 5


def test_closing_is_taken_back(as_alice, alice):
    session = TreatmentSessionFactory(user=alice)
    as_alice.post(f"/sessions/{session.pk}/close/")
    assert undo(as_alice, offered(as_alice)) == ["Taken back."]
    session.refresh_from_db()
    assert session.is_closed_unrated is False


@pytest.mark.parametrize("change", ["check-in", "session", "rating", "closing"])
def test_somebody_else_s_entry_answers_as_a_missing_one(as_alice, charlie, change):
    hers = CheckInFactory(user=charlie) if change == "check-in" else TreatmentSessionFactory(
        user=charlie, is_closed_unrated=change == "closing",
        **({"pain_after": 3, "after_rated_at": NOON} if change == "rating" else {}),
    )  # fmt: skip
    before = type(hers).objects.values().get()
    assert undo(as_alice, f"{change}/{hers.client_id}/1") == ["It was taken back before."]
    assert type(hers).objects.values().get() == before


@pytest.mark.parametrize(
    "token", ["", "x", "a/b/c", "check-in//", f"check-in/{ASKS}/x", f"check-in/{ASKS}/{'9' * 30}"]
)
def test_odd_tokens_are_no_error(as_alice, token):
    assert undo(as_alice, token) == ["It was taken back before."]


def test_undo_is_post_only(as_alice):
    assert as_alice.get(UNDO).status_code == 405


def test_what_was_saved_is_announced_once_and_offered_for_an_hour(as_alice, alice):
    ConditionFactory(user=alice)
    as_alice.post("/check-ins/new/", {"client_id": uuid.uuid4(), "leg_pain": "0"})
    page = as_alice.get("/today/").content.decode()
    announced = page[page.index('class="messages" role="status"') :]
    assert announced.index("Saved. Leg pain 0") < announced.index(f'action="{UNDO}"')
    again = as_alice.get("/today/").content.decode()
    assert ('class="messages" role="status"' in again, again.count(f'action="{UNDO}"')) == (
        False,
        1,
    )
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        assert offered(as_alice) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_today_after_saving_costs_the_same_queries(
    as_alice, alice, django_assert_num_queries, rows
):
    mats = [TreatmentFactory(user=alice, name=f"Mat {number}") for number in range(rows)]
    for number, mat in enumerate(mats):
        TreatmentSessionFactory(
            user=alice, started_at=NOON - timedelta(days=number), treatments=[mat]
        )
    data = {"client_id": uuid.uuid4(), "did": [mat.pk for mat in mats], "pain_before": "6"}
    as_alice.post("/sessions/start/", data)
    with django_assert_num_queries(34):
        as_alice.get("/today/")
