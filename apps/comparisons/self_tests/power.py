"""What a self-test can find, by sessions or by days, and how long it takes at the person's pace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.comparisons.engine.few_sessions import DAYS_OF_PACE, weeks_needed
from apps.comparisons.engine.measured import DAY_TEST_HELPS, SELF_TEST_HELPS
from apps.diary.models import CheckIn, Moments, TreatmentSession, Unit
from apps.diary.models.self_test import MOMENTS_OF


@dataclass(frozen=True, slots=True)
class Power:
    """Of ten self-tests of this length how many notice a difference, from restless to quieter
    pain; and the weeks it takes, None where nothing can be said.
    """

    moments: int
    large: tuple[int, int]  # of ten, where 1.5 points come off
    small: tuple[int, int]  # of ten, where 1 point does
    in_vain: int  # of a hundred, where nothing does
    weeks: int | None

    @property
    def weeks_at_one_a_day(self) -> int | None:
        return weeks_needed(self.moments, DAYS_OF_PACE)


def powers(treatment, unit: Unit, *, at: datetime) -> list[Power]:
    """One for each length that can be chosen; by days there is one."""
    lately = (days_lately if unit == Unit.DAY else sessions_lately)(treatment, at=at)
    return [
        Power(
            moments=moments,
            large=of_ten(-1.5, moments),
            small=of_ten(-1.0, moments),
            in_vain=round(100 * max(measured(0.0, moments))),
            weeks=weeks_needed(moments, lately),
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


def sessions_lately(treatment, *, at: datetime) -> int:
    """How often it was started in the last 28 days."""
    first = (at - timedelta(days=DAYS_OF_PACE)).astimezone(treatment.user.zone).date()
    own = TreatmentSession.objects.for_user(treatment.user).with_treatment(treatment)
    return own.filter(diary_date__gt=first).count()


def days_lately(treatment, *, at: datetime) -> int:
    """On how many of the last 28 days there was a check-in."""
    last = at.astimezone(treatment.user.zone).date()
    first = last - timedelta(days=DAYS_OF_PACE - 1)
    own = CheckIn.objects.for_user(treatment.user).filter(diary_date__range=(first, last))
    return own.order_by().values("diary_date").distinct().count()
