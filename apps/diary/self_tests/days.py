"""Self-tests by days: which check-in may use the next letter, and which rating is its outcome.

The letter comes with the day's first check-in and says what the whole day is: with the treatment
or without it. The outcome is the day's last check-in, if that is one of the evening. As with a
session, the letter is read in the transaction that stores its check-in, after the rating.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from apps.diary.models import (
    CheckIn,
    SelfTest,
    SelfTestMoment,
    TreatmentSession,
    Unit,
    WaitPlan,
)
from apps.diary.red_flags import flags
from apps.diary.self_tests.plan import Drawn
from apps.diary.waiting.coin import may_be_put_off

MORNING, EVENING = time(4), time(17)  # by the clock of the person
APART = timedelta(hours=4)
HAS_PAIN = Q(leg_pain__isnull=False) | Q(back_pain__isnull=False)


def begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def is_of_the_evening(rated_at: datetime, zone: ZoneInfo, *, first_at: datetime) -> bool:
    """Whether a rating can be the outcome of a day whose first check-in was at ``first_at``."""
    return rated_at.astimezone(zone).time() >= EVENING and rated_at >= first_at + APART


def draw(check_in: CheckIn, *, at: datetime) -> SelfTestMoment | None:
    """The letter that this check-in uses, if it may: stored now, at ``at``, and rated now.

    Call it in the transaction that stores the check-in. Until that ends no other check-in can
    use a letter of the self-test.
    """
    is_now = check_in.rated_at == at and MORNING <= check_in.local_at.time() < EVENING
    if not is_now or check_in.worse_pain is None:
        return None
    self_test = running(check_in).select_for_update(of=["self"]).first()
    if self_test is None or self_test.is_past(at) or not _may_be_drawn(self_test, check_in, at=at):
        return None
    ordinal = self_test.drawn.count()
    if ordinal >= self_test.moments:
        return None
    return Drawn(self_test, ordinal).use(check_in, at=at)


def running(check_in: CheckIn):
    """The self-test by days of the complaint that a check-in is about."""
    own = SelfTest.objects.for_user(check_in.user).running().filter(unit=Unit.DAY)
    own = own.filter(condition=check_in.condition_id, started_at__lte=check_in.rated_at)
    return own.select_related("treatment", "other")


def _may_be_drawn(self_test: SelfTest, check_in: CheckIn, *, at: datetime) -> bool:
    """Up to the pain limit, of what may be put off, with no red flag open, and first of its day."""
    plan = WaitPlan.objects.for_user(check_in.user).first() or WaitPlan()
    return (
        check_in.worse_pain <= plan.pain_limit
        and all(each.archived_at is None and may_be_put_off(each) for each in self_test.treatments)
        and not flags.has_open(check_in.user, at=at)
        and _is_first(self_test, check_in)
    )


def _is_first(self_test: SelfTest, check_in: CheckIn) -> bool:
    """Nothing was drawn on this day, nothing rated since four in the morning, nothing done yet."""
    user, day = check_in.user, check_in.diary_date
    same = CheckIn.objects.for_user(user).filter(diary_date=day, condition=check_in.condition_id)
    others = same.filter(HAS_PAIN).exclude(pk=check_in.pk)
    done = TreatmentSession.objects.for_user(user).filter(diary_date=day)
    return not (
        any(each.local_at.time() >= MORNING for each in others.only("rated_at", "time_zone"))
        or self_test.drawn.filter(drawn_at__gte=begins(day, check_in.zone)).exists()
        or done.filter(treatments__in=self_test.treatments).exists()
    )


def moment_of(check_in: CheckIn) -> SelfTestMoment | None:
    """The letter that this check-in used, if its self-test is still running."""
    drawn = SelfTestMoment.objects.for_user(check_in.user).filter(self_test__ended_at=None)
    return drawn.filter(client_id=check_in.client_id).first()


def letters_of_today(user, self_tests: Iterable[SelfTest], day: date) -> dict[int, SelfTestMoment]:
    """What each of these says of the day, by their keys; no query where none is by days."""
    by_days = {each.pk: each for each in self_tests if each.is_by_days}
    if not by_days:
        return {}
    drawn = SelfTestMoment.objects.for_user(user).filter(self_test__in=by_days)
    found = {}
    for moment in drawn.filter(drawn_at__gte=begins(day, user.zone)):
        moment.self_test = by_days[moment.self_test_id]
        found[moment.self_test_id] = moment
    return found
