"""The whole of "over weeks" on a treatment's card: what else began then, and the numbers."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.comparisons.charts.sides import in_a_row
from apps.comparisons.charts.weeks.in_words import shown
from apps.comparisons.charts.words import mean
from apps.comparisons.engine.trend import LONGEST_BEFORE
from apps.comparisons.reading.facts import AroundStart
from apps.comparisons.reading.over_weeks import OverWeeks
from apps.comparisons.reading.spans import in_words
from apps.conditions.places import Places

NOT_RATED = "–"
MOST_NAMED = 6


def on_card(around: AroundStart, others: list[tuple], places: Places, **known) -> dict:
    """Weekly pain around the start with its words, the other starts, and the table.

    ``known`` is today and what is remembered, as ``OverWeeks.of`` takes them.
    """
    over = OverWeeks.of(around.start, around.weeks, **known)
    happened = events(around, others, max([*over.weeks, 0]) + 1)
    return shown(
        over,
        title=_("Before and since %(day)s") % {"day": day_in_words(over.start)},
        notes=notes(happened),
        table=table(over, happened, places),
    )


def day_in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


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


def notes(events: list[dict]) -> list[str]:
    """What else began or changed then, in words."""
    notes = []
    starts = [event for event in events if not event["switches"]]
    if starts:
        named = ", ".join(f"{event['text']} ({event['day']})" for event in starts[:MOST_NAMED])
        notes.append(_("Other starts: %(named)s.") % {"named": named})
    if n := sum(event["switches"] for event in events):
        text = ngettext("The side switched %(n)s time.", "The side switched %(n)s times.", n)
        notes.append(text % {"n": n})
    return notes


def table(over: OverWeeks, events: list[dict], places: Places) -> dict:
    happened: dict[int, list[str]] = {}
    for event in events:
        happened.setdefault(round(event["week"]), []).append(event["text"])
    shown = sorted({*over.weeks, *happened}, reverse=True)
    days = in_words(over.start + timedelta(weeks=week) for week in shown)
    return {
        "columns": [_("Week from"), _("Weeks since the start"), _("Mean pain"), _("Band"), ""],
        "rows": [
            [
                day,
                signed_week(week),
                mean(over.weeks[week]) if week in over.weeks else NOT_RATED,
                band(over, week),
                ", ".join(happened.get(week, [])),
            ]
            for week, day in zip(shown, days, strict=True)
        ],
        "note": means_of(places),
    }


def means_of(places: Places) -> str:
    if not places.second:
        return _("Mean of the week's days.")
    text = _("Mean of the week's days; a day counts by the worse of %(pains)s.")
    return text % {"pains": places.pains}


def signed_week(week: int) -> str:
    return f"−{-week}" if week < 0 else str(week)


def band(over: OverWeeks, week: int) -> str:
    if over.before is None:
        return NOT_RATED
    low, high = over.before.band(week)
    return _("%(low)s to %(high)s") % {"low": mean(low), "high": mean(high)}
