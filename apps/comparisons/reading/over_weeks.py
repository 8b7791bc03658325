"""Weekly pain before and since a treatment's start, for one treatment or for all. Numbers only.

Where later weeks lie beside those before is the engine's to say (docs/method.md, section 6);
here it is read from the diary, one query where it is kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from django.db.models import Exists, OuterRef

from apps.comparisons.engine import trend
from apps.comparisons.reading.card_facts import first_days
from apps.comparisons.reading.chosen import Part
from apps.comparisons.reading.results import kept
from apps.comparisons.reading.slots import by_ordinal, worse, worse_in
from apps.conditions.models import Condition
from apps.diary.models import SessionTreatment
from apps.treatments.models import Treatment
from config.postgres.compiled import compiled

SHAPE = "weeks-1"  # of what is kept: another shape needs another number
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
    begun = begun_by(user=user.pk, day=today)
    asked = begun if only is None else [own for own in begun if own.pk in only]
    return _of_each(asked, facts_of(user, condition), today)


def of_part(user, condition: Condition, check_ins, *, today: date) -> dict:
    """The same from these check-ins alone: what lies outside of them is not told. Three queries."""
    facts = _facts(user, condition, worse(check_ins))
    return _of_each(begun_by(user=user.pk, day=today), facts, today)


def _of_each(treatments, facts: dict, today: date) -> dict[Treatment, OverWeeks | None]:
    """What was used for other conditions alone has not begun in this one, whatever its periods
    say: they name no condition.
    """
    firsts = {int(pk): date.fromisoformat(day) for pk, day in facts["firsts"].items()}
    found = {}
    for own in treatments:
        start = own.begun or firsts.get(own.pk)
        if own.pk not in firsts and own.is_used:
            start = None
        known = {"today": today, "remembered": own.pain_before_from_memory}
        found[own] = around(start, facts["days"], **known) if start else None
    return found


@compiled
def begun_by(*, user: int, day: date):
    """Each treatment with its course, and whether it ``is_used``."""
    links = SessionTreatment.objects.for_user(user).filter(treatment=OuterRef("pk"))
    own = (
        Treatment.objects.for_user(user).with_course(day, today=day).annotate(is_used=Exists(links))
    )
    return own.order_by("name", "pk")


def around(start: date, days, **known) -> OverWeeks:
    """``days`` are pairs of an ordinal and that day's pain; ``known`` as ``OverWeeks.of`` takes."""
    first = start.toordinal()
    near = range(first - 7 * trend.LONGEST_BEFORE, first + 7 * trend.LONGEST_SINCE)
    weeks = trend.by_week({day - first: pain for day, pain in days if day in near})
    return OverWeeks.of(start, weeks, **known)


def facts_of(user, condition: Condition) -> dict:
    """``days``: pairs of an ordinal and the day's mean pain; ``firsts``: days of first sessions."""

    def work_out():
        return _facts(user, condition, worse_in(part=Part.of(user, condition)))

    return kept(user, condition, "weeks", SHAPE, work_out)


def _facts(user, condition: Condition, days) -> dict:
    firsts = first_days(user, condition)
    return {
        "days": by_ordinal(days),
        "firsts": {str(pk): day.isoformat() for pk, day in firsts.items()},
    }
