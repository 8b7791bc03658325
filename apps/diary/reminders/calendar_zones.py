"""A time zone as calendars want it written down (RFC 5545, 3.6.5): every change of its clocks.

icalendar can make these too, but puts the change in spring an hour late.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

STEP = timedelta(days=7)  # no zone changes its clocks twice within so few days


class State(NamedTuple):
    """How a zone's clocks run at some moment."""

    name: str | None
    offset: timedelta
    is_summer_time: bool


def vtimezone(zone: ZoneInfo, *, first: datetime, last: datetime) -> Timezone:
    """The zone's definition, right for all instants from ``first`` until ``last``."""
    component = Timezone()
    component.add("tzid", zone.key)
    begun = _state(zone, first)
    onsets = {(begun, begun.offset): [first]}
    for change in changes(zone, first=first, last=last):
        before = _state(zone, change - timedelta(seconds=1))
        onsets.setdefault((_state(zone, change), before.offset), []).append(change)
    for (state, offset_before), instants in onsets.items():
        component.add_component(_observance(state, offset_before, instants))
    return component


def changes(zone: ZoneInfo, *, first: datetime, last: datetime) -> list[datetime]:
    """The instants, to the second, at which a clock in ``zone`` jumps or changes its name."""
    found, start = [], first
    while start < last:
        end = min(start + STEP, last)
        if _state(zone, start) != _state(zone, end):
            found.append(_first_difference(zone, start, end))
        start = end
    return found


def _first_difference(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    old = _state(zone, start)
    low, high = int(start.timestamp()), int(end.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _state(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _state(zone: ZoneInfo, moment: datetime) -> State:
    local = moment.astimezone(zone)
    return State(local.tzname(), local.utcoffset() or timedelta(), bool(local.dst()))


def _observance(
    state: State, offset_before: timedelta, instants: list[datetime]
) -> TimezoneDaylight | TimezoneStandard:
    """One spell of the clocks, with every beginning of it, by the clock that ran until then."""
    observance = TimezoneDaylight() if state.is_summer_time else TimezoneStandard()
    begins = [(instant + offset_before).replace(tzinfo=None) for instant in instants]
    observance.add("dtstart", begins[0])
    if begins[1:]:
        observance.add("rdate", begins[1:])
    observance.add("tzname", state.name)
    observance.add("tzoffsetfrom", offset_before)
    observance.add("tzoffsetto", state.offset)
    return observance
