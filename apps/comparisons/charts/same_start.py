"""Changes of sessions beside those of waits, from mild, middling and bad starts."""

from django.utils.translation import gettext as _

from apps.comparisons.charts.words import n_sessions, n_waits, signed

NONE = "–"
# NRS points before it, both ends included.
STARTS = ((0, 3), (4, 6), (7, 10))


def chart(name: str, treated: list[list[int]], waits: list[list[int]]) -> dict:
    """The mean change after it beside that after waiting, in three rows by the starting pain."""
    rows = rows_of(treated, waits)
    return {
        "name": "same_start",
        "module": "js/charts/same_start.js",
        "title": _("Started mild, middling, bad"),
        "summary": sentences(rows),
        "notes": [_("Plain means. From a worse start pain often falls further by itself.")],
        "label": _("Mean changes by starting pain. The table has each starting pain."),
        "drawing": {
            "axis": _("Change in points"),
            "less": _("less pain"),
            "more": _("more pain"),
            "names": [name, _("Wait and see")],
            "rows": rows,
        },
        "table": table(name, treated, waits),
    }


def rows_of(treated: list[list[int]], waits: list[list[int]]) -> list[dict]:
    """Those of mild, middling and bad from which anything began; the worst comes last."""
    names = [
        _("From a mild start (%(low)s to %(high)s)"),
        _("From a middling start (%(low)s to %(high)s)"),
        _("From a bad start (%(low)s to %(high)s)"),
    ]
    found = []
    for name, (low, high) in zip(names, STARTS, strict=True):
        own, waited = (_from(changes, low, high) for changes in (treated, waits))
        if own or waited:
            words = name % {"low": low, "high": high}
            row = {"name": words, "treated": _end(own, n_sessions), "wait": _end(waited, n_waits)}
            found.append(row)
    return found


def _from(changes: list[list[int]], low: int, high: int) -> tuple[float, int] | None:
    """Mean change and number of those that began within these points, ends included."""
    own = [(change, n) for before, change, n in changes if low <= before <= high]
    total = sum(n for _change, n in own)
    return (sum(change * n for change, n in own) / total, total) if total else None


def _end(found: tuple[float, int] | None, said) -> dict | None:
    if found is None:
        return None
    change, n = found
    return {"change": round(change, 2), "n": n, "number": signed(change), "counts": said(n)}


def means(changes: list[list[int]]) -> dict[int, tuple[float, int]]:
    """Per starting pain the mean change in NRS points and how many sessions it is of."""
    sums: dict[int, list[int]] = {}
    for before, change, n in changes:
        known = sums.setdefault(before, [0, 0])
        known[0] += change * n
        known[1] += n
    return {before: (total / n, n) for before, (total, n) in sums.items()}


def sentences(rows: list[dict]) -> list[str]:
    """What followed each start that both were seen from."""
    text = _("%(start)s: %(change)s after it (%(sessions)s), %(waited)s after waiting (%(waits)s).")
    both = [row for row in rows if row["treated"] and row["wait"]]
    if not both:
        return [_("No session and no wait began at about the same pain yet.")]
    return [
        text
        % {
            "start": row["name"],
            "change": row["treated"]["number"],
            "sessions": row["treated"]["counts"],
            "waited": row["wait"]["number"],
            "waits": row["wait"]["counts"],
        }
        for row in both
    ]


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
