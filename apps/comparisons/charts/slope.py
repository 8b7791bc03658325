"""The one picture of a card: the same start, two ends, and the gap between them.

Numbers of a small SVG that the server draws: no script, no jump when it loads.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.comparisons.charts.change_in_parts import printed_parts
from apps.comparisons.charts.one_session import APART, Line, apart
from apps.comparisons.charts.words import is_zero, mean, n_waits, signed
from apps.comparisons.engine.verdicts import Finding

TOP, BASE = 16, 150  # where the highest rating and a pain of 0 stand
WORST = 10  # NRS


@dataclass(frozen=True, slots=True)
class Slope:
    """Both lines, the ends of the treatment's interval, and all numbers in words.

    ``gap_y`` is where the gap is named, None where the two ends are too near for it.
    """

    own: Line
    wait: Line
    high: int
    low: int
    before: str
    after: str
    waited: str
    gap: str
    gap_y: int | None


def slope(finding: Finding | None) -> Slope | None:
    """As it is printed, so that the numbers add up; None without a number."""
    if not isinstance(finding, Finding) or not finding.is_told:
        return None
    raw, expected, difference = printed_parts(finding)
    before = round(finding.mean_before, 1)
    after, waited = _on_scale(before + raw), _on_scale(before + expected)
    ends = [_on_scale(before + expected + end) for end in (finding.low, finding.high)]
    highest = max(before, after, waited, *ends, 1)

    def height(pain: float) -> int:
        return round(BASE - (BASE - TOP) * pain / highest)

    own_y, wait_y = apart(height(after), height(waited))
    is_wide = abs(own_y - wait_y) >= 2 * APART
    return Slope(
        own=Line(height(before), height(after), own_y),
        wait=Line(height(before), height(waited), wait_y),
        high=height(ends[1]),
        low=height(ends[0]),
        before=mean(before),
        after=mean(after),
        waited=mean(waited),
        gap=_gap(difference),
        gap_y=(own_y + wait_y) // 2 if is_wide else None,
    )


def _on_scale(pain: float) -> float:
    return min(max(pain, 0.0), WORST)


def _gap(difference: float) -> str:
    if is_zero(difference):
        return _("no different")
    text = _("%(points)s lower") if difference < 0 else _("%(points)s higher")
    return text % {"points": mean(abs(difference))}


def why_not_the_plain_mean(finding: Finding | None, waits: dict) -> str:
    """Why "by waiting" is not what the waits came to: they began elsewhere. Empty without any.

    ``waits`` are counts as ``pairs.altogether`` gives them.
    """
    if not isinstance(finding, Finding) or not waits["pairs"]:
        return ""
    text = _(
        "By waiting: worked out for the same starting pain, %(start)s. Your waits themselves "
        "began at %(before)s on average and changed by %(change)s (%(waits)s)."
    )
    return text % {
        "start": mean(finding.mean_before),
        "before": mean(waits["before"]),
        "change": signed(waits["after"] - waits["before"]),
        "waits": n_waits(waits["pairs"]),
    }
