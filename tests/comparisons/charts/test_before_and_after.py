"""Before and after: every session a line, the means over pairs, what is left out counted."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.comparisons import answers
from apps.comparisons.filters import Chosen
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side
from tests.factories import ConditionFactory, TreatmentFactory, TreatmentSessionFactory

START = datetime(2026, 3, 9, 18, 4, tzinfo=UTC)
NO_PROOF = "This alone does not show that it works: pain often falls after anything."


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice)


@pytest.fixture
def session(alice):
    """A session of so many minutes between its ratings, ``days`` after the first."""

    def made(before, after, *treatments, days=0, minutes=45, **fields):
        started_at = START + timedelta(days=days)
        if after is not None:
            fields["after_rated_at"] = started_at + timedelta(minutes=minutes)
        return TreatmentSessionFactory(
            user=alice,
            started_at=started_at,
            pain_before=before,
            pain_after=after,
            treatments=treatments,
            **fields,
        )

    return made


@pytest.fixture
def draw(alice, sciatica, mat):
    def drawn(treatment=mat, side="", days=100):
        span = Span(date(2026, 3, 9), date(2026, 3, 8) + timedelta(days=days))
        chosen = Chosen(sciatica, span, side, is_part=True, is_kept=False)
        if treatment is None:
            return answers.waits_alone(alice, chosen)["before_and_after"]
        return answers.answers(alice, chosen, treatment)["before_and_after"]

    return drawn


def test_before_and_after_names_means_and_counts(draw, session, mat):
    session(6, 4, mat)
    session(7, 4, mat, days=1)
    session(5, 5, days=1)
    assert draw()["summary"] == [
        "2 sessions rated before and after: mean 6.5 before, 4.0 after, 2.5 lower.",
        "While waiting, 1 time: 5.0 before, 5.0 after, the same.",
        NO_PROOF,
    ]


def test_before_and_after_takes_zero_as_a_rating(draw, session, mat):
    session(0, 0, mat)
    session(3, 0, mat)
    chart = draw()
    assert chart["summary"][0] == (
        "2 sessions rated before and after: mean 1.5 before, 0.0 after, 1.5 lower."
    )
    assert chart["drawing"]["groups"][0]["mean"]["after"] == 0


def test_before_and_after_says_higher_when_it_rose(draw, session):
    session(2, 5)
    assert draw()["summary"][1] == "While waiting, 1 time: 2.0 before, 5.0 after, 3.0 higher."


def test_before_and_after_prints_a_change_that_adds_up(draw, session, mat):
    """Means 5.333 and 2.667 differ by 2.667, but 5.3 less 2.7 is 2.6."""
    for before, after in ((5, 3), (5, 3), (6, 2)):
        session(before, after, mat)
    assert draw()["summary"][0] == (
        "3 sessions rated before and after: mean 5.3 before, 2.7 after, 2.6 lower."
    )


def test_before_and_after_says_when_there_is_nothing_yet(draw):
    chart = draw()
    assert chart["summary"] == [
        "There is no session that was rated before and after yet.",
        "There is no wait that was rated before and after yet.",
    ]
    assert [group["mean"] for group in chart["drawing"]["groups"]] == [None, None]


def test_before_and_after_never_draws_an_unrated_session_as_no_change(draw, session, mat):
    session(6, None, mat)
    session(8, None)
    session(8, None)
    chart = draw()
    assert [group["lines"] for group in chart["drawing"]["groups"]] == [[], []]
    assert chart["table"]["rows"] == []
    assert chart["notes"] == [
        "Acupressure mat: 1 not rated again and not drawn.",
        "Wait and see: 2 not rated again and not drawn.",
    ]


@pytest.mark.parametrize(("minutes", "is_pair"), [(9, False), (10, True), (90, True), (91, False)])
def test_before_and_after_compares_from_10_minutes_to_twice_the_due_time(
    draw, session, mat, minutes, is_pair
):
    session(6, 4, mat, minutes=minutes)
    group = draw()["drawing"]["groups"][0]
    assert [line["is_pair"] for line in group["lines"]] == [is_pair]
    assert (group["mean"] is not None) is is_pair


@pytest.mark.parametrize(("hours", "is_pair"), [(4, True), (4.01, False)])
def test_before_and_after_shows_a_rating_typed_late_uncompared(draw, session, mat, hours, is_pair):
    rated_at = START + timedelta(minutes=45)
    session(6, 4, mat, after_entered_at=rated_at + timedelta(hours=hours))
    chart = draw()
    assert [line["is_pair"] for line in chart["drawing"]["groups"][0]["lines"]] == [is_pair]
    assert chart["table"]["rows"][0][-1] == ("" if is_pair else "not compared")


def test_before_and_after_says_what_dashed_lines_are(draw, session, mat):
    session(6, 4, mat, minutes=5)
    session(6, 4, mat)
    assert draw()["notes"] == [
        "Acupressure mat: 1 dashed and not compared.",
        "Dashed, and not compared: rated again too soon or too late, typed in over "
        "4 hours later, or with something else taken or done in between.",
    ]


def test_before_and_after_counts_sessions_with_another_treatment(alice, draw, session, mat):
    session(6, 4, mat, TreatmentFactory(user=alice, name="Heat pack"))
    session(6, 4, mat)
    assert draw()["notes"] == ["Acupressure mat: 1 of the compared held another treatment as well."]


def test_before_and_after_draws_equal_ratings_side_by_side(draw, session, mat):
    for days, after in enumerate((4, 2, 5)):
        session(6, after, mat, days=days)
    lines = draw()["drawing"]["groups"][0]["lines"]
    assert [(line["before"], line["after"]) for line in lines] == [(6.08, 5), (5.92, 2), (6.0, 4)]


def test_before_and_after_keeps_every_line_nearest_to_its_own_rating(draw, session, mat):
    for days in range(60):
        session(6, 4, mat, days=days)
    lines = draw()["drawing"]["groups"][0]["lines"]
    assert {round(line["before"]) for line in lines} == {6}
    assert len({line["before"] for line in lines}) == 60


def test_before_and_after_says_each_session_in_words_by_its_own_clock(draw, session, mat):
    session(6, 4, mat, time_zone="Pacific/Auckland", diary_date=date(2026, 3, 10), minutes=49)
    (line,) = draw()["drawing"]["groups"][0]["lines"]
    assert line["when"] == "Tue 10 Mar 2026, 07:04"
    assert line["text"] == "6 before, 4 after, 49 minutes later"


def test_before_and_after_draws_the_latest_sixty_and_counts_all(draw, session, mat):
    for days in range(62):
        session(9 if days < 2 else 5, 3, mat, days=days)
    chart = draw()
    assert len(chart["drawing"]["groups"][0]["lines"]) == 60
    said = {line["text"] for line in chart["drawing"]["groups"][0]["lines"]}
    assert said == {"5 before, 3 after, 45 minutes later"}
    assert chart["summary"][0] == (
        "62 sessions rated before and after: mean 5.1 before, 3.0 after, 2.1 lower."
    )
    assert chart["notes"] == ["Acupressure mat: drawn are the latest 60 of 62."]
    assert (len(chart["table"]["rows"]), chart["table"]["note"]) == (
        60,
        "The latest 60 of 62 rows.",
    )


def test_before_and_after_keeps_to_the_side_and_the_days(draw, session, mat):
    session(6, 4, mat, side=Side.LEFT)
    session(9, 4, mat, side=Side.RIGHT)
    session(9, 4, mat, side=Side.LEFT, days=50)
    assert draw(side="left", days=30)["summary"][0] == (
        "1 session rated before and after: mean 6.0 before, 4.0 after, 2.0 lower."
    )


def test_before_and_after_lists_both_groups_newest_first(draw, session, mat):
    session(6, 4, mat)
    session(5, 0, days=1, minutes=1)
    assert draw()["table"]["rows"] == [
        ["Tue 10 Mar 2026", "Wait and see", "5", "0", "1 minute", "not compared"],
        ["Mon 9 Mar 2026", "Acupressure mat", "6", "4", "45 minutes", ""],
    ]


def test_before_and_after_of_waits_alone_has_one_group_and_proves_nothing(draw, session, mat):
    session(6, 4, mat)
    session(5, 4)
    chart = draw(None)
    assert [group["name"] for group in chart["drawing"]["groups"]] == ["Wait and see"]
    assert chart["summary"] == ["While waiting, 1 time: 5.0 before, 4.0 after, 1.0 lower."]


def test_before_and_after_holds_nothing_of_others(alice, charlie, draw):
    TreatmentSessionFactory(
        user=charlie, started_at=START, pain_after=1, after_rated_at=START + timedelta(hours=1)
    )
    arm = ConditionFactory(user=alice, name="Trapped nerve")
    TreatmentSessionFactory(
        user=alice,
        condition=arm,
        started_at=START,
        pain_after=1,
        after_rated_at=START + timedelta(hours=1),
    )
    assert draw()["table"]["rows"] == []


def test_before_and_after_is_plain_json(draw, session, mat):
    session(6, 4, mat)
    chart = draw()
    assert json.loads(json.dumps(chart, allow_nan=False)) == chart
