"""Sessions of a running self-test: which may use a letter, and what the page then says."""

import uuid
from datetime import timedelta

import pytest
import time_machine

from apps.diary.models import SelfTestMoment, TreatmentSession, WaitDraw
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitPlanFactory,
)

START = "/sessions/start/"
WAIT_FIRST = "WTTWTWTWWTTWTWTWWTTWTWTW"


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice, minutes=20)


@pytest.fixture
def self_test(alice, sciatica, mat):
    return SelfTestFactory(user=alice, condition=sciatica, treatment=mat)


def typed(*treatments, **fields):
    did = [treatment.pk for treatment in treatments] or ["wait"]
    return {"client_id": str(uuid.uuid4()), "did": did, "pain_before": "6", **fields}


def letters(self_test):
    self_test.refresh_from_db()
    return [(m.ordinal, m.letter) for m in self_test.drawn.all()]


def the_session():
    return TreatmentSession.objects.with_names().get()


@time_machine.travel(NOON, tick=False)
def test_the_first_letter_is_read_with_the_session(as_alice, self_test, mat):
    response = as_alice.post(START, typed(mat, minutes="20"))
    moment = SelfTestMoment.objects.get()
    assert (response.status_code, response.url) == (302, f"/self-tests/sessions/{moment.pk}/")
    session = the_session()
    assert (session.names, session.asked_by_app, session.minutes) == ([mat.name], None, 20)
    assert (moment.client_id, moment.drawn_at) == (session.client_id, NOON)
    assert letters(self_test) == [(0, "T")]
    assert WaitDraw.objects.count() == 0


@time_machine.travel(NOON, tick=False)
def test_a_letter_that_says_wait_makes_a_wait_that_was_asked_for(as_alice, self_test, mat):
    type(self_test).objects.update(order=WAIT_FIRST)
    response = as_alice.post(START, typed(mat, minutes="20", position="neck"), follow=True)
    session = the_session()
    assert (session.names, session.asked_by_app, session.pain_before) == ([], True, 6)
    assert (session.minutes, session.position) == (None, "")
    assert "The draw says: wait first" in response.content.decode()
    assert letters(self_test) == [(0, "W")]


@time_machine.travel(NOON, tick=False)
def test_of_two_treatments_the_letter_says_which(as_alice, alice, self_test, mat):
    heat = TreatmentFactory(user=alice, name="Heat pack")
    type(self_test).objects.update(order=WAIT_FIRST, other=heat)
    response = as_alice.post(START, typed(mat), follow=True)
    assert (the_session().names, the_session().asked_by_app) == (["Heat pack"], None)
    assert "The draw says: Heat pack now" in response.content.decode()


@time_machine.travel(NOON, tick=False)
def test_the_same_form_sent_twice_uses_one_letter_and_leads_to_it_again(as_alice, self_test, mat):
    type(self_test).objects.update(order=WAIT_FIRST)
    form = typed(mat, minutes="20")
    first, again = as_alice.post(START, form), as_alice.post(START, form)
    assert (first.url, again.status_code) == (again.url, 302)
    assert letters(self_test) == [(0, "W")]


def test_letters_follow_one_another_three_hours_apart(as_alice, self_test, mat):
    for hours, drawn in ((0, 1), (2, 1), (5, 2), (7.9, 2), (10, 2), (12.9, 2), (16, 3)):
        with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
            as_alice.post(START, typed(mat))
        assert len(letters(self_test)) == drawn, hours
    assert letters(self_test) == [(0, "T"), (1, "W"), (2, "T")]


def ordinary(client, *treatments, **fields):
    with time_machine.travel(NOON, tick=False):
        response = client.post(START, typed(*treatments, **fields))
    newest = TreatmentSession.objects.latest("pk")
    assert (response.status_code, response.url) == (302, f"/sessions/{newest.pk}/")


def test_pain_above_the_limit_uses_no_letter(as_alice, alice, self_test, mat):
    ordinary(as_alice, mat, pain_before="9")
    assert letters(self_test) == []


def test_the_limit_is_the_persons_own_and_counts(as_alice, alice, self_test, mat):
    WaitPlanFactory(user=alice, pain_limit=6)
    with time_machine.travel(NOON, tick=False):
        as_alice.post(START, typed(mat, pain_before="6"))
    assert len(letters(self_test)) == 1


def test_two_treatments_at_once_use_no_letter(as_alice, alice, self_test, mat):
    ordinary(as_alice, mat, TreatmentFactory(user=alice, name="Heat pack"))
    assert letters(self_test) == []


def test_another_treatment_or_a_wait_uses_no_letter(as_alice, alice, self_test, mat):
    WaitPlanFactory(user=alice, one_in=0)
    ordinary(as_alice, TreatmentFactory(user=alice, name="Heat pack"))
    TreatmentSession.objects.all().delete()
    ordinary(as_alice)
    assert letters(self_test) == []


def test_another_condition_uses_no_letter(as_alice, alice, self_test, mat):
    neck = ConditionFactory(user=alice, name="Neck")
    ordinary(as_alice, mat, condition=neck.pk)
    assert letters(self_test) == []


def test_a_session_of_the_last_three_hours_leaves_no_letter(as_alice, alice, self_test, mat):
    TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(minutes=179))
    ordinary(as_alice, mat)
    assert letters(self_test) == []


def test_an_open_wait_leaves_no_letter(as_alice, alice, self_test, mat):
    type(self_test).objects.update(minutes=150)
    wait = TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(minutes=299))
    ordinary(as_alice, mat)
    assert letters(self_test) == []
    TreatmentSession.objects.exclude(pk=wait.pk).delete()
    TreatmentSession.objects.update(started_at=NOON - timedelta(minutes=300))
    with time_machine.travel(NOON, tick=False):
        as_alice.post(START, typed(mat))
    assert letters(self_test) == [(0, "T")]


def test_a_red_flag_leaves_no_letter(as_alice, alice, self_test, mat):
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=1), red_flags=["bladder"])
    ordinary(as_alice, mat)
    assert letters(self_test) == []


def test_what_was_prescribed_since_is_never_put_off(as_alice, self_test, mat):
    type(mat).objects.update(is_prescribed=True)
    ordinary(as_alice, mat)
    assert letters(self_test) == []


def test_a_start_that_a_device_kept_uses_no_letter(as_alice, self_test, mat):
    with time_machine.travel(NOON, tick=False):
        as_alice.post(START, typed(mat, typed_ago="600"))
    assert letters(self_test) == []


def test_after_its_last_day_and_its_last_letter_there_is_none(as_alice, alice, self_test, mat):
    type(self_test).objects.update(ends_on=NOON.date() - timedelta(days=1))
    ordinary(as_alice, mat)
    assert letters(self_test) == []
    TreatmentSession.objects.all().delete()
    type(self_test).objects.update(ends_on=NOON.date())
    for ordinal in range(24):
        SelfTestMomentFactory(user=alice, self_test=self_test, ordinal=ordinal)
    ordinary(as_alice, mat)
    assert self_test.drawn.count() == 24


def test_the_coin_is_silent_for_what_is_tested_alone(as_alice, alice, self_test, mat):
    plan = WaitPlanFactory(user=alice, one_in=2, pain_limit=5)
    heat = TreatmentFactory(user=alice, name="Heat pack")
    for treatment in (mat, heat):
        with time_machine.travel(NOON, tick=False):
            as_alice.post(START, typed(treatment, pain_before="5"))
        TreatmentSession.objects.all().delete()
    plan.refresh_from_db()
    assert letters(self_test) == [(0, "T")]
    with time_machine.travel(NOON, tick=False):
        as_alice.post(START, typed(mat, heat, pain_before="5"))
    outcomes = WaitDraw.objects.order_by("id").values_list("outcome", flat=True)
    assert outcomes.last() == "not_eligible"


@time_machine.travel(NOON, tick=False)
def test_breaking_off_is_one_tap_and_is_kept_beside_what_was_drawn(as_alice, self_test, mat):
    type(self_test).objects.update(order=WAIT_FIRST)
    page = as_alice.post(START, typed(mat), follow=True)
    moment = page.context["moment"]
    response = as_alice.post(f"/self-tests/sessions/{moment.pk}/break-off/")
    assert (response.status_code, response.url) == (302, f"{START}?treatment={mat.pk}")
    moment.refresh_from_db()
    assert (moment.letter, moment.broken_off_at) == ("W", NOON)


def test_the_rating_that_follows_a_broken_wait_ends_it_and_uses_no_letter(as_alice, self_test, mat):
    type(self_test).objects.update(order=WAIT_FIRST)
    with time_machine.travel(NOON, tick=False):
        as_alice.post(START, typed(mat))
    with time_machine.travel(NOON + timedelta(minutes=20), tick=False):
        as_alice.post(START, typed(mat, pain_before="7"))
    wait = TreatmentSession.objects.earliest("started_at")
    assert (wait.pain_after, wait.after_rated_at) == (7, NOON + timedelta(minutes=20))
    assert letters(self_test) == [(0, "W")]


@time_machine.travel(NOON, tick=False)
def test_a_treatment_now_has_nothing_to_break_off(as_alice, self_test, mat):
    as_alice.post(START, typed(mat))
    moment = SelfTestMoment.objects.get()
    response = as_alice.post(f"/self-tests/sessions/{moment.pk}/break-off/")
    assert response.url == f"/self-tests/sessions/{moment.pk}/"
    moment.refresh_from_db()
    assert moment.broken_off_at is None


@time_machine.travel(NOON, tick=False)
def test_after_the_wait_today_offers_what_was_put_off(as_alice, self_test, mat):
    type(self_test).objects.update(order=WAIT_FIRST)
    as_alice.post(START, typed(mat))
    TreatmentSession.objects.update(pain_after=5, after_rated_at=NOON)
    assert as_alice.get("/today/").context["page"].planned == [mat]


@time_machine.travel(NOON, tick=False)
def test_taking_a_session_back_leaves_its_letter_used(as_alice, self_test, mat):
    as_alice.post(START, typed(mat))
    session = TreatmentSession.objects.get()
    as_alice.post("/today/undo/", {"saved": f"session/{session.client_id}/1"})
    assert TreatmentSession.objects.count() == 0
    as_alice.post(START, typed(mat))
    assert letters(self_test) == [(0, "T"), (1, "W")]


def test_a_moment_of_somebody_else_is_not_there(client, charlie, self_test):
    client.force_login(charlie)
    moment = SelfTestMomentFactory(user=self_test.user, self_test=self_test)
    assert client.get(f"/self-tests/sessions/{moment.pk}/").status_code == 404
    assert client.post(f"/self-tests/sessions/{moment.pk}/break-off/").status_code == 404
