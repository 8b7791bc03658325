"""On which days a running self-test still has something to do, for those who asked to be reminded.

By sessions that is a day without a letter. By days it hangs on the clock time that was chosen:
before the evening it is a day without its first check-in, and from then on a day with a letter
that has not been rated in the evening.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.diary.models import CheckIn, SelfTest, SelfTestMoment, TreatmentSession, Unit
from apps.diary.self_tests import days
from apps.users.models import Rhythm


def with_something_to_do(plans, day: date, zone: ZoneInfo):
    """Of these plans, all of one zone. Who has paused the diary is left in peace."""
    plans = plans.filter(for_self_tests=True).exclude(user__rhythm=Rhythm.PAUSED)
    is_morning = Q(daily_at__lt=days.EVENING)
    by_days = running(day).filter(unit=Unit.DAY)
    return plans.filter(
        Exists(without_letter(day))
        | (is_morning & Exists(without_first(with_letters_left(by_days), day)))
        | (~is_morning & Exists(without_evening(by_days, day, zone)))
    )


def running(day: date):
    return SelfTest.objects.running().filter(user=OuterRef("user"), ends_on__gte=day)


def with_letters_left(tests):
    drawn = SelfTestMoment.objects.filter(self_test=OuterRef("pk")).order_by()
    drawn = drawn.values("self_test").annotate(n=Count("pk")).values("n")
    tests = tests.annotate(drawn_so_far=Coalesce(Subquery(drawn), 0))
    return tests.filter(drawn_so_far__lt=F("moments"))


def without_letter(day: date):
    """By sessions: none of them used a letter on this day."""
    today = TreatmentSession.objects.filter(
        user=OuterRef("user"), client_id=OuterRef("client_id"), diary_date__gte=day
    )
    letters = SelfTestMoment.objects.filter(Exists(today), self_test=OuterRef("pk"))
    tests = with_letters_left(running(day).filter(unit=Unit.SESSION))
    return tests.exclude(Exists(letters))


def without_first(tests, day: date):
    """No pain of the complaint was rated on this day."""
    return tests.exclude(Exists(_rated(day)))


def without_evening(tests, day: date, zone: ZoneInfo):
    """A letter was used on this day, and its pain was not rated in the evening."""
    begins = datetime.combine(day, days.EVENING, tzinfo=zone)
    drawn = SelfTestMoment.objects.filter(
        self_test=OuterRef("pk"), drawn_at__gte=days.begins(day, zone)
    )
    return tests.filter(Exists(drawn)).exclude(Exists(_rated(day).filter(rated_at__gte=begins)))


def _rated(day: date):
    own = {"user": OuterRef("user"), "condition": OuterRef("condition")}
    return CheckIn.objects.filter(days.HAS_PAIN, **own, diary_date__gte=day)
