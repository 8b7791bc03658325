"""After a check-in the form of Today folds for an hour, and what was said stands in its place."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    UserFactory,
)


def saved(client, minutes):
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        response = client.get("/today/")
    return response.context["page"].saved, response.content.decode()


@pytest.mark.parametrize(("minutes", "is_folded"), [(0, True), (59, True), (60, False)])
def test_form_folds_for_an_hour(as_alice, alice, minutes, is_folded):
    entry = CheckInFactory(user=alice, rated_at=NOON, leg_pain=6, back_pain=3)
    lately, page = saved(as_alice, minutes)
    assert (lately and lately.entry) == (entry if is_folded else None)
    assert ("Add another rating" in page) == is_folded
    assert ("Leg pain 6, back pain 3</strong> · saved 12:00" in page) == is_folded
    assert (f'href="{entry.get_absolute_url()}">Change' in page) == is_folded
    assert page.count('name="leg_pain" value="4"') == 1  # folded or not, it can be written


def test_line_that_stands_for_the_form_can_be_taken_back(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON)
    lately, _page = saved(as_alice, 5)
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        as_alice.post("/today/undo/", {"saved": lately.token})
    assert saved(as_alice, 7)[0] is None


def test_rating_of_the_evening_before_folds_nothing(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON.replace(hour=23, minute=50))
    assert saved(as_alice, 12 * 60 + 10)[0] is None


def test_line_is_of_the_condition_just_rated(as_alice, alice):
    arm = ConditionFactory(user=alice, name="Arm")
    CheckInFactory(user=alice, rated_at=NOON - timedelta(minutes=5), leg_pain=9, condition=arm)
    CheckInFactory(user=alice, rated_at=NOON, leg_pain=0)
    CheckInFactory(user=UserFactory(), rated_at=NOON, leg_pain=5)
    assert saved(as_alice, 1)[0].strip.leg_lines == ["286,74"]


@pytest.mark.parametrize("rows", [1, 3])
def test_folded_page_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    CheckInFactory.create_batch(rows, user=alice, rated_at=NOON)
    with time_machine.travel(NOON, tick=False):
        as_alice.get("/today/")
        with django_assert_num_queries(10):
            as_alice.get("/today/")


def test_what_is_done_once_is_written_down_as_a_day_and_not_started(as_alice, alice):
    injection = TreatmentFactory(user=alice, name="Injection", kind="injection")
    page = as_alice.get("/today/").context["page"]
    assert (page.treatments, page.one_offs) == ([], [injection])
    day = f"/treatments/{injection.pk}/periods/new/"
    started = as_alice.get("/sessions/start/", {"treatment": injection.pk})
    assert started.headers["Location"] == day
    assert as_alice.get("/today/").content.decode().count(f'href="{day}"') == 1
