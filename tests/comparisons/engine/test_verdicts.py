"""Every verdict at its limits, and the numbers a finding carries beside it."""

import dataclasses

import pytest

from apps.comparisons.engine import verdicts
from apps.comparisons.engine.regression import Effect, always_valid_half_width, t_975
from apps.comparisons.engine.verdicts import (
    VERDICTS,
    Comparable,
    Estimate,
    Finding,
    Unanswered,
    Waits,
)

SAME = object()


def counts_of(
    *,
    waits=20,
    unrated_waits=0,
    asked=20,
    asked_unrated=0,
    asks=0,
    skipped=0,
    recent_waits=0,
    comparable=20,
):
    """`comparable` is one number, or one of each: pain, hour, interval, all three."""
    each = comparable if isinstance(comparable, tuple) else (comparable,) * 4
    all_waits, all_asked = waits + unrated_waits, asked + asked_unrated
    waiting = Waits(waits, all_waits, asked, all_asked, asks, skipped, recent_waits)
    return {"waiting": waiting, "comparable": Comparable(*each)}


def a_finding(
    difference=0.0, se=0.3, degrees=60, strict=SAME, as_randomised=None, estimate=SAME, **fields
):
    """All of 20 sessions rated and 20 waits asked for, from which strict is the same estimate."""
    known = {
        "treatment": "Mat",
        "sessions": 20,
        "pairs": 20,
        "unrated": 0,
        "mean_before": 6.0,
        "raw_change": -1.0,
        "minutes_after": 45.0,
        "together_with": (),
        "is_separable": True,
        "pairs_short": 0,
        "recent": 0,
    }
    own = {name: fields.pop(name) for name in list(fields) if name in known}
    known = known | counts_of(**fields) | own
    if estimate is None:
        return Unanswered(**known)
    by_waits = Effect(difference, se, degrees) if strict is SAME else strict
    return Finding(**known, estimate=Estimate(difference, se, degrees, by_waits, as_randomised))


HALF = t_975(60) * 0.3
WIDE = always_valid_half_width(0.3, 60)
SURE = {"difference": -9.0}
NARROW = always_valid_half_width(0.2, 60)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"pairs": 7, **SURE}, "too_early"),
        ({"waits": 7, **SURE}, "too_early"),
        ({"pairs": 8, "waits": 8, **SURE}, "probably_helps"),
        ({"estimate": None}, "too_early"),
        ({"together_with": ("Heat",), **SURE}, "cannot_separate"),
        ({"together_with": ("Heat",), "estimate": None}, "cannot_separate"),
        ({"is_separable": False, "estimate": None}, "cannot_separate"),
        ({"comparable": 4, **SURE}, "not_comparable"),
        ({"comparable": 5, **SURE}, "probably_helps"),
        ({"unrated": 9, **SURE}, "too_many_missing"),
        ({"unrated": 8, **SURE}, "probably_helps"),
        ({"waits": 30, "unrated_waits": 21, **SURE}, "too_many_missing"),
        ({"waits": 30, "unrated_waits": 20, **SURE}, "probably_helps"),
        ({"difference": -WIDE - 0.001}, "probably_helps"),
        ({"difference": -WIDE + 0.001}, "may_help"),
        ({"difference": WIDE + 0.001}, "probably_worse"),
        ({"difference": WIDE - 0.001}, "may_worsen"),
        ({"strict": None, **SURE}, "may_help"),
        ({"strict": None, "difference": 9.0}, "may_worsen"),
        ({"strict": Effect(-NARROW - 0.001, 0.2, 60), **SURE}, "probably_helps"),
        ({"strict": Effect(-NARROW + 0.001, 0.2, 60), **SURE}, "may_help"),
        ({"strict": Effect(NARROW + 0.001, 0.2, 60), **SURE}, "may_help"),
        ({"difference": HALF - 1 + 0.001}, "no_difference"),
        ({"difference": HALF - 1 - 0.001}, "cannot_tell"),
        ({"difference": 1 - HALF - 0.001}, "no_difference"),
        ({"difference": -HALF - 0.001}, "may_help"),
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
        ({"together_with": ("Heat",)}, {"comparable": 0}),
        ({"comparable": 0}, {"unrated": 20}),
        ({"unrated": 20}, SURE),
    ],
)
def test_an_earlier_condition_wins_over_a_later_one(first, second):
    both = a_finding(**second | first)
    assert both.verdict == a_finding(**first).verdict != a_finding(**second).verdict


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("size", "fields", "is_sure"),
    [
        (WIDE + 0.25 + 0.001, {"unrated": 4}, True),
        (WIDE + 0.25 - 0.001, {"unrated": 4}, False),
        (WIDE + 0.25 + 0.001, {"waits": 24, "unrated_waits": 6}, True),
        (WIDE + 0.25 - 0.001, {"waits": 24, "unrated_waits": 6}, False),
        (WIDE + 0.5 + 0.001, {"unrated": 4, "waits": 24, "unrated_waits": 6}, True),
        (WIDE + 0.5 - 0.001, {"unrated": 4, "waits": 24, "unrated_waits": 6}, False),
    ],
)
def test_probably_holds_if_unrated_sessions_ended_worse_and_unrated_waits_better(
    sign, size, fields, is_sure
):
    """By 1.25 points each: a fifth of 1.25 is 0.25."""
    strict = Effect(sign * 9.0, 0.3, 60)
    verdict = a_finding(sign * size, strict=strict, **fields).verdict
    assert (verdict in ("probably_helps", "probably_worse")) == is_sure


@pytest.mark.parametrize(("left", "verdict"), [(0.001, "probably_helps"), (-0.001, "may_help")])
def test_strict_is_moved_by_the_unrated_sessions_and_the_unrated_asked_waits(left, verdict):
    strict = Effect(-NARROW - 0.25 - 0.125 - left, 0.2, 60)
    found = a_finding(-9.0, strict=strict, unrated=4, asked=18, asked_unrated=2)
    assert found.verdict == verdict
    assert found.why_unsure == ("" if left > 0 else "asked_differ")


@pytest.mark.parametrize(
    ("fields", "is_far_enough"),
    [
        ({"unrated": 3}, True),
        ({"sessions": 40, "unrated": 6}, True),
        ({"sessions": 40, "unrated": 7}, False),
        ({"waits": 17, "unrated_waits": 3}, True),
        ({"waits": 34, "unrated_waits": 6}, True),
        ({"waits": 33, "unrated_waits": 7}, False),
    ],
)
def test_leaning_must_survive_the_missing_where_over_15_per_cent_are(fields, is_far_enough):
    size = HALF + 0.001
    expected = ("may_help", "may_worsen") if is_far_enough else ("cannot_tell",) * 2
    assert (a_finding(-size, **fields).verdict, a_finding(size, **fields).verdict) == expected


OFTEN_SKIPPED = {"asks": 10, "skipped": 4, **SURE}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({**OFTEN_SKIPPED, "asks": 9}, ""),
        ({**OFTEN_SKIPPED, "skipped": 3}, ""),
        (OFTEN_SKIPPED, "skipped"),
        ({**OFTEN_SKIPPED, "as_randomised": Effect(-1.646, 1.0, 30)}, ""),
        ({**OFTEN_SKIPPED, "as_randomised": Effect(-1.644, 1.0, 30)}, "skipped"),
        ({**OFTEN_SKIPPED, "as_randomised": Effect(9.0, 1.0, 30)}, "skipped"),
        ({**OFTEN_SKIPPED, "difference": 9.0, "as_randomised": Effect(1.646, 1.0, 30)}, ""),
    ],
)
def test_often_skipped_asks_must_be_borne_out_by_the_coin(fields, why):
    found = a_finding(**fields)
    assert found.why_unsure == why
    assert found.verdict.startswith("may_" if why else "probably_")


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"difference": WIDE - 0.001}, "looking"),
        ({"difference": WIDE + 0.24, "unrated": 4}, "missing"),
        ({"difference": WIDE + 0.24, "waits": 24, "unrated_waits": 6}, "missing_waits"),
        ({"difference": WIDE + 0.001, "strict": None}, "not_asked"),
        ({"difference": WIDE + 0.001, "strict": Effect(0.0, 0.2, 60)}, "asked_differ"),
        ({"difference": WIDE + 0.001}, ""),
        ({"difference": HALF + 0.24, "unrated": 4}, "missing"),
        ({"difference": HALF + 0.24, "waits": 24, "unrated_waits": 6}, "missing_waits"),
        ({"difference": 0.5, "se": 0.4}, ""),
        ({"difference": 0.3, "se": 0.12}, ""),
        ({"difference": 9.0, "pairs": 7}, ""),
        ({"difference": 9.0, "comparable": (4, 4, 3, 3)}, "interval"),
        ({"difference": 9.0, "comparable": (4, 3, 3, 2)}, "hour"),
        ({"difference": 9.0, "comparable": (9, 9, 9, 0)}, "pain"),
        ({"difference": 9.0, "unrated": 9}, "missing"),
        ({"difference": 9.0, "waits": 30, "unrated_waits": 21}, "missing_waits"),
        ({"difference": 9.0, "unrated": 9, "waits": 30, "unrated_waits": 21}, "missing"),
        ({"estimate": None}, ""),
    ],
)
def test_what_is_not_enough_says_why(sign, fields, why):
    difference = sign * fields.get("difference", 0.0)
    assert a_finding(**fields | {"difference": difference}).why_unsure == why


def test_a_small_certain_difference_is_no_difference():
    assert a_finding(-0.3, se=0.12).verdict == "no_difference"
    assert a_finding(-0.3, se=0.12).high < 0


@pytest.mark.parametrize(
    ("difference", "size"),
    [
        (0.0, "small"),
        (-0.94, "small"),
        (-0.96, "noticeable"),
        (1.94, "noticeable"),
        (1.96, "large"),
    ],
)
def test_size_goes_by_the_distance_from_zero_as_it_is_printed(difference, size):
    assert a_finding(difference).size == size


def test_tipping_point_is_the_nearer_end_of_the_interval():
    assert a_finding(-2.0).tipping_point == pytest.approx(2 - HALF)
    assert a_finding(2.0).tipping_point == pytest.approx(2 - HALF)
    assert a_finding(-0.1).tipping_point is None


def test_half_a_point_kinder_is_stood_only_by_what_is_half_a_point_past_the_bound():
    assert a_finding(-WIDE - 0.501).would_stand_if_kinder
    assert not a_finding(-WIDE - 0.499).would_stand_if_kinder
    assert not a_finding(-WIDE - 0.501, unrated=1).would_stand_if_kinder
    assert not a_finding(9.0).would_stand_if_kinder


def test_raw_change_is_expected_change_and_difference():
    finding = a_finding(-1.37, raw_change=-2.31)
    assert finding.expected_change + finding.difference == pytest.approx(-2.31, abs=1e-15)
    assert (finding.low, finding.high) == (-1.37 - HALF, -1.37 + HALF)


def test_a_difference_of_zero_is_a_number_and_not_missing():
    finding = a_finding(0.0, se=0.0, raw_change=0.0)
    numbers = (finding.difference, finding.se, finding.low, finding.high, finding.expected_change)
    assert numbers == (0.0, 0.0, 0.0, 0.0, 0.0)
    assert (finding.always_valid_half_width, finding.strict) == (0.0, 0.0)


def test_shares_of_nothing_are_nothing():
    found = a_finding(waits=0, asked=0, estimate=None)
    assert (found.missing_waits, found.missing_asked_waits) == (0.0, 0.0)


def test_without_an_estimate_there_are_no_numbers():
    finding = a_finding(estimate=None)
    names = "difference se low high always_valid_half_width strict tipping_point size"
    assert [name for name in names.split() if hasattr(finding, name)] == []
    assert finding.estimate is None


def test_a_verdict_cannot_be_had_without_its_numbers():
    """It is no field that could be set, no finding is made without counts and estimate, and
    nothing in the package turns numbers into a code but the finding itself."""
    assert "verdict" not in {field.name for field in dataclasses.fields(Finding)}
    assert not [f.name for f in dataclasses.fields(Finding) if f.default is not dataclasses.MISSING]
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_finding().estimate = None
    with pytest.raises(AttributeError):
        object.__setattr__(a_finding(), "verdict", "probably_helps")
    made = [name for name, value in vars(verdicts).items() if hasattr(value, "verdict")]
    assert made == ["Unanswered", "Finding"]


def test_verdicts_lists_every_code():
    assert len(set(VERDICTS)) == 10
