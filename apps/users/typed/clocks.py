"""Two clocks: that of the device in somebody's hand, and the diary's, which makes its days.

A zone is chosen at sign-up; with the phone in another one, times typed by its clock would be hours
off. So wherever a time is typed, and on Today, both clocks are said, and one tap changes the zone.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.users.models import time_zone_names

# What browsers go on calling by the name that it had before.
RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
}


def renamed(name: str) -> str:
    """A zone by the name that it has now, where this machine knows it."""
    now = RENAMED.get(name, name)
    return now if now in time_zone_names() else name


def place_of(name: str) -> str:
    """The place that a zone is named for: "Europe/London" is "London"."""
    return renamed(name).rpartition("/")[2].replace("_", " ")


def shown(at: datetime, name: str) -> datetime:
    """What a clock in that zone shows, without a zone, or a page would turn it into its own."""
    return at.astimezone(ZoneInfo(name)).replace(tzinfo=None)


def both_clocks(at: datetime, device: str, diary: str) -> str:
    """What the two show, with their weekdays where it is another day there."""
    there, here = shown(at, device), shown(at, diary)
    form = "TIME_FORMAT" if there.date() == here.date() else "WEEKDAY_TIME_FORMAT"
    line = _("This device shows %(there)s, your diary %(here)s (%(place)s).")
    times = {"there": date_format(there, form), "here": date_format(here, form)}
    return line % {"place": place_of(diary), **times}
