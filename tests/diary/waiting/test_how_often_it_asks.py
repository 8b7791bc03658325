"""The chance of a toss: by counts alone, unless a number was chosen."""

import subprocess
import sys

import pytest

from apps.diary.waiting.how_often_it_asks import NEVER, next_stage, one_in
from tests.comparisons.engine.simulated import coins


@pytest.mark.parametrize(
    ("asked_pairs", "expected"), [(0, 2), (11, 2), (12, 3), (23, 3), (24, 5), (400, 5)]
)
def test_coin_asks_less_the_more_waits_are_in(asked_pairs, expected):
    assert one_in(asked_pairs) == expected


@pytest.mark.parametrize("chosen", [2, 4, 10, NEVER])
def test_whoever_chose_a_number_gets_it_throughout(chosen):
    assert [one_in(asked_pairs, chosen) for asked_pairs in (0, 12, 24)] == [chosen] * 3


def test_next_stage_is_named_until_there_is_none():
    assert [next_stage(n) for n in (0, 11, 12, 23, 24)] == [12, 12, 24, 24, None]


def test_simulated_app_has_the_same_rule_and_needs_no_django_for_it():
    assert coins.one_in is one_in
    code = "import sys, apps.diary.waiting.how_often_it_asks; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
