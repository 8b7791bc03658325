"""Drawn by us: static/icons/sprite.svg."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from config.web.fixed_parts import fixed

register = template.Library()


@register.simple_tag
@fixed
def icon(name: str):
    """An icon beside words; screen readers pass over it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )
