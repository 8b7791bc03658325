"""Figures measured on simulated people whose truth is known, for the pages that print them.

`make acceptance` measures each anew and falls short where one is no longer what stands here.
All are shares, 0 to 1.
"""

from __future__ import annotations

# How often a self-test is said to help, by the difference that T makes (NRS points) and the
# number of moments: in people whose pain is restless, and in those whose pain is quieter.
SELF_TEST_HELPS: dict[tuple[float, int], tuple[float, float]] = {
    (-2.0, 24): (0.81, 0.92),
    (-2.0, 32): (0.93, 0.98),
    (-2.0, 48): (0.99, 1.00),
    (-1.5, 24): (0.55, 0.72),
    (-1.5, 32): (0.72, 0.86),
    (-1.5, 48): (0.88, 0.97),
    (-1.0, 24): (0.29, 0.41),
    (-1.0, 32): (0.42, 0.52),
    (-1.0, 48): (0.56, 0.70),
    (0.0, 24): (0.02, 0.02),
    (0.0, 32): (0.03, 0.03),
    (0.0, 48): (0.03, 0.02),
}

# The same of a self-test by days, by the difference that T makes to the day's average.
DAYS_OF_TEST = 60
DAY_TEST_HELPS: dict[float, tuple[float, float]] = {
    -1.5: (0.79, 0.93),
    -1.0: (0.49, 0.61),
    0.0: (0.01, 0.03),
}

# Of diaries in which nothing works: the first five sessions fell by a point or more on average,
# and every one of them fell.
FALLS_A_POINT = 0.22
FALLS_EVERY_TIME = 0.03

# Pain, as the mean of the seven days around a day, is a point or more lower six weeks after the
# worst day of three weeks, though nothing works: of people with ordinary pain, and of people in
# an episode that fades by itself.
LOWER_AFTER_SIX_WEEKS = 0.44
LOWER_IN_AN_EPISODE = 0.93
