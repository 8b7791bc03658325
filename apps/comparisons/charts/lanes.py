"""What was done, in lanes below a line of pain: one per treatment, by name, then the waits."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.spans import Span
from apps.treatments.catalogue import CATALOGUE
from apps.treatments.models import Kind

MOST_LANES = 12
MOST_LEVELS = 3


@dataclass(frozen=True, slots=True)
class Lane:
    """``sessions`` per slot, and the ``periods`` in which it was in use."""

    name: str
    is_wait: bool = False
    is_one_off: bool = False
    sessions: dict[int, int] = field(default_factory=dict)
    periods: list[dict] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.sessions.values())


def lanes(course: Course) -> list[Lane]:
    """One per treatment that was used or in use, by name, then wait and see."""
    names = sorted({*course.used, *course.periods} - {None}, key=str.casefold)
    found = [
        Lane(
            name,
            is_one_off=CATALOGUE[Kind(course.kinds[name])].is_one_off,
            sessions=course.use_of(name).slots,
            periods=course.periods.get(name, []),
        )
        for name in names
    ]
    if None in course.used:
        found.append(Lane(_("Wait and see"), is_wait=True, sessions=course.used[None].slots))
    return found


def first_few(lanes: list[Lane]) -> list[Lane]:
    """The first twelve treatments by name and the waits: more cannot be read."""
    treated = [lane for lane in lanes if not lane.is_wait and not lane.is_one_off]
    return treated[:MOST_LANES] + [lane for lane in lanes if lane.is_wait]


def drawn(lane: Lane, span: Span) -> dict:
    """``marks`` are slots with how high each stands, 1 to 3, and how often it was done."""
    return {
        "name": lane.name,
        "is_wait": lane.is_wait,
        "marks": [[slot, level(n, span), n] for slot, n in sorted(lane.sessions.items())],
        "periods": [_period(period, span) for period in lane.periods],
    }


def level(n: int, span: Span) -> int:
    """In a day always the same; in weeks once, twice, or three times and more a week."""
    if not span.is_weekly:
        return MOST_LEVELS
    return min(MOST_LEVELS, -(-n * 7 // span.step))


def _period(period: dict, span: Span) -> dict:
    """Days from the first; whether it began within the span."""
    first, last = period["started_on"], period["ended_on"] or span.last_day
    return {
        "from": (max(first, span.first_day) - span.first_day).days,
        "until": (min(last, span.last_day) - span.first_day).days,
        "is_start": first >= span.first_day,
    }


def events(lanes: list[Lane], span: Span) -> list[dict]:
    """What is done once, by the day (or the middle of the slot) on which it was."""
    found = set()
    for lane in lanes:
        if lane.is_one_off:
            begun = [_period(period, span) for period in lane.periods]
            days = {each["from"] for each in begun if each["is_start"]}
            days |= {span.middle_of(slot) for slot in lane.sessions} if not days else set()
            found |= {(day, lane.name) for day in days}
    return [{"at": at, "text": name} for at, name in sorted(found)]


def done(lanes: list[Lane], span: Span, shown: Span) -> dict[int, list[str]]:
    """Per slot of ``shown`` what was done how often and what was begun; counted in ``span``."""
    found: dict[int, list[str]] = {}
    for lane in lanes:
        counts: dict[int, int] = {}
        for slot, n in lane.sessions.items():
            place = shown.slot_of(max(span.day_of(slot), shown.first_day))
            counts[place] = counts.get(place, 0) + n
        for place, n in sorted(counts.items()):
            found.setdefault(place, []).append(times(lane.name, n))
        for period in lane.periods:
            if period["started_on"] >= shown.first_day:
                text = _("%(name)s begun") % {"name": lane.name}
                found.setdefault(shown.slot_of(period["started_on"]), []).append(text)
    return found


def times(name: str, n: int) -> str:
    return name if n == 1 else f"{name} × {n}"
