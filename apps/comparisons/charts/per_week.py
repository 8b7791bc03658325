"""The words and parts of "sessions per week"."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import latest_rows, mean, n_sessions
from apps.comparisons.reading.spans import Span, in_words

MOST_DRAWN = 104
WEEKS_AT_AN_END = 4


def chart(counts: list[int], span: Span) -> dict:
    """How many sessions each week had."""
    return {
        "name": "per_week",
        "module": "js/charts/per_week.js",
        "title": _("Sessions per week"),
        "summary": sentences(counts, span),
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
    days = in_words(span.first_day + timedelta(weeks=number) for number in range(len(counts)))
    week = _("Week from %(day)s")
    return [week % {"day": day} for day in days]


def ticks(counts: list[int], span: Span) -> list[dict]:
    """Where months begin, as places among the drawn bars."""
    first = span.first_day + timedelta(weeks=max(len(counts) - MOST_DRAWN, 0))
    drawn = Span(first, span.last_day, slot_days=1)
    return [{"at": tick["at"] / 7, "label": tick["label"]} for tick in drawn.ticks()]


def sentences(counts: list[int], span: Span) -> list[str]:
    """Altogether, and the first weeks beside the latest: less use can mean less need."""
    weeks = ngettext("%(n)s week", "%(n)s weeks", len(counts)) % {"n": len(counts)}
    text = _("%(sessions)s in %(weeks)s since it began.")
    sentences = [text % {"sessions": n_sessions(sum(counts)), "weeks": weeks}]
    if ends := first_and_last(counts, span):
        text = _("In the first four weeks %(first)s a week, in the latest four %(last)s a week.")
        sentences.append(text % dict(zip(("first", "last"), map(mean, ends), strict=True)))
    if len(counts) > MOST_DRAWN:
        sentences.append(_("Drawn are the latest %(n)s weeks.") % {"n": MOST_DRAWN})
    return sentences


def first_and_last(counts: list[int], span: Span) -> tuple[float, float] | None:
    """Sessions a week in the first and the latest four whole weeks; None under eight of them."""
    whole = counts[: span.days // 7]
    if len(whole) < 2 * WEEKS_AT_AN_END:
        return None
    ends = whole[:WEEKS_AT_AN_END], whole[-WEEKS_AT_AN_END:]
    return tuple(sum(end) / WEEKS_AT_AN_END for end in ends)


def in_short(counts: list[int], span: Span) -> dict:
    """Sessions a week since it began, and how often that was at first and is lately."""
    found = {"name": _("A week"), "value": mean(sum(counts) * 7 / max(span.days, 7)), "each": ""}
    if ends := first_and_last(counts, span):
        text = _("%(first)s at first, %(last)s lately")
        found["each"] = text % dict(zip(("first", "last"), map(mean, ends), strict=True))
    return found


def table(counts: list[int], span: Span) -> dict:
    rows = [[label, str(n)] for label, n in zip(labels_of(counts, span), counts, strict=True)]
    shown = rows[-MOST_DRAWN:][::-1]
    return {
        "columns": [_("When"), _("Sessions")],
        "rows": shown,
        "note": latest_rows(len(shown), len(rows)),
    }
