"""Whether the regular work is done: when all of it last was, in the cache that is a table.

Nothing there means that it has never run here, or that the cache was emptied a minute ago.
"""

from datetime import datetime, timedelta

from django.core.cache import cache

KEY = "regular-work-done-at"
STANDS_STILL_AFTER = timedelta(minutes=10)  # it works every minute; a backup may take some


def beat(*, at: datetime) -> None:
    cache.set(KEY, at, timeout=None)


def still_since(*, at: datetime) -> datetime | None:
    """When the regular work was last done, if that is too long ago."""
    last = cache.get(KEY)
    return last if last and at - last > STANDS_STILL_AFTER else None
