"""Weekly pain before and since a treatment's start, for one treatment or for all. Numbers only.

Where later weeks lie beside those before is the engine's to say (docs/method.md, section 6);
here it is read from the diary, one query where it is kept.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from statistics import fmean

from django.db.models import Exists, OuterRef

from apps.comparisons.engine import trend
from apps.comparisons.reading.card_facts import first_days
from apps.comparisons.reading.chosen import Part
from apps.comparisons.reading.facts import AroundStart
from apps.comparisons.reading.results import kept
from apps.comparisons.reading.slots import by_ordinal, worse, worse_in
from apps.conditions.models import Condition
from apps.diary.models import SessionTreatment
from apps.treatments.models import Treatment
from config.postgres.compiled import compiled

SHAPE = "weeks-2"  # of what is kept: another shape needs another number
DIGITS = 8  # of what it was worked out by
NEVER = date(1900, 1, 1)  # long before any diary
NOW_WEEKS = 2  # a last rated week so near to today is still "now"
FIRST_WEEKS = 2  # as near to the start as "when you began"


@dataclass(frozen=True, slots=True)
class OverWeeks:
    """The weeks around a start: weekly means of the days' worse rating, in NRS points.

    `weeks` are counted from the start, -12 to 25, only those with a rating; `before` is what
    those before it let expect, None under 4 of them; `week_now` is the week of today.
    `remembered` is how bad the month before was, from memory: drawn as that, and in no sum.
    """

    start: date
    weeks: dict[int, float]
    before: trend.Before | None
    week_now: int
    remembered: int | None = None

    @classmethod
    def of(
        cls,
        start: date,
        weeks: Mapping[int, float],
        *,
        today: date,
        remembered: int | None = None,
    ) -> "OverWeeks":
        near = range(-trend.LONGEST_BEFORE, trend.LONGEST_SINCE)
        around = {week: pain for week, pain in sorted(weeks.items()) if week in near}
        week_now = (today - start).days // 7
        return cls(start, around, trend.before_and_since(around), week_now, remembered)

    @property
    def place(self) -> str:
        """Where the weeks since lie, a code: it describes, and is never a verdict.

        `inside`, `below`, `above` or `mixed`: beside what the weeks before let expect. `not_yet`:
        under 4 weeks since. `from_memory`, `little_before`, `nothing_before`: it cannot be known.
        `not_rated`: there is nothing to draw either.
        """
        if not self.weeks:
            return "not_rated"
        if self.before:
            return self.before.since or "not_yet"
        if self.remembered is not None:
            return "from_memory"
        return "little_before" if trend.weeks_before(self.weeks) else "nothing_before"

    @property
    def fitted(self) -> int:
        """How many of weeks -12 to -2 hold a rating; 4 are needed to say where it was heading."""
        return sum(week < -1 for week in trend.weeks_before(self.weeks))

    @property
    def since(self) -> dict[int, float]:
        return {week: pain for week, pain in self.weeks.items() if week >= 0}

    @property
    def mean_since(self) -> float | None:
        return fmean(self.since.values()) if self.since else None

    @property
    def began_and_now(self) -> tuple[float, float] | None:
        """Weekly pain when it began and now; None unless both were rated, in different weeks."""
        since = self.since
        if not since:
            return None
        first, last = min(since), max(since)
        is_told = first < FIRST_WEEKS and last > max(first, self.week_now - NOW_WEEKS)
        return (since[first], since[last]) if is_told else None


def of_all(
    user, condition: Condition, *, today: date, only: Collection[int] | None = None
) -> dict[Treatment, OverWeeks | None]:
    """Every treatment of a person by name; None for one that has not begun here.

    ``only`` are the keys of those that are asked for. Two queries where it is kept.
    """
    treatments = begun_by(user=user.pk, day=today)

    def work_out():
        starts = _starts(treatments, first_days(user, condition))
        found = _around(starts, worse_in(part=_near(user, condition, starts)))
        return {str(pk): each.to_values() for pk, each in found.items()}

    values = kept(user, condition, "weeks", _method(treatments), work_out)
    asked = treatments if only is None else [own for own in treatments if own.pk in only]
    found = {own.pk: values[str(own.pk)] for own in asked if str(own.pk) in values}
    return _of_each(asked, {pk: AroundStart.from_values(each) for pk, each in found.items()}, today)


def of_part(user, condition: Condition, check_ins, *, today: date) -> dict:
    """The same from these check-ins alone: what lies outside of them is not told. Three queries."""
    treatments = begun_by(user=user.pk, day=today)
    starts = _starts(treatments, first_days(user, condition))
    return _of_each(treatments, _around(starts, worse(check_ins)), today)


@compiled
def begun_by(*, user: int, day: date):
    """Each treatment with its course, and whether it ``is_used``."""
    links = SessionTreatment.objects.for_user(user).filter(treatment=OuterRef("pk"))
    own = (
        Treatment.objects.for_user(user).with_course(day, today=day).annotate(is_used=Exists(links))
    )
    return own.order_by("name", "pk")


def _method(treatments) -> str:
    """Changes with what was begun: a day that was planned comes without a change of the diary."""
    begun = [(own.pk, own.begun) for own in treatments]
    return sha256(f"{SHAPE} {begun}".encode()).hexdigest()[:DIGITS]


def _starts(treatments, firsts: dict[int, date]) -> dict[int, date]:
    """By key; none of what was used for other conditions alone, whatever its periods say: they
    name no condition.
    """
    starts = {own.pk: own.begun or firsts.get(own.pk) for own in treatments}
    elsewhere = {own.pk for own in treatments if own.is_used} - firsts.keys()
    return {pk: start for pk, start in starts.items() if start and pk not in elsewhere}


def _near(user, condition: Condition, starts: dict[int, date]) -> Part:
    """From the first week that is drawn to the last: in a long diary a small part."""
    first, last = min(starts.values(), default=NEVER), max(starts.values(), default=NEVER)
    before, since = timedelta(weeks=trend.LONGEST_BEFORE), timedelta(weeks=trend.LONGEST_SINCE)
    return Part.of(user, condition, first - before, last + since)


def _around(starts: dict[int, date], days: Iterable[tuple[date, float]]) -> dict[int, AroundStart]:
    in_order = by_ordinal(days)
    return {pk: AroundStart(start, _weeks(start, in_order)) for pk, start in starts.items()}


def _weeks(start: date, days: list[tuple[int, float]]) -> dict[int, float]:
    first = start.toordinal()
    near = range(first - 7 * trend.LONGEST_BEFORE, first + 7 * trend.LONGEST_SINCE)
    return trend.by_week({day - first: pain for day, pain in days if day in near})


def _of_each(
    treatments, around: dict[int, AroundStart], today: date
) -> dict[Treatment, OverWeeks | None]:
    found: dict[Treatment, OverWeeks | None] = dict.fromkeys(treatments)
    for own in treatments:
        if own.pk in around:
            start, weeks = around[own.pk].start, around[own.pk].weeks
            remembered = own.pain_before_from_memory
            found[own] = OverWeeks.of(start, weeks, today=today, remembered=remembered)
    return found
