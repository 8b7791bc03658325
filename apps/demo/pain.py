"""How an invented pain goes up and down: slowly over weeks, fast within the hour."""

import math
import random

SLOW_SD, SLOW_DAYS = 0.9, 12
FAST_SD, FAST_HOURS = 2.0, 0.8
RELIEF_HOURS = 2.5
RATING_SD = 0.4
FIRST_LEVEL, LAST_LEVEL = 5.2, 3.6


class Pain:
    """Pain of the worse side, in points of 0 to 10, read at one moment after the other.

    Two autocorrelated processes (Ornstein-Uhlenbeck) around a level that falls a little, less the
    relief that treatments gave. A rating is that, a little off, as a whole point of the scale.
    """

    def __init__(self, dice: random.Random, *, days: int):
        self.dice, self.hours_in_all = dice, days * 24
        self.hours = self.slow = self.fast = self.relief = 0.0

    def rate(self, hours: float) -> int:
        """What the person would tap ``hours`` after the first midnight; only ever later ones."""
        self._move_to(hours)
        share = hours / self.hours_in_all
        level = FIRST_LEVEL + share * (LAST_LEVEL - FIRST_LEVEL)
        pain = level + self.slow + self.fast + self.relief + self.dice.gauss(0, RATING_SD)
        return whole(pain)

    def relieve(self, hours: float, points: float) -> None:
        """From this moment on ``points`` (negative: less pain) are added, and wear off."""
        self._move_to(hours)
        self.relief += points

    def _move_to(self, hours: float) -> None:
        passed = hours - self.hours
        self.slow = self._drifted(self.slow, passed / (SLOW_DAYS * 24), SLOW_SD)
        self.fast = self._drifted(self.fast, passed / FAST_HOURS, FAST_SD)
        self.relief *= math.exp(-passed / RELIEF_HOURS)
        self.hours = hours

    def _drifted(self, value: float, passed: float, sd: float) -> float:
        kept = math.exp(-passed)
        return value * kept + self.dice.gauss(0, sd * math.sqrt(1 - kept * kept))


def whole(points: float) -> int:
    """On the scale: a whole point from 0 to 10."""
    return max(0, min(10, round(points)))
