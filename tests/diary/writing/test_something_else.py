"""The tick after every rating: took or did something else in between."""

from datetime import timedelta

import pytest
import time_machine

from apps.diary.models import TreatmentSession
from tests.factories import NOON, TreatmentFactory, TreatmentSessionFactory

TICKED = {"had_something_else": "on"}
LABEL = "Took or did something else in between"


@pytest.fixture(params=["treatment", "wait"])
def session(request, alice):
    done = [TreatmentFactory(user=alice)] if request.param == "treatment" else []
    return TreatmentSessionFactory(
        user=alice, started_at=NOON - timedelta(minutes=45), treatments=done
    )


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def rated(client, session, **more):
    data = {"client_id": session.client_id, "version": session.version, "pain_after": "3"}
    response = client.post(f"/sessions/{session.pk}/finish/", data | more)
    session.refresh_from_db()
    return response


def is_a_pair(session):
    return TreatmentSession.objects.pairs().filter(pk=session.pk).exists()


def test_rating_page_asks_of_both_kinds_and_presets_nothing(as_alice, session):
    field = as_alice.get(f"/sessions/{session.pk}/finish/").context["form"]["had_something_else"]
    assert (field.label, field.value()) == (LABEL, False)


@pytest.mark.parametrize(("more", "ticked"), [(TICKED, True), ({}, False)])
def test_rating_keeps_the_tick_and_such_a_session_is_not_compared(as_alice, session, more, ticked):
    assert rated(as_alice, session, **more).status_code == 302
    assert (session.pain_after, session.had_something_else) == (3, ticked)
    assert is_a_pair(session) is not ticked


@pytest.mark.parametrize(("more", "ticked"), [(TICKED, True), ({}, False)])
def test_rating_from_a_device_without_a_connection_keeps_it(as_alice, session, more, ticked):
    data = {"pain_after": "3", "typed_ago": "60"} | more
    as_alice.post(f"/sessions/kept/{session.client_id}/finish/", data)
    session.refresh_from_db()
    assert (session.pain_after, session.had_something_else) == (3, ticked)


def test_page_without_a_connection_offers_it_wherever_it_rates_again(client, db):
    page = client.get("/offline/").content.decode()
    assert page.count('name="had_something_else"') == page.count(LABEL) == 2


def test_tick_is_taken_back_with_its_rating(as_alice, session):
    rated(as_alice, session, **TICKED)
    token = f"rating/{session.client_id}/{session.version}"
    as_alice.post("/today/undo/", {"saved": token})
    session.refresh_from_db()
    assert (session.pain_after, session.had_something_else) == (None, False)


def test_tick_can_be_changed_afterwards(as_alice, session):
    rated(as_alice, session, **TICKED)
    data = {
        "client_id": session.client_id,
        "version": session.version,
        "did": [link.treatment_id for link in session.links.all()] or ["wait"],
        "started_at": "2026-03-10T11:15",
        "pain_before": "6",
        "pain_after": "3",
        "after_rated_at": "2026-03-10T12:00",
    }
    assert as_alice.post(f"/sessions/{session.pk}/edit/", data).status_code == 302
    session.refresh_from_db()
    assert (session.had_something_else, is_a_pair(session)) == (False, True)
