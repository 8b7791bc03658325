"""The parts of "pain over time": lines, strips, switches of side, sentences and the table."""

from collections.abc import Iterable
from itertools import pairwise

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.words import latest_rows, points
from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.slots import WHERE
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Side
from apps.conditions.places import Places, Rated

MOST_ROWS = 100
MOST_STRIPS = 12
LONGEST_CHAIN = 4
NOT_RATED = "–"


def chart(course: Course) -> dict:
    """Pain per day or week, the treatments below it, and where the side switched."""
    span, pain, done = course.span, course.pain, strips(course)
    switched = switches(course.sides, span)
    named = named_places(course.places)
    labels, rated = span.labels(), {where: ratings(where, pain) for where in named}
    label = _("%(pains)s over time, treatments below. The table has the numbers.")
    return {
        "name": "pain_over_time",
        "module": "js/charts/pain_over_time.js",
        "title": _("Pain over time"),
        "summary": sentences(course, done, switched),
        "notes": [],
        "label": label % {"pains": capfirst(course.places.pains)},
        "drawing": {
            "axis": _("Pain: 0 none – 10 worst imaginable"),
            "slots": labels,
            "ticks": span.ticks(),
            "lines": [line(w, named[w], pain, rated[w], span) for w in named if rated[w]],
            "strips": [drawn_strip(strip, span) for strip in first_few(done)],
            "switches": [{"at": slot, "text": switched[slot][0]} for slot in sorted(switched)],
        },
        "table": table(labels, named, rated, done, switched),
    }


def named_places(places: Places) -> dict[str, Rated]:
    """The one or two places by the names of their lines."""
    return dict(zip(WHERE, places, strict=False))


def ratings(where: str, pain: dict[int, dict]) -> dict[int, str]:
    """The ratings of each slot that has any, in words: "4", or "4.3 (2 to 6, 3 ratings)"."""
    one, several = "%(mean)s", _("%(mean)s (%(low)s to %(high)s, %(n)s ratings)")
    return {
        slot: (several if row[f"{where}_n"] > 1 else one)
        % {
            "mean": points(row[f"{where}_mean"]),
            "low": row[f"{where}_low"],
            "high": row[f"{where}_high"],
            "n": row[f"{where}_n"],
        }
        for slot, row in pain.items()
        if row[f"{where}_n"]
    }


def line(
    where: str, place: Rated, pain: dict[int, dict], ratings: dict[int, str], span: Span
) -> dict:
    """Means with None in every slot without a rating, so that a gap stays a gap."""
    full = capfirst(place.pain)
    line = {"key": where, "name": place.name, "means": [], "ranges": [], "texts": []}
    for slot in range(span.slots):
        row = pain[slot] if slot in ratings else None
        low, high = (row[f"{where}_low"], row[f"{where}_high"]) if row else (None, None)
        line["means"].append(round(row[f"{where}_mean"], 2) if row else None)
        line["ranges"].append([low, high] if low != high else None)
        line["texts"].append(f"{full} {ratings[slot]}" if row else None)
    return line


def strips(course: Course) -> list[dict]:
    """One per treatment, by name, then wait and see; each with its sessions and its periods."""
    used, periods = course.used, course.periods
    names = sorted({*used, *periods} - {None}, key=str.casefold)
    strips = [
        {
            "name": name,
            "is_wait": False,
            "sessions": used[name].slots if name in used else {},
            "periods": periods.get(name, []),
        }
        for name in names
    ]
    if None in used:
        waited = used[None].slots
        strips.append(
            {"name": _("Wait and see"), "is_wait": True, "sessions": waited, "periods": []}
        )
    return strips


def first_few(strips: list[dict]) -> list[dict]:
    """The first twelve treatments by name and the waits: more cannot be read."""
    treated = [strip for strip in strips if not strip["is_wait"]]
    return treated[:MOST_STRIPS] + [strip for strip in strips if strip["is_wait"]]


def drawn_strip(strip: dict, span: Span) -> dict:
    return {
        "name": strip["name"],
        "is_wait": strip["is_wait"],
        "marks": [
            {"at": slot, "text": _times(strip["name"], n)}
            for slot, n in sorted(strip["sessions"].items())
        ],
        "periods": [
            {
                "from": span.slot_of(max(period["started_on"], span.first_day)),
                "until": span.slot_of(min(period["ended_on"] or span.last_day, span.last_day)),
            }
            for period in strip["periods"]
        ],
    }


def _times(name: str, n: int) -> str:
    return name if n == 1 else f"{name} × {n}"


def switches(sides: list[tuple], span: Span) -> dict[int, tuple[str, int]]:
    """Per slot in which the side switched the words and how often: "left → right", 1."""
    found = {}
    for (_before, before), (day, after) in pairwise(sides):
        if before != after:
            found.setdefault(span.slot_of(day), [before]).append(after)
    return {
        slot: (text, len(chain) - 1)
        for (slot, chain), text in zip(found.items(), in_a_row(found.values()), strict=True)
    }


def in_a_row(chains: Iterable[list[str]]) -> list[str]:
    """Sides one after the other as "left → right", or how often it switched if too many."""
    names = {side: str(Side(side).label) for side in Side}
    many = _("%(n)s switches of side")
    return [
        " → ".join(names[side] for side in chain)
        if len(chain) <= LONGEST_CHAIN
        else many % {"n": len(chain) - 1}
        for chain in chains
    ]


def sentences(course: Course, strips, switches) -> list[str]:
    span, sentences = course.span, _pain_sentences(course)
    few = first_few(strips)
    used = [(strip["name"], sum(strip["sessions"].values())) for strip in few]
    numbers = ", ".join(f"{name} {n}" for name, n in used if n)
    if numbers:
        sentences.append(_("Sessions: %(numbers)s.") % {"numbers": numbers})
    if len(few) < len(strips):
        text = _("Drawn are the first %(n)s treatments by name; the table has all.")
        sentences.append(text % {"n": MOST_STRIPS})
    if n := sum(n for _text, n in switches.values()):
        text = ngettext("The side switched %(n)s time.", "The side switched %(n)s times.", n)
        sentences.append(text % {"n": n})
    if span.is_weekly:
        sentences.append(_("Over more than a year, each point is the mean of a week."))
    return sentences


def _pain_sentences(course: Course) -> list[str]:
    found, days = course.pain_altogether, course.span.days
    text = ngettext(
        "Ratings of %(pain)s on %(rated)s of %(days)s day.",
        "Ratings of %(pain)s on %(rated)s of %(days)s days.",
        days,
    )
    pain = course.places.either_pain
    sentences = [text % {"pain": pain, "rated": found["days"], "days": days}]
    for where, place in named_places(course.places).items():
        if found[f"{where}_low"] is not None:
            text = _("%(name)s from %(low)s to %(high)s, middle value %(middle)s.")
            low, high = found[f"{where}_low"], found[f"{where}_high"]
            middle = points(found[f"{where}_middle"])
            name = capfirst(place.pain)
            sentences.append(text % {"name": name, "low": low, "high": high, "middle": middle})
    return sentences


def table(labels, named, ratings, strips, switches) -> dict:
    done = _done(strips)
    rated = {slot for found in ratings.values() for slot in found}
    filled = sorted({*rated, *done, *switches}, reverse=True)
    rows = [
        [
            labels[slot],
            *(ratings[where].get(slot, NOT_RATED) for where in named),
            ", ".join(done.get(slot, [])),
            switches[slot][0] if slot in switches else "",
        ]
        for slot in filled[:MOST_ROWS]
    ]
    pains = [capfirst(place.pain) for place in named.values()]
    return {
        "columns": [_("When"), *pains, _("Sessions"), _("Side switched")],
        "rows": rows,
        "note": latest_rows(len(rows), len(filled)),
    }


def _done(strips: Iterable[dict]) -> dict[int, list[str]]:
    done = {}
    for strip in strips:
        for slot, n in strip["sessions"].items():
            done.setdefault(slot, []).append(_times(strip["name"], n))
    return done
