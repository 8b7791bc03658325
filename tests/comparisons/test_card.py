"""A treatment's card: three answers that add up, and nothing said that the numbers do not hold."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.comparisons import cost
from apps.comparisons.charts import over_weeks, per_week, same_start, slope
from apps.comparisons.charts.against_waiting import in_numbers
from apps.comparisons.charts.change_in_parts import bars, printed_parts, sentence
from apps.comparisons.reading.facts import AroundStart
from apps.comparisons.reading.results import comparison_of
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side
from apps.treatments.models import Kind
from tests.comparisons.engine.test_verdicts import a_finding
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture(autouse=True)
def _on_the_first_of_june(time_machine):
    time_machine.move_to(datetime(2026, 6, 1, 12, 0, tzinfo=UTC), tick=False)


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice, upfront_cost=Decimal("24.90"), expectation=7)


def session(user, day, change, *treatments, hour=9, before=6, **fields):
    started_at = START + timedelta(days=day, hours=hour - 9)
    if change is not None:
        fields["pain_after"] = before + change
        fields["after_rated_at"] = started_at + timedelta(minutes=45)
    return TreatmentSessionFactory(
        user=user, started_at=started_at, pain_before=before, treatments=treatments, **fields
    )


def diary(user, mat, n=20):
    """Pain falls by 3 or 2 with the mat, by 1 or 0 while waiting, from 5, 6 and 7."""
    for day in range(n):
        before = 5 + day % 3
        session(user, day, -3 + day % 2, mat, before=before, minutes=20)
        session(user, day, -(day % 2), hour=18, before=before)


def shown(client, treatment, **query):
    return client.get(reverse("comparisons:treatment", args=[treatment.pk]), query)


def finding(raw=-2.25, difference=-1.36, se=0.2, **changed):
    values = {"sessions": 47, "pairs": 41, "unrated": 6, "waits": 48, "mean_before": 6.2}
    return a_finding(difference, se, 70, raw_change=raw, **values | changed)


def words_of_verdict(page):
    return re.search(r'class="verdict-words">(.*?)</p>', page.text, re.DOTALL)[1].strip()


@pytest.mark.parametrize(
    ("raw", "difference", "parts"),
    [
        (-2.31, -1.37, (-2.3, -0.9, -1.4)),
        (-2.25, -1.36, (-2.2, -0.8, -1.4)),  # by itself -0.89 would be printed as -0.9
        (0.04, -0.04, (0.0, 0.0, 0.0)),
        (1.26, 0.44, (1.3, 0.9, 0.4)),
    ],
)
def test_change_in_parts_adds_up_as_printed(raw, difference, parts):
    found = printed_parts(finding(raw, difference))
    assert found == parts
    assert round(found[1] + found[2], 1) == found[0]


def test_change_in_parts_draws_what_is_left_over_from_where_waiting_ends():
    assert [(bar["from"], bar["to"], bar["text"]) for bar in bars(finding(-2.31, -1.37))] == [
        (0.0, -2.3, "−2.3"),
        (0.0, -0.9, "−0.9"),
        (-0.9, -2.3, "−1.4"),
    ]


def test_change_in_parts_says_it_with_both_counts():
    assert sentence(finding(-2.31, -1.37)) == (
        "After it, pain changed by −2.3 points on average (41 sessions). By waiting, from the "
        "same starting pain, it would have changed by −0.9 (48 waits). Left over, against waiting: "
        "−1.4."
    )


def test_card_says_what_compare_says(as_alice, alice, mat):
    diary(alice, mat)
    page = shown(as_alice, mat)
    found = comparison_of(alice, ConditionFactory(user=alice))[mat.name]
    assert page.context["card"]["finding"] == found
    compare = as_alice.get(reverse("comparisons:compare"))
    assert words_of_verdict(page) == words_of_verdict(compare)


def test_card_keeps_its_pictures_to_the_range_and_its_answer_to_the_whole(as_alice, alice, mat):
    diary(alice, mat)
    whole, part = (shown(as_alice, mat, range=chosen).context["card"] for chosen in ("all", "4w"))
    assert (part["finding"], part["per_week"]) == (whole["finding"], None)
    assert part["change_in_parts"] == whole["change_in_parts"]
    assert part["use"] == [["Sessions", "0"]]


def test_card_counts_again_when_the_diary_changes(as_alice, alice, mat):
    diary(alice, mat, n=10)
    before = shown(as_alice, mat).context["card"]
    session(alice, 15, None, mat, adverse_effect="Red marks")
    after = shown(as_alice, mat).context["card"]
    assert (before["use"][0], after["use"][0]) == (["Sessions", "10"], ["Sessions", "11"])
    assert before["side_effects"] == {"n": 0, "latest": [], "earlier": 0}
    assert after["side_effects"] == {
        "n": 1,
        "latest": [(date(2026, 1, 20), "Red marks")],
        "earlier": 0,
    }


def test_card_takes_a_new_name_price_and_period_at_once(as_alice, alice, mat):
    diary(alice, mat, n=10)
    shown(as_alice, mat)
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=date(2026, 1, 1))
    mat.name, mat.cost_per_session = "Shakti mat", Decimal("2")
    mat.save()
    card = shown(as_alice, mat).context["card"]
    assert card["over_weeks"]["title"] == "Before and since 1 January 2026"
    assert card["finding"].treatment == "Shakti mat"
    assert ["Money per session so far", "£4.49"] in card["use"]


def test_card_holds_nothing_of_others(as_alice, alice, charlie, mat):
    diary(alice, mat, n=3)
    theirs = TreatmentFactory(user=charlie, name="Needle")
    diary(charlie, theirs, n=9)
    TreatmentPeriodFactory(user=charlie, treatment=theirs)
    card = shown(as_alice, mat).context["card"]
    assert card["use"][0] == ["Sessions", "3"]
    assert card["before_and_after"]["summary"][0].startswith("3 sessions rated before and after")
    assert "Needle" not in str(card["over_weeks"])


def test_card_of_what_is_done_once_has_only_the_weeks(as_alice, alice):
    shot = TreatmentFactory(user=alice, name="Injection", kind=Kind.INJECTION)
    session(alice, 40, -1, shot)
    page = shown(as_alice, shot)
    known = ["a_week", "over_weeks", "per_week", "side_effects", "took", "use"]
    assert sorted(page.context["card"]) == known
    assert "data-verdict" not in page.text


def test_card_lists_the_latest_side_effects_and_counts_the_rest(as_alice, alice, mat):
    for day in range(22):
        session(alice, day, None, mat, adverse_effect=f"<b>{day}</b>")
    page = shown(as_alice, mat)
    found = page.context["card"]["side_effects"]
    assert (len(found["latest"]), found["earlier"]) == (20, 2)
    assert found["latest"][0] == (date(2026, 1, 26), "<b>21</b>")
    assert "<b>21" not in page.text


def test_card_shows_how_far_it_is_to_an_answer(as_alice, alice, mat):
    for day in range(3):
        session(alice, day, -2, mat)
    assert shown(as_alice, mat).context["card"]["progress"] == [
        {"name": "Rated sessions", "done": 3, "all": 8},
        {"name": "Waits", "done": 0, "all": 8},
    ]


def test_card_puts_what_was_expected_beside_what_was_found(as_alice, alice, mat):
    diary(alice, mat)
    card = shown(as_alice, mat).context["card"]
    use = dict(card["use"])
    assert use["What you expected of it"] == "7 of 10 (0 nothing, 10 that the pain goes)"
    assert use["What the diary shows straight after"] == in_numbers(card["finding"])


def test_cost_per_point_is_divided_by_the_difference_and_its_interval():
    mat = TreatmentFactory.build(upfront_cost=Decimal("20"), cost_per_session=Decimal("1"))
    counts = {"sessions": 20, "timed": 10, "minutes_spent": 200}
    found = finding(difference=-2.0, se=0.5)
    assert cost.money_each_time(mat, 20) == 2
    low, high = found.low, found.high
    assert cost.per_point(mat, counts, found) == [
        [
            "Money per point less than waiting, each time",
            f"about £1.00, perhaps £{2 / -low:.2f} to £{2 / -high:.2f}",
        ],
        [
            "Time per point less than waiting, each time",
            f"about 10 minutes, perhaps {20 / -low:.0f} minutes to {20 / -high:.0f} minutes",
        ],
    ]


@pytest.mark.parametrize("difference", [-0.3, 0.0, 2.0])
def test_cost_per_point_is_not_said_unless_the_interval_lies_below_zero(difference):
    mat = TreatmentFactory.build(cost_per_session=Decimal("1"))
    counts = {"sessions": 20, "timed": 10, "minutes_spent": 200}
    assert cost.per_point(mat, counts, finding(difference=difference)) == []


def test_cost_of_what_cost_nothing_is_nothing_and_unknown_is_unknown():
    free, unknown = (TreatmentFactory.build(upfront_cost=cost) for cost in (Decimal("0"), None))
    assert (cost.money_each_time(free, 5), cost.money_each_time(unknown, 5)) == (0, None)


@pytest.mark.parametrize(
    ("costs", "sessions", "said"),
    [
        ({"upfront_cost": Decimal("24.90")}, 0, [["Money so far", "£24.90"]]),
        ({"cost_per_session": Decimal("5")}, 0, [["Money so far", "£0.00"]]),
        ({}, 0, []),
        ({}, 3, []),
        (
            {"upfront_cost": Decimal("10"), "cost_per_session": Decimal("5")},
            3,
            [["Money so far", "£25.00"], ["Money per session so far", "£8.33"]],
        ),
    ],
)
def test_cost_so_far_is_there_before_the_first_session(costs, sessions, said):
    mat = TreatmentFactory.build(**costs)
    counts = {"sessions": sessions, "timed": 0, "minutes_spent": None}
    assert cost.facts(mat, counts, None) == [["Sessions", str(sessions)], *said]


def test_same_start_has_a_row_for_each_kind_of_start():
    """Mild is up to 3 and bad from 7 points, both ends included; weighted by how often."""
    treated = [[3, -1, 1], [4, -1, 1], [6, -3, 2], [6, 0, 1]]
    waits = [[4, 0, 1], [6, -2, 1], [6, -1, 2], [7, -4, 9]]
    chart = same_start.chart("Mat", treated, waits)
    assert chart["drawing"]["rows"] == [
        {
            "name": "From a mild start (0 to 3)",
            "treated": {"change": -1.0, "n": 1, "number": "−1.0", "counts": "1 session"},
            "wait": None,
        },
        {
            "name": "From a middling start (4 to 6)",
            "treated": {"change": -1.75, "n": 4, "number": "−1.8", "counts": "4 sessions"},
            "wait": {"change": -1.0, "n": 4, "number": "−1.0", "counts": "4 waits"},
        },
        {
            "name": "From a bad start (7 to 10)",
            "treated": None,
            "wait": {"change": -4.0, "n": 9, "number": "−4.0", "counts": "9 waits"},
        },
    ]
    assert chart["summary"] == [
        "From a middling start (4 to 6): −1.8 after it (4 sessions), −1.0 after waiting (4 waits)."
    ]
    assert chart["table"]["rows"] == [
        ["3", "−1.0", "1", "–", "0"],
        ["4", "−1.0", "1", "0.0", "1"],
        ["6", "−2.0", "3", "−1.3", "3"],
        ["7", "–", "0", "−4.0", "9"],
    ]


def test_same_start_says_when_nothing_can_be_put_side_by_side():
    assert same_start.chart("Mat", [[4, -1, 1]], [])["summary"] == [
        "No session and no wait began at about the same pain yet."
    ]


def test_same_start_counts_every_pair_once(as_alice, alice, mat):
    diary(alice, mat)
    session(alice, 30, None, mat)
    rows = shown(as_alice, mat).context["card"]["same_start"]["drawing"]["rows"]
    assert [sum(row[kind]["n"] for row in rows) for kind in ("treated", "wait")] == [20, 20]


def test_slope_draws_the_same_start_and_two_ends_as_they_are_printed():
    drawn = slope.slope(finding(-2.31, -1.37))
    assert (drawn.before, drawn.waited, drawn.after, drawn.gap) == (
        "6.2",
        "5.3",
        "3.9",
        "1.4 lower",
    )
    assert drawn.own.start == drawn.wait.start == slope.TOP
    assert drawn.wait.end < drawn.high < drawn.own.end < drawn.low < slope.BASE
    assert slope.slope(None) is None


def test_slope_stays_on_the_scale():
    drawn = slope.slope(finding(-6.5, -6.5, se=2))
    assert (drawn.after, drawn.low) == ("0.0", slope.BASE)


def test_slope_says_why_it_is_not_the_plain_mean_of_the_waits():
    waits = {"pairs": 57, "before": 5.5, "after": 4.8}
    assert slope.why_not_the_plain_mean(finding(), waits) == (
        "By waiting: worked out for the same starting pain, 6.2. Your waits themselves began at "
        "5.5 on average and changed by −0.7 (57 waits)."
    )
    assert slope.why_not_the_plain_mean(finding(), {"pairs": 0}) == ""
    assert slope.why_not_the_plain_mean(None, waits) == ""


def test_card_shows_verdict_picture_weeks_and_next_step_and_folds_the_rest(as_alice, alice, mat):
    diary(alice, mat)
    page = shown(as_alice, mat).text
    main = page[page.index("<main") : page.index("</main")]
    order = ["Straight after", "By waiting: worked out", "Over weeks", "What next", "How sure is"]
    assert [main.index(words) for words in order] == sorted(main.index(words) for words in order)
    opened = re.sub(r"<details.*?</details>", "", main, flags=re.DOTALL)
    assert ("data-chart" in main, "data-chart" in opened) == (True, False)


def test_next_day_takes_the_first_check_in_of_the_day_after(as_alice, alice, mat):
    session(alice, 0, -1, mat)
    for hour, pain in ((7, 2), (20, 9)):
        CheckInFactory(
            user=alice, rated_at=START + timedelta(days=1, hours=hour - 9), leg_pain=pain
        )
    CheckInFactory(user=alice, rated_at=START + timedelta(days=2), leg_pain=5, sleep=0)
    chart = shown(as_alice, mat).context["card"]["next_day"]
    assert chart["table"]["rows"] == [
        ["Leg pain", "0 none – 10 worst", "2.0", "1", "5.0", "1"],
        ["Sleep", "0 hardly slept – 10 slept well", "–", "0", "0.0", "1"],
    ]
    assert chart["summary"] == [
        "The next day's first leg pain: mean 2.0 after 1 day with it, 5.0 after 1 day without.",
        "Days with it are not like other days: people treat when it hurts. "
        "So this is a picture, not an answer.",
    ]


def weeks(*pains, switches=()):
    """The pains of the weeks just before the start, None for a week without a rating."""
    known = {week - len(pains): pain for week, pain in enumerate(pains) if pain is not None}
    return AroundStart(date(2026, 1, 5), known, list(switches))


def test_over_weeks_marks_other_starts_and_switches_by_their_day():
    around = weeks(4, 4, 4, 4, switches=[(date(2026, 1, 6), ["left", "right", "left"])])
    others = [("Heat", date(2025, 12, 29)), ("Needle", date(2020, 1, 1))]
    found = over_weeks.events(around, others, 3)
    assert [(event["text"], event["day"], event["switches"]) for event in found] == [
        ("Heat", "29 December 2025", 0),
        ("left → right → left", "", 2),
    ]


PAINS = ["5.0", "4.0", "3.0", "2.0", "1.0", "1.0"]


def test_over_weeks_counts_from_the_first_session_and_takes_the_worse_of_two(as_alice, alice, mat):
    for week in range(-4, 2):
        at = START + timedelta(weeks=4 + week)
        CheckInFactory(user=alice, rated_at=at, leg_pain=4 + week, back_pain=1, side=Side.LEFT)
    session(alice, 28, -1, mat)
    chart = shown(as_alice, mat).context["card"]["over_weeks"]
    assert chart["title"] == "Before and since 2 February 2026"
    rows = [(week, pain) for _day, week, pain, *_rest in chart["table"]["rows"]]
    assert rows == list(zip(["1", "0", "−1", "−2", "−3", "−4"], PAINS, strict=True))
    assert chart["place"] == "little_before"


@pytest.mark.parametrize("started_on", [date(2026, 2, 9), date(9999, 12, 31)])
def test_over_weeks_knows_no_start_that_is_yet_to_come(as_alice, alice, mat, started_on):
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=started_on)
    CheckInFactory(user=alice, rated_at=START)
    page = shown(as_alice, mat)
    assert page.context["card"]["over_weeks"] is None
    session(alice, 3, -1, mat)
    card = shown(as_alice, mat).context["card"]
    assert card["over_weeks"]["title"] == "Before and since 8 January 2026"


@pytest.mark.parametrize("started_on", [date(1900, 1, 1), date(2026, 1, 5)])
def test_over_weeks_without_ratings_says_that_there_is_nothing_to_draw(
    as_alice, alice, mat, started_on
):
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=started_on)
    session(alice, 3, -1, mat)
    chart = shown(as_alice, mat).context["card"]["over_weeks"]
    assert (chart["place"], chart["drawing"]) == ("not_rated", None)
    assert chart["sentences"] == [
        "No week around its start was rated, so nothing of it can be drawn."
    ]


def test_per_week_counts_weeks_without_a_session_too(as_alice, alice, mat):
    for day in (0, 6, 21):
        session(alice, day, -1, mat)
    chart = shown(as_alice, mat).context["card"]["per_week"]
    assert [bar["n"] for bar in chart["drawing"]["bars"]] == [2, 0, 0, 1]
    assert chart["table"]["rows"][0] == ["Week from Mon 26 Jan 2026", "1"]
    assert chart["summary"] == ["3 sessions in 4 weeks since it began."]


def test_per_week_begins_with_the_treatment_and_not_with_the_diary(as_alice, alice, mat):
    CheckInFactory(user=alice, rated_at=START)
    for day in (37, 44, 45):
        session(alice, day, -1, mat)
    card = shown(as_alice, mat).context["card"]
    assert [bar["n"] for bar in card["per_week"]["drawing"]["bars"]] == [1, 2]
    assert card["per_week"]["table"]["rows"][-1][0] == "Week from Wed 11 Feb 2026"
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=date(2026, 2, 4))
    card = shown(as_alice, mat).context["card"]
    assert [bar["n"] for bar in card["per_week"]["drawing"]["bars"]] == [0, 1, 2]


def a_span(weeks, days=0):
    return Span(START.date(), START.date() + timedelta(weeks=weeks, days=days - 1))


def test_per_week_draws_two_years_and_counts_all():
    counts = [1] * 150
    assert len(per_week.bars(counts, a_span(150))) == 104
    assert per_week.sentences(counts, a_span(150)) == [
        "150 sessions in 150 weeks since it began.",
        "In the first four weeks 1.0 a week, in the latest four 1.0 a week.",
        "Drawn are the latest 104 weeks.",
    ]
    assert per_week.table(counts, a_span(150))["note"] == "The latest 104 of 150 rows."


def test_per_week_compares_whole_weeks_only():
    """A week that has just begun would look like less."""
    assert per_week.first_and_last([4] * 4 + [2] * 4 + [0], a_span(8, days=1)) == (4.0, 2.0)
    assert per_week.first_and_last([4] * 8, a_span(7, days=6)) is None
    assert per_week.in_short([4] * 4 + [2] * 4, a_span(8)) == {
        "name": "A week",
        "value": "3.0",
        "each": "4.0 at first, 2.0 lately",
    }
    assert per_week.in_short([2], a_span(0, days=1))["value"] == "2.0"


def test_card_never_says_what_it_may_not(as_alice, alice, mat):
    diary(alice, mat)
    words = re.sub(r"<[^>]*>", " ", shown(as_alice, mat).text).lower()
    banned = r"\bsuccess|\bscore|\bsignifican|\bp\s*[<=]"
    assert re.findall(banned, words) == []


def test_per_week_says_when_not_all_weeks_are_drawn():
    said = [per_week.sentences([1] * weeks, a_span(weeks))[-1] for weeks in (104, 105)]
    assert said == [
        "In the first four weeks 1.0 a week, in the latest four 1.0 a week.",
        "Drawn are the latest 104 weeks.",
    ]
