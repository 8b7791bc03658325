"""Parts of pages that stay the same until the diary changes, or the day, or the language.

They are kept as the comparisons are: in a row of the person's own, and never in the process, which
serves everybody.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.comparisons.engine.stats import ARITHMETIC
from apps.comparisons.reading.results import kept
from apps.conditions.models import Condition

DIGITS = 8  # of what it was drawn by


def drawn_once(
    user, condition: Condition, part: str, draw: Callable[[], str], *, at: datetime
) -> SafeString:
    """``draw`` gives HTML that hangs on the diary, the day, the language and nothing else: no form
    is in it, whose token would be another's. One query where it is kept.
    """
    if settings.DEBUG:  # templates change
        return SafeString(draw())
    by = (settings.VERSION, ARITHMETIC, get_language(), get_script_prefix(), user.zone.key)
    day = at.astimezone(user.zone).date().isoformat()
    method = sha256("|".join((*by, day)).encode()).hexdigest()[:DIGITS]
    values = kept(user, condition, part, method, lambda: {"html": draw()})
    return SafeString(values["html"])
