"""The words and parts of "left against right": ratings per week and side, and its switches."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.sides import switches
from apps.comparisons.charts.words import latest_rows, mean
from apps.comparisons.reading import slots
from apps.comparisons.reading.spans import Span, in_words
from apps.conditions.models import Condition, Side

ORDER = (Side.LEFT, Side.RIGHT, Side.BOTH)
MOST_ROWS = 100
NONE = "–"


def chart(user, condition: Condition, span: Span) -> dict:
    """Which side was rated how often in each week, its mean pain, and where it switched."""
    monday = span.first_monday
    rows = slots.pain_by_side(user, condition, span, monday)
    switched = switches(slots.sides(user, condition, span), span)
    labels = labels_of(span, monday)
    return {
        "name": "left_and_right",
        "module": "js/charts/left_and_right.js",
        "title": _("Left against right"),
        "summary": sentences(rows, switched),
        "notes": [
            _(
                "Above: mean pain of each week. Below: the larger the mark, the more of the week's "
                "check-ins were of that side. Dashed: the side switched."
            )
        ],
        "label": _("Pain and share of ratings by side in each week. The table has the numbers."),
        "drawing": {
            "axis": _("Pain, mean of the week: 0 none – 10 worst imaginable"),
            "weeks": len(labels),
            "ticks": [
                {**tick, "at": tick["at"] * span.step / 7 + (span.start - monday).days / 7}
                for tick in span.ticks()
            ],
            "sides": drawn(rows, labels),
            "switches": placed(switched, span, monday),
        },
        "table": table(rows, labels),
    }


def drawn(rows: dict, labels: list[str]) -> list[dict]:
    """One per side that was rated; ``share`` is of the week's ratings, 0 to 1."""
    totals = ratings_per_week(rows)
    text = _("%(week)s, %(side)s: %(n)s of %(all)s ratings, mean pain %(mean)s")
    found = []
    for side in ORDER:
        weeks = [week for week, known in sorted(rows) if known == side]
        if weeks:
            marks = [(week, *rows[week, side]) for week in weeks]
            found.append(
                {
                    "side": side.value,
                    "name": str(side.label),
                    "marks": [
                        {
                            "week": week,
                            "share": round(n / totals[week], 3),
                            "pain": round(pain, 2),
                            "text": text
                            % {
                                "week": labels[week],
                                "side": side.label,
                                "n": n,
                                "all": totals[week],
                                "mean": mean(pain),
                            },
                        }
                        for week, n, pain in marks
                    ],
                }
            )
    return found


def ratings_per_week(rows: dict) -> dict[int, int]:
    totals: dict[int, int] = {}
    for (week, _side), (n, _pain) in rows.items():
        totals[week] = totals.get(week, 0) + n
    return totals


def labels_of(span: Span, monday) -> list[str]:
    weeks = (span.last_day - monday).days // 7 + 1
    text = _("Week from %(day)s")
    days = in_words(monday + timedelta(weeks=number) for number in range(weeks))
    return [text % {"day": day} for day in days]


def placed(switches: dict[int, tuple[str, int]], span: Span, monday) -> list[dict]:
    """Where in the weeks the side switched; the middle of week 0 is 0."""
    return [
        {"week": round((span.day_of(slot) - monday).days / 7 - 0.43, 2), "text": switches[slot][0]}
        for slot in sorted(switches)
    ]


def sentences(rows: dict, switches: dict[int, tuple[str, int]]) -> list[str]:
    """Each side's share of the ratings and its mean pain, with counts."""
    total = sum(n for n, _pain in rows.values())
    if not total:
        return [_("No rating with a side in this time.")]
    text = _("%(side)s: %(n)s of %(all)s ratings, mean pain %(mean)s.")
    sentences = []
    for side in ORDER:
        own = [each for (_week, known), each in rows.items() if known == side]
        if n := sum(times for times, _pain in own):
            average = sum(times * pain for times, pain in own) / n
            name = str(side.label).capitalize()
            values = {"side": name, "n": n, "all": total, "mean": mean(average)}
            sentences.append(text % values)
    n = sum(n for _text, n in switches.values())
    text = ngettext("The side switched %(n)s time.", "The side switched %(n)s times.", n)
    return [*sentences, text % {"n": n}]


def table(rows: dict, labels: list[str]) -> dict:
    totals = ratings_per_week(rows)
    weeks = sorted(totals, reverse=True)
    text = _("%(n)s of %(all)s, mean %(mean)s")
    cells = [
        [
            labels[week],
            *(
                text
                % {
                    "n": rows[week, side][0],
                    "all": totals[week],
                    "mean": mean(rows[week, side][1]),
                }
                if (week, side) in rows
                else NONE
                for side in ORDER
            ),
        ]
        for week in weeks[:MOST_ROWS]
    ]
    return {
        "columns": [_("When"), *(str(side.label).capitalize() for side in ORDER)],
        "rows": cells,
        "note": latest_rows(len(cells), len(weeks)),
    }
