"""Parts of pages that stay the same until the diary changes, or the day, or the language.

They are kept as the comparisons are: in a row of the person's own, and never in the process, which
serves everybody.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.comparisons.reading.results import kept
from apps.conditions.models import Condition

DIGITS = 8  # of what it was drawn by
FILES = ("apps/**/*.py", "config/**/*.py", "config/**/*.mo", "templates/**/*.html")


def drawn_once(
    user, condition: Condition, part: str, draw: Callable[[], dict[str, str]], *, at: datetime
) -> dict[str, SafeString]:
    """``draw`` gives pieces of HTML by their names, which hang on the diary, the day, the language
    and nothing else: in none is a token, which would be another's. One query where they are kept.
    """
    if settings.DEBUG:  # templates change
        return as_safe(draw())
    day = at.astimezone(user.zone).date().isoformat()
    by = (program(), get_language(), get_script_prefix(), day, user.zone.key, user.currency)
    method = sha256("|".join(by).encode()).hexdigest()[:DIGITS]
    return as_safe(kept(user, condition, part, method, draw))


def as_safe(pieces: dict[str, str]) -> dict[str, SafeString]:
    return {name: SafeString(html) for name, html in pieces.items()}


@cache
def program() -> str:
    """All that draws: our code, words and templates, and the names of the files that pages load.

    Another program draws anew, also where its version is the same. 20 ms, once in each process.
    """
    read = sha256(staticfiles_storage.manifest_hash.encode())
    for pattern in FILES:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            read.update(path.read_bytes())
    return read.hexdigest()
