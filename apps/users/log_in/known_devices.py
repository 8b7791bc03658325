"""Browsers in which somebody has logged in before: wrong guesses made elsewhere lock none out.

Such a browser has guesses of its own, counted apart from everybody else's. Its cookie is a random
text and a mark for each account that was used there, which only we can make of the two. It opens
nothing, and does not say who somebody is.
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

COOKIE = f"{'__Host-' if settings.IS_HTTPS else ''}known_device"
KEPT_FOR = 60 * 60 * 24 * 400  # seconds; browsers keep none for longer
MOST = 4  # accounts in one browser, the last used
LENGTH = 32


def key_of_guesses(request, email: str) -> str:
    """What wrong passwords for this address are counted by.

    In capitals, as the database compares addresses: it takes "ſ" for an "s", which small letters
    do not.
    """
    address = email.upper()
    device, marks = _read(request)
    return f"{address} {device}" if _is_among(marks, _mark(device, address)) else address


def remember(request, response, email: str) -> None:
    """Let the browser know that this account was used in it, unless it does already."""
    device, marks = _read(request)
    device = device or get_random_string(LENGTH)
    mark = _mark(device, email.upper())
    if not _is_among(marks, mark):
        value = ".".join([device, mark, *marks[: MOST - 1]])
        response.set_cookie(
            COOKIE,
            value,
            max_age=KEPT_FOR,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )


def _read(request) -> tuple[str, list[str]]:
    device, *marks = request.COOKIES.get(COOKIE, "").split(".")[: MOST + 1]
    return (device, marks) if len(device) == LENGTH and device.isalnum() else ("", [])


def _mark(device, address):
    return salted_hmac(__name__, f"{device} {address}", algorithm="sha256").hexdigest()[:LENGTH]


def _is_among(marks, mark):
    return any(constant_time_compare(each, mark) for each in marks)
