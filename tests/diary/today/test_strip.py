"""Two weeks as a small line, and the one fact that it says."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from apps.diary.today.strip import Mostly, Place, strip

TODAY = date(2026, 3, 10)


def rated(ago, leg=None, back=None):
    return SimpleNamespace(diary_date=TODAY - timedelta(days=ago), leg_pain=leg, back_pain=back)


def test_line_breaks_where_a_day_was_not_rated():
    drawn = strip([rated(0, 6), rated(1, 5), rated(3, 0), rated(13, 10)], TODAY, now=6)
    assert drawn.leg_lines == ["26,14", "226,74", "266,44 286,38"]
    assert drawn.back_lines == []
    assert drawn.days_rated == 4


def test_day_shows_its_worst_rating_and_older_days_are_left_out():
    drawn = strip([rated(0, 2, 1), rated(0, 7, 0), rated(14, 9)], TODAY, now=2)
    assert (drawn.leg_lines, drawn.back_lines, drawn.days_rated) == (["286,32"], ["286,68"], 1)


def test_mostly_is_the_middle_half_of_the_days_before():
    rows = [rated(0, 9), *(rated(n, leg) for n, leg in enumerate([0, 3, 3, 4, 5, 5, 5, 10], 1))]
    assert strip(rows, TODAY, now=6).mostly == Mostly(3, 5, 8, 6)


@pytest.mark.parametrize(
    ("now", "place"),
    [(0, Place.BELOW), (2, Place.BELOW), (3, Place.WITHIN), (5, Place.WITHIN), (6, Place.ABOVE)],
)
def test_place_of_what_was_just_rated(now, place):
    assert Mostly(3, 5, 8, now).place == place


def test_three_days_say_nothing_of_what_it_mostly_was_and_four_do():
    rows = [rated(n, 0) for n in (1, 2, 3)]
    assert strip(rows, TODAY, now=0).mostly is None
    assert strip([*rows, rated(4, 0)], TODAY, now=0).mostly == Mostly(0, 0, 4, 0)
    assert strip([*rows, rated(4, 0)], TODAY, now=None).mostly is None
