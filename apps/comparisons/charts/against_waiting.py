"""Each treatment's difference from waiting, in the words and numbers of a chart and its table."""

from django.utils.translation import gettext as _

from apps.comparisons.charts.change_in_parts import printed_parts
from apps.comparisons.charts.words import (
    interval,
    is_zero,
    mean,
    n_sessions,
    n_waits,
    relative,
    signed,
)
from apps.comparisons.engine.stats import Comparison
from apps.comparisons.engine.verdicts import Counted, Finding, Unanswered

NOT_KNOWN = "–"
NOT_TOLD = {"difference": None, "low": None, "high": None}


def chart(
    comparison: Comparison, *, order: list[Finding | Unanswered], is_part: bool = False, **named
) -> dict:
    """Each treatment's difference from waiting with its interval.

    What is drawn is the machine-readable comparison itself, with the words that the drawing needs
    beside it. ``order`` is how the treatments stand; ``named`` is as ``as_dict`` takes it.
    A part of the diary (``is_part``) has numbers, but no verdict: that is of the whole alone.
    """
    values = comparison.as_dict(**named)
    if is_part:
        values["treatments"] = [row | {"verdict": None} for row in values["treatments"]]
    by_name = {row["treatment"]: row for row in values["treatments"]}
    values["treatments"] = [
        by_name[finding.treatment] | ({} if finding.is_told else NOT_TOLD) for finding in order
    ]
    return {
        "name": "against_waiting",
        "module": "js/charts/against_waiting.js",
        "title": _("Each treatment against waiting"),
        "summary": [summary(comparison)],
        "label": _("Differences from waiting with their intervals. The table has the numbers."),
        "notes": [
            _("The dot is the difference; the line is its 95\N{NO-BREAK SPACE}% interval."),
            _("Shaded: within 1 point, hardly noticeable in the moment."),
        ],
        "drawing": {**values, "words": words(order)},
        "table": table(order),
    }


def words(order: list[Finding | Unanswered]) -> dict:
    return {
        "axis": _("Difference from waiting (points of 0–10)"),
        "less": _("less pain than waiting"),
        "more": _("more pain than waiting"),
        "hardly": _("hardly noticeable"),
        "not_yet": _("not known yet"),
        "counts": [counts(finding) for finding in order],
        "texts": [in_numbers(finding) for finding in order],
    }


def counts(finding: Counted) -> str:
    return f"{n_sessions(finding.pairs)}, {n_waits(finding.waits)}"


def in_numbers(finding: Finding | Unanswered) -> str:
    """The difference with its interval, in words; what stands beside every verdict."""
    if not isinstance(finding, Finding):
        return _("No difference can be worked out yet.")
    if not finding.is_told:
        return _("A number from so few could come to anything, so there is none.")
    words = {
        "difference": relative(finding.difference),
        "interval": interval(finding.low, finding.high),
    }
    if is_zero(finding.difference):
        return (
            _("No different from waiting (95\N{NO-BREAK SPACE}%% interval: %(interval)s)") % words
        )
    return _("%(difference)s than waiting (95\N{NO-BREAK SPACE}%% interval: %(interval)s)") % words


def summary(comparison: Comparison) -> str:
    return _(
        "%(known)s of %(all)s treatments can be compared with waiting: "
        "%(pairs)s sessions rated before and after, %(waits)s of them waits, on %(days)s days."
    ) % {
        "known": sum(finding.is_told for finding in comparison),
        "all": len(comparison),
        "pairs": comparison.pairs,
        "waits": comparison.waits,
        "days": comparison.days,
    }


def table(order: list[Finding | Unanswered]) -> dict:
    return {
        "columns": [
            _("Treatment"),
            _("Difference from waiting"),
            _("95\N{NO-BREAK SPACE}% interval"),
            _("Rated sessions"),
            _("All sessions"),
            _("Waits"),
            _("Mean before"),
            _("Change after it"),
            _("Change expected from waiting"),
        ],
        "rows": [row(finding) for finding in order],
        "note": _("In points of the scale from 0 to 10. A minus sign means less pain."),
    }


def row(finding: Finding | Unanswered) -> list[str]:
    difference = bounds = expected = NOT_KNOWN
    if isinstance(finding, Finding) and finding.is_told:
        difference = signed(finding.difference)
        ends = {"low": signed(finding.low), "high": signed(finding.high)}
        bounds = _("%(low)s to %(high)s") % ends
        expected = signed(printed_parts(finding)[1])
    return [
        finding.treatment,
        difference,
        bounds,
        str(finding.pairs),
        str(finding.sessions),
        str(finding.waits),
        _or_not_known(mean, finding.mean_before),
        _or_not_known(signed, finding.raw_change),
        expected,
    ]


def _or_not_known(write, value):
    return NOT_KNOWN if value is None else write(value)
