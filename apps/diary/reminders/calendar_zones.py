"""A time zone as calendars want it written down (RFC 5545, 3.6.5): every change of its clocks.

icalendar can make these too, but puts the change in spring an hour late.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

STEP = timedelta(days=7)  # no zone changes its clocks twice within so few days


def vtimezone(zone: ZoneInfo, *, first: datetime, last: datetime) -> Timezone:
    """The zone's definition, right for all instants from ``first`` until ``last``."""
    component = Timezone()
    component.add("tzid", zone.key)
    onsets = {_state(zone, first): [first]}
    before = {_state(zone, first): first.astimezone(zone).utcoffset()}
    for change in changes(zone, first=first, last=last):
        state = _state(zone, change)
        offset_before = (change - timedelta(seconds=1)).astimezone(zone).utcoffset()
        key = (*state, offset_before)
        onsets.setdefault(key, []).append(change)
        before[key] = offset_before
    for state, instants in onsets.items():
        component.add_component(_observance(*state[:3], before[state], instants))
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


def _first_difference(zone, start, end):
    old = _state(zone, start)
    low, high = int(start.timestamp()), int(end.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _state(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _state(zone, moment):
    local = moment.astimezone(zone)
    return local.tzname(), local.utcoffset(), bool(local.dst())


def _observance(name, offset, is_dst, offset_before, instants):
    """One spell of the clocks, with every beginning of it, by the clock that ran until then."""
    observance = TimezoneDaylight() if is_dst else TimezoneStandard()
    begins = [(instant + offset_before).replace(tzinfo=None) for instant in instants]
    observance.add("dtstart", begins[0])
    if begins[1:]:
        observance.add("rdate", begins[1:])
    observance.add("tzname", name)
    observance.add("tzoffsetfrom", offset_before)
    observance.add("tzoffsetto", offset)
    return observance
