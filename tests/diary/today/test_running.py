"""A session that waits to be rated again, on a screen of its own."""

from datetime import timedelta

import pytest
import time_machine

from apps.diary.models import TreatmentSession
from tests.factories import NOON, TreatmentFactory, TreatmentSessionFactory, WaitPlanFactory


@pytest.fixture
def mat(alice):
    treatment = TreatmentFactory(user=alice, rate_again_after_minutes=30)
    return TreatmentSessionFactory(user=alice, started_at=NOON, treatments=[treatment])


def running(client, session, seconds=0):
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        return client.get(f"/sessions/{session.pk}/")


@pytest.mark.parametrize(
    ("seconds", "left", "percent"),
    [(0, 30, 0), (1, 30, 0), (900, 15, 50), (1799, 1, 99), (1800, 0, 100), (9000, 0, 100)],
)
def test_ring_says_what_is_past_and_how_many_minutes_are_left(
    as_alice, mat, seconds, left, percent
):
    response = running(as_alice, mat, seconds)
    shown = response.context["open"]
    assert (shown.minutes_left, shown.percent_past, shown.is_due) == (left, percent, left == 0)
    page = response.content.decode()
    assert f'stroke-dasharray="{percent} 100"' in page
    assert "Started 12:00 · rate again at 12:30" in page


def test_running_session_never_shows_its_rating(as_alice, alice):
    wait = TreatmentSessionFactory(user=alice, started_at=NOON, pain_before=9)
    page = running(as_alice, wait, 60).content.decode()
    assert "pain 9" not in page
    assert "data-left>44<" in page


def test_session_that_runs_no_longer_leads_to_where_it_is(as_alice, alice, mat):
    assert running(as_alice, mat, 24 * 3600).url == f"/sessions/{mat.pk}/edit/"
    rated = TreatmentSessionFactory(
        user=alice, started_at=NOON, pain_after=0, after_rated_at=NOON + timedelta(minutes=45)
    )
    assert running(as_alice, rated, 3000).url == f"/sessions/{rated.pk}/after/"


@time_machine.travel(NOON, tick=False)
def test_start_leads_to_the_running_session(as_alice, alice):
    WaitPlanFactory(user=alice, one_in=0)
    response = as_alice.post("/sessions/start/", {"did": ["wait"], "pain_before": "6"})
    assert response.status_code == 422  # without the id of its form
    data = {"did": ["wait"], "pain_before": "6", "client_id": "0" * 32}
    response = as_alice.post("/sessions/start/", data)
    session = TreatmentSession.objects.for_user(alice).get()
    assert response.url == f"/sessions/{session.pk}/"
