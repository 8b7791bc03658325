"""When a session is rated again, and which ratings after it count. No Django: the engine asks too.

All in minutes from a session's start. Why these numbers: docs/method.md, section 1.
"""

SHORTEST_MINUTES = 10  # a rating before is kept and shown, but not compared
LONGEST_MINUTES = 8 * 60  # that a treatment may be given until it is rated again
USUAL_MINUTES = 45  # of a wait, and of a treatment that says nothing else
LEAST_LONGEST_MINUTES = 90
LONGEST_IN_DUES = 2
LATE_IN_DUES = 1.5


def longest_minutes(due_minutes: float) -> float:
    """How long after its start a rating counts, that minute included: it hangs on the minutes
    after which the session was to be rated again."""
    return max(LEAST_LONGEST_MINUTES, LONGEST_IN_DUES * due_minutes)


def late_minutes(due_minutes: float) -> float:
    """When it has been due so long that it will soon not count any more."""
    return min(LATE_IN_DUES * due_minutes, longest_minutes(due_minutes))
