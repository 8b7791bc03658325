"""The hours of many moments at once are those that each has by itself."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from apps.comparisons.engine.local_hours import local_hours
from apps.comparisons.engine.rows import DAY, HOUR


@pytest.mark.parametrize(
    ("zone", "year"),
    [
        ("Europe/London", 2026),
        ("America/Recife", 2000),  # set, and set back within a week
        ("Africa/Casablanca", 2026),  # not in Ramadan
        ("Pacific/Apia", 2011),  # left a day out
        ("Asia/Kathmandu", 1986),  # by a quarter of an hour
        ("UTC", 2026),
    ],
)
def test_each_hour_is_its_own(zone, year):
    clock, begins = ZoneInfo(zone), datetime(year, 1, 1, tzinfo=UTC).timestamp()
    moments = begins + np.arange(0, 366 * DAY, 0.7 * HOUR)
    local = [datetime.fromtimestamp(moment, clock) for moment in moments.tolist()]
    ahead = np.array([at.utcoffset().total_seconds() for at in local])
    found = local_hours(moments[::-1], clock)[::-1]
    assert found.tolist() == (((moments + ahead) % DAY) / HOUR).tolist()
    assert local_hours(moments[:0], clock).tolist() == []
