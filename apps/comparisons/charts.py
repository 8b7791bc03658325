"""What each chart shows, as plain values: sentences, what to draw, and the same as a table.

One name in four places: ``charts.pain_over_time`` is the id of the page's JSON, its
``data-chart`` and ``static/js/charts/pain_over_time.js``. A chart is a dict that JSON can hold:
``name``, ``module``, ``title``, ``summary`` and ``notes`` (sentences above and below),
``label`` (what a screen reader says of the drawing), ``drawing`` (for the module, which computes
nothing) and ``table``.
"""

from django.utils.translation import gettext as _

from apps.comparisons import activities, card, day_after, sides, slots, timeline
from apps.comparisons import against_waiting as differences
from apps.comparisons import change_in_parts as parts
from apps.comparisons import over_weeks as weeks
from apps.comparisons import per_week as weekly
from apps.comparisons import same_start as starts
from apps.comparisons.engine.stats import Comparison
from apps.comparisons.engine.verdicts import Finding, Unanswered
from apps.comparisons.spans import Span
from apps.conditions.models import Condition


def pain_over_time(user, condition: Condition, span: Span) -> dict:
    """Leg and back pain per day or week, the treatments below it, and where the side switched."""
    pain = slots.pain(user, condition, span)
    strips = timeline.strips(user, condition, span)
    switches = timeline.switches(slots.sides(user, condition, span), span)
    labels, ratings = span.labels(), {where: timeline.ratings(where, pain) for where in slots.WHERE}
    found = slots.pain_altogether(user, condition, span)
    return {
        "name": "pain_over_time",
        "module": "js/charts/pain_over_time.js",
        "title": _("Pain over time"),
        "summary": timeline.sentences(found, span, strips, switches),
        "notes": [],
        "label": _("Leg and back pain over time, treatments below. The table has the numbers."),
        "drawing": {
            "axis": _("Pain: 0 none – 10 worst imaginable"),
            "slots": labels,
            "ticks": span.ticks(),
            "lines": [
                timeline.line(where, pain, ratings[where], span)
                for where in ratings
                if ratings[where]
            ],
            "strips": [timeline.drawn_strip(strip, span) for strip in timeline.first_few(strips)],
            "switches": [{"at": slot, "text": switches[slot][0]} for slot in sorted(switches)],
        },
        "table": timeline.table(labels, ratings, strips, switches),
    }


def drawn_before_and_after(groups: list[dict]) -> dict:
    """The chart of groups as ``card.group`` makes them."""
    return {
        "name": "before_and_after",
        "module": "js/charts/before_and_after.js",
        "title": _("Before and after"),
        "summary": card.sentences(groups),
        "notes": card.notes(groups),
        "label": _("Pain before and after each session. The table has the numbers."),
        "drawing": {
            "axis": _("Pain: 0 none – 10 worst imaginable"),
            "before": _("before"),
            "after": _("after"),
            "groups": [card.drawn_group(group) for group in groups],
        },
        "table": card.table(groups),
    }


def against_waiting(
    comparison: Comparison, *, order: list[Finding | Unanswered], is_part: bool = False, **named
) -> dict:
    """Each treatment's difference from waiting with its interval.

    What is drawn is the machine-readable comparison itself, with the words that the drawing needs
    beside it. ``order`` is how the treatments stand; ``named`` is as ``as_dict`` takes it.
    A part of the diary (``is_part``) has numbers, but no verdict: that is of the whole alone.
    """
    values = comparison.as_dict(**named)
    if is_part:
        values["treatments"] = [row | {"verdict": None} for row in values["treatments"]]
    by_name = {row["treatment"]: row for row in values["treatments"]}
    values["treatments"] = [by_name[finding.treatment] for finding in order]
    return {
        "name": "against_waiting",
        "module": "js/charts/against_waiting.js",
        "title": _("Each treatment against waiting"),
        "summary": [differences.summary(comparison)],
        "label": _("Differences from waiting with their intervals. The table has the numbers."),
        "notes": [
            _("The dot is the difference; the line is its 95\N{NO-BREAK SPACE}% interval."),
            _("Shaded: within 1 point, hardly noticeable."),
        ],
        "drawing": {**values, "words": differences.words(order)},
        "table": differences.table(order),
    }


def change_in_parts(finding: Finding | Unanswered | None) -> dict | None:
    """Raw change = expected change + difference, as three bars; None without an estimate."""
    if not isinstance(finding, Finding):
        return None
    return {
        "name": "change_in_parts",
        "module": "js/charts/change_in_parts.js",
        "title": _("How much of the change was more than waiting?"),
        "summary": [parts.sentence(finding)],
        "notes": [],
        "label": _("The change after it, split in two. The table has the numbers."),
        "drawing": {
            "axis": _("Change in pain (points of 0–10)"),
            "less": _("less pain"),
            "more": _("more pain"),
            "bars": parts.bars(finding),
        },
        "table": parts.table(finding),
    }


def same_start(name: str, treated: list[list[int]], waits: list[list[int]]) -> dict:
    """Every session beside every wait that began at the same pain."""
    groups = [
        starts.drawn_group(name, treated, is_wait=False),
        starts.drawn_group(_("Wait and see"), waits, is_wait=True),
    ]
    return {
        "name": "same_start",
        "module": "js/charts/same_start.js",
        "title": _("From the same starting pain"),
        "summary": starts.sentences(treated, waits),
        "notes": [
            _("Each mark is a session or a wait; a larger one is several with the same ratings."),
            _("The short lines are means. From a worse start pain often falls further by itself."),
        ],
        "label": _("Changes from each starting pain. The table has the means."),
        "drawing": {
            "axis": _("Pain before (0 none – 10 worst)"),
            "change": _("Change in points: below 0 is less pain"),
            "groups": groups,
        },
        "table": starts.table(name, treated, waits),
    }


def next_day(counts: dict) -> dict:
    """Ratings on the day after days with it and after days without."""
    return {
        "name": "next_day",
        "module": "js/charts/next_day.js",
        "title": _("The day after"),
        "summary": day_after.sentences(counts),
        "notes": [_("Each mark is a rating; the larger, the more days had it. Lines are means.")],
        "label": _("Ratings after days with it and without. The table has the means."),
        "drawing": {
            "axis": _("Rating of the next day's first check-in (0–10)"),
            "kinds": {"with": _("days with it"), "without": _("days without")},
            "rows": day_after.drawn_rows(counts),
        },
        "table": day_after.table(counts),
    }


def over_weeks(facts: dict, others: list[tuple]) -> dict:
    """Weekly pain around the start, with the line before it carried forward."""
    drawing = weeks.drawn(facts, others)
    start = weeks.day_in_words(weeks.start_of(facts))
    return {
        "name": "over_weeks",
        "module": "js/charts/over_weeks.js",
        "title": _("Before and since %(day)s") % {"day": start},
        "summary": weeks.sentences(facts),
        "notes": weeks.notes(drawing["events"]),
        "label": _("Weekly pain before and since the start. The table has the numbers."),
        "drawing": {
            "axis": _("Weeks since the start"),
            "pain": _("Pain, mean of the week: 0 none – 10 worst imaginable"),
            "start": _("start"),
            **drawing,
        },
        "table": weeks.table(facts, drawing["events"]),
    }


def per_week(counts: list[int], span: Span) -> dict:
    """How many sessions each week had."""
    return {
        "name": "per_week",
        "module": "js/charts/per_week.js",
        "title": _("Sessions per week"),
        "summary": weekly.sentences(counts),
        "notes": [_("Using it less often is a result too: it can mean that it is needed less.")],
        "label": _("Sessions in each week. The table has the numbers."),
        "drawing": {
            "axis": _("Sessions in the week"),
            "bars": weekly.bars(counts, span),
            "ticks": weekly.ticks(counts, span),
        },
        "table": weekly.table(counts, span),
    }


def left_and_right(user, condition: Condition, span: Span) -> dict:
    """Which side was rated how often in each week, its mean pain, and where it switched."""
    monday = span.first_monday
    rows = slots.pain_by_side(user, condition, span, monday)
    switches = timeline.switches(slots.sides(user, condition, span), span)
    labels = sides.labels_of(span, monday)
    return {
        "name": "left_and_right",
        "module": "js/charts/left_and_right.js",
        "title": _("Left against right"),
        "summary": sides.sentences(rows, switches),
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
            "sides": sides.drawn(rows, labels),
            "switches": sides.placed(switches, span, monday),
        },
        "table": sides.table(rows, labels),
    }


def function_over_time(user, condition: Condition, span: Span) -> dict:
    """How well each of the person's own activities went; higher is better, unlike with pain."""
    found = activities.ratings(user, condition, span)
    return {
        "name": "function_over_time",
        "module": "js/charts/function_over_time.js",
        "title": _("What you can do, over time"),
        "summary": activities.sentences(found),
        "notes": [_("Higher is better: 10 is as before, 0 is “cannot do it”.")],
        "label": _("How well each activity goes over time. The table has the numbers."),
        "drawing": {
            "axis": _("How well it goes: 0 cannot do it – 10 as before"),
            "slots": span.slots,
            "ticks": span.ticks(),
            "lines": activities.drawn(found, span),
        },
        "table": activities.table(found),
    }
