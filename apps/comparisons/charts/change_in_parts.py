"""Raw change = change expected from waiting + difference, for everybody to read."""

from django.utils.translation import gettext as _

from apps.comparisons.charts.words import n_sessions, n_waits, signed
from apps.comparisons.engine.verdicts import Finding, Unanswered


def chart(finding: Finding | Unanswered | None) -> dict | None:
    """Raw change = expected change + difference, as three bars; None without a number."""
    if not isinstance(finding, Finding) or not finding.is_told:
        return None
    return {
        "name": "change_in_parts",
        "module": "js/charts/change_in_parts.js",
        "title": _("How much of the change was more than waiting?"),
        "summary": [sentence(finding)],
        "notes": [],
        "label": _("The change after it, split in two. The table has the numbers."),
        "drawing": {
            "axis": _("Change in pain (points of 0–10)"),
            "less": _("less pain"),
            "more": _("more pain"),
            "bars": bars(finding),
        },
        "table": table(finding),
    }


def printed_parts(finding: Finding) -> tuple[float, float, float]:
    """Raw change, expected change and difference in tenths of a point, so that they add up.

    Raw change and difference are rounded by themselves; what is expected is what lies between,
    at most a tenth of a point off its own rounding.
    """
    raw, difference = round(finding.raw_change, 1), round(finding.difference, 1)
    return raw, round(raw - difference, 1), difference


def bars(finding: Finding) -> list[dict]:
    """From where to where each of the three stands, in NRS points; negative = less pain."""
    raw, expected, difference = printed_parts(finding)
    named = [
        (_("Change after it"), "treated", 0.0, raw),
        (_("Would have come by waiting"), "wait", 0.0, expected),
        (_("Left over, against waiting"), "left_over", expected, raw),
    ]
    values = (raw, expected, difference)
    return [
        {"name": name, "look": look, "from": start, "to": end, "text": signed(value)}
        for (name, look, start, end), value in zip(named, values, strict=True)
    ]


def sentence(finding: Finding) -> str:
    raw, expected, difference = map(signed, printed_parts(finding))
    return _(
        "After it, pain changed by %(raw)s points on average (%(sessions)s). By waiting, from the "
        "same starting pain, it would have changed by %(expected)s (%(waits)s). Left over, against "
        "waiting: %(difference)s."
    ) % {
        "raw": raw,
        "expected": expected,
        "difference": difference,
        "sessions": n_sessions(finding.pairs),
        "waits": n_waits(finding.waits),
    }


def table(finding: Finding) -> dict:
    raw, expected, difference = map(signed, printed_parts(finding))
    return {
        "columns": [_("What"), _("Points"), _("From")],
        "rows": [
            [_("Change after it"), raw, n_sessions(finding.pairs)],
            [_("Change expected from waiting"), expected, n_waits(finding.waits)],
            [_("Left over, against waiting"), difference, ""],
        ],
        "note": _("In points of the scale from 0 to 10. A minus sign means less pain."),
    }
