"""The first and the last two weeks of a range beside each other: pain, painkillers, days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Avg, Count, FloatField, Max, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import mean
from apps.comparisons.reading.slots import WHERE
from apps.comparisons.reading.spans import Span
from apps.conditions.places import Places

WINDOW_DAYS = 14
SEVERE = 7
NONE = "–"


@dataclass(frozen=True, slots=True)
class Window:
    """Some days at an end of the range; ``name`` says at which."""

    name: str
    span: Span

    @property
    def within(self) -> Q:
        return Q(diary_date__range=(self.span.first_day, self.span.last_day))


def windows(span: Span) -> list[Window]:
    """The first and the last 14 days; half of it each where the span is shorter than 28.

    A single day is one window, for there is nothing to put beside it.
    """
    length = min(WINDOW_DAYS, span.days // 2)
    if not length:
        return [Window(_("That day"), span)]
    rest = timedelta(days=length - 1)
    first = ngettext("First day", "First %(n)s days", length) % {"n": length}
    last = ngettext("Last day", "Last %(n)s days", length) % {"n": length}
    return [
        Window(first, Span(span.first_day, span.first_day + rest)),
        Window(last, Span(span.last_day - rest, span.last_day)),
    ]


def then_and_now(
    check_ins, days: set[date], taken: dict[date, bool], windows: list[Window], places: Places
) -> list[dict]:
    """Groups of rows, each with a cell per window. One query.

    ``days`` are those with an entry, ``taken`` is as ``painkiller_days`` makes it.
    """
    found = pain(check_ins, windows)
    groups = [
        pain_rows(capfirst(place.pain), [window[where] for window in found])
        for where, place in zip(WHERE, places, strict=False)
    ]
    rows = [
        [_("Days with painkillers"), [share(taken, each) for each in windows]],
        [_("Days with an entry"), [entered(days, each.span) for each in windows]],
    ]
    return [*groups, {"name": "", "cells": [], "rows": rows}]


def pain(check_ins, windows: list[Window]) -> list[dict]:
    """Per window and place ``n`` ratings, ``mean``, ``worst`` and how many were ``severe``.

    NRS points of check-ins: 0 none to 10 worst; mean and worst are None without a rating.
    """
    aggregates = {}
    for number, window in enumerate(windows):
        for where, field in WHERE.items():
            is_severe = window.within & Q(**{f"{field}__gte": SEVERE})
            aggregates |= {
                f"n_{where}_{number}": Count(field, filter=window.within),
                f"mean_{where}_{number}": Avg(
                    field, filter=window.within, output_field=FloatField()
                ),
                f"worst_{where}_{number}": Max(field, filter=window.within),
                f"severe_{where}_{number}": Count(field, filter=is_severe),
            }
    found = check_ins.order_by().aggregate(**aggregates)
    return [
        {
            where: {
                key: found[f"{key}_{where}_{number}"] for key in ("n", "mean", "worst", "severe")
            }
            for where in WHERE
        }
        for number in range(len(windows))
    ]


def function(ratings, windows: list[Window]) -> dict | None:
    """Means of the person's own activities, 0 cannot do it to 10 as before; None if none is rated.

    One query.
    """
    aggregates = {}
    for number, window in enumerate(windows):
        aggregates |= {
            f"n_{number}": Count("pk", filter=window.within),
            f"mean_{number}": Avg("rating", filter=window.within, output_field=FloatField()),
        }
    named = ratings.order_by("activity__name").values("activity__name")
    rows = list(named.annotate(**aggregates))
    counts = [sum(row[f"n_{number}"] for row in rows) for number in range(len(windows))]
    cells = [[row[f"mean_{number}"] for number in range(len(windows))] for row in rows]
    if not rows:
        return None
    return {
        "name": _("Function"),
        "cells": [n_ratings(n) for n in counts],
        "rows": [
            [row["activity__name"], [NONE if cell is None else mean(cell) for cell in own]]
            for row, own in zip(rows, cells, strict=True)
        ],
    }


def pain_rows(pain: str, cells: list[dict]) -> dict:
    """The average leads; how many ratings it is of stands in the last row.

    Its other rows are read out with the name of the pain: heard alone, "worst" is of neither.
    """
    name = _("%(pain)s, average") % {"pain": pain}
    group = {"name": name, "read_with": pain, "is_number": True, "rows": []}
    rated = [cell if cell["n"] else None for cell in cells]
    group["cells"] = [mean(cell["mean"]) if cell else n_ratings(0) for cell in rated]
    if not any(rated):
        return group
    of = _("%(n)s of %(all)s")
    severe = [cell and of % {"n": cell["severe"], "all": cell["n"]} for cell in rated]
    group["rows"] = [
        [_("worst"), [str(cell["worst"]) if cell else NONE for cell in rated]],
        [_("rated %(n)s or more") % {"n": SEVERE}, [cell or NONE for cell in severe]],
    ]
    return group


def n_ratings(n: int) -> str:
    if not n:
        return _("no ratings")
    return ngettext("%(n)s rating", "%(n)s ratings", n) % {"n": n}


def share(taken: dict[date, bool], window: Window) -> str:
    span = window.span
    within = [any_ for day, any_ in taken.items() if span.first_day <= day <= span.last_day]
    if not within:
        return _("not answered")
    return _("%(n)s of %(all)s") % {"n": sum(within), "all": len(within)}


def entered(days: set[date], span: Span) -> str:
    n = sum(span.first_day <= day <= span.last_day for day in days)
    return _("%(n)s of %(all)s") % {"n": n, "all": span.days}
