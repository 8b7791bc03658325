"""An entry in one line of a list: of a page of 25, a template took most of the time.

Everything that is text is escaped where it is put in: ``format_html`` in ``format_html`` took half
of what was left.
"""

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.conditions.models import Side
from apps.diary.models import CheckIn, Entry, TreatmentSession
from config.language.labels import label_of

register = template.Library()
NOT_RATED = "–"
MOST_OF_A_NOTE = 120


@register.simple_tag
def entry_line(entry: Entry, is_whole: bool = False) -> SafeString:
    """A link to the entry. ``is_whole`` leaves out what stands below it in full."""
    what, pain = _of_session(entry) if entry.is_session else _of_check_in(entry)
    about = "".join(f"<span>{escape(each)}</span>" for each in _about(entry, is_whole))
    time = escape(date_format(entry.local_at, "TIME_FORMAT"))
    further = "" if is_whole else _chips(entry)
    note = "" if is_whole or not entry.note else _short(entry.note)
    return SafeString(
        f'<a class="entry" href="{escape(entry.get_absolute_url())}">'
        f'<span class="entry-time">{time}</span> {what} <span class="entry-pain">{pain}</span> '
        f'<span class="entry-about">{about}{further}</span> {note}</a>'
    )


def _chips(entry: Entry) -> str:
    names = getattr(entry, "red_flag_names", ())
    return "".join(f'<span class="chip chip-danger">{escape(name)}</span>' for name in names)


def _short(note: str) -> str:
    return f'<span class="entry-note">{escape(truncatechars(note, MOST_OF_A_NOTE))}</span>'


def _of_session(session: TreatmentSession) -> tuple[str, str]:
    names = " + ".join(session.names) or _("Wait and see")
    pain = f"{_number(session.pain_before)} → {_number(session.pain_after)}"
    return f'<span class="entry-what">{escape(names)}</span>', pain


def _of_check_in(check_in: CheckIn) -> tuple[str, str]:
    rated = (f"{escape(place.name)} {_number(pain)}" for place, pain in check_in.by_place)
    name = escape(_("Check-in"))
    return f'<span class="entry-what entry-check-in">{name}</span>', " ".join(rated)


def _number(pain: int | None) -> str:
    return f'<b class="number">{NOT_RATED if pain is None else pain}</b>'


def _about(entry: Entry, is_whole: bool):
    """Its words in few, one after the other."""
    if name := getattr(entry, "condition_name", ""):
        yield name
    if entry.side:
        yield label_of(Side(entry.side))  # Django's own display translates every side each time
    if entry.is_from_memory:
        yield _("from memory")
    if getattr(entry, "is_after_late", False):
        yield _("rated again late: not compared")
    if getattr(entry, "had_something_else", False):
        yield _("something else in between: not compared")
    if entry.adverse_effect and not is_whole:
        yield _("side effect")
