"""How many more sessions and waits until a treatment's question can be answered."""

from __future__ import annotations

import math

import numpy as np

from apps.comparisons.engine.regression import Effect, always_valid_half_width, t_975
from apps.comparisons.engine.rows import Ints
from apps.comparisons.engine.verdicts import (
    FEWEST_ASKED_WAITS,
    FEWEST_COMPARABLE_WAITS,
    FEWEST_PAIRS,
    MOST_MISSING_PERCENT,
    NOTICEABLE,
    SETTLED,
    WORSE_IF_UNRATED,
    Counted,
    Finding,
    Unanswered,
)

FURTHEST = 400
PACE_WEEKS = 4


def needed(finding: Finding | Unanswered) -> tuple[int | None, int | None]:
    """About how many more sessions and waits; (0, 0) once settled, None where nobody can know.

    Before an answer: what is missing to 8 pairs, to 8 waits with 5 comparable ones among them, or
    to a missing share of 40 %. After that: what would settle it if the difference and the missing
    shares stayed where they are and the spread shrank with the counts, up to 400 more in all.
    Treatments used together have no such number: more of the same would not help.
    """
    verdict = finding.verdict
    if verdict in SETTLED:
        return 0, 0
    if verdict == "cannot_separate":
        return None, None
    if verdict == "too_early":
        return _until_eight(finding)
    if verdict == "not_comparable":
        return 0, _comparable_short(finding)
    if verdict == "too_many_missing":
        return _until_rated(finding)
    return _until_settled(finding) if isinstance(finding, Finding) else (None, None)


def weeks_needed(finding: Finding | Unanswered) -> float | None:
    """How long that takes at the pace of the diary's last 28 days; None where nobody can know, as
    under two weeks after its first session.

    Weeks. The waits go on beside the sessions, so the longer of the two counts.
    """
    sessions, waits = needed(finding)
    if sessions is None or waits is None:
        return None
    kinds = [(sessions, finding.recent), (waits, finding.waiting.recent)]
    known = [more * PACE_WEEKS / recent for more, recent in kinds if more and recent]
    is_any_unknown = len(known) < sum(more > 0 for more, _recent in kinds)
    return None if is_any_unknown else max(known, default=0.0)


def _comparable_short(finding: Counted) -> int:
    return max(FEWEST_COMPARABLE_WAITS - finding.comparable_waits, 0)


def _until_eight(finding: Counted) -> tuple[int, int]:
    sessions = max(FEWEST_PAIRS - finding.pairs, 0)
    waits = max(FEWEST_PAIRS - finding.waits, _comparable_short(finding))
    if sessions == waits == 0:  # enough of both, but too few days or too many treatments
        sessions = max(finding.pairs_short, 1)
    return sessions, waits


def _until_rated(finding: Counted) -> tuple[int, int]:
    """Further ones, all rated, until the missing shares are 40 % or less."""
    waiting = finding.waiting
    return (
        max(_fewest_of(finding.unrated) - finding.sessions, 0),
        max(_fewest_of(waiting.unrated) - waiting.all, 0),
    )


def _fewest_of(unrated: int) -> int:
    """The fewest sessions of which so many may be unrated."""
    return -(-100 * unrated // MOST_MISSING_PERCENT)


def _until_settled(finding: Finding) -> tuple[int | None, int | None]:
    """The fewest more pairs, filling up the scarcer kind first, that bring the se down enough."""
    more = np.arange(FURTHEST + 1)
    pairs, waits = _shared_out(more, finding.pairs, finding.waits)
    now = 1 / finding.pairs + 1 / finding.waits
    left = np.sqrt((1 / (finding.pairs + pairs) + 1 / (finding.waits + waits)) / now)
    enough = np.flatnonzero(left <= _settling_share(finding))
    if not len(enough):
        return None, None
    first = enough[0]
    sessions = math.ceil(pairs[first] / (1 - finding.missing))
    more_waits = math.ceil(waits[first] / (1 - finding.missing_waits))
    if finding.estimate.strict is None and abs(finding.difference) >= NOTICEABLE:
        more_waits = max(more_waits, FEWEST_ASKED_WAITS - finding.asked_waits)
    if sessions == more_waits == 0:  # the coin's asks are skipped: more of the same is no help
        return None, None
    return sessions, more_waits


def _shared_out(more: Ints, pairs: int, waits: int) -> tuple[Ints, Ints]:
    """Splits each number of further pairs so that the two kinds become equally many."""
    to_pairs = np.clip((more + waits - pairs + 1) // 2, 0, more)
    return to_pairs, more - to_pairs


def _settling_share(finding: Finding) -> float:
    """The largest share of its present standard errors at which it would be called either way;
    0 where no smaller error would do."""
    ladder = np.exp2(-np.arange(60) / 8)
    called = [left for left in ladder if _is_called(finding, left)]
    half_width = finding.se * t_975(finding.estimate.degrees)
    unnoticed = (NOTICEABLE - abs(finding.difference)) / half_width if half_width else 0.0
    return float(max(*called[:1], unnoticed, 0.0))


def _is_called(finding: Finding, left: float) -> bool:
    """Whether with that share of the errors neither the estimate nor strict could be nothing."""
    moved = WORSE_IF_UNRATED * (finding.missing + finding.missing_waits)
    strict = finding.estimate.strict
    is_sure = _half_width(finding.estimate, left) < abs(finding.difference) - moved
    if not is_sure or strict is None:
        return is_sure
    towards = strict.difference if finding.difference > 0 else -strict.difference
    moved = WORSE_IF_UNRATED * (finding.missing + finding.missing_asked_waits)
    return _half_width(strict, left) < towards - moved


def _half_width(effect: Effect, left: float) -> float:
    return always_valid_half_width(effect.se * left, effect.degrees)
