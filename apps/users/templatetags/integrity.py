from functools import cache

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html, format_html_join

from config.static.imports import digest, modules
from config.web.fixed_parts import fixed

register = template.Library()


@register.simple_tag
@fixed
def integrity(name: str):
    """The attribute by which browsers refuse a script that is not the one we collected.

    None while developing, where scripts are served as they are typed.
    """
    return "" if settings.DEBUG else format_html('integrity="{}"', digest(name))


@register.simple_tag
@fixed
def imports_of(name: str):
    """What this script imports, fetched beside it and held to its digest as well."""
    return "" if settings.DEBUG else _links(name)


@cache
def _links(name: str):
    link = '<link rel="modulepreload" href="{}" integrity="{}">'
    imported = sorted(modules(name) - {name})
    try:
        files = [(staticfiles_storage.url(each), digest(each)) for each in imported]
    except ValueError:  # collected anew beside this process, which still serves what it began with
        files = []
    return format_html_join("", link, files)
