"""The diary by month and by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from apps.diary.models import CheckIn
from apps.diary.reading.month import month_of
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

TODAY = date(2026, 3, 20)
MARCH = reverse("diary:month", args=[2026, 3])


def at(day, hour=12):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def march(user, **filters):
    return month_of(user, date(2026, 3, 1), today=TODAY, **filters)


def squares(month):
    """Day of the month → (worst, treatments, waits, sides), for days with an entry."""
    return {
        day.date.day: (day.worst, day.treatments, day.waits, day.side_letters)
        for day in month.days
        if not day.is_empty
    }


def day_page(day):
    return reverse("diary:day", args=[2026, 3, day])


def test_square_holds_the_worst_rating_of_either_kind(alice):
    mat, heat = (TreatmentFactory(user=alice, name=name) for name in ["Mat", "Heat"])
    CheckInFactory(user=alice, rated_at=at(9, 8), leg_pain=2, back_pain=5, side="left")
    CheckInFactory(user=alice, rated_at=at(9, 9), leg_pain=1, side="right")
    TreatmentSessionFactory(
        user=alice,
        started_at=at(9),
        treatments=[mat, heat],
        pain_before=3,
        pain_after=7,
        after_rated_at=at(9, 13),
    )
    TreatmentSessionFactory(user=alice, started_at=at(10), pain_before=4)
    TreatmentSessionFactory(user=alice, started_at=at(10, 14), pain_before=3, side="both")
    assert squares(march(alice)) == {
        9: (7, ["Mat", "Heat"], 0, "L R"),
        10: (4, [], 2, "L+R"),
    }


def test_square_of_a_day_with_each_side_has_room_for_one_pair_of_letters(alice):
    for hour, side in enumerate(["left", "both", "right", "neither"], 8):
        CheckInFactory(user=alice, rated_at=at(9, hour), leg_pain=2, side=side)
    [day] = [day for day in march(alice).days if not day.is_empty]
    assert (day.side_letters, day.sides_in_words) == ("L+R", "left, both, right, neither")


def test_square_tells_no_pain_from_not_rated(alice):
    CheckInFactory(user=alice, rated_at=at(1), leg_pain=0, back_pain=None)
    CheckInFactory(user=alice, rated_at=at(2), leg_pain=None, note="a note alone")
    assert squares(march(alice)) == {1: (0, [], 0, ""), 2: (None, [], 0, "")}


def test_square_in_words(alice):
    CheckInFactory(
        user=alice,
        rated_at=at(9),
        leg_pain=6,
        side="left",
        red_flags=["bladder"],
        red_flags_ticked_at=at(9),
    )
    TreatmentSessionFactory(user=alice, started_at=at(9), pain_before=4)
    days = {day.date.day: day.in_words() for day in march(alice).days}
    assert days[9] == "Monday 9 March 2026; worst pain 6; left; 1 wait; a red flag was ticked"
    assert days[10] == "Tuesday 10 March 2026; nothing written down"


def test_month_begins_on_the_languages_first_day_and_leaves_other_months_out(alice):
    CheckInFactory(user=alice, rated_at=datetime(2026, 2, 28, 12, tzinfo=UTC))
    CheckInFactory(user=alice, rated_at=datetime(2026, 4, 1, 12, tzinfo=UTC))
    month = march(alice)
    assert month.is_empty
    assert [day.isoweekday() for day in month.weekdays] == [1, 2, 3, 4, 5, 6, 7]
    assert [day and day.date.day for day in month.weeks[0]] == [None] * 6 + [1]
    assert [len(week) for week in month.weeks] == [7] * 6
    with translation.override("en"):  # American: from Sunday
        assert [day.isoweekday() for day in march(alice).weekdays] == [7, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("first_day", "earlier", "later"),
    [
        (date(2026, 3, 1), date(2026, 2, 1), None),
        (date(2026, 2, 1), date(2026, 1, 1), date(2026, 3, 1)),
        (date(2025, 12, 1), date(2025, 11, 1), date(2026, 1, 1)),
        (date(1900, 1, 1), None, date(1900, 2, 1)),
    ],
)
def test_month_leads_to_its_neighbours_but_not_into_the_future(alice, first_day, earlier, later):
    month = month_of(alice, first_day, today=TODAY)
    assert (month.earlier, month.later) == (earlier, later)


def test_month_filters(as_alice, alice):
    mat, nerve = TreatmentFactory(user=alice), ConditionFactory(user=alice, name="Nerve")
    CheckInFactory(user=alice, rated_at=at(1), condition=nerve)
    CheckInFactory(user=alice, rated_at=at(2), side="left")
    TreatmentSessionFactory(user=alice, started_at=at(3))
    TreatmentSessionFactory(user=alice, started_at=at(4), treatments=[mat])
    for filters, days in [
        ({}, {1, 2, 3, 4}),
        ({"condition": nerve.pk}, {1}),
        ({"side": "left"}, {2}),
        ({"treatment": "wait"}, {3}),
        ({"treatment": mat.pk}, {4}),
        ({"filter": "1"}, {1, 2, 3, 4}),
    ]:
        assert set(squares(as_alice.get(MARCH, filters).context["month"])) == days


def test_month_refuses_a_filter_in_words_and_shows_the_month_all_the_same(as_alice, charlie):
    hers = ConditionFactory(user=charlie)
    response = as_alice.get(MARCH, {"condition": hers.pk})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["condition"])


@pytest.mark.parametrize("address", ["2026/13/", "2026/0/", "1899/12/", "9999/1/", "2026/2/30/"])
def test_no_such_month_or_day(as_alice, address):
    assert as_alice.get(f"/diary/{address}").status_code == 404


def test_this_month_is_the_persons_own(as_alice, alice):
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    with time_machine.travel(datetime(2026, 3, 31, 20, tzinfo=UTC)):
        response = as_alice.get(reverse("diary:this_month"))
    assert response.headers["Location"] == reverse("diary:month", args=[2026, 4])


def test_somebody_elses_entries_are_in_neither_page(as_alice, charlie):
    CheckInFactory(user=charlie, rated_at=at(9), note="hers alone")
    assert as_alice.get(MARCH).context["month"].is_empty
    assert as_alice.get(day_page(9)).context["entries"] == []


@time_machine.travel(at(20), tick=False)
def test_day_shows_everything_in_the_order_it_happened(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="Mat")
    TreatmentSessionFactory(
        user=alice, started_at=at(9, 14), treatments=[mat], minutes=20, position="neck"
    )
    CheckInFactory(
        user=alice,
        rated_at=at(9, 8),
        sleep=0,
        painkillers=False,
        symptoms=["tingling", "burning"],
        note="long " * 100 + "end",
    )
    CheckInFactory(user=alice, rated_at=at(10))
    entries = as_alice.get(day_page(9)).context["entries"]
    assert [entry.details() for entry in entries] == [
        [
            ("symptoms", "tingling, burning"),
            ("painkillers today", "no"),
            ("sleep last night", "0"),
            ("note", "long " * 100 + "end"),
        ],
        [("minutes", "20"), ("where on the mat", "neck, on the pillow")],
    ]


@time_machine.travel(at(20), tick=False)
def test_day_leads_to_a_check_in_of_that_day_with_no_rating_preset(as_alice):
    form = as_alice.get(reverse("diary:checkin_create"), {"day": "2026-03-09"}).context["form"]
    assert form["rated_at"].value() == datetime(2026, 3, 9, 12)
    assert (form["leg_pain"].value(), form["back_pain"].value()) == (None, None)
    form = as_alice.get(reverse("diary:session_create"), {"day": "2026-03-09"}).context["form"]
    assert form["started_at"].value() == datetime(2026, 3, 9, 12)


@pytest.mark.parametrize("day", ["2026-03-20", "2026-03-21", "1899-12-31", "soon", "\0"])
@time_machine.travel(at(20), tick=False)
def test_check_in_of_no_earlier_day_is_one_of_now(as_alice, day):
    form = as_alice.get(reverse("diary:checkin_create"), {"day": day}).context["form"]
    assert form["rated_at"].value() is None


@time_machine.travel(datetime(2026, 4, 2, 0, 30, tzinfo=UTC), tick=False)
def test_suggested_time_is_one_that_the_clocks_did_not_skip(as_alice):
    # 01:30 in London now; on 29 March 2026 the clocks went from 01:00 to 02:00.
    form = as_alice.get(reverse("diary:checkin_create"), {"day": "2026-03-29"}).context["form"]
    assert form["rated_at"].value() == datetime(2026, 3, 29, 2, 30)


@time_machine.travel(at(20), tick=False)
def test_no_pain_on_an_earlier_day_is_one_tap(as_alice, alice):
    page = as_alice.get(day_page(9))
    as_alice.post(
        reverse("diary:checkin_create"),
        {"client_id": page.context["client_id"], "rated_at": "2026-03-09T12:00", "no_pain": "1"},
    )
    check_in = CheckIn.objects.for_user(alice).get()
    assert (check_in.leg_pain, check_in.back_pain, check_in.diary_date) == (0, 0, date(2026, 3, 9))
    assert check_in.is_from_memory


@time_machine.travel(at(20), tick=False)
def test_day_of_the_future_offers_nothing_to_add(as_alice):
    contexts = [as_alice.get(day_page(day)).context for day in (19, 20, 21)]
    assert [(c["has_come"], c["is_today"], c["later"]) for c in contexts] == [
        (True, False, date(2026, 3, 20)),
        (True, True, None),
        (False, False, None),
    ]


@time_machine.travel(at(20), tick=False)
def test_saved_change_leads_to_the_day_of_the_entry(as_alice, alice):
    entry = CheckInFactory(user=alice, rated_at=at(9))
    data = {
        "leg_pain": "3",
        "rated_at": "2026-03-09T12:00",
        "version": "1",
        "client_id": entry.client_id,
    }
    assert as_alice.post(entry.get_absolute_url(), data).headers["Location"] == day_page(9)


@pytest.mark.parametrize("rows", [1, 3])
def test_month_and_day_cost_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        mat = TreatmentFactory(user=alice, name=f"Mat {number}")
        CheckInFactory(user=alice, rated_at=NOON + timedelta(minutes=number))
        TreatmentSessionFactory(user=alice, treatments=[mat])
    with django_assert_num_queries(5):
        assert as_alice.get(MARCH).status_code == 200
    with django_assert_num_queries(7):
        assert as_alice.get(MARCH, {"filter": "1"}).status_code == 200
    with django_assert_num_queries(5):
        assert as_alice.get(day_page(10)).status_code == 200
