from django import template

from apps.comparisons.answers import progress
from apps.comparisons.forecast import needed
from apps.comparisons.results import comparison_of

register = template.Library()


@register.inclusion_tag("comparisons/_progress_line.html")
def progress_after(entry):
    """How far it is to an answer about what ``entry`` used, else about what is nearest to one.

    Nothing where all is answered, or where more of the same would answer nothing.
    """
    comparison = comparison_of(entry.user, entry.condition)
    names = list(entry.treatments.values_list("name", flat=True)) if entry.is_session else []
    found = nearest([f for f in comparison if f.treatment in names] if names else comparison)
    return {"finding": found, "progress": found and progress(found), "entry": entry}


def nearest(findings):
    """The finding with the fewest sessions and waits still to go; None where none has any."""
    to_go = {finding: needed(finding) for finding in findings}
    open_ones = [finding for finding, more in to_go.items() if any(more)]
    return min(open_ones, key=lambda finding: sum(to_go[finding]), default=None)
