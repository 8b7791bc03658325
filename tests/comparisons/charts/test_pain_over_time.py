"""Pain over time: every number on the chart, in its sentence and in its table."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.comparisons.charts import pain_over_time
from apps.comparisons.reading.course import course_of
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

FIRST = date(2026, 3, 9)  # a Monday


def moment(days=0, hour=12):
    return datetime(2026, 3, 9, hour, 0, tzinfo=UTC) + timedelta(days=days)


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def draw(alice, sciatica):
    def drawn(days=4, first_day=FIRST):
        span = Span(first_day, first_day + timedelta(days=days - 1))
        return pain_over_time.chart(course_of(alice, sciatica, span))

    return drawn


@pytest.fixture
def check_in(alice):
    def made(days=0, hour=12, **fields):
        return CheckInFactory(user=alice, rated_at=moment(days, hour), **fields)

    return made


def line(chart, key):
    return next(line for line in chart["drawing"]["lines"] if line["key"] == key)


def test_pain_over_time_leaves_a_day_without_entry_empty_and_draws_zero(draw, check_in):
    check_in(0, leg_pain=5)
    check_in(1, leg_pain=0)
    check_in(3, leg_pain=2)
    assert line(draw(), "leg")["means"] == [5.0, 0.0, None, 2.0]


def test_pain_over_time_shows_the_mean_of_a_day_and_its_range(draw, check_in):
    check_in(0, 8, leg_pain=2, back_pain=3)
    check_in(0, 13, leg_pain=3, back_pain=3)
    check_in(0, 20, leg_pain=6, back_pain=None)
    chart = draw(days=1)
    assert line(chart, "leg") == {
        "key": "leg",
        "name": "leg",
        "means": [3.67],
        "ranges": [[2, 6]],
        "texts": ["Leg pain 3.7 (2 to 6, 3 ratings)"],
    }
    assert line(chart, "back")["ranges"] == [None]
    assert line(chart, "back")["texts"] == ["Back pain 3 (3 to 3, 2 ratings)"]


def test_pain_over_time_has_no_line_for_what_was_never_rated(draw, check_in):
    check_in(0, leg_pain=4)
    assert [line["key"] for line in draw()["drawing"]["lines"]] == ["leg"]


def test_pain_over_time_does_not_mix_ratings_of_sessions_into_the_lines(alice, draw, check_in):
    check_in(0, leg_pain=4)
    TreatmentSessionFactory(user=alice, started_at=moment(1), pain_before=9)
    assert line(draw(), "leg")["means"] == [4.0, None, None, None]


def test_pain_over_time_counts_neutrally(alice, draw, check_in):
    check_in(0, leg_pain=1, back_pain=0)
    check_in(1, leg_pain=8)
    check_in(3, leg_pain=4)
    TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[])
    mat = TreatmentFactory(user=alice)
    TreatmentSessionFactory.create_batch(2, user=alice, started_at=moment(1), treatments=[mat])
    assert draw()["summary"] == [
        "Ratings of leg pain or back pain on 3 of 4 days.",
        "Leg pain from 1 to 8, middle value 4.",
        "Back pain from 0 to 0, middle value 0.",
        "Sessions: Acupressure mat 2, Wait and see 1.",
    ]


def test_pain_over_time_takes_the_mean_of_two_middle_values(draw, check_in):
    check_in(0, leg_pain=2)
    check_in(1, leg_pain=5)
    assert draw()["summary"][1] == "Leg pain from 2 to 5, middle value 3.5."


def test_pain_over_time_marks_sessions_by_name_and_waits_last(alice, draw):
    mat, heat = TreatmentFactory(user=alice), TreatmentFactory(user=alice, name="heat pack")
    TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[mat, heat])
    TreatmentSessionFactory(user=alice, started_at=moment(2, 9), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(2, 15), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(3))
    assert draw()["drawing"]["strips"] == [
        {
            "name": "Acupressure mat",
            "is_wait": False,
            "marks": [
                {"at": 0, "text": "Acupressure mat"},
                {"at": 2, "text": "Acupressure mat × 2"},
            ],
            "periods": [],
        },
        {
            "name": "heat pack",
            "is_wait": False,
            "marks": [{"at": 0, "text": "heat pack"}],
            "periods": [],
        },
        {
            "name": "Wait and see",
            "is_wait": True,
            "marks": [{"at": 3, "text": "Wait and see"}],
            "periods": [],
        },
    ]


@pytest.mark.parametrize(
    ("starts", "ends", "drawn"),
    [
        (1, 2, [{"from": 1, "until": 2}]),
        (-9, None, [{"from": 0, "until": 3}]),
        (-9, 0, [{"from": 0, "until": 0}]),
        (3, 30, [{"from": 3, "until": 3}]),
    ],
)
def test_pain_over_time_cuts_periods_at_the_ends(alice, draw, starts, ends, drawn):
    TreatmentPeriodFactory(
        user=alice,
        started_on=FIRST + timedelta(days=starts),
        ended_on=None if ends is None else FIRST + timedelta(days=ends),
    )
    assert [strip["periods"] for strip in draw()["drawing"]["strips"]] == [drawn]


@pytest.mark.parametrize(("starts", "ends"), [(-9, -1), (4, 9)])
def test_pain_over_time_leaves_out_periods_of_other_days(alice, draw, starts, ends):
    TreatmentPeriodFactory(
        user=alice,
        started_on=FIRST + timedelta(days=starts),
        ended_on=FIRST + timedelta(days=ends),
    )
    assert draw()["drawing"]["strips"] == []


def test_pain_over_time_leaves_out_periods_of_what_is_for_another_condition(alice, draw):
    wrist = ConditionFactory(user=alice, name="Wrist")
    for name, conditions in (("Splint", [wrist]), ("Belt", [wrist, None]), ("Insoles", [])):
        treatment = TreatmentFactory(user=alice, name=name)
        TreatmentPeriodFactory(user=alice, treatment=treatment, started_on=FIRST)
        for condition in conditions:
            chosen = {"condition": condition} if condition else {}
            TreatmentSessionFactory(
                user=alice, started_at=moment(90), treatments=[treatment], **chosen
            )
    assert [strip["name"] for strip in draw()["drawing"]["strips"]] == ["Belt", "Insoles"]


def test_pain_over_time_names_a_switch_of_side_in_words(alice, draw, check_in):
    check_in(0, side=Side.LEFT)
    check_in(1, side="")
    check_in(2, side=Side.NEITHER, leg_pain=0)
    TreatmentSessionFactory(user=alice, started_at=moment(3, 9), side=Side.RIGHT)
    check_in(3, 18, side=Side.RIGHT)
    chart = draw()
    assert chart["drawing"]["switches"] == [{"at": 3, "text": "left → right"}]
    assert chart["table"]["rows"][0][-1] == "left → right"
    assert chart["summary"][-1] == "The side switched 1 time."


def test_pain_over_time_sees_a_switch_and_back_within_a_day(draw, check_in):
    check_in(0, 8, side=Side.LEFT)
    check_in(0, 12, side=Side.RIGHT)
    check_in(0, 20, side=Side.LEFT)
    chart = draw()
    assert chart["drawing"]["switches"] == [{"at": 0, "text": "left → right → left"}]
    assert chart["summary"][-1] == "The side switched 2 times."


def test_pain_over_time_counts_switches_where_a_week_has_many(draw, check_in):
    for days, side in enumerate([Side.LEFT, Side.RIGHT] * 3):
        check_in(days, side=side)
    assert draw(days=400)["drawing"]["switches"] == [{"at": 0, "text": "5 switches of side"}]


def test_pain_over_time_goes_by_the_stored_day_and_not_by_the_clock(alice, draw, check_in):
    """Half past eleven at night in Auckland is the middle of the day before in London."""
    check_in(1, 11, leg_pain=7, time_zone="Pacific/Auckland", diary_date=date(2026, 3, 11))
    check_in(1, 12, leg_pain=3, time_zone="Europe/London", diary_date=date(2026, 3, 10))
    assert line(draw(), "leg")["means"] == [None, 3.0, 7.0, None]


def test_pain_over_time_lists_the_same_numbers_newest_first(alice, draw, check_in):
    check_in(0, 8, leg_pain=0, back_pain=3)
    check_in(0, 20, leg_pain=5, back_pain=None)
    TreatmentSessionFactory(user=alice, started_at=moment(2))
    assert draw()["table"] == {
        "columns": ["When", "Leg pain", "Back pain", "Sessions", "Side switched"],
        "rows": [
            ["Wed 11 Mar 2026", "–", "–", "Wait and see", ""],
            ["Mon 9 Mar 2026", "2.5 (0 to 5, 2 ratings)", "3", "", ""],
        ],
        "note": "",
    }


def test_pain_over_time_lists_at_most_a_hundred_rows(draw, check_in):
    for days in range(103):
        check_in(days, leg_pain=1)
    table = draw(days=103)["table"]
    assert len(table["rows"]) == 100
    assert table["rows"][0][0] == "Fri 19 Jun 2026"
    assert table["note"] == "The latest 100 of 103 rows."


def test_pain_over_time_is_by_day_for_a_year_and_by_week_beyond(draw, check_in):
    check_in(0, leg_pain=2)
    assert len(draw(days=366)["drawing"]["slots"]) == 366
    chart = draw(days=367)
    assert len(chart["drawing"]["slots"]) == 53
    assert chart["summary"][-1] == "Over more than a year, each point is the mean of a week."


def test_pain_over_time_takes_weeks_from_monday_to_sunday(draw, check_in):
    check_in(0, leg_pain=2)  # a Monday
    check_in(6, leg_pain=5)  # the Sunday of that week
    check_in(7, leg_pain=9)  # the next Monday
    chart = draw(days=400, first_day=FIRST - timedelta(days=1))  # from the Sunday before
    assert line(chart, "leg")["means"][:4] == [None, 3.5, 9.0, None]
    assert chart["table"]["rows"][-1][:2] == [
        "Week from Mon 9 Mar 2026",
        "3.5 (2 to 5, 2 ratings)",
    ]


def test_pain_over_time_draws_at_most_twelve_treatments_and_says_so(alice, draw):
    for letter in "ABCDEFGHIJKLM":
        mat = TreatmentFactory(user=alice, name=letter)
        TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(0))
    chart = draw()
    assert [strip["name"] for strip in chart["drawing"]["strips"]] == [
        *"ABCDEFGHIJKL",
        "Wait and see",
    ]
    assert chart["summary"][-1] == "Drawn are the first 12 treatments by name; the table has all."
    assert chart["table"]["rows"][0][3] == ", ".join([*"ABCDEFGHIJKLM", "Wait and see"])


def test_pain_over_time_does_not_claim_to_leave_out_what_it_shows(alice, draw):
    for letter in "ABCDEFGHIJKL":
        mat = TreatmentFactory(user=alice, name=letter)
        TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(0))
    numbers = ", ".join(f"{letter} 1" for letter in [*"ABCDEFGHIJKL", "Wait and see"])
    assert draw()["summary"][-1] == f"Sessions: {numbers}."


def test_pain_over_time_holds_nothing_of_somebody_else(alice, charlie, draw):
    CheckInFactory(user=charlie, rated_at=moment(0), leg_pain=9, side=Side.LEFT)
    CheckInFactory(user=charlie, rated_at=moment(1), leg_pain=9, side=Side.RIGHT)
    heat = TreatmentFactory(user=charlie, name="Heat pack")
    TreatmentSessionFactory(user=charlie, started_at=moment(0), treatments=[heat])
    TreatmentSessionFactory(user=charlie, started_at=moment(0))
    TreatmentPeriodFactory(user=charlie, treatment=heat, started_on=FIRST)
    chart = draw()
    assert chart["drawing"]["lines"] == []
    assert chart["drawing"]["strips"] == []
    assert chart["drawing"]["switches"] == []
    assert chart["table"]["rows"] == []


def test_pain_over_time_holds_nothing_of_another_condition(alice, draw):
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    CheckInFactory(user=alice, condition=arm, rated_at=moment(0), leg_pain=9)
    TreatmentSessionFactory(user=alice, condition=arm, started_at=moment(0))
    chart = draw()
    assert (chart["drawing"]["lines"], chart["drawing"]["strips"]) == ([], [])


def test_pain_over_time_is_plain_json(draw, check_in):
    check_in(0, leg_pain=0, side=Side.LEFT)
    check_in(1, leg_pain=0, side=Side.RIGHT)
    chart = draw()
    assert json.loads(json.dumps(chart, allow_nan=False)) == chart
