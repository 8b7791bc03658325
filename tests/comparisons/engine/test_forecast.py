"""How many more sessions and waits are said to be needed."""

import dataclasses
import math

import pytest

from apps.comparisons.engine.forecast import FURTHEST, needed, weeks_needed
from apps.comparisons.engine.regression import Effect
from apps.comparisons.engine.verdicts import Estimate
from tests.comparisons.engine.test_verdicts import a_finding


@pytest.mark.parametrize(
    ("fields", "more"),
    [
        ({"pairs": 0, "sessions": 1, "waits": 0}, (8, 8)),
        ({"pairs": 3, "waits": 7}, (5, 1)),
        ({"pairs": 20, "waits": 2}, (0, 6)),
        ({"estimate": None}, (1, 0)),
        ({"estimate": None, "pairs_short": 3}, (3, 0)),
        ({"together_with": ("Heat",)}, (None, None)),
        ({"comparable": 1}, (0, 4)),
        ({"comparable": 1, "pairs": 3}, (5, 4)),
        ({"comparable": 0, "waits": 2, "pairs": 3}, (5, 6)),
        ({"waits": 30, "unrated_waits": 21}, (0, 2)),
        ({"unrated": 9}, (3, 0)),
        ({"difference": -9.0}, (0, 0)),
        ({"difference": 0.0, "se": 0.1}, (0, 0)),
    ],
)
def test_needed_before_an_answer_and_after(fields, more):
    assert needed(a_finding(**fields)) == more


def test_nine_of_twenty_unrated_and_three_more_rated_make_forty_per_cent_or_less():
    finding = a_finding(unrated=9)
    sessions, _ = needed(finding)
    assert finding.unrated / (finding.sessions + sessions) <= 0.40
    assert finding.unrated / (finding.sessions + sessions - 1) > 0.40


@pytest.mark.parametrize(("difference", "se"), [(-0.9, 0.45), (-0.1, 0.6), (0.7, 0.5), (-1.2, 0.5)])
def test_that_many_more_would_settle_it_and_half_as_many_would_not(difference, se):
    finding = a_finding(difference, se=se, asked=9)
    sessions, waits = needed(finding)
    assert after(finding, sessions, waits).verdict in (
        "probably_helps",
        "probably_worse",
        "no_difference",
    )
    assert after(finding, sessions // 2, waits // 2).verdict in (
        "may_help",
        "may_worsen",
        "cannot_tell",
    )


def after(finding, sessions, waits):
    """The same finding with more of both, the difference unmoved."""
    pairs, all_waits = finding.pairs + sessions, finding.waits + waits
    shrunk = (1 / pairs + 1 / all_waits) / (1 / finding.pairs + 1 / finding.waits)
    old = finding.estimate
    strict = dataclasses.replace(old.strict, se=old.strict.se * shrunk**0.5)
    estimate = Estimate(old.difference, old.se * shrunk**0.5, old.degrees, strict)
    waiting = dataclasses.replace(finding.waiting, rated=all_waits, all=all_waits)
    return dataclasses.replace(
        finding, pairs=pairs, waiting=waiting, sessions=pairs, estimate=estimate
    )


def test_the_scarcer_kind_is_asked_for_first():
    sessions, waits = needed(a_finding(-1.2, se=0.5, pairs=60, sessions=60, waits=10))
    assert sessions == 0
    assert waits > 0
    sessions, waits = needed(a_finding(-1.2, se=0.5, pairs=10, sessions=10, waits=60))
    assert sessions > 0
    assert waits == 0


def test_unrated_sessions_are_counted_in():
    all_rated = needed(a_finding(0.0, se=0.8))
    some_unrated = needed(a_finding(0.0, se=0.8, unrated=5, unrated_waits=5))
    expected = (math.ceil(all_rated[0] / 0.75), math.ceil(all_rated[1] / 0.8))
    assert some_unrated == expected


def test_what_nobody_can_know_is_none():
    assert needed(a_finding(0.95, se=3.0)) == (None, None)
    sessions, waits = needed(a_finding(0.0, se=1.5))
    assert sessions + waits <= FURTHEST
    contradicted = a_finding(1.5, se=0.3, strict=Effect(-0.1, 0.3, 60), asked=9)
    assert (contradicted.verdict, needed(contradicted)) == ("may_worsen", (None, None))


@pytest.mark.parametrize("sign", [-1, 1])
def test_probably_needs_waits_that_the_app_asked_for(sign):
    assert needed(a_finding(sign * 1.5, strict=None, asked=0)) == (0, 5)
    assert needed(a_finding(sign * 1.5, strict=None, asked=3)) == (0, 2)


@pytest.mark.parametrize(
    ("fields", "weeks"),
    [
        ({"pairs": 3, "waits": 7, "recent": 4, "recent_waits": 4}, 5.0),
        ({"pairs": 7, "waits": 2, "recent": 4, "recent_waits": 3}, 8.0),
        ({"pairs": 3, "waits": 9, "recent": 2}, 10.0),
        ({"pairs": 3, "waits": 9, "recent": 0}, None),
        ({"pairs": 3, "waits": 9, "recent": None}, None),
        ({"pairs": 9, "waits": 7, "recent_waits": None}, None),
        ({"pairs": 9, "waits": 7, "recent": None, "recent_waits": 2}, 2.0),
        ({"pairs": 9, "waits": 7, "recent": 9}, None),
        ({"together_with": ("Heat",), "recent": 9}, None),
        ({"difference": -9.0}, 0.0),
    ],
)
def test_weeks_needed_go_by_the_pace_of_the_last_four_weeks(fields, weeks):
    assert weeks_needed(a_finding(**fields)) == weeks
