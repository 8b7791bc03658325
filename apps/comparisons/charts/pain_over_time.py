"""The parts of "pain over time": a line with its band, lanes below, sentences and the table."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts import lanes, sides
from apps.comparisons.charts.words import about, latest_rows, points
from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.slots import WHERE
from apps.comparisons.reading.spans import Span
from apps.conditions.places import Rated

MOST_ROWS = 100
FEWEST_RATINGS = 2  # in a week: under that the line has a gap
WEEKS_AT_AN_END = 4
MOST_SWITCH_DAYS = 3
NOT_RATED = "–"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a course, in the points of the line; ``places`` by leg and back."""

    span: Span
    places: dict[str, Rated]
    pain: dict[int, dict]
    days: dict[str, list[tuple]]
    sides: list[tuple]
    lanes: list[lanes.Lane]

    @classmethod
    def of(cls, course: Course) -> "Read":
        return cls(
            span=course.span.by_points(),
            places=dict(zip(WHERE, course.places, strict=False)),
            pain=course.pain,
            days=course.days,
            sides=course.sides,
            lanes=lanes.lanes(course),
        )


def chart(course: Course, where: Iterable[str] = ("leg",)) -> dict:
    """Pain as a line, of leg or back or both, and below it the side, treatments and waits.

    Where none of those was ever rated in the span, all that was is drawn.
    """
    read = Read.of(course)
    shown = [each for each in where if is_rated(each, read)] or [
        each for each in WHERE if is_rated(each, read)
    ]
    return {
        "name": "pain_over_time",
        "module": "js/charts/pain_over_time.js",
        "title": _("Pain over time"),
        "summary": sentences(read, shown),
        "notes": notes(read, shown),
        "counts": how_often(read),
        "label": _("Pain over time, side and treatments below. The table has the numbers."),
        "drawing": drawing(read, shown),
        "table": table(read),
    }


def is_rated(where: str, read: Read) -> bool:
    return where in read.places and any(row[f"{where}_n"] for row in read.pain.values())


def is_drawn(where: str, row: dict, span: Span) -> bool:
    """Whether the line has a point here: a week needs two ratings, a day one."""
    return row[f"{where}_n"] >= (FEWEST_RATINGS if span.is_weekly else 1)


def drawing(read: Read, shown: list[str]) -> dict:
    span, lane_span = read.span, read.span.by_marks()
    offset = (span.first_day - span.start).days
    return {
        "axis": _("Pain: 0 none – 10 worst imaginable"),
        "days": span.days,
        "ticks": [
            {"at": round(tick["at"] * span.step) - offset, "label": tick["label"]}
            for tick in span.ticks()
        ],
        "slots": span.labels(),
        "at": [span.middle_of(slot) for slot in range(span.slots)],
        "lines": [line(each, read, is_first=each == shown[0]) for each in shown],
        "side": _("Side"),
        "stretches": sides.stretches(read.sides, span),
        "lanes": [lanes.drawn(lane, lane_span) for lane in lanes.first_few(read.lanes)],
        "lane_slots": lane_span.labels(),
        "lane_at": [lane_span.middle_of(slot) for slot in range(lane_span.slots)],
        "events": lanes.events(read.lanes, lane_span),
    }


def line(where: str, read: Read, *, is_first: bool = True) -> dict:
    """Means with None where there are too few ratings, so that a gap stays a gap.

    A line that is laid over another one comes without band and days of its own.
    """
    full, has_band = pain_in(where, read), is_first and read.span.is_weekly
    line = {"key": where, "name": read.places[where].name, "means": [], "bands": [], "texts": []}
    for slot in range(read.span.slots):
        row = read.pain.get(slot)
        row = row if row and is_drawn(where, row, read.span) else None
        line["means"].append(round(row[f"{where}_mean"], 2) if row else None)
        line["bands"].append(band(where, row) if has_band and row else None)
        line["texts"].append(f"{full} {in_numbers(where, row, read.span)}" if row else None)
    line["days"] = dots(where, read) if is_first else []
    return line


def pain_in(where: str, read: Read) -> str:
    """ "Leg pain" """
    pain = read.places[where].pain
    return pain[:1].upper() + pain[1:]


def band(where: str, row: dict) -> list[float]:
    return [row[f"{where}_quarter"], row[f"{where}_three_quarters"]]


def dots(where: str, read: Read) -> list[list[float]]:
    """The mean of each day behind a line of weeks; behind one of days its lowest and highest."""
    if read.span.is_weekly:
        return [[at, round(pain, 2)] for at, pain in read.days.get(where, [])]
    return [
        [slot, row[f"{where}_{end}"]]
        for slot, row in sorted(read.pain.items())
        if row[f"{where}_low"] != row[f"{where}_high"]
        for end in ("low", "high")
    ]


def in_numbers(where: str, row: dict, span: Span) -> str:
    """ "4", "4.3 (2 to 6, 3 ratings)", or of weeks with their middle half as well."""
    n, low, high = (row[f"{where}_{each}"] for each in ("n", "low", "high"))
    if n == 1:
        return points(row[f"{where}_mean"])
    text = _("%(mean)s (%(low)s to %(high)s, %(n)s ratings)")
    values = {"mean": points(row[f"{where}_mean"]), "low": low, "high": high, "n": n}
    if span.is_weekly:
        text = _("%(mean)s (half %(from)s to %(until)s, all %(low)s to %(high)s, %(n)s ratings)")
        start, end = map(points, band(where, row))
        values |= {"from": start, "until": end}
    return text % values


def sentences(read: Read, shown: list[str]) -> list[str]:
    """How it was first and latest; of a few weeks also when the side switched."""
    found = [_going(where, read) for where in shown]
    return found if read.span.is_weekly else [*found, *_switched(read)]


def _going(where: str, read: Read) -> str:
    """The first four weeks rated beside the latest four where they are not the same, else all."""
    name = pain_in(where, read)
    rows = drawn_rows(where, read)
    if not _has_two_ends(where, read):
        return _altogether(name, where, [row for row in read.pain.values() if row[f"{where}_n"]])
    ends = points_at_an_end(read.span)
    first, last = (about(_mean(where, part)) for part in (rows[:ends], rows[-ends:]))
    text = _("%(name)s: about %(first)s at first, about %(last)s lately.")
    return text % {"name": name, "first": first, "last": last}


def points_at_an_end(span: Span) -> int:
    return max(1, WEEKS_AT_AN_END * 7 // span.step)


def drawn_rows(where: str, read: Read) -> list[dict]:
    return [row for _slot, row in sorted(read.pain.items()) if is_drawn(where, row, read.span)]


def _has_two_ends(where: str, read: Read) -> bool:
    return read.span.is_weekly and len(drawn_rows(where, read)) >= 2 * points_at_an_end(read.span)


def _altogether(name: str, where: str, rows: list[dict]) -> str:
    low = min(row[f"{where}_low"] for row in rows)
    high = max(row[f"{where}_high"] for row in rows)
    if low == high:
        return _("%(name)s: %(value)s throughout.") % {"name": name, "value": low}
    text = _("%(name)s: about %(mean)s on average, from %(low)s to %(high)s.")
    return text % {"name": name, "mean": about(_mean(where, rows)), "low": low, "high": high}


def _mean(where: str, rows: list[dict]) -> float:
    """Of all ratings, so that a week with many weighs more."""
    total = sum(row[f"{where}_mean"] * row[f"{where}_n"] for row in rows)
    return total / sum(row[f"{where}_n"] for row in rows)


def _switched(read: Read) -> list[str]:
    """On which days the side switched where they are few, else how often."""
    days = sides.switch_days(read.sides)
    n = sum(times for _text, times in sides.switches(read.sides, read.span).values())
    if not days:
        return []
    if n == len(days) <= MOST_SWITCH_DAYS:
        named = ", ".join(date_format(day, "MONTH_DAY_FORMAT") for day in days)
        return [_("The side switched on %(days)s.") % {"days": named}]
    text = ngettext("The side switched %(n)s time.", "The side switched %(n)s times.", n)
    return [text % {"n": n}]


def notes(read: Read, shown: list[str]) -> list[str]:
    """What line, band, dots and lanes are, and how often everything was rated and done."""
    rated = sum(row["days"] for row in read.pain.values())
    text = ngettext(
        "Rated on %(rated)s of %(days)s day.",
        "Rated on %(rated)s of %(days)s days.",
        read.span.days,
    )
    found = [text % {"rated": rated, "days": read.span.days}]
    if any(_has_two_ends(where, read) for where in shown):
        found.append(_("At first and lately: the first and the latest four weeks rated."))
    switched = _switched(read) if read.span.is_weekly else []
    return [*found, _of_the_line(read), *_of_the_lanes(read), *switched]


def _of_the_line(read: Read) -> str:
    if not read.span.is_weekly:
        return _("Line: mean of each day. Faint dots: the lowest and the highest of a day.")
    if read.span.step > 7:
        return _("Line: mean of every four weeks. Band: the middle half of their ratings.")
    words = _("Line: mean of the week, with two ratings or more. Band: the middle half of them.")
    days = _("Faint dots: days.")
    return f"{words} {days}" if read.days else words


def _of_the_lanes(read: Read) -> list[str]:
    few, span = lanes.first_few(read.lanes), read.span.by_marks()
    drawn = len([lane for lane in read.lanes if not lane.is_one_off])
    found = []
    if few and span.is_weekly:
        found.append(
            _("Below: the taller, the more often in a week (1, 2, 3 or more). Rings: waits.")
        )
    elif few:
        found.append(_("Below: a tick is a day with it. Rings: waits."))
    if any(lane.periods for lane in few):
        found.append(_("Pale bars: in use."))
    if len(few) < drawn:
        text = _("Drawn are the first %(n)s treatments by name; the table has all.")
        found.append(text % {"n": lanes.MOST_LANES})
    return found


def how_often(read: Read) -> str:
    """How many sessions each lane has; empty if there was none."""
    few = [lane for lane in lanes.first_few(read.lanes) if lane.total]
    numbers = ", ".join(f"{lane.name} {lane.total}" for lane in few)
    return _("Sessions: %(numbers)s.") % {"numbers": numbers} if few else ""


def table(read: Read) -> dict:
    span = read.span
    done = lanes.done(read.lanes, span.by_marks(), span)
    felt, labels = sides.in_slots(read.sides, span), span.labels()
    filled = sorted({*read.pain, *done, *felt}, reverse=True)
    pains = [pain_in(where, read) for where in read.places]
    rows = [
        [
            labels[slot],
            *(_cell(where, read.pain.get(slot), span) for where in read.places),
            ", ".join(done.get(slot, [])),
            felt.get(slot, ""),
        ]
        for slot in filled[:MOST_ROWS]
    ]
    return {
        "columns": [_("When"), *pains, _("Sessions"), _("Side")],
        "rows": rows,
        "note": latest_rows(len(rows), len(filled)),
    }


def _cell(where: str, row: dict | None, span: Span) -> str:
    return in_numbers(where, row, span) if row and row[f"{where}_n"] else NOT_RATED
