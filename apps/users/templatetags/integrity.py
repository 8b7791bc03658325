from base64 import b64encode
from functools import cache
from hashlib import sha256

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def integrity(name: str):
    """The attribute by which browsers refuse a script that is not the one we collected.

    None while developing, where scripts are served as they are typed.
    """
    return "" if settings.DEBUG else format_html('integrity="{}"', _digest(name))


@cache
def _digest(name: str) -> str:
    with staticfiles_storage.open(staticfiles_storage.stored_name(name)) as file:
        return f"sha256-{b64encode(sha256(file.read()).digest()).decode()}"
