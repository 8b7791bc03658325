"""What each chart shows, as plain values: sentences, what to draw, and the same as a table.

One name in four places: ``charts.pain_over_time`` is the id of the page's JSON, its
``data-chart`` and ``static/js/charts/pain_over_time.js``. A chart is a dict that JSON can hold:
``name``, ``module``, ``title``, ``summary`` and ``notes`` (sentences above and below),
``label`` (what a screen reader says of the drawing), ``drawing`` (for the module, which computes
nothing) and ``table``.
"""

from django.utils.translation import gettext as _

from apps.comparisons import against_waiting as differences
from apps.comparisons import card, pairs, slots, timeline
from apps.comparisons.spans import Span
from apps.comparisons.stats import Comparison
from apps.comparisons.verdicts import Finding
from apps.conditions.models import Condition
from apps.treatments.models import Treatment


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


def before_and_after(
    user, condition: Condition, span: Span, *, treatment: Treatment | None = None, side: str = ""
) -> dict:
    """Every session of a treatment as a line from before to after, and the waits beside it.

    Without a treatment only the waits. Both groups stand on the same scale.
    """
    found = slots.sessions(user, condition, span).filtered(side=side)
    found = pairs.with_treatment_ids(found)
    groups = [card.group(_("Wait and see"), found.filter(treatment_ids=[]), is_wait=True)]
    if treatment:
        treated = found.filter(treatment_ids__contains=[treatment.pk])
        groups.insert(0, card.group(treatment.name, treated, is_wait=False))
    return {
        **drawn_before_and_after(groups),
        "use": card.use(treatment, groups[0]["counts"]),
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


def against_waiting(comparison: Comparison, *, order: list[Finding], **named) -> dict:
    """Each treatment's difference from waiting with its interval.

    What is drawn is the machine-readable comparison itself, with the words that the drawing needs
    beside it. ``order`` is how the treatments stand; ``named`` is as ``as_dict`` takes it.
    """
    values = comparison.as_dict(**named)
    by_name = {row["treatment"]: row for row in values["treatments"]}
    values["treatments"] = [by_name[finding.treatment] for finding in order]
    return {
        "name": "against_waiting",
        "module": "js/charts/against_waiting.js",
        "title": _("Each treatment against waiting"),
        "summary": [differences.summary(comparison)],
        "label": _("Differences from waiting with their intervals. The table has the numbers."),
        "notes": [
            _("The dot is the difference; the line is its 95 % interval."),
            _("Shaded: within 1 point, hardly noticeable."),
        ],
        "drawing": {**values, "words": differences.words(order)},
        "table": differences.table(order),
    }
