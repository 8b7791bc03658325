"""The charts' pages: filters in the address, other people's things, queries, JSON without JS."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from apps.comparisons.templatetags.table_rows import table_rows
from apps.conditions.models import Side
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

TIMELINE = reverse("comparisons:timeline")
WAITS = reverse("comparisons:waits")
COUNTING, KEPT = 33, 8
PAINS = ["leg", "back", "both"]
NOON = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_last_of_march(time_machine):
    time_machine.move_to(NOON + timedelta(hours=3), tick=False)


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice)


def card(treatment):
    return reverse("comparisons:treatment", args=[treatment.pk])


def drawing(response, name):
    """What a chart's module reads, parsed from the page as it was sent."""
    pattern = rf'<script id="{name}" type="application/json">(.*?)</script>'
    return json.loads(re.search(pattern, response.text, re.DOTALL)[1])


def rated_session(user, *treatments, days=0, **fields):
    started_at = NOON - timedelta(days=days)
    return TreatmentSessionFactory(
        user=user,
        started_at=started_at,
        pain_after=3,
        after_rated_at=started_at + timedelta(minutes=45),
        treatments=treatments,
        **fields,
    )


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_numbers_below_a_drawing_name_their_row_and_say_their_dash(language):
    said = {"en-gb": "no value", "de": "kein Wert"}[language]
    dash = f'<span aria-hidden="true">–</span><span class="visually-hidden">{said}</span>'
    with translation.override(language):
        assert table_rows([["<Mon>", "–"]]) == (
            f'<tr><th scope="row">&lt;Mon&gt;</th><td>{dash}</td></tr>'
        )


def test_timeline_draws_three_months_until_today(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON, leg_pain=0)
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=91), leg_pain=7)
    response = as_alice.get(TIMELINE)
    drawn = drawing(response, "pain_over_time")
    assert (drawn["days"], drawn["lane_slots"][0], drawn["lane_slots"][-1]) == (
        92,
        "Tue 30 Dec 2025",
        "Tue 31 Mar 2026",
    )
    assert drawn["lines"][0]["days"] == [[0, 7.0], [91, 0.0]]
    assert response.context["apart"] == ""


def test_timeline_ends_with_the_persons_own_day(as_alice, alice, time_machine):
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    CheckInFactory(user=alice, rated_at=NOON)
    drawn = drawing(as_alice.get(TIMELINE), "pain_over_time")
    assert drawn["lane_slots"][-1] == "Wed 1 Apr 2026"


@pytest.mark.parametrize(
    ("chosen", "days"),
    [("2w", 14), ("4w", 28), ("3m", 92), ("6m", 184), ("1y", 366), ("all", 201)],
)
def test_timeline_keeps_to_the_range(as_alice, alice, chosen, days):
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=1))
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=201))
    response = as_alice.get(TIMELINE, {"range": chosen})
    assert drawing(response, "pain_over_time")["days"] == days


@pytest.mark.parametrize(
    ("pain", "lines"), [("", ["leg"]), ("back", ["back"]), ("both", ["leg", "back"])]
)
def test_timeline_draws_leg_or_back_or_both_of_the_same_days(as_alice, alice, pain, lines):
    entry = CheckInFactory(user=alice, rated_at=NOON, leg_pain=5, back_pain=2)
    response = as_alice.get(TIMELINE, {"range": "2w", "pain": pain})
    drawn = drawing(response, "pain_over_time")["lines"]
    assert [line["key"] for line in drawn] == lines
    form = response.context["form"]
    kept = f"condition={entry.condition_id}&range=2w&pain="
    assert [each["query"] for each in form.pains()] == [f"{kept}{p}" for p in PAINS]
    assert [each["is_chosen"] for each in form.pains()] == [
        each == (pain or "leg") for each in PAINS
    ]
    assert form.ranges()[2]["query"] == f"condition={entry.condition_id}&range=1y" + (
        f"&pain={pain}" if pain else ""
    )


def test_timeline_says_that_the_diary_began_earlier(as_alice, alice):
    entry = CheckInFactory(user=alice, rated_at=NOON - timedelta(days=700))
    response = as_alice.get(TIMELINE)
    assert response.context["apart"] == f"condition={entry.condition_id}&range=all"
    assert "Your diary of this goes from 30 April 2024 to 30 April 2024." in response.text


def test_timeline_opens_with_the_condition_written_about_last(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=2))
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    TreatmentSessionFactory(user=alice, condition=arm, started_at=NOON)
    assert as_alice.get(TIMELINE).context["form"].in_words() == "Trapped nerve, last 2 weeks"


@pytest.mark.parametrize(
    ("days_ago", "usual"), [(0, "2w"), (13, "2w"), (14, "all"), (90, "all"), (91, "3m")]
)
def test_timeline_of_a_young_diary_has_no_axis_of_empty_months(as_alice, alice, days_ago, usual):
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=days_ago))
    assert as_alice.get(TIMELINE).context["form"].chosen_range == usual


def test_timeline_shows_the_condition_in_the_address(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON, leg_pain=8)
    arm = ConditionFactory(user=alice, name="Arm")
    response = as_alice.get(TIMELINE, {"condition": arm.pk, "range": "4w"})
    assert response.context["form"].in_words() == "Arm, last 4 weeks"
    assert response.context["chart"]["drawing"]["lines"] == []


@pytest.mark.parametrize("condition", ["0", "seven", "-1", "1\x00"])
def test_timeline_of_a_condition_that_is_none_is_not_found(as_alice, alice, condition):
    ConditionFactory(user=alice)
    assert as_alice.get(TIMELINE, {"condition": condition}).status_code == 404


def test_timeline_of_somebody_elses_condition_is_not_found(as_alice, alice, charlie):
    ConditionFactory(user=alice)
    theirs = ConditionFactory(user=charlie)
    assert as_alice.get(TIMELINE, {"condition": theirs.pk}).status_code == 404
    assert as_alice.get(WAITS, {"condition": theirs.pk}).status_code == 404


@pytest.mark.parametrize(
    ("url", "given", "field"),
    [
        (TIMELINE, {"range": "decade"}, "range"),
        (TIMELINE, {"range": "4w\x00"}, "range"),
        (TIMELINE, {"pain": "head"}, "pain"),
        (WAITS, {"side": "upper"}, "side"),
    ],
)
def test_charts_refuse_an_unknown_filter_and_keep_it(as_alice, alice, url, given, field):
    ConditionFactory(user=alice)
    response = as_alice.get(url, given)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"][field].value() == given[field]
    assert "chart" not in response.context


@pytest.mark.parametrize("url", [TIMELINE, WAITS])
def test_charts_without_a_condition_say_what_to_do_first(as_alice, url):
    response = as_alice.get(url)
    assert response.status_code == 200
    assert "Nothing to draw yet." in response.text


@pytest.mark.parametrize("url", [TIMELINE, WAITS])
def test_charts_are_private_and_only_read(client, as_alice, alice, url):
    assert as_alice.post(url).status_code == 405
    client.logout()
    assert client.get(url).status_code == 302


def test_card_shows_sessions_beside_waits(as_alice, alice, mat):
    rated_session(alice, mat)
    rated_session(alice, days=1)
    drawn = drawing(as_alice.get(card(mat)), "before_and_after")
    assert [(group["name"], len(group["lines"])) for group in drawn["groups"]] == [
        ("Acupressure mat", 1),
        ("Wait and see", 1),
    ]


def test_card_keeps_to_the_side_in_the_address(as_alice, alice, mat):
    rated_session(alice, mat, side=Side.LEFT)
    rated_session(alice, mat, side=Side.RIGHT)
    response = as_alice.get(card(mat), {"side": "left"})
    assert len(drawing(response, "before_and_after")["groups"][0]["lines"]) == 1
    assert response.context["form"].in_words() == "Sciatica, everything, left"


def test_card_opens_with_the_condition_of_its_latest_session(as_alice, alice, mat):
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    rated_session(alice, mat, condition=arm, days=3)
    rated_session(alice)
    assert as_alice.get(card(mat)).context["form"].chosen_condition == arm


def test_card_of_somebody_else_is_not_found(as_alice, charlie):
    assert as_alice.get(card(TreatmentFactory(user=charlie))).status_code == 404


def test_card_escapes_a_name_in_its_json(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="</script><b>mat")
    rated_session(alice, mat)
    response = as_alice.get(card(mat))
    assert drawing(response, "before_and_after")["groups"][0]["name"] == "</script><b>mat"
    assert "<b>mat" not in response.text


def test_waits_have_a_card_of_their_own(as_alice, alice, mat):
    rated_session(alice, mat)
    rated_session(alice)
    drawn = drawing(as_alice.get(WAITS), "before_and_after")
    assert [group["name"] for group in drawn["groups"]] == ["Wait and see"]


def diary_of(user, n):
    """``n`` of everything that a chart reads."""
    for days in range(n):
        CheckInFactory(user=user, rated_at=NOON - timedelta(days=days), side=Side.values[days % 2])
        treatment = TreatmentFactory(user=user, name=f"Treatment {days}")
        TreatmentPeriodFactory(user=user, treatment=treatment)
        rated_session(user, treatment, days=days)
        rated_session(user, days=days)
    return TreatmentFactory(user=user, name="Treatment 0")


@pytest.mark.parametrize("n", [1, 3])
def test_timeline_asks_the_same_number_of_queries(as_alice, alice, n, django_assert_num_queries):
    diary_of(alice, n)
    with django_assert_num_queries(12):
        assert as_alice.get(TIMELINE, {"range": "3m"}).status_code == 200


@pytest.mark.parametrize("n", [1, 3])
def test_card_asks_the_same_number_of_queries(as_alice, alice, n, django_assert_num_queries):
    """Counted once per change of the diary, then kept."""
    url = card(diary_of(alice, n))
    with django_assert_num_queries(COUNTING):
        assert as_alice.get(url).status_code == 200
    with django_assert_num_queries(KEPT):
        assert as_alice.get(url).status_code == 200


def test_timeline_without_anything_in_its_time_says_so(as_alice, alice):
    CheckInFactory(user=alice, rated_at=NOON - timedelta(days=4000))
    page = as_alice.get("/timeline/", {"range": "4w"}).content.decode()
    assert "Nothing was written down in this time." in page
    assert "data-chart" not in page
