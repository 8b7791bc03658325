"""How rare the order of a few sessions and waits is: method, section 7."""

import itertools
import math
import random
from datetime import UTC, datetime, timedelta

import pytest

from apps.comparisons.engine.few_sessions import order, weeks_needed
from apps.comparisons.engine.stats import Session


@pytest.mark.parametrize(
    ("sessions", "waits", "orders"), [(5, 2, 21), (5, 3, 56), (4, 4, 70), (5, 5, 252), (6, 6, 924)]
)
def test_the_cleanest_order_comes_up_once_in_all(sessions, waits, orders):
    assert order([(7, 4)] * sessions, [(7, 7)] * waits) == (1, orders)


@pytest.mark.parametrize(
    ("sessions", "waits", "orders"), [(5, 1, 6), (3, 2, 10), (3, 3, 20), (19, 0, 1), (0, 0, 1)]
)
def test_few_relabellings_are_counted_too(sessions, waits, orders):
    assert order([(7, 4)] * sessions, [(7, 7)] * waits) == (1, orders)


def test_equal_falls_are_as_large_in_every_order():
    assert order([(7, 5)] * 4, [(7, 5)] * 4) == (70, 70)


def test_a_fall_from_higher_pain_counts_for_less():
    """From 10 to 6 is a fall of 4 less half of 10; from 4 to 3, 1 less half of 4: both are -1."""
    assert order([(10, 6)] * 4, [(4, 3)] * 4) == (70, 70)
    assert order([(10, 5)] * 4, [(4, 3)] * 4) == (1, 70)


def test_the_share_is_that_of_going_through_every_relabelling():
    draw = random.Random(3)
    for _ in range(30):
        sessions = [(draw.randrange(11), draw.randrange(11)) for _ in range(5)]
        waits = [(draw.randrange(11), draw.randrange(11)) for _ in range(4)]
        pairs = sessions + waits
        middle = sum(before for before, _ in pairs) / len(pairs)
        falls = [x - y - 0.5 * (x - middle) for x, y in pairs]
        seen = sum(falls[:5]) / 5
        means = [sum(chosen) / 5 for chosen in itertools.combinations(falls, 5)]
        assert order(sessions, waits) == (sum(mean >= seen - 1e-9 for mean in means), 126)


def test_sessions_themselves_may_be_given():
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    after_at = at + timedelta(minutes=45)
    treated = [Session(at, ("Mat",), 7.5, 4.1, after_at)] * 3
    waited = [Session(at, (), 7.5, 6.0, after_at, asked_by_app=True)] * 3
    assert order(treated, waited) == (1, 20)
    with pytest.raises(ValueError, match="not rated again"):
        order([Session(at, ("Mat",), 7)] * 3, waited)


def test_equal_falls_in_parts_of_a_point_are_equal():
    assert order([(6.3, 4.2)] * 4, [(6.3, 4.2)] * 4) == (70, 70)


def test_forty_pairs_are_counted_and_one_more_is_not():
    assert order([(7, 4)] * 20, [(7, 7)] * 20) == (1, math.comb(40, 20))
    assert order([(7, 4)] * 21, [(7, 7)] * 20) is None


@pytest.mark.parametrize(
    ("moments", "sessions", "weeks"),
    [(24, 28, 4), (32, 28, 5), (24, 3, 32), (24, 1, 96), (24, 0, None), (24, 4, 24), (24, 5, 20)],
)
def test_the_weeks_a_self_test_takes_at_the_pace_of_the_last_four(moments, sessions, weeks):
    assert weeks_needed(moments, sessions) == weeks
