"""Changes of sessions beside those of waits, from the same starting pain."""

from django.utils.translation import gettext as _

from apps.comparisons.charts.words import n_sessions, n_waits, signed

NONE = "–"


def chart(name: str, treated: list[list[int]], waits: list[list[int]]) -> dict:
    """Every session beside every wait that began at the same pain."""
    groups = [
        drawn_group(name, treated, is_wait=False),
        drawn_group(_("Wait and see"), waits, is_wait=True),
    ]
    return {
        "name": "same_start",
        "module": "js/charts/same_start.js",
        "title": _("From the same starting pain"),
        "summary": sentences(treated, waits),
        "notes": [
            _("Each mark is a session or a wait; a larger one is several with the same ratings."),
            _("The short lines are means. From a worse start pain often falls further by itself."),
        ],
        "label": _("Changes from each starting pain. The table has the means."),
        "drawing": {
            "axis": _("Pain before (0 none – 10 worst)"),
            "change": _("Change in points: below 0 is less pain"),
            "groups": groups,
        },
        "table": table(name, treated, waits),
    }


def means(changes: list[list[int]]) -> dict[int, tuple[float, int]]:
    """Per starting pain the mean change in NRS points and how many sessions it is of."""
    sums: dict[int, list[int]] = {}
    for before, change, n in changes:
        known = sums.setdefault(before, [0, 0])
        known[0] += change * n
        known[1] += n
    return {before: (total / n, n) for before, (total, n) in sums.items()}


def drawn_group(name: str, changes: list[list[int]], *, is_wait: bool) -> dict:
    """``marks`` are the changes themselves; what a mark says, the module fills in."""
    said = n_waits if is_wait else n_sessions
    return {
        "name": name,
        "is_wait": is_wait,
        "marks": changes,
        "mark": _("{n} × {before} before, {after} after"),
        "means": [
            {"before": before, "change": round(mean, 2), "text": _mean_text(mean, said(n))}
            for before, (mean, n) in sorted(means(changes).items())
        ],
    }


def _mean_text(mean: float, counts: str) -> str:
    return _("Mean of %(counts)s: %(change)s") % {"counts": counts, "change": signed(mean)}


def sentences(treated: list[list[int]], waits: list[list[int]]) -> list[str]:
    """From which starting pain both were seen most often, and what followed each."""
    both = means(treated), means(waits)
    shared = set(both[0]) & set(both[1])
    if not shared:
        return [_("No session and no wait began at the same pain yet.")]
    start = max(shared, key=lambda before: (min(both[0][before][1], both[1][before][1]), before))
    (change, n), (waited, n_waited) = both[0][start], both[1][start]
    text = _(
        "From a starting pain of %(start)s: %(change)s points after it (%(sessions)s), "
        "%(waited)s after waiting (%(waits)s)."
    )
    values = {"start": start, "change": signed(change), "waited": signed(waited)}
    return [text % (values | {"sessions": n_sessions(n), "waits": n_waits(n_waited)})]


def table(name: str, treated: list[list[int]], waits: list[list[int]]) -> dict:
    own, waited = means(treated), means(waits)
    rows = [
        [str(before), *_cells(own.get(before)), *_cells(waited.get(before))]
        for before in sorted({*own, *waited})
    ]
    return {
        "columns": [
            _("Pain before"),
            _("%(name)s: mean change") % {"name": name},
            _("Sessions"),
            _("Waiting: mean change"),
            _("Waits"),
        ],
        "rows": rows,
        "note": _("In points of the scale from 0 to 10. A minus sign means less pain."),
    }


def _cells(mean: tuple[float, int] | None) -> list[str]:
    return [signed(mean[0]), str(mean[1])] if mean else [NONE, "0"]
