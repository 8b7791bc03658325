"""What a dash says to whoever hears the page: a screen reader is silent there."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

NONE = "–"
SPOKEN = '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>'

register = template.Library()


@register.filter
def read_out(cell):
    """A cell of numbers as it is, or, where nobody has answered, the dash with its words."""
    return dash_that_says(_("not answered")) if cell in (None, NONE) else cell


def dash_that_says(words: str) -> str:
    """A dash to see, and these words to hear."""
    return format_html(SPOKEN, NONE, words)
