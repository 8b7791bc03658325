"""A reminder is due on one day: what the clock of this machine shows must not end it meanwhile."""

from datetime import datetime, time
from zoneinfo import ZoneInfo


def by_day(now: datetime) -> tuple[str, time]:
    """A time zone in which it is neither late nor early ``now`` (UTC), and the minute there."""
    zone = "UTC" if 2 <= now.hour < 22 else "Asia/Bangkok"  # seven hours on, all year
    return zone, now.astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)
