"""One treatment's answer as a row: a dot with its interval on the axis that all rows share.

Numbers of a small SVG that the server draws, as texts, so that no language puts its own decimal
comma into them. The row's words say the same.
"""

from django.utils.translation import gettext as _

from apps.comparisons.charts.words import interval, is_zero, mean, n_sessions, n_waits
from apps.comparisons.engine.forecast import needed
from apps.comparisons.engine.verdicts import Finding, Unanswered

ZERO, POINT = 56, 16.8  # where no difference stands, and how wide a point of the scale is
FURTHEST = 3.2  # NRS points either way; what lies beyond ends in an arrow head
UNCERTAIN = {"cannot_tell", "cannot_separate", "not_comparable", "too_many_missing"}


def dot_and_interval(finding: Finding | Unanswered | None) -> dict | None:
    """Where dot and interval stand; hollow where nothing is settled. None without a number."""
    if not isinstance(finding, Finding) or not finding.is_told:
        return None
    return {
        "dot": x(finding.difference),
        "low": x(finding.low),
        "high": x(finding.high),
        "is_hollow": finding.verdict in UNCERTAIN,
        "is_beyond_low": finding.low < -FURTHEST,
        "is_beyond_high": finding.high > FURTHEST,
    }


def x(difference: float) -> str:
    """0 to 112; the ends stand for all that lies further out."""
    return f"{ZERO + POINT * min(max(difference, -FURTHEST), FURTHEST):.1f}"


def in_few_numbers(difference: float, low: float, high: float) -> str:
    """A difference with its interval: "1.5 lower (1.9 to 1.1)"."""
    if low * high > 0:
        ends = _("%(low)s to %(high)s") % {"low": mean(abs(low)), "high": mean(abs(high))}
    else:
        ends = interval(low, high)
    if is_zero(difference):
        text = _("%(points)s (%(interval)s)")
    elif difference < 0:
        text = _("%(points)s lower (%(interval)s)")
    else:
        text = _("%(points)s higher (%(interval)s)")
    return text % {"points": mean(abs(difference)), "interval": ends}


def so_far(finding: Finding | Unanswered) -> str:
    """How far it is to an answer: "5 of 8 sessions, 0 of 8 waits"."""
    sessions, waits = needed(finding)
    parts = [n_sessions(finding.pairs), n_waits(finding.waits)]
    if sessions:
        words = {"done": finding.pairs, "all": finding.pairs + sessions}
        parts[0] = _("%(done)s of %(all)s sessions") % words
    if waits:
        words = {"done": finding.waits, "all": finding.waits + waits}
        parts[1] = _("%(done)s of %(all)s waits") % words
    return ", ".join(parts)
