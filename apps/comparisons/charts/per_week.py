"""The words and parts of "sessions per week"."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import latest_rows, mean, n_sessions
from apps.comparisons.reading.spans import Span, in_words

MOST_DRAWN = 104


def chart(counts: list[int], span: Span) -> dict:
    """How many sessions each week had."""
    return {
        "name": "per_week",
        "module": "js/charts/per_week.js",
        "title": _("Sessions per week"),
        "summary": sentences(counts),
        "notes": [_("Using it less often is a result too: it can mean that it is needed less.")],
        "label": _("Sessions in each week. The table has the numbers."),
        "drawing": {
            "axis": _("Sessions in the week"),
            "bars": bars(counts, span),
            "ticks": ticks(counts, span),
        },
        "table": table(counts, span),
    }


def bars(counts: list[int], span: Span) -> list[dict]:
    """The latest two years' weeks, oldest first."""
    drawn = counts[-MOST_DRAWN:]
    labels = labels_of(counts, span)[-MOST_DRAWN:]
    return [
        {"n": n, "text": f"{label}: {said}"}
        for n, label, said in zip(drawn, labels, map(n_sessions, drawn), strict=True)
    ]


def labels_of(counts: list[int], span: Span) -> list[str]:
    monday = span.first_monday
    days = in_words(monday + timedelta(weeks=number) for number in range(len(counts)))
    week = _("Week from %(day)s")
    return [week % {"day": day} for day in days]


def ticks(counts: list[int], span: Span) -> list[dict]:
    """Where months begin, as places among the drawn bars."""
    first = span.first_monday + timedelta(weeks=max(len(counts) - MOST_DRAWN, 0))
    drawn = Span(first, span.last_day)
    return [{"at": tick["at"] * drawn.step / 7, "label": tick["label"]} for tick in drawn.ticks()]


def sentences(counts: list[int]) -> list[str]:
    """Altogether, and the first weeks beside the latest: less use can mean less need."""
    weeks = ngettext("%(n)s week", "%(n)s weeks", len(counts)) % {"n": len(counts)}
    text = _("%(sessions)s in %(weeks)s.")
    sentences = [text % {"sessions": n_sessions(sum(counts)), "weeks": weeks}]
    if len(counts) >= 8:
        values = {"first": mean(sum(counts[:4]) / 4), "last": mean(sum(counts[-4:]) / 4)}
        text = _("In the first four weeks %(first)s a week, in the latest four %(last)s a week.")
        sentences.append(text % values)
    if len(counts) > MOST_DRAWN:
        sentences.append(_("Drawn are the latest %(n)s weeks.") % {"n": MOST_DRAWN})
    return sentences


def table(counts: list[int], span: Span) -> dict:
    rows = [[label, str(n)] for label, n in zip(labels_of(counts, span), counts, strict=True)]
    shown = rows[-MOST_DRAWN:][::-1]
    return {
        "columns": [_("When"), _("Sessions")],
        "rows": shown,
        "note": latest_rows(len(shown), len(rows)),
    }
