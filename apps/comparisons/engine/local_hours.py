"""The hour of the clock on the wall, of many moments at once. No Django."""

from __future__ import annotations

import datetime

import numpy as np

from apps.comparisons.engine.rows import DAY, HOUR, Floats


def local_hours(moments: Floats, zone: datetime.tzinfo) -> Floats:
    """Hours since local midnight, 0 to 24, of moments in seconds since 1970.

    The zone is asked at both ends of each day (of UTC), and moment by moment only on days on which
    its clock is changed: no clock has been changed and changed back within one day.
    """
    days, day = np.unique(np.floor(moments / DAY), return_inverse=True)
    edges, edge = np.unique(np.append(days, days + 1), return_inverse=True)
    begins, ends = np.split(_offsets(edges * DAY, zone)[edge], 2)
    offsets, is_changed = begins[day], (begins != ends)[day]
    offsets[is_changed] = _offsets(moments[is_changed], zone)
    return np.asarray(((moments + offsets) % DAY) / HOUR)


def _offsets(moments: Floats, zone: datetime.tzinfo) -> Floats:
    """Seconds by which the clock is ahead of UTC."""
    local = (datetime.datetime.fromtimestamp(moment, zone) for moment in moments.tolist())
    lengths = (at.utcoffset() or datetime.timedelta() for at in local)
    return np.array([length.total_seconds() for length in lengths], dtype=np.float64)
