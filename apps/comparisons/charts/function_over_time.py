"""The words and parts of "what you can do over time": each activity's ratings, 10 is as before."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import latest_rows
from apps.comparisons.reading.spans import Span, in_words
from apps.conditions.models import Condition
from apps.diary.function.activities import ratings_between

MOST_ROWS = 100
NONE = "–"

Ratings = dict[str, dict[date, int]]  # by activity, then by day


def chart(user, condition: Condition, span: Span) -> dict:
    """How well each of the person's own activities went; higher is better, unlike with pain."""
    found = ratings(user, condition, span)
    return {
        "name": "function_over_time",
        "module": "js/charts/function_over_time.js",
        "title": _("What you can do, over time"),
        "summary": sentences(found),
        "notes": [_("Higher is better: 10 is as before, 0 is “cannot do it”.")],
        "label": _("How well each activity goes over time. The table has the numbers."),
        "drawing": {
            "axis": _("How well it goes: 0 cannot do it – 10 as before"),
            "slots": span.slots,
            "ticks": span.ticks(),
            "lines": drawn(found, span),
        },
        "table": table(found),
    }


def ratings(user, condition, span: Span) -> Ratings:
    """Those of each activity that was rated in the span, in the activities' order."""
    found: Ratings = {}
    for row in ratings_between(user, condition, span.first_day, span.last_day):
        found.setdefault(row.activity__name, {})[row.diary_date] = row.rating
    return found


def drawn(found: Ratings, span: Span) -> list[dict]:
    """A line for each activity; ``at`` is the place of the day among the span's slots."""
    text = _("%(day)s, %(activity)s: %(rating)s")
    lines = []
    for name, by_day in found.items():
        days = zip(by_day.items(), in_words(by_day), strict=True)
        marks = [
            {
                "at": round((day - span.start).days / span.step, 3),
                "rating": rating,
                "text": text % {"day": words, "activity": name, "rating": rating},
            }
            for (day, rating), words in days
        ]
        lines.append({"name": name, "marks": marks})
    return lines


def sentences(found: Ratings) -> list[str]:
    """The first and the latest rating of each activity, and how many there were."""
    if not found:
        return [_("No activity was rated in this time.")]
    return [_sentence(name, list(by_day.values())) for name, by_day in found.items()]


def _sentence(name, in_order):
    if len(in_order) == 1:
        return _("%(activity)s: rated once, %(rating)s.") % {
            "activity": name,
            "rating": in_order[0],
        }
    text = ngettext(
        "%(activity)s: first %(first)s, latest %(latest)s, in %(n)s rating.",
        "%(activity)s: first %(first)s, latest %(latest)s, in %(n)s ratings.",
        len(in_order),
    )
    values = {"activity": name, "first": in_order[0], "latest": in_order[-1], "n": len(in_order)}
    return text % values


def table(found: Ratings) -> dict:
    days = sorted({day for by_day in found.values() for day in by_day}, reverse=True)
    shown = days[:MOST_ROWS]
    rows = [
        [words, *(str(by_day.get(day, NONE)) for by_day in found.values())]
        for day, words in zip(shown, in_words(shown), strict=True)
    ]
    return {
        "columns": [_("When"), *found],
        "rows": rows,
        "note": latest_rows(len(shown), len(days)),
    }
