"""Who and why: the condition, what is behind it, and which side it is on."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.comparisons import slots, timeline
from apps.comparisons.spans import Span
from apps.conditions.models import Cause, Certainty
from apps.sharing.models import Section
from apps.sharing.scope import Scope


def about(scope: Scope, span: Span) -> dict:
    """Causes in words and how often the side switched within the span. Two queries."""
    condition = scope.condition
    switches = timeline.switches(slots.sides(scope.user, condition, span), span)
    return {
        "condition": condition,
        "causes": [cause_in_words(cause) for cause in scope.causes()],
        "switches": sum(n for _text, n in switches.values()),
        "note": condition.note if scope.shows(Section.NOTES) else "",
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
