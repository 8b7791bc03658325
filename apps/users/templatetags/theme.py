from django import template

from apps.users.appearance import theme_of

register = template.Library()


@register.simple_tag(takes_context=True)
def theme(context) -> str:
    """ "light" or "dark", where the person chose one; empty: as the device has it."""
    request = context.get("request")
    return theme_of(request) if request else ""
