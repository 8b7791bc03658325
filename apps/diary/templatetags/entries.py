"""An entry in one line of a list: of a page of 25, a template took most of the time."""

from django import template
from django.template.defaultfilters import truncatechars
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.diary.models import CheckIn, Entry, TreatmentSession

register = template.Library()
NOT_RATED = "–"
MOST_OF_A_NOTE = 120


@register.simple_tag
def entry_line(entry: Entry, is_whole: bool = False) -> SafeString:
    """A link to the entry. ``is_whole`` leaves out what stands below it in full."""
    what, pain = _of_session(entry) if entry.is_session else _of_check_in(entry)
    about = format_html_join("", "<span>{}</span>", ((each,) for each in _about(entry, is_whole)))
    chips, note = "", ""
    if not is_whole:
        names = ((name,) for name in getattr(entry, "red_flag_names", ()))
        chips = format_html_join("", '<span class="chip chip-danger">{}</span>', names)
        note = entry.note and format_html(
            '<span class="entry-note">{}</span>', truncatechars(entry.note, MOST_OF_A_NOTE)
        )
    return format_html(
        '<a class="entry" href="{}"><span class="entry-time">{}</span> {} '
        '<span class="entry-pain">{}</span> <span class="entry-about">{}{}</span> {}</a>',
        entry.get_absolute_url(),
        date_format(entry.local_at, "TIME_FORMAT"),
        what,
        pain,
        about,
        chips,
        note,
    )


def _of_session(session: TreatmentSession):
    names = " + ".join(session.names) or _("Wait and see")
    what = format_html('<span class="entry-what">{}</span>', names)
    return what, format_html("{} → {}", _number(session.pain_before), _number(session.pain_after))


def _of_check_in(check_in: CheckIn):
    what = format_html('<span class="entry-what entry-check-in">{}</span>', _("Check-in"))
    rated = ((place.name, _number(pain)) for place, pain in check_in.by_place)
    return what, format_html_join(" ", "{} {}", rated)


def _number(pain: int | None):
    return format_html('<b class="number">{}</b>', NOT_RATED if pain is None else pain)


def _about(entry: Entry, is_whole: bool):
    """Its words in few, one after the other."""
    if name := getattr(entry, "condition_name", ""):
        yield name
    if entry.side:
        yield entry.get_side_display()
    if entry.is_from_memory:
        yield _("from memory")
    if getattr(entry, "is_after_late", False):
        yield _("rated again late: not compared")
    if getattr(entry, "had_something_else", False):
        yield _("something else in between: not compared")
    if entry.adverse_effect and not is_whole:
        yield _("side effect")
