"""The words and parts of "over weeks": the line before the start, and what was rated since."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.pain_over_time import in_a_row
from apps.comparisons.charts.words import mean
from apps.comparisons.engine.trend import (
    FEWEST_WEEKS,
    LONGEST_BEFORE,
    Line,
    line_before,
    weeks_before,
)
from apps.comparisons.reading.facts import AroundStart
from apps.comparisons.reading.spans import in_words

LEVEL = 0.05
NOT_RATED = "–"
MOST_NAMED = 6


def chart(around: AroundStart, others: list[tuple]) -> dict:
    """Weekly pain around the start, with the line before it carried forward."""
    drawing = drawn(around, others)
    start = day_in_words(around.start)
    return {
        "name": "over_weeks",
        "module": "js/charts/over_weeks.js",
        "title": _("Before and since %(day)s") % {"day": start},
        "summary": sentences(around),
        "notes": notes(drawing["events"]),
        "label": _("Weekly pain before and since the start. The table has the numbers."),
        "drawing": {
            "axis": _("Weeks since the start"),
            "pain": _("Pain, mean of the week: 0 none – 10 worst imaginable"),
            "start": _("start"),
            **drawing,
        },
        "table": table(around, drawing["events"]),
    }


def day_in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def drawn(around: AroundStart, others: list[tuple[str, date]]) -> dict:
    """Weeks from the start; week 0 begins with the first day. The band is cut at 0 and 10."""
    weeks, start = around.weeks, around.start
    line = line_before(weeks)
    last = max([*weeks, 0])
    first = min([*weeks, 0])
    labels = in_words(start + timedelta(weeks=week) for week in weeks)
    text = _("Week from %(day)s: mean %(mean)s")
    return {
        "first": first,
        "last": last,
        "weeks": [
            {"week": week, "pain": round(pain, 2), "text": text % {"day": day, "mean": mean(pain)}}
            for (week, pain), day in zip(weeks.items(), labels, strict=True)
        ],
        "line": [_at(line, week) for week in range(first, last + 1)] if line else [],
        "events": events(around, others, last + 1),
    }


def _at(line: Line, week: int) -> list[float]:
    return [week, *(round(min(max(value, 0), 10), 2) for value in line.at(week))]


def events(around: AroundStart, others: list[tuple[str, date]], end: int) -> list[dict]:
    """Other treatments' starts and switches of side, as weeks from the start."""
    start = around.start
    texts = in_a_row(chain for _day, chain in around.switches)
    found = [(day, name, 0) for name, day in others]
    found += [
        (day, text, len(chain) - 1)
        for (day, chain), text in zip(around.switches, texts, strict=True)
    ]
    return [
        {
            "week": round((day - start).days / 7 - 0.5, 2),
            "text": text,
            "switches": switches,
            "day": "" if switches else day_in_words(day),
        }
        for day, text, switches in sorted(found)
        if -LONGEST_BEFORE * 7 <= (day - start).days <= end * 7
    ]


def sentences(around: AroundStart) -> list[str]:
    """How it was going before, in one sentence, or why nobody can say."""
    weeks = around.weeks
    before = weeks_before(weeks)
    line = line_before(weeks)
    if line is None:
        text = ngettext(
            "There is no line: it needs ratings in %(fewest)s of the 12 weeks before the start, "
            "and there is %(n)s.",
            "There is no line: it needs ratings in %(fewest)s of the 12 weeks before the start, "
            "and there are %(n)s.",
            len(before),
        )
        return [text % {"fewest": FEWEST_WEEKS, "n": len(before)}]
    return [_going(line), _drawn_from(line)]


def _going(line: Line) -> str:
    if abs(line.slope) < LEVEL:
        return _("Your pain was about level before you started.")
    if line.slope < 0:
        text = _("You were already improving by %(points)s points a week before you started.")
    else:
        text = _("Your pain was rising by %(points)s points a week before you started.")
    return text % {"points": mean(abs(line.slope))}


def _drawn_from(line: Line) -> str:
    text = _(
        "The line is drawn from %(n)s weeks before the start and carried forward; in the shaded "
        "band a week would mostly lie if nothing had changed."
    )
    return text % {"n": line.weeks}


def notes(events: list[dict]) -> list[str]:
    notes = [
        _("Diamonds: before the start. Dots: since."),
        _("This is a picture, not an answer: sciatica often fades by itself."),
    ]
    starts = [event for event in events if not event["switches"]]
    if starts:
        named = ", ".join(f"{event['text']} ({event['day']})" for event in starts[:MOST_NAMED])
        notes.append(_("Other starts: %(named)s.") % {"named": named})
    if n := sum(event["switches"] for event in events):
        text = ngettext("The side switched %(n)s time.", "The side switched %(n)s times.", n)
        notes.append(text % {"n": n})
    return notes


def table(around: AroundStart, events: list[dict]) -> dict:
    weeks, start = around.weeks, around.start
    line = line_before(weeks)
    happened: dict[int, list[str]] = {}
    for event in events:
        happened.setdefault(round(event["week"]), []).append(event["text"])
    shown = sorted({*weeks, *happened}, reverse=True)
    days = in_words(start + timedelta(weeks=week) for week in shown)
    return {
        "columns": [
            _("Week from"),
            _("Weeks since the start"),
            _("Mean pain"),
            _("Line"),
            _("Band"),
            "",
        ],
        "rows": [
            [
                day,
                signed_week(week),
                mean(weeks[week]) if week in weeks else NOT_RATED,
                *(_band(line.at(week)) if line else (NOT_RATED, NOT_RATED)),
                ", ".join(happened.get(week, [])),
            ]
            for week, day in zip(shown, days, strict=True)
        ],
        "note": _("Mean of the week's days; a day counts by the worse of leg and back pain."),
    }


def signed_week(week: int) -> str:
    return f"−{-week}" if week < 0 else str(week)


def _band(at: tuple[float, float, float]) -> tuple[str, str]:
    value, low, high = (min(max(number, 0), 10) for number in at)
    return mean(value), _("%(low)s to %(high)s") % {"low": mean(low), "high": mean(high)}
