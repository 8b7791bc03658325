"""Pain over time: every number on the chart, in its sentence and in its table."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.comparisons.charts import pain_over_time
from apps.comparisons.charts.words import about
from apps.comparisons.reading.course import course_of
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side
from apps.treatments.models import Kind
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
    def drawn(days=4, first_day=FIRST, where=("leg", "back")):
        span = Span(first_day, first_day + timedelta(days=days - 1))
        return pain_over_time.chart(course_of(alice, sciatica, span), where)

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


def test_pain_over_time_shows_the_mean_of_a_day_and_its_ends(draw, check_in):
    check_in(0, 8, leg_pain=2, back_pain=3)
    check_in(0, 13, leg_pain=3, back_pain=3)
    check_in(0, 20, leg_pain=6, back_pain=None)
    chart = draw(days=1)
    assert line(chart, "leg") == {
        "key": "leg",
        "name": "leg",
        "means": [3.67],
        "bands": [None],
        "texts": ["Leg pain 3.7 (2 to 6, 3 ratings)"],
        "days": [[0, 2], [0, 6]],
    }
    assert line(chart, "back")["texts"] == ["Back pain 3 (3 to 3, 2 ratings)"]


def test_pain_over_time_shows_weeks_with_their_middle_half_and_their_days(draw, check_in):
    for day, leg in ((0, 0), (1, 4), (1, 4), (2, 6), (6, 9), (7, 5), (14, 7), (15, 3)):
        check_in(day, leg_pain=leg, back_pain=leg)
    chart = draw(days=35)
    assert line(chart, "leg") == {
        "key": "leg",
        "name": "leg",
        "means": [4.6, None, 5.0, None, None],  # a week with one rating is a gap
        "bands": [[4.0, 6.0], None, [4.0, 6.0], None, None],
        "texts": [
            "Leg pain 4.6 (half 4 to 6, all 0 to 9, 5 ratings)",
            None,
            "Leg pain 5 (half 4 to 6, all 3 to 7, 2 ratings)",
            None,
            None,
        ],
        "days": [[0, 0.0], [1, 4.0], [2, 6.0], [6, 9.0], [7, 5.0], [14, 7.0], [15, 3.0]],
    }
    assert chart["drawing"]["at"] == [3.0, 10.0, 17.0, 24.0, 31.0]
    assert chart["table"]["rows"][1][:2] == ["Week from Mon 16 Mar 2026", "5"]


def test_pain_over_time_lays_a_second_line_over_without_its_band(draw, check_in):
    for day in (0, 0, 7, 7):
        check_in(day, leg_pain=4, back_pain=2)
    laid_over, alone = draw(days=35), draw(days=35, where=("back",))
    assert line(laid_over, "back")["bands"] == [None] * 5
    assert line(laid_over, "back")["days"] == []
    assert line(alone, "back")["bands"] == [[2.0, 2.0], [2.0, 2.0], None, None, None]
    assert [each["key"] for each in alone["drawing"]["lines"]] == ["back"]


def test_pain_over_time_asks_the_condition_for_its_words(alice, draw, sciatica):
    sciatica.first_place, sciatica.second_place = "shoulder", ""
    sciatica.save()
    CheckInFactory(user=alice, rated_at=moment(0), leg_pain=4, back_pain=None)
    chart = draw()
    assert chart["summary"] == ["Shoulder pain: 4 throughout."]
    assert chart["table"]["columns"] == ["When", "Shoulder pain", "Sessions", "Side"]


def test_pain_over_time_has_no_line_for_what_was_never_rated(draw, check_in):
    check_in(0, leg_pain=4)
    assert [line["key"] for line in draw()["drawing"]["lines"]] == ["leg"]
    assert [line["key"] for line in draw(where=("back",))["drawing"]["lines"]] == ["leg"]


def test_pain_over_time_does_not_mix_ratings_of_sessions_into_the_lines(alice, draw, check_in):
    check_in(0, leg_pain=4)
    TreatmentSessionFactory(user=alice, started_at=moment(1), pain_before=9)
    assert line(draw(), "leg")["means"] == [4.0, None, None, None]


def test_pain_over_time_counts_neutrally(alice, draw, check_in):
    check_in(0, leg_pain=1, back_pain=0)
    check_in(1, leg_pain=8)
    check_in(3, leg_pain=5)
    TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[])
    mat = TreatmentFactory(user=alice)
    TreatmentSessionFactory.create_batch(2, user=alice, started_at=moment(1), treatments=[mat])
    chart = draw()
    assert chart["summary"] == [
        "Leg pain: about 4½ on average, from 1 to 8.",
        "Back pain: 0 throughout.",
    ]
    assert chart["notes"] == [
        "Rated on 3 of 4 days.",
        "Line: mean of each day. Faint dots: the lowest and the highest of a day.",
        "Below: a tick is a day with it. Rings: waits.",
    ]
    assert chart["counts"] == "Sessions: Acupressure mat 2, Wait and see 1."


def test_pain_over_time_says_how_it_was_first_and_latest(draw, check_in):
    """Means of all ratings of the first and the latest four weeks that have two."""
    check_in(0, leg_pain=10)  # alone in its week: not of the line
    for week in range(1, 10):
        check_in(7 * week, leg_pain=6 if week < 5 else 3)
        check_in(7 * week + 1, leg_pain=5 if week < 5 else 2)
    check_in(64, leg_pain=0)  # a third rating in the last week
    chart = draw(days=70)
    assert chart["summary"] == ["Leg pain: about 5½ at first, about 2 lately."]
    assert chart["notes"][1] == "At first and lately: the first and the latest four weeks rated."
    assert draw(days=56)["summary"] == ["Leg pain: about 4½ on average, from 2 to 10."]


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (0.24, "0"), (0.3, "½"), (0.76, "1"), (4.4, "4½"), (9.8, "10")],
)
def test_about_goes_to_the_nearest_half(value, words):
    assert about(value) == words


def test_pain_over_time_marks_sessions_by_name_and_waits_last(alice, draw):
    mat, heat = TreatmentFactory(user=alice), TreatmentFactory(user=alice, name="heat pack")
    TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[mat, heat])
    TreatmentSessionFactory(user=alice, started_at=moment(2, 9), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(2, 15), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(3))
    assert draw()["drawing"]["lanes"] == [
        {
            "name": "Acupressure mat",
            "is_wait": False,
            "marks": [[0, 3, 1], [2, 3, 2]],
            "periods": [],
        },
        {"name": "heat pack", "is_wait": False, "marks": [[0, 3, 1]], "periods": []},
        {"name": "Wait and see", "is_wait": True, "marks": [[3, 3, 1]], "periods": []},
    ]


def test_pain_over_time_stacks_sessions_by_week_where_days_are_too_many(alice, draw):
    mat = TreatmentFactory(user=alice)
    for day in (0, 7, 8, 14, 15, 16, 17):
        TreatmentSessionFactory(user=alice, started_at=moment(day), treatments=[mat])
    chart = draw(days=101)
    assert chart["drawing"]["lanes"][0]["marks"] == [[0, 1, 1], [1, 2, 2], [2, 3, 4]]
    assert chart["drawing"]["lane_slots"][2] == "Week from Mon 23 Mar 2026"
    assert draw(days=1000)["drawing"]["lanes"][0]["marks"] == [[0, 2, 7]]


@pytest.mark.parametrize(("days", "slots"), [(31, 31), (32, 5), (732, 105), (733, 27)])
def test_pain_over_time_is_by_day_then_by_week_then_by_four(draw, days, slots):
    drawn = draw(days=days)["drawing"]
    assert (len(drawn["slots"]), drawn["days"]) == (slots, days)


def test_pain_over_time_names_what_is_done_once_where_it_was(alice, draw):
    shot = TreatmentFactory(user=alice, name="Injection", kind=Kind.INJECTION)
    TreatmentSessionFactory(user=alice, started_at=moment(2), treatments=[shot])
    drawn = draw()["drawing"]
    assert (drawn["lanes"], drawn["events"]) == ([], [{"at": 2.0, "text": "Injection"}])
    TreatmentPeriodFactory(user=alice, treatment=shot, started_on=FIRST + timedelta(days=1))
    chart = draw()
    assert chart["drawing"]["events"] == [{"at": 1, "text": "Injection"}]
    assert [row[3] for row in chart["table"]["rows"]] == ["Injection", "Injection begun"]


@pytest.mark.parametrize(
    ("starts", "ends", "drawn"),
    [
        (1, 2, [{"from": 1, "until": 2, "is_start": True}]),
        (-9, None, [{"from": 0, "until": 3, "is_start": False}]),
        (-9, 0, [{"from": 0, "until": 0, "is_start": False}]),
        (3, 30, [{"from": 3, "until": 3, "is_start": True}]),
    ],
)
def test_pain_over_time_cuts_periods_at_the_ends(alice, draw, starts, ends, drawn):
    TreatmentPeriodFactory(
        user=alice,
        started_on=FIRST + timedelta(days=starts),
        ended_on=None if ends is None else FIRST + timedelta(days=ends),
    )
    assert [lane["periods"] for lane in draw()["drawing"]["lanes"]] == [drawn]


@pytest.mark.parametrize(("starts", "ends"), [(-9, -1), (4, 9)])
def test_pain_over_time_leaves_out_periods_of_other_days(alice, draw, starts, ends):
    TreatmentPeriodFactory(
        user=alice,
        started_on=FIRST + timedelta(days=starts),
        ended_on=FIRST + timedelta(days=ends),
    )
    assert draw()["drawing"]["lanes"] == []


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
    assert [lane["name"] for lane in draw()["drawing"]["lanes"]] == ["Belt", "Insoles"]


def test_pain_over_time_names_a_switch_of_side_in_words(alice, draw, check_in):
    check_in(0, side=Side.LEFT)
    check_in(1, side="")
    check_in(2, side=Side.NEITHER, leg_pain=0)
    TreatmentSessionFactory(user=alice, started_at=moment(3, 9), side=Side.RIGHT)
    check_in(3, 18, side=Side.RIGHT)
    chart = draw()
    assert chart["drawing"]["stretches"] == [
        {"side": "left", "words": "left", "letter": "L", "from": 0, "until": 3},
        {"side": "right", "words": "right", "letter": "R", "from": 3, "until": 4},
    ]
    assert [row[-1] for row in chart["table"]["rows"]] == ["left → right", "", "", "left"]
    assert chart["summary"][-1] == "The side switched on 12 March."


def test_pain_over_time_sees_a_switch_and_back_within_a_day(draw, check_in):
    check_in(0, 8, side=Side.LEFT)
    check_in(0, 12, side=Side.RIGHT)
    check_in(0, 20, side=Side.LEFT)
    chart = draw()
    assert [each["side"] for each in chart["drawing"]["stretches"]] == ["left", "right", "left"]
    assert chart["table"]["rows"][0][-1] == "left → right → left"
    assert chart["summary"][-1] == "The side switched 2 times."


def test_pain_over_time_leaves_a_gap_where_no_side_was_said_for_two_weeks(draw, check_in):
    for day in (0, 15, 30):
        check_in(day, side=Side.LEFT)
    drawn = draw(days=31)["drawing"]["stretches"]
    assert [(each["from"], each["until"]) for each in drawn] == [(0, 31)]
    check_in(46, side=Side.LEFT)
    drawn = draw(days=60)["drawing"]["stretches"]
    assert [(each["from"], each["until"]) for each in drawn] == [(0, 31), (46, 47)]


def test_pain_over_time_counts_switches_where_a_week_has_many(draw, check_in):
    for days, side in enumerate([Side.LEFT, Side.RIGHT] * 3):
        check_in(days, side=side)
    chart = draw(days=400)
    assert chart["table"]["rows"][-1][-1] == "5 switches of side"
    assert chart["notes"][-1] == "The side switched 5 times."


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
        "columns": ["When", "Leg pain", "Back pain", "Sessions", "Side"],
        "rows": [
            ["Wed 11 Mar 2026", "–", "–", "Wait and see", ""],
            ["Mon 9 Mar 2026", "2.5 (0 to 5, 2 ratings)", "3", "", ""],
        ],
        "note": "",
    }


def test_pain_over_time_lists_at_most_a_hundred_rows(draw, check_in):
    for week in range(103):
        check_in(7 * week, leg_pain=1)
    table = draw(days=7 * 103)["table"]
    assert len(table["rows"]) == 100
    assert table["rows"][0][0] == "Week from Mon 21 Feb 2028"
    assert table["note"] == "The latest 100 of 103 rows."


def test_pain_over_time_takes_weeks_from_monday_to_sunday(draw, check_in):
    check_in(0, leg_pain=2)  # a Monday
    check_in(6, leg_pain=5)  # the Sunday of that week
    check_in(7, leg_pain=9)  # the next Monday
    check_in(8, leg_pain=9)
    chart = draw(days=400, first_day=FIRST - timedelta(days=1))  # from the Sunday before
    assert line(chart, "leg")["means"][:4] == [None, 3.5, 9.0, None]
    assert chart["table"]["rows"][-1][:2] == [
        "Week from Mon 9 Mar 2026",
        "3.5 (half 2.8 to 4.2, all 2 to 5, 2 ratings)",
    ]


def test_pain_over_time_draws_at_most_twelve_treatments_and_says_so(alice, draw):
    for letter in "ABCDEFGHIJKLM":
        mat = TreatmentFactory(user=alice, name=letter)
        TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(0))
    chart = draw()
    assert [lane["name"] for lane in chart["drawing"]["lanes"]] == [
        *"ABCDEFGHIJKL",
        "Wait and see",
    ]
    assert chart["notes"][-1] == "Drawn are the first 12 treatments by name; the table has all."
    assert chart["table"]["rows"][0][3] == ", ".join([*"ABCDEFGHIJKLM", "Wait and see"])


def test_pain_over_time_does_not_claim_to_leave_out_what_it_shows(alice, draw):
    for letter in "ABCDEFGHIJKL":
        mat = TreatmentFactory(user=alice, name=letter)
        TreatmentSessionFactory(user=alice, started_at=moment(0), treatments=[mat])
    TreatmentSessionFactory(user=alice, started_at=moment(0))
    numbers = ", ".join(f"{letter} 1" for letter in [*"ABCDEFGHIJKL", "Wait and see"])
    assert draw()["counts"] == f"Sessions: {numbers}."


def test_pain_over_time_holds_nothing_of_somebody_else(alice, charlie, draw):
    CheckInFactory(user=charlie, rated_at=moment(0), leg_pain=9, side=Side.LEFT)
    CheckInFactory(user=charlie, rated_at=moment(1), leg_pain=9, side=Side.RIGHT)
    heat = TreatmentFactory(user=charlie, name="Heat pack")
    TreatmentSessionFactory(user=charlie, started_at=moment(0), treatments=[heat])
    TreatmentSessionFactory(user=charlie, started_at=moment(0))
    TreatmentPeriodFactory(user=charlie, treatment=heat, started_on=FIRST)
    chart = draw()
    assert chart["drawing"]["lines"] == []
    assert chart["drawing"]["lanes"] == []
    assert chart["drawing"]["stretches"] == []
    assert chart["table"]["rows"] == []


def test_pain_over_time_holds_nothing_of_another_condition(alice, draw):
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    CheckInFactory(user=alice, condition=arm, rated_at=moment(0), leg_pain=9)
    TreatmentSessionFactory(user=alice, condition=arm, started_at=moment(0))
    chart = draw()
    assert (chart["drawing"]["lines"], chart["drawing"]["lanes"]) == ([], [])


def test_pain_over_time_is_plain_json(draw, check_in):
    check_in(0, leg_pain=0, side=Side.LEFT)
    check_in(1, leg_pain=0, side=Side.RIGHT)
    chart = draw()
    assert json.loads(json.dumps(chart, allow_nan=False)) == chart
