"""What an entry brings towards an answer, told as soon as it is saved."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.comparisons.answers import progress
from apps.comparisons.charts.words import n_days_rated
from apps.comparisons.engine.forecast import needed
from apps.comparisons.reading.results import comparison_of
from apps.treatments.rate_again import SHORTEST_MINUTES, longest_minutes


def progress_after(entry) -> str:
    """The line below "saved"."""
    return render_to_string("comparisons/_progress_line.html", brought_by(entry))


def brought_by(entry) -> dict:
    """What ``entry`` gave: a session or a wait goes towards an answer, a check-in to the weeks.

    Nothing where all is answered, or where more of the same would answer nothing.
    """
    if not entry.is_session:
        return {"entry": entry, "days": n_days_rated(days_rated(entry))}
    if why_not := why_not_compared(entry):
        return {"entry": entry, "why_not": why_not}
    findings = comparison_of(entry.user, entry.condition)
    names = list(entry.treatments.values_list("name", flat=True))
    if not names:
        return {"entry": entry, "progress": progress_of_waits(findings)}
    found = nearest([finding for finding in findings if finding.treatment in names])
    line = progress_line(found) if found else []
    return {"entry": entry, "names": names, "finding": found, "progress": line}


def why_not_compared(session) -> str:
    """Why its rating after stands in no comparison; empty where it does, or there is none yet."""
    if session.after_rated_at is None:
        return ""
    minutes = (session.after_rated_at - session.started_at).total_seconds() / 60
    if minutes < SHORTEST_MINUTES:
        text = _("Rated again under %(shortest)s minutes after the start: kept, but not compared.")
        return text % {"shortest": SHORTEST_MINUTES}
    longest = longest_minutes(session.due)
    if minutes > longest:
        text = _("Rated again over %(longest)s minutes after the start: kept, but not compared.")
        return text % {"longest": longest}
    if session.had_something_else:
        return _("Something else was taken or done in between: kept, but not compared.")
    return _("Typed over 4 hours later: kept, but not compared.") if session.is_after_late else ""


def days_rated(check_in) -> int:
    """How many days have a check-in about the same condition."""
    own = type(check_in).objects.for_user(check_in.user).filter(condition=check_in.condition_id)
    return own.order_by().values("diary_date").distinct().count()


def progress_line(finding) -> list[str]:
    """Its rated sessions and its waits, each of about how many."""
    texts = [_("%(done)s of about %(all)s sessions"), _("%(done)s of %(all)s waits")]
    return [text % kind for text, kind in zip(texts, progress(finding), strict=False)]


def progress_of_waits(findings) -> list[str]:
    """The waits alone, of what needs the fewest more of them; nothing where none needs any."""
    more = [finding for finding in findings if needed(finding)[1]]
    found = min(more, key=lambda finding: needed(finding)[1], default=None)
    return progress_line(found)[1:] if found else []


def nearest(findings):
    """The finding with the fewest sessions and waits still to go; None where none has any."""
    to_go = {finding: needed(finding) for finding in findings}
    open_ones = [finding for finding, more in to_go.items() if any(more)]
    return min(open_ones, key=lambda finding: sum(to_go[finding]), default=None)
