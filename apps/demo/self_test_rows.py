"""The demo's self-tests: one that has ended, and one that is running."""

from datetime import datetime, time, timedelta

from apps.conditions.models import Condition
from apps.demo.entries import DemoDiary, DemoSession
from apps.demo.person import TESTS
from apps.demo.self_tests import DemoTest
from apps.diary.models import SelfTest, SelfTestMoment, TreatmentSession, WhyEnded
from apps.diary.models.self_test import DAYS_PER_MOMENT
from apps.treatments.models import Treatment

Done = list[tuple[DemoSession, TreatmentSession]]
AGREED_AT, READ_AT = time(6), time(22)  # before the day's first entry, and after its last


def keep_self_tests(
    condition: Condition, treatments: dict[str, Treatment], diary: DemoDiary, done: Done
) -> None:
    """Each with its letters, in the order in which they were drawn."""
    for test in TESTS:
        own = [(entry, session) for entry, session in done if entry.test == test]
        kept = _keep(test, condition, treatments[test.treatment], diary, own)
        SelfTestMoment.objects.bulk_create(
            SelfTestMoment(
                user=condition.user,
                self_test=kept,
                ordinal=ordinal,
                client_id=session.client_id,
                drawn_at=session.started_at,
            )
            for ordinal, (_entry, session) in enumerate(own)
        )


def _keep(
    test: DemoTest, condition: Condition, treatment: Treatment, diary: DemoDiary, own: Done
) -> SelfTest:
    begun = diary.day(test.from_day)
    ended = None if test.is_running else _at(condition.user, own[-1][0].day, READ_AT)
    return SelfTest.objects.create(
        user=condition.user,
        condition=condition,
        treatment=treatment,
        moments=test.moments,
        minutes=treatment.rate_again_after_minutes,
        expectation=treatment.expectation,
        ends_on=begun + timedelta(days=DAYS_PER_MOMENT * test.moments),
        seed=test.seed,
        order=test.order,
        started_at=_at(condition.user, begun, AGREED_AT),
        ended_at=ended,
        why_ended=WhyEnded.WHOLE if ended else "",
    )


def _at(user, day, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=user.zone)
