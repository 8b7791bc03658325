"""What a link shows, said in words to its owner."""

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.sharing.models import Section, ShareLink


def days_of(link: ShareLink) -> str:
    """From when to when: "the last three months, up to the day it is opened"."""
    if link.is_moving:
        return _("the last three months, up to the day it is opened")
    if link.last_day is None:
        text = _("since %(first)s, up to the day it is opened")
        return text % {"first": date_format(link.first_day)}
    ends = {"first": date_format(link.first_day), "last": date_format(link.last_day)}
    return _("%(first)s to %(last)s") % ends


def sections_of(link: ShareLink) -> str:
    """ "The summary, charts and every session", in the order of the form."""
    shown = [str(section.label) for section in Section if section in link.sections]
    return get_text_list(shown, _("and"))


def left_out_of(link: ShareLink) -> str:
    """What the reader does not get; empty where all is shared."""
    hidden = [str(section.label) for section in Section if section not in link.sections]
    return get_text_list(hidden, _("and"))
