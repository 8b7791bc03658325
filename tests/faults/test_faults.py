"""A short run of the rig, by a fixed seed; `make faults` is the long one."""

import random

import pytest

from tests.faults.__main__ import KILLS, Found, drawn, run


def test_nothing_answered_is_lost_while_it_is_killed(served_before):
    found = run(kills=3, seed=5, seconds=60, accounts=1, begun=served_before)
    assert (found.lost, found.twice, found.odd, found.did_not_go_on) == (0, 0, {}, {})
    assert sum(len(found.seconds[fault]) for fault in KILLS if fault in found.seconds) == 3
    assert found.answered >= 8 * 4


def test_same_seed_draws_the_same_kills():
    assert drawn(random.Random(5), 3) == drawn(random.Random(5), 3)


@pytest.mark.parametrize(
    ("answered", "saved", "counted"),
    [({1, 2}, [1, 2, 3], (0, 0)), ({1, 2}, [1], (1, 0)), ({1}, [1, 1], (0, 1))],
)
def test_rig_sees_what_is_lost_and_what_is_there_twice(answered, saved, counted):
    found = Found(seed=1)
    found.compare(answered, saved)
    assert ((found.lost, found.twice), found.is_well()) == (counted, counted == (0, 0))
