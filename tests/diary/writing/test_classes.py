"""An appointment, such as a class, cannot be rated again before it is over."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.diary.models import TreatmentSession
from apps.treatments.models import Setting
from tests.factories import NOON, ConditionFactory, TreatmentFactory, TreatmentSessionFactory

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at_twenty_past():
    with time_machine.travel(NOON + 20 * MINUTE, tick=False):
        yield


@pytest.fixture
def pilates(alice):
    return TreatmentFactory(user=alice, name="Pilates", setting=Setting.APPOINTMENT, minutes=60)


def started(alice, treatment, **fields):
    return TreatmentSessionFactory(user=alice, treatments=[treatment], started_at=NOON, **fields)


def finish(session):
    return reverse("diary:session_finish", args=[session.pk])


@pytest.mark.parametrize(
    ("setting", "minutes", "due"),
    [
        ("appointment", "60", 60),
        ("appointment", "", 60),
        ("appointment", "30", 45),
        ("home", "60", 45),
    ],
)
def test_it_is_due_when_it_is_over(as_alice, alice, pilates, setting, minutes, due):
    pilates.setting, pilates.is_prescribed = setting, True  # so that the coin is not tossed
    pilates.save()
    condition = ConditionFactory(user=alice)
    typed = {"condition": condition.pk, "did": [pilates.pk], "minutes": minutes}
    ids = {"client_id": "00000000-0000-4000-8000-000000000001"}
    as_alice.post(reverse("diary:session_start"), {**typed, **ids, "pain_before": "6"})
    assert TreatmentSession.objects.get().due_minutes == due


def test_until_it_is_over_the_page_says_until_when_it_goes_on(as_alice, alice, pilates):
    page = as_alice.get(finish(started(alice, pilates, minutes=60))).content.decode()
    assert page.count("It goes on until 13:00") == 1
    assert page.count("It is over already, after 20 minutes") == 1


def test_a_rating_while_it_goes_on_is_refused(as_alice, alice, pilates):
    session = started(alice, pilates, minutes=60)
    typed = {"pain_after": "3", "minutes": "60", "version": session.version}
    response = as_alice.post(finish(session), {**typed, "client_id": session.client_id})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["minutes"])
    session.refresh_from_db()
    assert session.pain_after is None


def test_one_that_ended_sooner_is_rated_with_the_minutes_it_took(as_alice, alice, pilates):
    session = started(alice, pilates, minutes=60)
    assert as_alice.get(finish(session)).context["form"]["minutes"].value() == 20
    typed = {"pain_after": "0", "minutes": "20", "version": session.version}
    as_alice.post(finish(session), {**typed, "client_id": session.client_id})
    session.refresh_from_db()
    assert (session.pain_after, session.minutes) == (0, 20)


def test_what_is_done_at_home_can_be_rated_while_it_goes_on(as_alice, alice):
    session = started(alice, TreatmentFactory(user=alice, name="Heat"), minutes=60)
    typed = {"pain_after": "3", "minutes": "60", "version": session.version}
    as_alice.post(finish(session), {**typed, "client_id": session.client_id})
    session.refresh_from_db()
    assert (session.pain_after, session.minutes) == (3, 60)


@pytest.mark.parametrize(("after", "refused"), [("12:10", ["after_rated_at"]), ("12:15", [])])
def test_written_down_afterwards_it_was_over_when_it_was_rated_again(
    as_alice, alice, pilates, after, refused
):
    condition = ConditionFactory(user=alice)
    typed = {
        "condition": condition.pk,
        "did": [pilates.pk],
        "started_at": "2026-03-10T12:00",
        "pain_before": "6",
        "pain_after": "4",
        "after_rated_at": f"2026-03-10T{after}",
        "minutes": "15",
        "client_id": "00000000-0000-4000-8000-000000000001",
    }
    response = as_alice.post(reverse("diary:session_create"), typed)
    errors = list(response.context["form"].errors) if response.context else []
    assert errors == refused
    assert TreatmentSession.objects.count() == (not refused)
