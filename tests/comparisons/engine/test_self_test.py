"""The sealed order and the analysis of a self-test: method, section 4, to its printed digits."""

import itertools
import uuid

import numpy as np
import pytest

from apps.comparisons.engine.e_values import e_values
from apps.comparisons.engine.sealed_order import BLOCKS, as_extreme
from apps.comparisons.engine.self_test import Arm, Moment, Result, analyse, letters

FIRST_SEED = uuid.UUID(int=1)
BEFORE = [7, 6, 8, 5, 6, 7, 7, 6, 5, 8, 6, 7, 6, 5, 7, 6, 8, 6, 7, 5, 6, 7, 6, 5]
WORKS = [4, 6, 4, 4, 6, 4, 3, 6, 2, 6, 5, 5, 2, 4, 7, 3, 4, 5, 5, 4, 3, 5, 6, 2]
NOTHING = [6, 6, 6, 4, 6, 6, 5, 6, 4, 6, 5, 7, 4, 4, 7, 5, 6, 5, 7, 4, 5, 5, 6, 4]
SIXTH_UNRATED = [*WORKS[:5], None, *WORKS[6:]]


def moments_of(after, before=BEFORE, seed=FIRST_SEED):
    drawn = letters(seed, len(after))
    return [
        Moment(letter, x, y, 0.4 + 1.5 * i)
        for i, (letter, x, y) in enumerate(zip(drawn, before, after, strict=False))
    ]


def test_the_first_seed_gives_the_order_of_the_method():
    blocks = ["TWTW", "WTTW", "TWWT", "TWWT", "TWTW", "TWWT", "WTTW", "WTTW"]
    assert letters(FIRST_SEED, 32) == "".join(blocks)


def test_an_order_begins_the_same_however_long_it_is():
    whole = letters(FIRST_SEED, 48)
    assert [letters(FIRST_SEED, n) for n in range(49)] == [whole[:n] for n in range(49)]


def test_every_block_of_every_seed_holds_two_of_each():
    for number in range(200):
        drawn = letters(uuid.UUID(int=number), 48)
        assert {drawn[at : at + 4] for at in range(0, 48, 4)} <= set(BLOCKS)


def test_no_block_is_likelier_than_another():
    """6,000 blocks: each arrangement 1,000 times, give or take four standard errors of 28.9."""
    drawn = [letters(uuid.UUID(int=number), 24) for number in range(1000)]
    blocks = [order[at : at + 4] for order in drawn for at in range(0, 24, 4)]
    assert all(abs(blocks.count(block) - 1000) < 4 * 28.9 for block in BLOCKS)


@pytest.mark.parametrize(
    ("after", "estimate", "statistic", "extreme", "evidence", "verdict"),
    [
        (
            WORKS,
            (-2.311343, 0.349215, 20, -3.039792, -1.582893),
            -12.883971,
            4,
            (2.8842, 8.8373, 18.936, 68.1226, 116.3008, 480.1419),
            "helps",
        ),
        (
            NOTHING,
            (-0.311343, 0.349215, 20, -1.039792, 0.417107),
            -1.735498,
            18496,
            (1.0206, 2.4401, 0.6964, 1.1332, 0.4298, 0.4251),
            "cannot_tell",
        ),
        (
            SIXTH_UNRATED,
            (-2.329706, 0.360443, 19, -3.084121, -1.575290),
            -12.541428,
            4,
            (2.8842, 7.8302, 16.467, 57.9673, 101.0039, 407.8321),
            "helps",
        ),
    ],
    ids=["works", "nothing", "sixth unrated"],
)
def test_the_worked_example(after, estimate, statistic, extreme, evidence, verdict):
    found = analyse(moments_of(after))
    numbers = (found.difference, found.se, found.degrees, found.low, found.high)
    assert numbers == pytest.approx(estimate, abs=5e-7)
    assert found.statistic == pytest.approx(statistic, abs=5e-7)
    assert (found.as_extreme, found.orders) == (extreme, 46656)
    assert found.e_values == pytest.approx(evidence, abs=5e-5)
    assert found.verdict == verdict


def test_the_arms_of_the_worked_example():
    found = analyse(moments_of(SIXTH_UNRATED))
    assert found.waited == Arm(12, 12, pytest.approx(5.3333, abs=5e-5))
    assert found.treated == Arm(12, 11, pytest.approx(37 / 11))
    assert found.treated.missing == pytest.approx(1 / 12)
    assert analyse(moments_of(WORKS)).treated.mean == pytest.approx(3.4167, abs=5e-5)


def test_letters_turned_round_turn_the_answer_round():
    """So two treatments can be the two arms: whichever is called T, the numbers are the same."""
    turned = [
        Moment("W" if m.letter == "T" else "T", m.before, m.after, m.at_days)
        for m in moments_of(WORKS)
    ]
    found, other = analyse(moments_of(WORKS)), analyse(turned)
    assert (other.low, other.high) == pytest.approx((-found.high, -found.low), abs=1e-9)
    assert (other.as_extreme, other.verdict) == (found.as_extreme, "worse")
    assert other.e_values_worse == pytest.approx(found.e_values)
    assert other.e_values == pytest.approx(found.e_values_worse)


@pytest.mark.parametrize(("blocks", "extreme", "orders"), [(1, 2, 6), (2, 2, 36)])
def test_the_exact_test_by_hand(blocks, extreme, orders):
    found = as_extreme("TTWW" * blocks, [-1, -2, 1, 2] * blocks)
    assert found == (-3 * blocks, extreme, orders)


def test_meeting_in_the_middle_counts_what_going_through_all_orders_counts():
    """Whole points, so that there are many ties."""
    rng = np.random.default_rng(7)
    for _ in range(20):
        left = rng.integers(-3, 4, 12).astype(float)
        drawn = "".join(rng.choice(BLOCKS, 3))
        sums = [
            sum(r for r, letter in zip(left, "".join(order), strict=True) if letter == "T")
            for order in itertools.product(BLOCKS, repeat=3)
        ]
        seen = sum(r for r, letter in zip(left, drawn, strict=True) if letter == "T")
        away = [abs(each - np.mean(sums)) for each in sums]
        count = sum(each >= abs(seen - np.mean(sums)) - 1e-9 for each in away)
        assert as_extreme(drawn, left) == (pytest.approx(seen), count, 216)


def test_an_order_without_a_whole_block_is_one_order():
    assert as_extreme("TTW", [-1, -2, 1]) == (0, 1, 1)
    assert as_extreme("", []) == (0, 1, 1)


def test_an_unfinished_last_block_is_left_out_of_the_orders():
    whole, more = moments_of(WORKS[:20]), moments_of(WORKS[:22])
    assert analyse(more).orders == analyse(whole).orders == 6**5
    assert len(analyse(more).e_values) == 5
    assert analyse(more).degrees == analyse(whole).degrees + 2


@pytest.mark.parametrize("drawn", ["TTTW", "TTWWXXXX", "TTWW" * 17])
def test_what_is_no_order_is_refused(drawn):
    with pytest.raises(ValueError, match="no order"):
        as_extreme(drawn, [0.0] * len(drawn))
    with pytest.raises(ValueError, match="no order"):
        e_values(drawn, [(5, 5)] * len(drawn))


def test_the_longest_test_is_counted_exactly():
    """All of T at -1, all of W at +1: only the drawn order and its mirror part as widely."""
    drawn = "TWWT" * 12
    left = [-1.0 if letter == "T" else 1.0 for letter in drawn]
    assert as_extreme(drawn, left) == (-24, 2, 6**12)


def test_unrated_moments_are_no_evidence():
    assert e_values("TTWW", [(5, None)] * 4) == ((1.0,), (1.0,))


def test_a_block_multiplies_the_evidence_by_six_at_most():
    lower, higher = e_values("TTWW" * 12, [(0, 0), (0, 0), (10, 10), (10, 10)] * 12)
    lower_at, higher_at = e_values("TTWW" * 2, [(5, -500), (5, -500), (5, 500), (5, 500)] * 2)
    assert lower_at[0] == pytest.approx(6)
    assert higher_at[0] == pytest.approx(0, abs=1e-12)
    assert lower[-1] <= 6**12
    assert higher[-1] >= 0


def test_the_mean_evidence_over_all_orders_of_a_block_is_one():
    """What makes it an e-value, whatever the ratings are."""
    ratings = [(7, 3), (6, 6), (8, 2), (5, None)]
    for side in (0, 1):
        assert np.mean([e_values(b, ratings)[side][0] for b in BLOCKS]) == pytest.approx(1)


def result(**changes):
    given = {
        "difference": -1.0,
        "se": 0.3,
        "degrees": 20,
        "low": -1.6,
        "high": -0.4,
        "statistic": -6.0,
        "as_extreme": 100,
        "orders": 46656,
        "e_values": (1.0,),
        "e_values_worse": (1.0,),
        "treated": Arm(12, 12, 4.0),
        "waited": Arm(12, 12, 5.0),
    }
    return Result(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "helps"),
        ({"difference": 1.0, "low": 0.4, "high": 1.6}, "worse"),
        ({"as_extreme": 5, "orders": 100}, "helps"),
        ({"as_extreme": 6, "orders": 100}, "cannot_tell"),
        ({"as_extreme": 6, "orders": 100, "low": -0.99, "high": 0.99}, "no_difference"),
        ({"as_extreme": 6, "orders": 100, "low": -1.0, "high": 0.9}, "cannot_tell"),
        ({"as_extreme": 6, "orders": 100, "low": -0.9, "high": 1.0}, "cannot_tell"),
        ({"difference": 0.0}, "cannot_tell"),
        ({"difference": None, "se": None, "low": None, "high": None}, "cannot_tell"),
        ({"treated": Arm(8, 8, 4.0), "waited": Arm(7, 7, 5.0)}, "stopped_too_early"),
        ({"treated": Arm(8, 8, 4.0), "waited": Arm(8, 8, 5.0)}, "helps"),
        ({"treated": Arm(10, 6, 4.0), "waited": Arm(10, 6, 5.0)}, "helps"),
        ({"treated": Arm(12, 7, 4.0), "waited": Arm(12, 8, 5.0)}, "too_many_missing"),
        ({"treated": Arm(12, 12, 4.0), "waited": Arm(12, 9, 5.0)}, "helps"),
        ({"treated": Arm(12, 12, 4.0), "waited": Arm(12, 8, 5.0)}, "too_many_missing"),
        ({"treated": Arm(20, 20, 4.0), "waited": Arm(0, 0, None)}, "helps"),
        ({"ended_early": True, "e_values": (2, 20.0), "as_extreme": 9999}, "helps"),
        ({"ended_early": True, "e_values_worse": (2, 20.0), "as_extreme": 9999}, "worse"),
        ({"ended_early": True, "e_values": (30, 19.9), "as_extreme": 9999}, "cannot_tell"),
        ({"ended_early": False, "e_values": (2, 20.0), "as_extreme": 9999}, "cannot_tell"),
    ],
)
def test_the_verdict_and_its_limits(changes, verdict):
    assert result(**changes).verdict == verdict


@pytest.mark.parametrize(
    ("treated", "waited", "values", "may_end"),
    [(8, 8, (20.0,), True), (8, 8, (19.9,), False), (6, 6, (99.0,), False), (9, 8, (99.0,), False)],
)
def test_a_test_may_end_on_its_evidence_with_a_block_and_not_before_sixteen(
    treated, waited, values, may_end
):
    arms = {"treated": Arm(treated, treated, 4.0), "waited": Arm(waited, waited, 5.0)}
    assert result(**arms, e_values=values).may_end is may_end
    assert result(**arms, e_values_worse=values).may_end is may_end


def test_what_is_missing_can_take_the_certainty_of_a_help():
    """1.25 * (2/12 + 2/12) = 0.417 moves an upper end of -0.4 past 0; one missing does not."""
    few = {"treated": Arm(12, 11, 4.0)}
    many = {"treated": Arm(12, 10, 4.0), "waited": Arm(12, 10, 5.0)}
    assert result(**few).stands_if_missing_were_worse
    assert not result(**many).stands_if_missing_were_worse
    assert result(**many).verdict == "helps"
    assert not result(high=None).stands_if_missing_were_worse


@pytest.mark.parametrize(
    "after",
    [[], [4], [None] * 24, [4, 6, 4, 4], [*WORKS[:4], *[None] * 20]],
    ids=["no moment", "one", "none rated", "a block", "no degree left"],
)
def test_without_a_degree_of_freedom_there_is_no_estimate(after):
    found = analyse(moments_of(after))
    assert (found.difference, found.se, found.low, found.high) == (None,) * 4
    assert found.degrees == 0


def test_a_before_rating_that_tells_the_letter_leaves_no_estimate():
    drawn = letters(FIRST_SEED, 24)
    before = [7 if letter == "T" else 6 for letter in drawn]
    found = analyse(moments_of(WORKS, before))
    assert (found.difference, found.verdict) == (None, "cannot_tell")


def test_an_arm_that_was_never_rated_leaves_no_estimate():
    drawn = letters(FIRST_SEED, 24)
    after = [None if letter == "W" else 4 for letter in drawn]
    found = analyse(moments_of(after))
    assert (found.difference, found.waited.mean, found.verdict) == (None, None, "too_many_missing")


def test_before_ratings_that_never_vary_still_leave_an_estimate():
    found = analyse(moments_of(WORKS, [6] * 24))
    assert found.difference == pytest.approx(-1.9, abs=0.2)
    assert found.degrees == 20


def test_ratings_without_any_spread_have_no_width():
    found = analyse(moments_of(BEFORE))
    assert (found.difference, found.se, found.low, found.high) == (0.0,) * 4
    assert (found.as_extreme, found.verdict) == (46656, "no_difference")
