"""Every verdict at its limits, and the numbers a finding carries beside it."""

import dataclasses

import pytest

from apps.comparisons.engine import verdicts
from apps.comparisons.engine.regression import always_valid_half_width, t_975
from apps.comparisons.engine.verdicts import VERDICTS, Estimate, Finding


def a_finding(difference=0.0, se=0.3, degrees=60, strict=None, **fields):
    known = {
        "treatment": "Mat",
        "sessions": 20,
        "pairs": 20,
        "unrated": 0,
        "waits": 20,
        "comparable_waits": 20,
        "asked_waits": 0,
        "missing_waits": 0.0,
        "mean_before": 6.0,
        "raw_change": -1.0,
        "together_with": (),
        "is_separable": True,
        "pairs_short": 0,
        "estimate": Estimate(difference, se, degrees, strict),
    }
    return Finding(**known | fields)


HALF = t_975(60) * 0.3
WIDE = always_valid_half_width(0.3, 60)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"pairs": 7, "difference": -9}, "too_early"),
        ({"waits": 7, "difference": -9}, "too_early"),
        ({"pairs": 8, "waits": 8, "difference": -9}, "probably_helps"),
        ({"estimate": None}, "too_early"),
        ({"together_with": ("Heat",), "difference": -9}, "cannot_separate"),
        ({"is_separable": False, "estimate": None}, "cannot_separate"),
        ({"comparable_waits": 4, "difference": -9}, "not_comparable"),
        ({"comparable_waits": 5, "difference": -9}, "probably_helps"),
        ({"unrated": 9, "difference": -9}, "too_many_missing"),
        ({"unrated": 8, "difference": -9}, "probably_helps"),
        ({"difference": -WIDE - 0.001}, "probably_helps"),
        ({"difference": -WIDE + 0.001}, "may_help"),
        ({"difference": WIDE + 0.001, "strict": 0.001}, "probably_worse"),
        ({"difference": WIDE + 0.001, "strict": 0.0}, "may_worsen"),
        ({"difference": WIDE + 0.001, "strict": None}, "may_worsen"),
        ({"difference": WIDE - 0.001, "strict": 1.0}, "may_worsen"),
        ({"difference": HALF - 1 + 0.001}, "no_difference"),
        ({"difference": HALF - 1 - 0.001}, "cannot_tell"),
        ({"difference": 1 - HALF - 0.001}, "no_difference"),
        ({"difference": -HALF - 0.001, "se": 0.3}, "may_help" if HALF > 0.5 else "no_difference"),
        ({"difference": HALF + 0.001}, "may_worsen"),
        ({"difference": -0.5, "se": 0.4}, "cannot_tell"),
        ({"difference": 0.0, "se": 0.0}, "no_difference"),
    ],
)
def test_verdict_is_the_first_condition_that_holds(fields, verdict):
    assert a_finding(**fields).verdict == verdict


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"pairs": 7}, {"together_with": ("Heat",)}),
        ({"together_with": ("Heat",)}, {"comparable_waits": 0}),
        ({"comparable_waits": 0}, {"unrated": 20}),
        ({"unrated": 20}, {"difference": -9}),
    ],
)
def test_an_earlier_condition_wins_over_a_later_one(first, second):
    both = a_finding(**second | first)
    assert both.verdict == a_finding(**first).verdict != a_finding(**second).verdict


def test_probably_helps_must_survive_unrated_sessions_that_did_nothing():
    difference = -WIDE / 0.7 - 0.001
    assert a_finding(difference, unrated=6).verdict == "probably_helps"
    assert a_finding(difference, unrated=7).verdict == "may_help"


def test_may_help_must_survive_them_only_where_over_15_per_cent_are_missing():
    difference = -HALF - 0.05
    assert a_finding(difference, unrated=3).verdict == "may_help"
    assert a_finding(difference, unrated=4).verdict == "cannot_tell"
    assert a_finding(-difference, unrated=3).verdict == "may_worsen"
    assert a_finding(-difference, unrated=4).verdict == "cannot_tell"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"difference": -WIDE + 0.001}, "looking"),
        ({"difference": -WIDE / 0.7 - 0.001, "unrated": 7}, "missing"),
        ({"difference": -HALF - 0.05, "unrated": 4}, "missing"),
        ({"difference": HALF + 0.05, "unrated": 4}, "missing"),
        ({"difference": WIDE - 0.001, "strict": 1.0}, "looking"),
        ({"difference": WIDE + 0.001, "strict": None}, "not_asked"),
        ({"difference": WIDE + 0.001, "strict": 0.0}, "asked_differ"),
        ({"difference": -WIDE - 0.001}, ""),
        ({"difference": WIDE + 0.001, "strict": 0.001}, ""),
        ({"difference": -0.5, "se": 0.4}, ""),
        ({"difference": -0.3, "se": 0.12}, ""),
        ({"difference": -9, "pairs": 7}, ""),
        ({"estimate": None}, ""),
    ],
)
def test_interval_on_one_side_of_zero_that_is_not_enough_says_why(fields, why):
    assert a_finding(**fields).why_unsure == why


def test_a_small_certain_difference_is_no_difference():
    assert a_finding(-0.3, se=0.12).verdict == "no_difference"
    assert a_finding(-0.3, se=0.12).high < 0


@pytest.mark.parametrize(
    ("difference", "size"),
    [(0.0, "small"), (-0.99, "small"), (-1.0, "noticeable"), (1.99, "noticeable"), (2.0, "large")],
)
def test_size_goes_by_the_distance_from_zero(difference, size):
    assert a_finding(difference).size == size


def test_tipping_point_is_the_nearer_end_of_the_interval():
    assert a_finding(-2.0).tipping_point == pytest.approx(2 - HALF)
    assert a_finding(2.0).tipping_point == pytest.approx(2 - HALF)
    assert a_finding(-0.1).tipping_point is None


def test_raw_change_is_expected_change_and_difference():
    finding = a_finding(-1.37, raw_change=-2.31)
    assert finding.expected_change + finding.difference == pytest.approx(-2.31, abs=1e-15)
    assert (finding.low, finding.high) == (-1.37 - HALF, -1.37 + HALF)


def test_a_difference_of_zero_is_a_number_and_not_missing():
    finding = a_finding(0.0, se=0.0, raw_change=0.0)
    numbers = (finding.difference, finding.se, finding.low, finding.high, finding.expected_change)
    assert numbers == (0.0, 0.0, 0.0, 0.0, 0.0)
    assert finding.always_valid_half_width == 0.0


def test_without_an_estimate_every_number_is_none():
    finding = a_finding(estimate=None)
    names = "difference se low high always_valid_half_width strict tipping_point size"
    assert {getattr(finding, name) for name in [*names.split(), "expected_change"]} == {None}


def test_a_verdict_cannot_be_had_without_its_numbers():
    """It is no field that could be set, no finding is made without counts and estimate, and
    nothing in the package turns numbers into a code but the finding itself."""
    assert "verdict" not in {field.name for field in dataclasses.fields(Finding)}
    assert not [f.name for f in dataclasses.fields(Finding) if f.default is not dataclasses.MISSING]
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_finding().estimate = None
    with pytest.raises(AttributeError):
        object.__setattr__(a_finding(), "verdict", "probably_helps")
    public = {name for name, value in vars(verdicts).items() if callable(value)}
    own = {name for name in public if getattr(verdicts, name).__module__ == verdicts.__name__}
    assert own == {"Estimate", "Finding"}


def test_verdicts_lists_every_code():
    assert len(set(VERDICTS)) == 10
