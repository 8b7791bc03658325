"""The hour of the clock on the wall, of many moments at once. No Django."""

from __future__ import annotations

import datetime

import numpy as np

from apps.comparisons.engine.rows import DAY, HOUR, Floats

# In none of them is a clock set and set back. The shortest since 1970 were 6.96 days: Recife 2000.
SPANS = (6 * DAY, DAY)


def local_hours(moments: Floats, zone: datetime.tzinfo) -> Floats:
    """Hours since local midnight, 0 to 24, of moments in seconds since 1970."""
    return np.asarray(((moments + _offsets(moments, zone, SPANS)) % DAY) / HOUR)


def _offsets(moments: Floats, zone: datetime.tzinfo, spans: tuple[float, ...]) -> Floats:
    """Seconds by which the clock is ahead of UTC.

    The zone is asked at both ends of each span, and for the next shorter ones, at last moment by
    moment, only within a span in which its clock is set.
    """
    if not spans:
        return _asked(moments, zone)
    numbers, number = np.unique(np.floor(moments / spans[0]), return_inverse=True)
    edges, edge = np.unique(np.append(numbers, numbers + 1), return_inverse=True)
    begins, ends = np.split(_asked(edges * spans[0], zone)[edge], 2)
    offsets, is_set = begins[number], (begins != ends)[number]
    offsets[is_set] = _offsets(moments[is_set], zone, spans[1:])
    return offsets


def _asked(moments: Floats, zone: datetime.tzinfo) -> Floats:
    local = (datetime.datetime.fromtimestamp(moment, zone) for moment in moments.tolist())
    lengths = (at.utcoffset() or datetime.timedelta() for at in local)
    return np.array([length.total_seconds() for length in lengths], dtype=np.float64)
