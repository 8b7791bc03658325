"""A rating of the last ten minutes is offered where a session starts, and never filled in."""

from datetime import timedelta

import pytest
import time_machine

from apps.diary.models import TreatmentSession
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

URL = "/sessions/start/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def offered(client, **given):
    form = client.get(URL, given).context["form"]
    assert form["pain_before"].value() is None
    return form.just_rated and (form.just_rated.pain, form.just_rated.at)


@pytest.mark.parametrize(
    ("ago", "is_offered"), [(0, True), (9.9, True), (10, False), (60, False), (-1, False)]
)
def test_a_check_in_is_offered_for_ten_minutes(as_alice, alice, ago, is_offered):
    at = NOON - ago * MINUTE
    CheckInFactory(user=alice, leg_pain=6, back_pain=3, rated_at=at)
    assert offered(as_alice) == ((6, at) if is_offered else None)


@pytest.mark.parametrize(
    ("pains", "pain"), [((0, None), 0), ((None, 4), 4), ((2, 7), 7), ((None, None), None)]
)
def test_it_is_the_worse_of_leg_and_back(as_alice, alice, pains, pain):
    CheckInFactory(user=alice, leg_pain=pains[0], back_pain=pains[1], rated_at=NOON, sleep=5)
    assert offered(as_alice) == (None if pain is None else (pain, NOON))


def test_the_latest_counts_and_a_session_rated_again_is_one(as_alice, alice):
    CheckInFactory(user=alice, leg_pain=6, rated_at=NOON - 5 * MINUTE)
    TreatmentSessionFactory(
        user=alice,
        started_at=NOON - 50 * MINUTE,
        pain_after=2,
        after_rated_at=NOON - 4 * MINUTE,
    )
    assert offered(as_alice) == (2, NOON - 4 * MINUTE)


def test_what_is_rated_is_the_condition_that_is_chosen(as_alice, alice):
    ConditionFactory(user=alice, name="A first one")
    neck = ConditionFactory(user=alice, name="Neck")
    CheckInFactory(user=alice, condition=neck, leg_pain=6, rated_at=NOON)
    assert as_alice.get(URL).context["form"]["condition"].value() == neck.pk


def test_one_tap_starts_with_it(as_alice, alice):
    check_in = CheckInFactory(user=alice, leg_pain=6, rated_at=NOON - 4 * MINUTE)
    page = as_alice.get(URL).content.decode()
    assert page.count('name="pain_before" value="6"') == 2  # one key of the eleven, and this
    assert page.count("From the 6 just now (11:56)") == 1
    form = {"condition": check_in.condition_id, "did": ["wait"], "pain_before": "6"}
    as_alice.post(URL, {**form, "client_id": "00000000-0000-4000-8000-000000000001"})
    assert TreatmentSession.objects.values_list("pain_before", "started_at").get() == (6, NOON)


def test_nothing_of_somebody_else_is_offered(as_alice, charlie):
    CheckInFactory(user=charlie, leg_pain=6, rated_at=NOON)
    assert offered(as_alice) is None


def test_nothing_is_offered_in_a_planned_self_test(as_alice, alice):
    mat, heat = (TreatmentFactory(user=alice, name=name) for name in ("Mat", "Heat"))
    check_in = CheckInFactory(user=alice, leg_pain=6, rated_at=NOON)
    SelfTestFactory(user=alice, condition=check_in.condition, treatment=mat, started_at=NOON)
    assert offered(as_alice, treatment=mat.pk) is None
    assert offered(as_alice, treatment=heat.pk) == (6, NOON)
