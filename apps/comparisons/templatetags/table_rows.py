from itertools import chain

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.comparisons.templatetags.read_out import NONE, dash_that_says

register = template.Library()
LONG = 30  # letters of a cell: a name in it may have no space to break at


@register.filter
def table_rows(rows):
    """Rows of as many escaped cells each, the first of which names its row.

    Drawn in one go: a template's loop costs five times.
    """
    if not rows:
        return ""
    name, *others = map(_is_long, zip(*rows, strict=True))
    cells = [_cell("th", name, ' scope="row"'), *(_cell("td", is_long) for is_long in others)]
    dash = dash_that_says(_("no value"))
    said = (dash if cell == NONE else cell for cell in chain.from_iterable(rows))
    return format_html(f"<tr>{''.join(cells)}</tr>" * len(rows), *said)


def _is_long(column) -> bool:
    return any(len(str(cell)) > LONG for cell in column)


def _cell(tag: str, is_long: bool, scope: str = "") -> str:
    long = ' class="long"' if is_long else ""
    return f"<{tag}{scope}{long}>{{}}</{tag}>"
