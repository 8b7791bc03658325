"""Left against right: what each side had of the week's check-ins, and its mean pain."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from apps.conditions.models import Side
from tests.factories import CheckInFactory, ConditionFactory, TreatmentSessionFactory

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
SIDES = reverse("comparisons:sides")


@pytest.fixture(autouse=True)
def _two_weeks_later(time_machine):
    time_machine.move_to(MONDAY + timedelta(days=13), tick=False)


def check_in(user, day, side, leg=None, back=None, hour=9, **fields):
    rated_at = MONDAY + timedelta(days=day, hours=hour - 9)
    return CheckInFactory(
        user=user, rated_at=rated_at, side=side, leg_pain=leg, back_pain=back, **fields
    )


def chart(client, **query):
    return client.get(SIDES, {"range": "all"} | query).context["chart"]


def test_sides_count_each_weeks_check_ins_and_take_the_worse_pain(as_alice, alice):
    check_in(alice, 0, Side.LEFT, leg=4, back=6)
    check_in(alice, 1, Side.LEFT, leg=0)
    check_in(alice, 6, Side.RIGHT, back=5)
    check_in(alice, 7, Side.RIGHT, leg=3)
    drawn = chart(as_alice)
    assert drawn["table"]["rows"] == [
        ["Week from Mon 16 Mar 2026", "–", "1 of 1, mean 3.0", "–"],
        ["Week from Mon 9 Mar 2026", "2 of 3, mean 3.0", "1 of 3, mean 5.0", "–"],
    ]
    assert drawn["summary"] == [
        "Left: 2 of 4 ratings, mean pain 3.0.",
        "Right: 2 of 4 ratings, mean pain 4.0.",
        "The side switched 1 time.",
    ]
    assert drawn["drawing"]["switches"] == [{"week": 0.43, "text": "left → right"}]


def test_sides_leave_out_what_has_no_side_or_no_rating(as_alice, alice):
    check_in(alice, 0, "", leg=4)
    check_in(alice, 0, Side.NEITHER, leg=0, hour=10)
    check_in(alice, 0, Side.LEFT, hour=11)
    drawn = chart(as_alice)
    assert (drawn["summary"], drawn["table"]["rows"]) == (
        ["No rating with a side in this time."],
        [],
    )


def test_sides_hold_nothing_of_others_or_of_another_condition(as_alice, alice, charlie):
    check_in(alice, 0, Side.LEFT, leg=4)
    check_in(charlie, 0, Side.RIGHT, leg=9)
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    check_in(alice, -1, Side.BOTH, leg=9, condition=arm)
    assert chart(as_alice)["summary"][0] == "Left: 1 of 1 ratings, mean pain 4.0."


def test_sides_of_somebody_elses_condition_are_not_found(as_alice, alice, charlie):
    ConditionFactory(user=alice)
    theirs = ConditionFactory(user=charlie)
    assert as_alice.get(SIDES, {"condition": theirs.pk}).status_code == 404


def test_sides_refuse_an_unknown_range_and_keep_it(as_alice, alice):
    ConditionFactory(user=alice)
    response = as_alice.get(SIDES, {"range": "decade"})
    assert response.status_code == 422
    assert response.context["form"]["range"].value() == "decade"


def test_sides_of_nothing_say_what_to_do_first(as_alice):
    assert "Nothing to draw yet." in as_alice.get(SIDES).text


@pytest.mark.parametrize("n", [1, 3])
def test_sides_ask_the_same_number_of_queries(as_alice, alice, n, django_assert_num_queries):
    for day in range(n):
        check_in(alice, day, Side.LEFT if day % 2 else Side.RIGHT, leg=4)
        TreatmentSessionFactory(user=alice, started_at=MONDAY, side=Side.LEFT)
    first = as_alice.get(SIDES)
    with django_assert_num_queries(5):
        assert as_alice.get(SIDES).context["drawn_sides"] == first.context["drawn_sides"]
