"""What a mark says to whoever hears the page: a screen reader is silent at a dash."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.sharing.report.first_and_last_weeks import NONE

register = template.Library()


@register.filter
def read_out(cell):
    """A cell of numbers as it is, or, where nobody has answered, the dash with its words."""
    if cell not in (None, NONE):
        return cell
    words = _("not answered")
    text = '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>'
    return format_html(text, NONE, words)
