"""What the foot of each page says of the program itself; it asks neither request nor database."""

from django import template
from django.conf import settings
from django.urls import reverse

from config.web.fixed_parts import fixed

register = template.Library()


@register.simple_tag
def source_url() -> str:
    """The host's address of the source; without one, the page that says how to ask for it."""
    return settings.SOURCE_URL or reverse("source")


@register.simple_tag
@fixed
def version() -> str:
    return settings.VERSION
