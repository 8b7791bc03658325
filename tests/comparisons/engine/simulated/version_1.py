"""The rule by which version 1 said `probably_helps`, to show what it says of ordinary habits.

It asks for 8 pairs, 8 waits, 5 waits that began within a point, no more than 40 % of the
treatment's own sessions unrated, and a difference beyond the bound for looking every day, also
where those unrated sessions had shown none. It never asks about the coin's own waits, nor about
waits that were not rated again, and it takes every rating up to 8 hours after the start.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from apps.comparisons.engine.stats import Session
from apps.comparisons.engine.verdicts import Finding, Unanswered
from tests.comparisons.engine.simulated.looks import looks
from tests.comparisons.engine.simulated.simulator import Diary

LONGEST_WINDOW = 8 * 60
FEWEST = 8
FEWEST_COMPARABLE = 5
MOST_MISSING = 0.40


def with_eight_hours(diary: Diary) -> Diary:
    """Every session with a window as long as version 1's, which is twice its due time."""
    due = LONGEST_WINDOW / 2
    return replace(diary, sessions=[replace(s, due_minutes=due) for s in diary.sessions])


def probably_helps(finding: Finding | Unanswered, sessions: list[Session]) -> bool:
    """Of a fitted `finding`, all of whose numbers are taken as they are."""
    if isinstance(finding, Unanswered) or finding.together_with:
        return False
    if min(finding.pairs, finding.waits) < FEWEST or finding.missing > MOST_MISSING:
        return False
    if _comparable_waits(finding.treatment, sessions) < FEWEST_COMPARABLE:
        return False
    damped = finding.difference * (1 - finding.missing)
    return max(finding.difference, damped) + finding.always_valid_half_width < 0


def _comparable_waits(treatment: str, sessions: list[Session]) -> int:
    usual = np.median([s.before for s in sessions if treatment in s.treatments])
    return sum(
        abs(s.before - usual) <= 1 for s in sessions if not s.treatments and s.after is not None
    )


def ever_helps(diary: Diary, **at: int) -> bool:
    return any(
        probably_helps(finding, then.sessions)
        for _, then, comparison in looks(with_eight_hours(diary), **at)
        for finding in comparison
    )
