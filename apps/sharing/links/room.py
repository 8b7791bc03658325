"""A code for the room: eight letters from the owner's phone, typed at /s in place of an address.

It opens a link once, within ten minutes, and gives the same pass as the secret. What is kept is a
hash, in the cache alone: it is gone by itself. Eight of 20 letters are 2.6 × 10¹⁰ codes, and every
try counts, right or wrong, before it is looked up: 3,000 an hour in all are 500 in ten minutes, so
that whoever guesses meets a given code with a chance of 2 in 100 million.
"""

import hashlib
import re

from django.core.cache import cache
from django.utils.crypto import get_random_string

from apps.sharing.models import ShareLink

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # without vowels: no words come about, and no O for a 0
LENGTH = 8
LASTS_SECONDS = 10 * 60


def new_code(link: ShareLink) -> str:
    """Eight letters that open this link; those given before open nothing any more."""
    code = get_random_string(LENGTH, LETTERS)
    cache.delete(cache.get(_latest_of(link), ""))
    cache.set(_key(code), (link.public_id, link.generation), LASTS_SECONDS)
    cache.set(_latest_of(link), _key(code), LASTS_SECONDS)
    return code


def letters_in(typed: str) -> str:
    """The letters of what was typed, whatever stands between them."""
    return re.sub(r"[^A-Z]", "", typed.upper())[: LENGTH + 1]


def take(code: str) -> tuple[str, int] | None:
    """Public id and generation of the link that the code opens; it opens nothing after that."""
    found = cache.get(_key(code))
    # Of two who type it at the same moment only one deletes it.
    return found if found and cache.delete(_key(code)) else None


def _key(code: str) -> str:
    return f"room-{hashlib.sha256(code.encode()).hexdigest()}"


def _latest_of(link: ShareLink) -> str:
    return f"room-of-{link.public_id}"
