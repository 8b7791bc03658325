from django import template

from apps.users.appearance import theme_of, theme_of_device

register = template.Library()


@register.simple_tag(takes_context=True)
def theme(context) -> str:
    """ "light" or "dark", where the person chose one; empty: as the device has it."""
    request = context.get("request")
    return theme_of(request) if request else ""


@register.simple_tag(takes_context=True)
def theme_kept_here(context) -> str:
    """The same for error pages and reports: of this browser, whoever it may be."""
    request = context.get("request")
    return theme_of_device(request) if request else ""
