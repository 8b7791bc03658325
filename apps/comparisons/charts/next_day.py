"""The words and parts of "the next day": ratings after days with and days without."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import mean
from apps.comparisons.engine.next_day import MEASURES, mean_of
from apps.conditions.places import Places

KINDS = ("with", "without")
NOT_RATED = "–"


def chart(counts: dict, places: Places) -> dict:
    """Ratings on the day after days with it and after days without."""
    named = names(places.first.pain)
    return {
        "name": "next_day",
        "module": "js/charts/next_day.js",
        "title": _("The day after"),
        "summary": sentences(counts, places.first.pain),
        "notes": [_("Each mark is a rating; the larger, the more days had it. Lines are means.")],
        "label": _("Ratings after days with it and without. The table has the means."),
        "drawing": {
            "axis": _("The next day's first check-in: 0 none – 10 worst imaginable"),
            "kinds": {"with": _("days with it"), "without": _("days without")},
            "rows": drawn_rows(counts, named),
        },
        "table": table(counts, named),
    }


def names(pain: str) -> dict[str, tuple[str, str]]:
    """Each measure's name, and which way its scale goes."""
    return {
        "leg_pain": (capfirst(pain), _("0 none – 10 worst")),
        "sleep": (_("Sleep"), _("0 hardly slept – 10 slept well")),
        "stress": (_("Stress"), _("0 calm – 10 most")),
        "energy": (_("Energy"), _("0 none – 10 full of it")),
        "headache": (_("Headache"), _("0 none – 10 worst")),
        "muscle_tension": (_("Muscle tension"), _("0 loose – 10 most tense")),
    }


def drawn_rows(counts: dict, named: dict) -> list[dict]:
    """The measures that were rated at all."""
    return [
        {
            "name": named[measure][0],
            "scale": named[measure][1],
            **{kind: _drawn(counts[measure][kind], kind) for kind in KINDS},
        }
        for measure in rated(counts)
    ]


def rated(counts: dict) -> list[str]:
    return [m for m in MEASURES if any(sum(counts[m][kind]) for kind in KINDS)]


def _drawn(counts: list[int], kind: str) -> dict:
    average = mean_of(counts)
    days = after_days(sum(counts), kind)
    text = _("%(days)s: mean %(mean)s") if average is not None else "%(days)s"
    return {
        "counts": [[rating, n] for rating, n in enumerate(counts) if n],
        "mean": None if average is None else round(average, 2),
        "text": text % {"days": days, "mean": None if average is None else mean(average)},
        "label": NOT_RATED if average is None else mean(average),
        "n": sum(counts),
    }


def after_days(n: int, kind: str) -> str:
    if kind == "with":
        return ngettext("after %(n)s day with it", "after %(n)s days with it", n) % {"n": n}
    return ngettext("after %(n)s day without", "after %(n)s days without", n) % {"n": n}


def sentences(counts: dict, pain: str) -> list[str]:
    leg = counts["leg_pain"]
    own, other = mean_of(leg["with"]), mean_of(leg["without"])
    if own is None or other is None:
        text = _("%(pain)s was not yet rated both after days with it and after days without.")
        first = text % {"pain": capfirst(pain)}
    else:
        text = _("The next day's first %(pain)s: mean %(own)s %(with)s, %(other)s %(without)s.")
        first = text % {
            "pain": pain,
            "own": mean(own),
            "with": after_days(sum(leg["with"]), "with"),
            "other": mean(other),
            "without": after_days(sum(leg["without"]), "without"),
        }
    return [
        first,
        _(
            "Days with it are not like other days: people treat when it hurts. "
            "So this is a picture, not an answer."
        ),
    ]


def table(counts: dict, named: dict) -> dict:
    return {
        "columns": [
            _("Next day"),
            _("Scale"),
            _("Mean after days with it"),
            _("Days"),
            _("Mean after days without"),
            _("Days"),
        ],
        "rows": [[*named[m], *_cells(counts[m])] for m in rated(counts)],
        "note": _(
            "Each day counts by the first check-in of the day after it. Days without any entry, "
            "and days with no check-in after them, are left out."
        ),
    }


def _cells(kinds: dict) -> list[str]:
    cells = []
    for kind in KINDS:
        average = mean_of(kinds[kind])
        cells += [NOT_RATED if average is None else mean(average), str(sum(kinds[kind]))]
    return cells
