"""How well the person's own activities go over time."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import NOON, ActivityFactory, ConditionFactory, FunctionRatingFactory

URL = reverse("comparisons:function")
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def rate(activity, *ratings):
    """One rating a week, the last of them today."""
    for ago, rating in enumerate(reversed(ratings)):
        at = NOON - 7 * ago * A_DAY
        FunctionRatingFactory(user=activity.user, activity=activity, rated_at=at, rating=rating)


def chart(browser, **query):
    return browser.get(URL, query).context["chart"]


def test_chart_has_a_line_for_each_activity_and_the_same_numbers_as_a_table(as_alice, alice):
    film, lift = ActivityFactory(user=alice), ActivityFactory(user=alice, name="Lift", place=2)
    rate(film, 3, 0, 7)
    rate(lift, 10)
    drawn = chart(as_alice, range="4w")
    assert drawn["summary"] == [
        "Sit through a film: first 3, latest 7, in 3 ratings.",
        "Lift: rated once, 10.",
    ]
    marks = [[(m["at"], m["rating"]) for m in line["marks"]] for line in drawn["drawing"]["lines"]]
    assert marks == [[(13, 3), (20, 0), (27, 7)], [(27, 10)]]
    assert drawn["drawing"]["lines"][0]["marks"][1]["text"] == (
        "Tue 3 Mar 2026, Sit through a film: 0"
    )
    assert drawn["table"] == {
        "columns": ["When", "Sit through a film", "Lift"],
        "rows": [
            ["Tue 10 Mar 2026", "7", "10"],
            ["Tue 3 Mar 2026", "0", "–"],
            ["Tue 24 Feb 2026", "3", "–"],
        ],
        "note": "",
    }
    assert drawn["notes"] == ["Higher is better: 10 is as before, 0 is “cannot do it”."]


def test_chart_of_everything_begins_with_the_first_rating(as_alice, alice):
    rate(ActivityFactory(user=alice), *range(10))
    drawing = chart(as_alice, range="all")["drawing"]
    assert drawing["slots"] == 9 * 7 + 1
    assert (drawing["lines"][0]["marks"][0]["at"], len(drawing["lines"][0]["marks"])) == (0, 10)


def test_chart_goes_on_by_week_over_more_than_a_year(as_alice, alice):
    rate(ActivityFactory(user=alice), *[5] * 60)
    drawing = chart(as_alice, range="all")["drawing"]
    assert drawing["lines"][0]["marks"][-1]["at"] == drawing["slots"] - 1 + round(1 / 7, 3)


def test_archived_activity_stays_on_the_chart(as_alice, alice):
    rate(ActivityFactory(user=alice, archived_at=NOON), 4)
    assert chart(as_alice)["summary"] == ["Sit through a film: rated once, 4."]


def test_chart_holds_nothing_of_others_or_of_another_condition(as_alice, alice, charlie):
    sciatica, arm = (ConditionFactory(user=alice, name=name) for name in ("Sciatica", "Arm"))
    rate(ActivityFactory(user=alice, condition=sciatica), 4)
    rate(ActivityFactory(user=alice, condition=arm, name="Throw"), 5)
    rate(ActivityFactory(user=charlie), 9)
    assert chart(as_alice, condition=sciatica.pk)["summary"] == [
        "Sit through a film: rated once, 4."
    ]


def test_page_without_ratings_says_what_to_do(as_alice, alice):
    ConditionFactory(user=alice)
    response = as_alice.get(URL)
    assert "No activity was rated in this time." in response.content.decode()
    assert "data-chart" not in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for place in range(1, rows + 1):
        rate(ActivityFactory(user=alice, name=f"Film {place}", place=place), *range(place))
    with django_assert_num_queries(6):
        assert as_alice.get(URL).status_code == 200
