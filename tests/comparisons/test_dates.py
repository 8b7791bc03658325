"""Days of one's own choice: in the address, in words, at the ends of the diary and of the day."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from apps.comparisons.models import KeptComparison
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side
from tests.comparisons.engine.simulated.diaries import helpful_mat
from tests.factories import (
    ActivityFactory,
    CheckInFactory,
    ConditionFactory,
    FunctionRatingFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

TIMELINE, WAITS = reverse("comparisons:timeline"), reverse("comparisons:waits")
NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
LONG_AGO = {"from": "2024-01-01", "until": "2024-03-31"}
NOTHING = "Nothing was written down in this time."
PAGES = [reverse(f"comparisons:{name}") for name in ("timeline", "sides", "function", "compare")]


@pytest.fixture(autouse=True)
def _on_the_last_of_march(time_machine):
    time_machine.move_to(NOON, tick=False)


def check_in(user, *day, hour=12, **fields):
    rated_at = datetime(*day, hour, tzinfo=UTC)
    return CheckInFactory(user=user, rated_at=rated_at, side=Side.LEFT, **fields)


def slots(response):
    return response.context["chart"]["drawing"]["lane_slots"]


def test_timeline_shows_the_days_that_were_chosen_and_no_other(as_alice, alice):
    check_in(alice, 2023, 12, 31, leg_pain=9)
    check_in(alice, 2024, 1, 1, leg_pain=0)
    check_in(alice, 2024, 3, 31, leg_pain=4)
    check_in(alice, 2024, 4, 1, leg_pain=9)
    response = as_alice.get(TIMELINE, LONG_AGO)
    assert slots(response)[0] == "Mon 1 Jan 2024"
    assert slots(response)[-1] == "Sun 31 Mar 2024"
    assert response.context["chart"]["drawing"]["lines"][0]["days"] == [[0, 0.0], [90, 4.0]]
    assert response.context["form"].in_words() == "Sciatica, 1 January 2024 to 31 March 2024"


@pytest.mark.parametrize(
    ("given", "first", "last", "words"),
    [
        ({"from": "2026-03-30"}, "Mon 30 Mar 2026", "Tue 31 Mar 2026", "since 30 March 2026"),
        ({"until": "2026-03-02"}, "Sun 1 Mar 2026", "Mon 2 Mar 2026", "until 2 March 2026"),
        ({"from": "31/03/2026"}, "Tue 31 Mar 2026", "Tue 31 Mar 2026", "since 31 March 2026"),
    ],
)
def test_either_end_may_be_left_open(as_alice, alice, given, first, last, words):
    check_in(alice, 2026, 3, 1)
    response = as_alice.get(TIMELINE, given)
    assert (slots(response)[0], slots(response)[-1]) == (first, last)
    assert response.context["form"].in_words() == f"Sciatica, {words}"


@pytest.mark.parametrize(
    ("first", "last", "bounds", "span"),
    [
        ((2026, 1, 1), (2027, 1, 1), None, ((2026, 1, 1), (2026, 3, 31))),
        ((1900, 1, 1), (2026, 1, 5), ((2026, 1, 1), (2026, 1, 9)), ((2024, 12, 31), (2026, 1, 5))),
        ((1900, 1, 1), (1900, 1, 2), ((2026, 1, 1), (2026, 1, 9)), ((1900, 1, 1), (1900, 1, 2))),
        (None, (1950, 1, 1), ((2026, 1, 1), (2026, 1, 9)), ((1950, 1, 1), (1950, 1, 1))),
        (None, (9999, 12, 31), None, ((2026, 3, 31), (2026, 3, 31))),
        ((2026, 3, 31), None, ((2026, 4, 1), (2026, 4, 1)), ((2026, 3, 31), (2026, 3, 31))),
    ],
)
def test_chosen_days_go_no_further_than_the_diary(first, last, bounds, span):
    first, last = first and date(*first), last and date(*last)
    bounds = bounds and tuple(date(*day) for day in bounds)
    expected = Span(*(date(*day) for day in span))
    assert Span.between(first, last, today=TODAY, bounds=bounds) == expected


@pytest.mark.parametrize("url", [*PAGES, WAITS])
@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"from": "2024-05-02", "until": "2024-05-01"}, "until", "“Until” lies before “from”."),
        ({"from": "2024-02-30"}, "from", "Write a day, for example 2026-03-10."),
        ({"until": "soon\x00"}, "until", "Write a day, for example 2026-03-10."),
        ({"from": "1899-12-31"}, "from", "The day must be in 1900 or later."),
        ({"from": "2026-04-01"}, "from", "That day has not come yet."),
    ],
)
def test_bad_dates_are_refused_in_words_and_kept(as_alice, alice, url, given, field, message):
    ConditionFactory(user=alice)
    response = as_alice.get(url, given)
    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {field: [message]}
    assert {name: form[name].value() for name in given} == given
    assert message in response.text.replace("&#x27;", "'")
    assert response.context.get("chart") is None


def test_day_of_today_is_the_persons_own(as_alice, alice):
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    check_in(alice, 2026, 3, 31)
    response = as_alice.get(TIMELINE, {"from": "2026-04-01"})
    assert slots(response) == ["Wed 1 Apr 2026"]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", (0, 12, 22)), ("2025-10-26", (0, 12, 23))]
)
def test_day_on_which_the_clocks_change_is_one_day(as_alice, alice, day, hours):
    """The diary's day is stored: 23 or 25 hours long, it has its entries and no others."""
    year, month, number = map(int, day.split("-"))
    for hour in hours:
        check_in(alice, year, month, number, hour=hour, leg_pain=3)
    midnight = datetime(year, month, number, tzinfo=UTC)
    check_in(alice, *(midnight - timedelta(days=1)).timetuple()[:3], leg_pain=9)
    check_in(alice, *(midnight + timedelta(days=1)).timetuple()[:3], leg_pain=9)
    rows = as_alice.get(TIMELINE, {"from": day, "until": day}).context["chart"]["table"]["rows"]
    assert [row[1] for row in rows] == ["3 (3 to 3, 3 ratings)"]


def test_chosen_days_go_before_the_range_which_is_kept_for_afterwards(as_alice, alice):
    entry = check_in(alice, 2024, 1, 5)
    form = as_alice.get(TIMELINE, LONG_AGO | {"range": "6m"}).context["form"]
    assert form["range"].value() == "6m"
    assert [each["is_chosen"] for each in form.ranges()] == [False] * 4
    assert [each["query"] for each in form.ranges()] == [
        f"condition={entry.condition_id}&range={each}" for each in ("2w", "3m", "1y", "all")
    ]


def test_ranges_are_one_tap_and_keep_the_rest(as_alice, alice):
    entry = check_in(alice, 2026, 3, 5)
    form = as_alice.get("/compare/", {"side": "left", "sort": "sessions"}).context["form"]
    assert [each["name"] for each in form.ranges() if each["is_chosen"]] == ["All"]
    query = form.ranges()[0]["query"]
    assert query == f"condition={entry.condition_id}&side=left&range=4w&sort=sessions"
    assert f'href="?{query.replace("&", "&amp;")}"' in as_alice.get(f"/compare/?{query}").text


def test_empty_range_says_when_the_diary_is_and_leads_there(as_alice, alice):
    check_in(alice, 2024, 1, 5, leg_pain=3)
    check_in(alice, 2024, 2, 9, leg_pain=3)
    response = as_alice.get(TIMELINE)
    assert response.text.count(NOTHING) == 1
    assert "Your diary of this goes from 5 January 2024 to 9 February 2024." in response.text
    assert "data-chart" not in response.text
    link = re.search(r'href="\?([^"]*)">Show everything', response.text)[1]
    shown = as_alice.get(f"{TIMELINE}?{unescape(link)}")
    assert len(slots(shown)) == 36
    assert NOTHING not in shown.text


def test_empty_range_after_the_diary_says_so_too(as_alice, alice):
    check_in(alice, 2026, 3, 5, leg_pain=3)
    response = as_alice.get(TIMELINE, LONG_AGO)
    assert NOTHING in response.text
    assert response.context["apart"] == f"condition={ConditionFactory(user=alice).pk}&range=all"


def test_gap_in_the_middle_of_the_diary_is_said_without_a_way_out(as_alice, alice):
    check_in(alice, 2024, 1, 5)
    check_in(alice, 2026, 3, 5)
    response = as_alice.get(TIMELINE, {"from": "2025-01-01", "until": "2025-02-01"})
    assert response.context["apart"] == ""
    assert response.text.count(NOTHING) == 1


def test_function_says_when_its_own_ratings_are(as_alice, alice):
    check_in(alice, 2026, 3, 5)
    activity = ActivityFactory(user=alice, condition=ConditionFactory(user=alice))
    FunctionRatingFactory(user=alice, activity=activity, diary_date=date(2024, 5, 6))
    response = as_alice.get(reverse("comparisons:function"))
    assert response.text.count(NOTHING) == 1
    assert "Your diary of this goes from 6 May 2024 to 6 May 2024." in response.text


def card(treatment):
    return reverse("comparisons:treatment", args=[treatment.pk])


def test_card_draws_the_chosen_days_but_answers_from_the_whole(as_alice, alice):
    helpful_mat(alice)
    mat = TreatmentFactory(user=alice)
    whole = as_alice.get(card(mat)).context["card"]
    response = as_alice.get(card(mat), {"from": "2026-03-01", "until": "2026-03-12"})
    part = response.context["card"]
    assert (part["finding"], part["change_in_parts"]) == (
        whole["finding"],
        whole["change_in_parts"],
    )
    assert part["same_start"] != whole["same_start"]
    assert part["use"] == [["Sessions", "3"]]
    assert "From here on only: Sciatica, 1 March 2026 to 12 March 2026." in response.text


def test_what_is_counted_for_days_of_ones_own_is_not_kept(as_alice, alice):
    helpful_mat(alice)
    mat = TreatmentFactory(user=alice)
    for url in ("/compare/", card(mat), WAITS):
        as_alice.get(url)
    kept = KeptComparison.objects.for_user(alice).count()
    for url in ("/compare/", card(mat), WAITS):
        assert as_alice.get(url, {"from": "2026-03-01"}).status_code == 200
    assert KeptComparison.objects.for_user(alice).count() == kept


@pytest.mark.parametrize("n", [1, 3])
def test_chosen_days_ask_no_more_queries(as_alice, alice, n, django_assert_num_queries):
    for day in range(1, n + 1):
        check_in(alice, 2024, 1, day)
        started_at = datetime(2024, 1, day, 9, tzinfo=UTC)
        mat = TreatmentFactory(user=alice, name=f"Mat {day}")
        TreatmentSessionFactory(user=alice, started_at=started_at, treatments=[mat])
    with django_assert_num_queries(12):
        assert as_alice.get(TIMELINE, LONG_AGO).status_code == 200
