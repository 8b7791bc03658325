"""Where the mails of this copy go, and whom to ask where they go nowhere."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def mails_go() -> str:
    """One of "out", "to the console" or "nowhere" (config/settings.py)."""
    return settings.MAILS_GO


@register.simple_tag
def host_contact() -> dict[str, str]:
    """The ``url`` of whoever runs this copy and its ``name`` for reading; empty without one."""
    url = settings.HOST_CONTACT
    return {"url": url, "name": url.removeprefix("mailto:").removeprefix("https://")}
