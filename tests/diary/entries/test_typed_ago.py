"""Entries that a device kept without a connection count from the moment they were typed."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from apps.diary.models import CheckIn, HowOften, TreatmentSession, WaitDraw, WaitPlan
from apps.diary.waiting.coin import coin_says_wait
from tests.factories import (
    NOON,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitPlanFactory,
    used_twice,
)

CHECK_IN, START, SESSION = "/check-ins/new/", "/sessions/start/", "/sessions/new/"
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
TWO_HOURS_AGO = NOON - timedelta(hours=2)
ASKS = next(
    seed
    for seed in map(uuid.UUID, map("{:032x}".format, range(1000)))
    if coin_says_wait(seed, 0, 2)
)

pytestmark = pytest.mark.usefixtures("_at_noon")


@pytest.fixture
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def typed(**fields):
    return {"client_id": str(uuid.uuid4()), **fields}


def test_kept_check_in_describes_the_moment_it_was_typed(as_alice):
    response = as_alice.post(CHECK_IN, typed(leg_pain="0", typed_ago=2 * HOUR))
    assert response.status_code == 302
    stored = CheckIn.objects.get()
    assert (stored.leg_pain, stored.rated_at, stored.entered_at) == (
        0,
        TWO_HOURS_AGO,
        TWO_HOURS_AGO,
    )
    assert (stored.created_at, stored.is_from_memory) == (NOON, False)


def test_kept_check_in_stays_on_its_own_day(as_alice, alice):
    as_alice.post(CHECK_IN, typed(leg_pain="3", typed_ago=13 * HOUR))
    assert CheckIn.objects.get().diary_date == date(2026, 3, 9)


def test_kept_check_in_about_an_earlier_moment_is_from_memory(as_alice):
    data = typed(leg_pain="3", typed_ago=2 * HOUR, rated_at="2026-03-10T09:00")
    as_alice.post(CHECK_IN, data)
    stored = CheckIn.objects.get()
    assert stored.rated_at == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert (stored.entered_at, stored.is_from_memory) == (TWO_HOURS_AGO, True)


def test_kept_check_in_cannot_be_about_a_moment_after_it_was_typed(as_alice):
    data = typed(leg_pain="3", typed_ago=2 * HOUR, rated_at="2026-03-10T11:00")
    response = as_alice.post(CHECK_IN, data)
    assert response.status_code == 422
    assert response.context["form"].errors["rated_at"] == [
        "That moment has not come yet: the diary's clock shows 10 March 2026, 10:00 (London)."
    ]


@pytest.mark.parametrize("typed_ago", ["-1", "soon", "1.5", "１x", "\x00"])
def test_no_length_is_refused(as_alice, typed_ago):
    response = as_alice.post(CHECK_IN, typed(leg_pain="3", typed_ago=typed_ago))
    assert (response.status_code, CheckIn.objects.count()) == (422, 0)


@pytest.mark.parametrize(("typed_ago", "stored"), [(14 * DAY, 1), (14 * DAY + 1, 0), (10**30, 0)])
def test_typed_too_long_ago_is_asked_about(as_alice, typed_ago, stored):
    response = as_alice.post(CHECK_IN, typed(leg_pain="3", typed_ago=typed_ago))
    assert CheckIn.objects.count() == stored
    if not stored:
        said = ["This was typed over two weeks ago. Say when it was."]
        assert response.context["form"].errors["rated_at"] == said


def test_typed_too_long_ago_is_saved_from_memory_once_the_person_says_when(as_alice):
    data = typed(leg_pain="3", typed_ago=20 * DAY, rated_at="2026-02-18T12:00")
    as_alice.post(CHECK_IN, data)
    stored = CheckIn.objects.get()
    assert (stored.entered_at, stored.is_from_memory) == (NOON, True)


def test_kept_entry_sent_twice_at_different_times_makes_one(as_alice):
    data = typed(leg_pain="4")
    first = as_alice.post(CHECK_IN, data | {"typed_ago": 10})
    second = as_alice.post(CHECK_IN, data | {"typed_ago": 5 * MINUTE})
    assert [first.status_code, second.status_code, CheckIn.objects.count()] == [302, 302, 1]


def test_kept_entry_without_a_condition_goes_to_the_one_the_form_presets(as_alice, alice):
    first = ConditionFactory(user=alice, name="Arm")
    ConditionFactory(user=alice, name="Sciatica")
    assert as_alice.post(CHECK_IN, typed(leg_pain="4")).status_code == 422
    as_alice.post(CHECK_IN, typed(leg_pain="4", typed_ago=10))
    assert CheckIn.objects.get().condition == first


def test_session_started_and_finished_without_a_connection(as_alice):
    start = typed(did=["wait"], pain_before="6", typed_ago=2 * HOUR)
    as_alice.post(START, start)
    finish = f"/sessions/kept/{start['client_id']}/finish/"
    response = as_alice.post(finish, {"pain_after": "0", "typed_ago": HOUR})
    stored = TreatmentSession.objects.get()
    assert (response.status_code, response.url) == (302, f"/sessions/{stored.pk}/after/")
    assert (stored.started_at, stored.entered_at) == (TWO_HOURS_AGO, TWO_HOURS_AGO)
    assert (stored.pain_after, stored.after_rated_at, stored.after_entered_at) == (
        0,
        NOON - timedelta(hours=1),
        NOON - timedelta(hours=1),
    )
    assert (stored.is_from_memory, stored.is_after_late) == (False, False)


def test_rating_again_sent_late_is_late_only_if_it_was_typed_late(as_alice, alice):
    start = NOON - timedelta(hours=10)
    on_time = TreatmentSessionFactory(user=alice, started_at=start)
    as_alice.post(f"/sessions/{on_time.pk}/finish/", {"pain_after": "3", "typed_ago": 9 * HOUR})
    data = typed(
        did=["wait"],
        started_at="2026-03-10T02:00",
        pain_before="6",
        pain_after="3",
        after_rated_at="2026-03-10T03:00",
        typed_ago=4 * HOUR,
    )
    as_alice.post(SESSION, data)
    late = TreatmentSession.objects.get(client_id=data["client_id"])
    on_time.refresh_from_db()
    assert (on_time.is_after_late, on_time.is_from_memory) == (False, False)
    assert (late.after_entered_at - late.after_rated_at, late.is_after_late) == (
        timedelta(hours=5),
        True,
    )


def test_kept_rating_leaves_everything_else_of_the_session(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, minutes=20, note="kept", version=3)
    data = {"pain_after": "3"}
    url = f"/sessions/kept/{session.client_id}/finish/"
    answers = [as_alice.post(url, data).status_code for _ in range(2)]
    session.refresh_from_db()
    assert answers == [302, 302]
    assert (session.pain_after, session.minutes, session.note, session.version) == (
        3,
        20,
        "kept",
        4,
    )


def test_kept_rating_never_writes_over_another(as_alice, alice):
    session = TreatmentSessionFactory(user=alice, pain_after=2, after_rated_at=NOON)
    response = as_alice.post(f"/sessions/kept/{session.client_id}/finish/", {"pain_after": "9"})
    session.refresh_from_db()
    assert (response.status_code, session.pain_after) == (409, 2)


def test_somebody_elses_session_cannot_be_finished_by_its_id(as_alice, charlie):
    session = TreatmentSessionFactory(user=charlie)
    response = as_alice.post(f"/sessions/kept/{session.client_id}/finish/", {"pain_after": "9"})
    session.refresh_from_db()
    assert (response.status_code, session.pain_after) == (404, None)


def test_started_without_a_connection_is_not_tossed_for(as_alice, alice):
    WaitPlanFactory(user=alice, seed=ASKS, one_in=HowOften.ONE_IN_TWO)
    mat = TreatmentFactory(user=alice)
    used_twice(mat)
    start = typed(did=[mat.pk], pain_before="6")
    response = as_alice.post(START, start | {"typed_ago": 30})
    assert response.status_code == 302
    draw = WaitDraw.objects.get()
    assert (draw.outcome, draw.ordinal) == ("not_eligible", None)
    assert (str(draw.client_id), draw.drawn_at) == (
        start["client_id"],
        NOON - timedelta(seconds=30),
    )
    assert WaitPlan.objects.get().next_ordinal == 0
    assert as_alice.post(START, typed(did=[mat.pk], pain_before="6")).status_code == 200


def test_answer_given_without_a_connection_counts_from_when_it_was_given(as_alice, alice):
    WaitPlanFactory(user=alice, seed=ASKS, one_in=HowOften.ONE_IN_TWO)
    mat = TreatmentFactory(user=alice)
    used_twice(mat)
    asked = as_alice.post(START, typed(did=[mat.pk], pain_before="6"))
    answer = dict(asked.context["form"].sent_along()) | {"answer": "wait"}
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        as_alice.post(START, answer | {"typed_ago": 3 * HOUR - 5 * MINUTE})
        wait = TreatmentSession.objects.latest("started_at")
        assert (wait.started_at, wait.asked_by_app) == (NOON + timedelta(minutes=5), True)
        assert WaitDraw.objects.get().outcome == "accepted"


def test_start_that_was_kept_ends_the_wait_that_went_on_then(as_alice, alice):
    WaitPlanFactory(user=alice, one_in=HowOften.NEVER)
    condition = ConditionFactory(user=alice)
    wait = TreatmentSessionFactory(
        user=alice, condition=condition, started_at=NOON - timedelta(hours=5)
    )
    mat = TreatmentFactory(user=alice)
    as_alice.post(START, typed(did=[mat.pk], pain_before="7", typed_ago=4 * HOUR + 30 * MINUTE))
    wait.refresh_from_db()
    half_past = NOON - timedelta(hours=4, minutes=30)
    assert (wait.pain_after, wait.after_rated_at, wait.is_after_late) == (7, half_past, False)
