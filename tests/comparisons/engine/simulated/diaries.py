"""Diaries with a known answer, stored for one person."""

from datetime import timedelta

from apps.diary.models import SessionTreatment, TreatmentSession
from tests.factories import NOON, ConditionFactory, TreatmentFactory

STARTS = [4, 5, 6, 7, 8]
WIGGLE = [0, 1, 0, -1]


def sessions(user, treatment, changes, *, first_day=0, **fields):
    """A session a day at noon, with these changes of pain from starts that go round 4 to 8.

    ``None`` among the changes leaves the session unrated; ``treatment`` None makes it a wait.
    """
    condition = ConditionFactory(user=user)
    made = TreatmentSession.objects.bulk_create(
        _session(user, condition, first_day + number, STARTS[number % 5], change, fields)
        for number, change in enumerate(changes)
    )
    if treatment:
        SessionTreatment.objects.bulk_create(
            SessionTreatment(user=user, session=session, treatment=treatment) for session in made
        )
    return made


def _session(user, condition, day, before, change, fields):
    started = NOON + timedelta(days=day, hours=len(fields))
    rated = {}
    if change is not None:
        rated = {"pain_after": before + change, "after_rated_at": started + timedelta(minutes=45)}
    return TreatmentSession(
        user=user,
        condition=condition,
        started_at=started,
        diary_date=started.date(),
        time_zone="UTC",
        pain_before=before,
        **rated,
        **fields,
    )


def helpful_mat(user, *, n=40):
    """A mat after which pain falls by 3, waits after which it falls by 0.5; ``n`` of each."""
    mat = TreatmentFactory(user=user)
    sessions(user, mat, [-3 + WIGGLE[i % 4] for i in range(n)], side="left")
    sessions(user, None, [-(i % 2) for i in range(n)], first_day=1, asked_by_app=True, note="")
    return mat
