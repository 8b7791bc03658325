"""How many more sessions and waits until a treatment's question can be answered."""

from __future__ import annotations

import math

import numpy as np

from apps.comparisons.engine.regression import always_valid_half_width, t_975
from apps.comparisons.engine.verdicts import (
    FEWEST_ASKED_WAITS,
    FEWEST_COMPARABLE_WAITS,
    FEWEST_PAIRS,
    MOST_MISSING,
    NOTICEABLE,
    Finding,
)

SETTLED = ("probably_helps", "probably_worse", "no_difference")
FURTHEST = 400


def needed(finding: Finding) -> tuple[int | None, int | None]:
    """About how many more sessions and waits; (0, 0) once settled, None where nobody can know.

    Before an answer: what is missing to 8 pairs and 8 waits, to 5 comparable waits, or to a
    missing share of 40 %. After that: what would settle it if the difference stayed where it is
    and the spread shrank with the counts, up to 400 more in all. Treatments used together have
    no such number: more of the same would not help.
    """
    verdict = finding.verdict
    if verdict in SETTLED:
        return 0, 0
    if verdict == "cannot_separate":
        return None, None
    if verdict == "too_early":
        return _until_eight(finding)
    if verdict == "not_comparable":
        return 0, FEWEST_COMPARABLE_WAITS - finding.comparable_waits
    if verdict == "too_many_missing":
        return math.ceil(finding.unrated / MOST_MISSING - 1e-9) - finding.sessions, 0
    return _until_settled(finding)


def _until_eight(finding: Finding) -> tuple[int, int]:
    sessions = max(FEWEST_PAIRS - finding.pairs, 0)
    waits = max(FEWEST_PAIRS - finding.waits, 0)
    if sessions == waits == 0:  # enough of both, but too few days or too many treatments
        sessions = max(finding.pairs_short, 1)
    return sessions, waits


def _until_settled(finding: Finding) -> tuple[int | None, int | None]:
    """The fewest more pairs, filling up the scarcer kind first, that bring the se down enough."""
    more = np.arange(FURTHEST + 1)
    pairs, waits = _shared_out(more, finding.pairs, finding.waits)
    now = 1 / finding.pairs + 1 / finding.waits
    se = finding.se * np.sqrt((1 / (finding.pairs + pairs) + 1 / (finding.waits + waits)) / now)
    enough = np.flatnonzero(se <= _settling_se(finding))
    if not len(enough):
        return None, None
    first = enough[0]
    sessions = math.ceil(pairs[first] / (1 - finding.missing))
    more_waits = math.ceil(waits[first] / (1 - finding.missing_waits))
    if finding.difference > 0 and abs(finding.difference) >= NOTICEABLE:
        more_waits = max(more_waits, FEWEST_ASKED_WAITS - finding.asked_waits)
    if sessions == more_waits == 0:  # only the waits the app asked for contradict it
        return None, None
    return sessions, more_waits


def _shared_out(more: np.ndarray, pairs: int, waits: int) -> tuple[np.ndarray, np.ndarray]:
    """Splits each number of further pairs so that the two kinds become equally many."""
    to_pairs = np.clip((more + waits - pairs + 1) // 2, 0, more)
    return to_pairs, more - to_pairs


def _settling_se(finding: Finding) -> float:
    """The largest standard error at which the present difference would be called either way."""
    size, degrees = abs(finding.difference), finding.estimate.degrees
    kept = size * (1 - finding.missing) if finding.difference < 0 else size
    ladder = finding.se * np.exp2(-np.arange(0, 60) / 8)
    called = [se for se in ladder if always_valid_half_width(se, degrees) < kept]
    unnoticed = max(NOTICEABLE - size, 0) / t_975(degrees)
    return max(*called[:1], unnoticed, 0.0)
