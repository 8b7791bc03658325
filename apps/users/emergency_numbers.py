"""Which numbers are shown where hours count: one's own, or all, the likeliest first."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EmergencyNumber(models.TextChoices):
    UK = "999", _("999 (United Kingdom)")
    EUROPE = "112", _("112 (Europe, and mobile phones nearly everywhere)")
    AMERICA = "911", _("911 (North America)")
    AUSTRALIA = "000", _("000 (Australia)")
    NEW_ZEALAND = "111", _("111 (New Zealand)")


AMERICAN_ZONES = ("America/", "Canada/", "US/", "Pacific/Honolulu")
BRITISH_ZONES = (
    "Europe/London",
    "Europe/Belfast",
    "Europe/Guernsey",
    "Europe/Isle_of_Man",
    "Europe/Jersey",
    "GB",
)
AUSTRALIAN_ZONES = ("Australia/", "Antarctica/Macquarie")
NEW_ZEALAND_ZONES = ("Pacific/Auckland", "Pacific/Chatham", "NZ", "Antarctica/McMurdo")
# For visitors, whose time zone is not known: whom most readers of a language would call.
FIRST_NUMBER = {"en-gb": EmergencyNumber.UK, "de": EmergencyNumber.EUROPE}


def emergency_number_in(time_zone: str) -> EmergencyNumber:
    """Which number is called where a time zone is in use; 112 works on most mobile phones."""
    if time_zone.startswith(BRITISH_ZONES):
        return EmergencyNumber.UK
    if time_zone.startswith(AMERICAN_ZONES):
        return EmergencyNumber.AMERICA
    if time_zone.startswith(AUSTRALIAN_ZONES):
        return EmergencyNumber.AUSTRALIA
    if time_zone.startswith(NEW_ZEALAND_ZONES):
        return EmergencyNumber.NEW_ZEALAND
    return EmergencyNumber.EUROPE


def for_visitors(language: str) -> list[str]:
    """Three of them: in Britain 111 is the number for what can wait."""
    first = FIRST_NUMBER.get(language)
    offered = (EmergencyNumber.UK, EmergencyNumber.EUROPE, EmergencyNumber.AMERICA)
    return sorted(offered, key=lambda number: number != first)
