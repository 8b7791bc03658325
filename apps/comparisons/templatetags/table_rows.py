from django import template
from django.utils.html import format_html_join

register = template.Library()


@register.filter
def table_rows(rows):
    """Rows of as many escaped cells each. Drawn in one go: a template's loop costs five times."""
    cells = "<td>{}</td>" * len(rows[0]) if rows else ""
    return format_html_join("", f"<tr>{cells}</tr>", rows)
