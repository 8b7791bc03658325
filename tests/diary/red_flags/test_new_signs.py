"""Pain may fall while a nerve gets worse: what is new stands on Today, with the way to help."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    RedFlagReviewFactory,
    TreatmentSessionFactory,
    UserFactory,
)

DAY = timedelta(days=1)
HELP, SEEN = 'href="/help-now/"', 'action="/red-flags/seen/"'


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def ago(days):
    return NOON - days * DAY


def written(user, days, **fields):
    return CheckInFactory(user=user, rated_at=ago(days), created_at=ago(days), **fields)


def shown(browser):
    """What Today says is new, by condition."""
    page = browser.get("/today/").context["page"]
    return [
        (each.condition.name, [sign.in_words for sign in each.signs]) for each in page.new_signs
    ]


def line(browser):
    page = browser.get("/today/").content.decode()
    found = re.search(r'<section class="[^"]*new-signs-line.*?</section>', page, re.DOTALL)
    return found and found[0]


def test_pain_falls_and_the_nerve_gets_worse(as_alice, alice):
    for days in range(40, 20, -1):
        written(alice, days, leg_pain=7, symptoms=["tingling"], furthest="thigh", side="left")
    for days in range(10, 0, -1):
        written(alice, days, leg_pain=2, symptoms=["tingling"], furthest="thigh", side="left")
    written(alice, 0, leg_pain=1, symptoms=["numbness", "weakness"], furthest="foot", side="both")
    assert shown(as_alice) == [
        (
            "Sciatica",
            [
                "Numbness: on 1 of 11 days answered, first on 10 Mar",
                "Weakness: on 1 of 11 days answered, first on 10 Mar",
                "Pain below the knee: on 1 of 11 days answered, first on 10 Mar",
                "Both legs: on 1 of 11 days answered, first on 10 Mar",
            ],
        )
    ]
    assert HELP in line(as_alice)
    assert SEEN in line(as_alice)


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"symptoms": ["numbness"]}, {"symptoms": ["numbness"]}),
        ({"furthest": "calf"}, {"furthest": "foot"}),
        ({"side": "both"}, {"side": "both"}),
        ({}, {"symptoms": ["tingling", "burning"], "furthest": "thigh", "side": "left"}),
        ({}, {"side": "neither"}),
        ({}, {"symptoms": ["none"]}),
    ],
)
def test_what_was_there_before_or_is_none_of_these_is_not_new(as_alice, alice, then, now):
    written(alice, 300, **then)
    written(alice, 0, **now)
    assert shown(as_alice) == []
    assert line(as_alice) is None


@pytest.mark.parametrize(("days", "is_new"), [(0, True), (13, True), (14, False)])
def test_it_is_new_for_fourteen_days(as_alice, alice, days, is_new):
    written(alice, 30)
    written(alice, days, symptoms=["weakness"])
    assert bool(shown(as_alice)) is is_new


def test_first_day_of_a_diary_is_where_it_began(as_alice, alice):
    written(alice, 3, symptoms=["numbness"], furthest="foot", side="both")
    written(alice, 2, symptoms=["numbness", "weakness"])
    words = ["Weakness: on 1 of 2 days answered, first on 8 Mar"]
    assert shown(as_alice) == [("Sciatica", words)]


def test_a_session_says_both_legs_and_that_the_diary_had_begun(as_alice, alice):
    TreatmentSessionFactory(user=alice, started_at=ago(30), side="left")
    TreatmentSessionFactory(user=alice, started_at=ago(1), side="both")
    words = ["Both legs: on 1 of 1 day answered, first on 9 Mar"]
    assert shown(as_alice) == [("Sciatica", words)]
    TreatmentSessionFactory(user=alice, started_at=ago(29), side="both")
    assert shown(as_alice) == []


@pytest.mark.parametrize("fields", [{"usual_side": "both"}, {"first_place": "shoulder"}])
def test_both_legs_are_nothing_new_where_they_are_usual_or_no_legs(as_alice, alice, fields):
    condition = ConditionFactory(user=alice, name="Other", **fields)
    written(alice, 30, condition=condition)
    written(alice, 0, condition=condition, side="both")
    assert shown(as_alice) == []


def test_conditions_are_told_apart(as_alice, alice):
    arm = ConditionFactory(user=alice, name="Arm", first_place="arm")
    written(alice, 30, symptoms=["numbness"])
    written(alice, 30, condition=arm)
    written(alice, 0, symptoms=["numbness"])
    written(alice, 0, condition=arm, symptoms=["numbness"])
    assert shown(as_alice) == [("Arm", ["Numbness: on 1 of 1 day answered, first on 10 Mar"])]
    assert "(Arm)" in line(as_alice)


def test_what_a_doctor_has_looked_at_goes_until_something_else_is_new(as_alice, alice):
    written(alice, 30)
    written(alice, 5, symptoms=["numbness"])
    RedFlagReviewFactory(user=alice, seen_at=ago(3))
    assert shown(as_alice) == []
    written(alice, 1, symptoms=["numbness", "weakness"])
    words = ["Weakness: on 1 of 2 days answered, first on 9 Mar"]
    assert shown(as_alice) == [("Sciatica", words)]


def test_what_is_written_down_later_was_not_looked_at(as_alice, alice):
    written(alice, 30)
    RedFlagReviewFactory(user=alice, seen_at=ago(3))
    CheckInFactory(user=alice, rated_at=ago(5), created_at=ago(2), symptoms=["weakness"])
    assert len(shown(as_alice)) == 1


def test_nobody_else_s_diary_makes_or_hides_a_sign(as_alice, alice):
    other = UserFactory()
    written(other, 30, symptoms=["numbness"])
    RedFlagReviewFactory(user=other, seen_at=NOON)
    written(alice, 30)
    written(alice, 0, symptoms=["numbness"])
    assert len(shown(as_alice)) == 1


def test_red_flag_stands_above_and_has_the_one_way_to_say_seen(as_alice, alice):
    written(alice, 30)
    written(alice, 0, symptoms=["weakness"], red_flags=["leg_weakness"])
    page = as_alice.get("/today/").content.decode()
    assert page.index("Ticked on") < page.index("new-signs-line") < page.index("today-jobs")
    assert SEEN not in line(as_alice)
    assert HELP in line(as_alice)


@pytest.mark.parametrize("rows", [1, 3])
def test_line_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for n in range(rows):
        written(alice, 30 + n)
        written(alice, 3 + n, symptoms=["numbness"])
        TreatmentSessionFactory(user=alice, started_at=ago(20 + n))
    as_alice.get("/today/")
    with django_assert_num_queries(USUAL + 2):
        as_alice.get("/today/")


@pytest.mark.parametrize("rows", [1, 3])
def test_without_a_sign_it_costs_no_query(as_alice, alice, django_assert_num_queries, rows):
    for n in range(rows):
        written(alice, 30 + n, symptoms=["numbness"])
        written(alice, 3 + n, symptoms=["tingling"])
        TreatmentSessionFactory(user=alice, started_at=ago(20 + n))
    as_alice.get("/today/")
    with django_assert_num_queries(USUAL):
        as_alice.get("/today/")


USUAL = 9
