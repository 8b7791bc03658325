from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The order matters: Edge and Opera also say Chrome, Chrome also says Safari, Android also Linux.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
]


@register.filter
def device_name(user_agent: str) -> str:
    """ "Firefox, Windows" instead of the line that a browser says of itself."""
    return known_device(user_agent) or _("Unknown device")


def known_device(user_agent: str) -> str:
    """The same, and nothing of a browser or system that is not known here."""
    names = [
        next((name for mark, name in marks if mark in user_agent), None)
        for marks in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in names if name)
