"""Which waits are like a treatment's sessions, at every end of what is alike."""

import datetime

import numpy as np
import pytest

from apps.comparisons.engine.comparable import comparable_waits
from apps.comparisons.engine.rows import MINUTE, rows_of
from apps.comparisons.engine.verdicts import Comparable
from tests.comparisons.engine.test_design import a_session


def counted(before=(6, 6, 6), hours=(9.0,), minutes=(60,), **wait):
    """One wait, from pain 6 at 9 for 60 minutes unless `wait` says otherwise."""
    known = {"before": 6, "minutes": 60, "hour": 0.0} | wait
    waits = rows_of([a_session(**known)], datetime.UTC)
    intervals = np.array(minutes, dtype=float) * MINUTE
    return comparable_waits(waits, np.array(before, dtype=float), np.array(hours), intervals)


@pytest.mark.parametrize(
    ("fields", "condition"),
    [
        ({"before": (5, 5, 9)}, None),
        ({"before": (7, 7, 0)}, None),
        ({"before": (4, 5, 5, 4)}, "pain"),
        ({"hours": (13.0,)}, None),
        ({"hours": (5.0,)}, None),
        ({"hours": (13.001,)}, "hour"),
        ({"hours": (4.999,)}, "hour"),
        ({"hours": (1.0, 23.0, 12.5)}, None),
        ({"hour": 14.0, "hours": (3.0,)}, None),
        ({"hour": 14.0, "hours": (3.001, 18.999)}, "hour"),
        ({"minutes": (40,)}, None),
        ({"minutes": (90,)}, None),
        ({"minutes": (39.9,)}, "interval"),
        ({"minutes": (90.1,)}, "interval"),
        ({"minutes": ()}, "interval"),
    ],
)
def test_a_wait_is_alike_up_to_each_end(fields, condition):
    if "minutes" in fields:
        fields = {**fields, "minutes": fields["minutes"]}
    found = counted(**fields)
    expected = {name: int(name != condition) for name in ("pain", "hour", "interval")}
    assert found == Comparable(**expected, all_three=int(condition is None))
    assert found.scarcest == (condition or "pain")
