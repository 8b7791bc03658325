"""Over weeks: its words against the method's rule at each border, and a drawing that agrees."""

from datetime import date

import pytest
from django.utils import translation

from apps.comparisons.charts.weeks import drawing
from apps.comparisons.charts.weeks.in_words import (
    few_words,
    lead,
    means,
    on_today,
    sentences,
    shown,
)
from apps.comparisons.charts.words import about
from apps.comparisons.reading.over_weeks import OverWeeks, of_all
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

START = date(2026, 1, 5)
LEVEL = {-9: 5, -8: 5.5, -7: 4.5, -6: 5, -5: 5.5, -4: 4.5, -3: 5, -2: 5, -1: 5}
FALLING = {-7: 9.0, -6: 8.6, -5: 8.0, -4: 7.5, -3: 7.1, -2: 6.5, -1: 6.0}


def over(*since, before=LEVEL, weeks_ago=None):
    """The pains of the weeks since, None for one without a rating."""
    rated = {week: pain for week, pain in enumerate(since) if pain is not None}
    week_now = len(since) - 1 if weeks_ago is None else weeks_ago
    return OverWeeks.of(
        START, before | rated, today=date.fromordinal(START.toordinal() + 7 * week_now)
    )


@pytest.mark.parametrize(
    ("since", "before", "place", "words"),
    [
        ((5, 5, 5, 5), LEVEL, "inside", "about where it was heading"),
        ((5, 5, 5, 0), LEVEL, "inside", "about where it was heading"),
        ((0, 0, 0, 5), LEVEL, "below", "lower than where it was heading"),
        ((10, 10, 10, 5), LEVEL, "above", "higher than where it was heading"),
        ((10, 0, 5, 5), LEVEL, "mixed", "partly above, partly below where it was heading"),
        ((0, 0, 5, 5), LEVEL, "mixed", "partly lower than where it was heading"),
        ((10, 10, 5, 5), LEVEL, "mixed", "partly higher than where it was heading"),
        ((5, 5, None, 5), LEVEL, "not_yet", "not yet: 3 of 4 weeks since"),
        ((), LEVEL, "not_yet", "not yet: 0 of 4 weeks since"),
        ((5, 5, 5, 5), {-4: 5, -3: 5, -2: 5, -1: 5}, "little_before", "cannot be known: too few weeks before it"),
        ((5, 5, 5, 5), {-13: 5}, "nothing_before", "cannot be known: no weeks before it"),
        ((), {}, "not_rated", "cannot be known: not rated around its start"),
    ],
)  # fmt: skip
def test_few_words_follow_where_the_weeks_lie(since, before, place, words):
    found = over(*since, before=before)
    assert (found.place, few_words(found)) == (place, words)


def test_sentences_of_weeks_without_a_direction():
    assert sentences(over(5, 4, 5, 0)) == [
        "In the 8 weeks before, your weeks lay between 4.5 and 5.5, with no clear direction; a week "
        "like them would mostly lie between 3.8 and 6.2.",
        "3 of 4 weeks since lie inside that band, 1 below it: about where it was heading.",
        "Weekly means: 5.0 in 8 weeks before, 3.5 in 4 weeks since.",
        "That is not proof either way.",
    ]


def test_sentences_of_weeks_that_fell_name_the_slope_and_its_range():
    said = sentences(over(5.6, 5, 4.6, 4.1, before=FALLING))
    assert said[0] == (
        "In the 6 weeks before, your weeks lay between 6.5 and 9.0, falling by 0.5 a week "
        "(0.4 to 0.6)."
    )
    assert said[1] == "All 4 weeks since lie inside that band: about where it was heading."
    rising = {week: 10 - pain for week, pain in FALLING.items()}
    assert "rising by 0.5 a week (0.4 to 0.6)" in sentences(over(4, before=rising))[0]


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (7, "The week before you started was the worst of 9: the next weeks are lower then, whatever one does."),
        (5, ""),
        (4, ""),
    ],
)  # fmt: skip
def test_a_start_at_the_worst_is_said_to_be_one(last, said):
    found = sentences(over(5, before=LEVEL | {-1: last}))
    assert [each for each in found if each.startswith("The week before")] == [said] * bool(said)


def test_one_of_the_two_worst_is_said_among_six():
    weeks = {-6: 4.0, -5: 5.0, -4: 7.0, -3: 4.0, -2: 5.0, -1: 6.0}
    assert sentences(over(5, before=weeks))[1].startswith(
        "The week before you started was one of your 2 worst of 6:"
    )


def test_what_cannot_be_known_says_why_and_then_the_plain_fact():
    nothing, little = over(6, 5, 4, 3.2, before={}), over(6, 5, before={-4: 5, -3: 5, -1: 6})
    assert sentences(nothing) == [
        "Where it was heading cannot be known: there were no weeks before it."
    ]
    assert lead(nothing) == "Your weekly pain was about 6 when you began and is about 3 now."
    assert sentences(little) == [
        "Where it was heading cannot be known: that takes ratings in 4 of weeks 12 to 2 before it, "
        "and there are 2."
    ]
    assert means(nothing) == "4.5 in 4 weeks since"


@pytest.mark.parametrize(
    ("found", "fact"),
    [
        (over(3, 4, 3, 4), "About 5 before, about 3½ since."),
        (over(), ""),
        (over(6, None, 0.2, before={}), "Your weekly pain was about 6 when you began and is about 0 now."),
        (over(6, before={}), "Your weekly pain since it began: about 6."),
        (over(None, None, 6, 4, before={}), "Your weekly pain since it began: about 5."),
        (over(6, 4, before={}, weeks_ago=30), "Your weekly pain since it began: about 5."),
        (over(before={}), ""),
    ],
)  # fmt: skip
def test_the_plain_fact_says_now_only_of_now(found, fact):
    assert lead(found) == fact


def test_today_shows_the_plain_fact_large_where_the_rest_cannot_be_known():
    assert on_today(over(6, 5, 4, 3.2, before={})) == (
        "Your weekly pain was about 6 when you began and is about 3 now.",
        "cannot be known: no weeks before it",
    )
    assert on_today(over(5, 5, 5, 4.9, before=LEVEL))[0] == "about where it was heading"
    assert on_today(over(before={}))[0] == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (0.24, "0"), (0.25, "½"), (0.75, "1"), (6.49, "6½"), (6.75, "7"), (10, "10")],
)
def test_about_is_to_the_nearest_half(value, said):
    assert about(value) == said


def remembered(pain, *since, before=()):
    weeks = dict(before) | dict(enumerate(since))
    return OverWeeks.of(START, weeks, today=START, remembered=pain)


@pytest.mark.parametrize("before", [{}, {-2: 5.0}])
def test_memory_is_said_to_be_memory_and_changes_no_number(before):
    found, without = remembered(0, 6, 4, before=before), over(6, 4, before=before)
    assert few_words(found) == "cannot be known: what came before is from memory"
    assert sentences(found) == [
        "The 0 before it is from memory, the rest is from your diary. Where it was heading nobody "
        "wrote down, so whether it would have changed anyway cannot be known."
    ]
    assert (means(found), found.before) == (means(without), without.before)
    assert drawing.whole(found)["memory"]["y"] == "67.0"


def test_memory_says_nothing_where_the_weeks_before_are_known():
    found = remembered(9, 5, 4, 5, 5, before=LEVEL)
    assert (found.place, sentences(found)) == ("inside", sentences(over(5, 4, 5, 5)))
    assert drawing.whole(found)["memory"] is None


def test_drawing_leaves_gaps_and_cuts_nothing_off():
    found = over(5, None, 3, 2, before={-2: 10.0, -1: 0.0})
    drawn = drawing.whole(found)
    assert drawn["start"] == "121.3"
    assert drawn["lines"] == ["49.8,20.0 97.5,76.0 145.2,48.0", "240.5,59.2 288.2,64.8"]
    assert [(y, is_since) for _x, y, is_since in drawn["dots"]] == [
        ("20.0", False),
        ("76.0", False),
        ("48.0", True),
        ("59.2", True),
        ("64.8", True),
    ]
    assert (drawn["band"], drawn["expected"]) == ("", "")
    assert (drawn["weeks_before"], drawn["weeks_since"]) == (2, 4)


def test_drawing_carries_the_band_on_from_before():
    found = over(5, 4, 5, 0)
    drawn = drawing.whole(found)
    upper = drawn["band"].split()
    assert len(upper) == 2 * 13
    low, high = found.before.band(0)
    assert upper[0].split(",")[1] == f"{76 - 5.6 * high:.1f}"
    assert upper[-1].split(",")[1] == f"{76 - 5.6 * low:.1f}"
    assert {point.split(",")[1] for point in drawn["expected"].split()} == {"48.0"}


def test_drawing_of_nothing_is_none():
    assert drawing.whole(over(before={})) is None
    assert drawing.sparkline(over(before={}))["lines"] == []


def test_drawing_is_the_same_in_every_language():
    drawn = []
    for language in ("en-gb", "de"):
        with translation.override(language):
            drawn.append(shown(over(5, 4, 5, 0.5))["drawing"])
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(("first", "anchor"), [(-12, "middle"), (0, "start")])
def test_the_word_at_the_start_stays_inside(first, anchor):
    found = over(5, 5, 5, 5, 5, before={first: 5.0})
    assert drawing.whole(found)["anchor"] == anchor


def test_each_treatment_counts_from_its_own_start(alice):
    mat, heat = TreatmentFactory(user=alice), TreatmentFactory(user=alice, name="Heat")
    TreatmentSessionFactory(user=alice, started_at=NOON, treatments=[mat])
    TreatmentPeriodFactory(user=alice, treatment=heat, started_on=date(2026, 3, 3))
    for day in (3, 10):
        at = NOON.replace(day=day)
        CheckInFactory(user=alice, rated_at=at, leg_pain=day // 2, back_pain=None)
        CheckInFactory(user=alice, rated_at=at, leg_pain=0, back_pain=day // 2)
    found = of_all(alice, ConditionFactory(user=alice), today=date(2026, 3, 10))
    assert {each.name: (own.start, own.weeks) for each, own in found.items()} == {
        "Acupressure mat": (NOON.date(), {-1: 1.0, 0: 5.0}),
        "Heat": (date(2026, 3, 3), {0: 1.0, 1: 5.0}),
    }


def test_what_was_used_for_something_else_has_not_begun(alice, charlie):
    mat, heat = TreatmentFactory(user=alice), TreatmentFactory(user=alice, name="Heat")
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=date(2026, 3, 3))
    TreatmentPeriodFactory(user=alice, treatment=heat, started_on=date(2027, 3, 3))
    arm = ConditionFactory(user=alice, name="Arm")
    TreatmentSessionFactory(user=alice, condition=arm, treatments=[mat])
    TreatmentSessionFactory(user=charlie, treatments=[TreatmentFactory(user=charlie)])
    found = of_all(alice, ConditionFactory(user=alice), today=date(2026, 3, 10))
    assert {each.name: own for each, own in found.items()} == {
        "Acupressure mat": None,
        "Heat": None,
    }


def test_what_was_planned_begins_on_its_day_without_a_change(alice):
    condition, mat = ConditionFactory(user=alice), TreatmentFactory(user=alice)
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=date(2026, 3, 12))
    CheckInFactory(user=alice, rated_at=NOON.replace(day=11), leg_pain=4, back_pain=None)
    assert of_all(alice, condition, today=date(2026, 3, 11)) == {mat: None}
    begun = of_all(alice, condition, today=date(2026, 3, 12))[mat]
    assert (begun.start, begun.weeks) == (date(2026, 3, 12), {-1: 4.0})
    assert of_all(alice, condition, today=date(2026, 3, 12), only=[]) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_weeks_of_all_cost_the_same_queries(alice, django_assert_num_queries, rows):
    condition = ConditionFactory(user=alice)
    for number in range(rows):
        own = TreatmentFactory(user=alice, name=f"T{number}")
        TreatmentSessionFactory(user=alice, treatments=[own])
        CheckInFactory(user=alice)
    of_all(alice, condition, today=NOON.date())
    with django_assert_num_queries(2):
        of_all(alice, condition, today=NOON.date())
