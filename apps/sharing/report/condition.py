"""Who and why: the condition, what is behind it, and which side it is on."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.comparisons.charts import sides
from apps.comparisons.reading.facts import Course
from apps.conditions.models import Cause, Certainty
from apps.sharing.models import Section
from apps.sharing.report.scope import Scope

LONGEST_AT_A_GLANCE = 160  # characters
MOST_CAUSES = 3


def about(scope: Scope, course: Course) -> dict:
    """Causes in words and how often the side switched within the span. One query.

    What is too long for a glance is there a second time, in full.
    """
    condition = scope.condition
    causes = list(scope.causes())
    note = condition.note if scope.shows(Section.NOTES) else ""
    is_note_long = len(note) > LONGEST_AT_A_GLANCE
    switches = sides.switches(course.sides, course.span)
    return {
        "condition": condition,
        **_causes(causes),
        "switches": sum(n for _text, n in switches.values()),
        "note": "" if is_note_long else note,
        "note_in_full": note if is_note_long else "",
    }


def _causes(causes: list[Cause]) -> dict:
    """Those that doctors found come first where not all can be named at a glance."""
    in_full = [cause_in_words(cause) for cause in causes]
    if sum(map(len, in_full)) <= LONGEST_AT_A_GLANCE:
        return {"causes": in_full, "causes_left_out": 0, "causes_in_full": []}
    order = sorted(causes, key=lambda cause: cause.certainty != Certainty.DIAGNOSED)
    short = [f"{each.get_kind_display()} ({each.get_certainty_display()})" for each in order]
    return {
        "causes": short[:MOST_CAUSES],
        "causes_left_out": len(short[MOST_CAUSES:]),
        "causes_in_full": in_full,
    }


def cause_in_words(cause: Cause) -> str:
    """ "slipped disc (diagnosed: my GP, MRI scan, 3 March 2026)" """
    said = [cause.get_certainty_display()]
    if cause.certainty == Certainty.DIAGNOSED:
        day = cause.diagnosed_on and date_format(cause.diagnosed_on)
        facts = ", ".join(filter(None, [cause.diagnosed_by, day]))
        said = [_("diagnosed: %(facts)s") % {"facts": facts}] if facts else said
    name = cause.get_kind_display()
    if cause.description:
        name = _("%(cause)s, “%(words)s”") % {"cause": name, "words": cause.description}
    return f"{name} ({said[0]})"
