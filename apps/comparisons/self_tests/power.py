"""What a self-test can find, by sessions or by days, and how long it takes at the person's pace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from apps.comparisons.engine.few_sessions import weeks_needed
from apps.comparisons.engine.measured import DAY_TEST_HELPS, SELF_TEST_HELPS
from apps.diary.models import CheckIn, Moments, TreatmentSession, Unit
from apps.diary.models.self_test import MOMENTS_OF
from apps.treatments.pace import PACE_DAYS, in_28_days, is_pace_known


@dataclass(frozen=True, slots=True)
class Power:
    """Of ten self-tests of this length how many notice a difference, from restless to quieter
    pain; and the weeks it takes, None where nothing can be said, as while no pace is known.
    """

    moments: int
    large: tuple[int, int]  # of ten, where 1.5 points come off
    small: tuple[int, int]  # of ten, where 1 point does
    in_vain: int  # of a hundred, where nothing does
    weeks: int | None
    is_pace_known: bool

    @property
    def weeks_at_one_a_day(self) -> int | None:
        return weeks_needed(self.moments, PACE_DAYS)


def powers(treatment, unit: Unit, *, at: datetime) -> list[Power]:
    """One for each length that can be chosen; by days there is one."""
    lately, is_known = (days_lately if unit == Unit.DAY else sessions_lately)(treatment, at=at)
    return [
        Power(
            moments=moments,
            large=of_ten(-1.5, moments),
            small=of_ten(-1.0, moments),
            in_vain=round(100 * max(measured(0.0, moments))),
            weeks=weeks_needed(moments, lately) if is_known else None,
            is_pace_known=is_known,
        )
        for moments in map(int, MOMENTS_OF[unit])
    ]


def measured(effect: float, moments: int) -> tuple[float, float]:
    if moments == Moments.DAYS:
        return DAY_TEST_HELPS[effect]
    return SELF_TEST_HELPS[effect, moments]


def of_ten(effect: float, moments: int) -> tuple[int, int]:
    restless, quieter = measured(effect, moments)
    return round(10 * restless), round(10 * quieter)


def sessions_lately(treatment, *, at: datetime) -> tuple[float, bool]:
    """How often 28 days have it at the latest pace, and whether that is a pace already."""
    own = TreatmentSession.objects.for_user(treatment.user).with_treatment(treatment)
    return _lately(own, "pk", treatment.user, at=at)


def days_lately(treatment, *, at: datetime) -> tuple[float, bool]:
    """On how many of 28 days there is a check-in, and whether that is a pace already."""
    own = CheckIn.objects.for_user(treatment.user)
    return _lately(own, "diary_date", treatment.user, at=at)


def _lately(entries, counted: str, user, *, at: datetime) -> tuple[float, bool]:
    last = at.astimezone(user.zone).date()
    lately = Q(diary_date__range=(last - timedelta(days=PACE_DAYS - 1), last))
    found = entries.order_by().aggregate(
        n=Count(counted, distinct=True, filter=lately), first=Min("diary_date")
    )
    days = (last - found["first"]).days + 1 if found["first"] else 0
    return in_28_days(found["n"], days), is_pace_known(days)
