"""A rating given a moment ago, offered where a session starts: so nobody is asked twice.

Offered with its number and its minute, never filled in. Not where a planned self-test draws what
is done: there each session has a rating of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, SelfTest, TreatmentSession

GIVEN_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class JustRated:
    """``pain``, 0 to 10, is the worse of the two of a check-in; ``at`` its moment."""

    condition: Condition
    pain: int
    at: datetime


def just_rated(user, planned, *, at: datetime) -> JustRated | None:
    """The latest rating of the last ten minutes, of a check-in or after a session."""
    if planned and SelfTest.objects.for_user(user).testing(planned).exists():
        return None
    found = [*_of_check_ins(user, at), *_of_sessions(user, at)]
    return max(found, key=lambda each: each.at, default=None)


def _of_check_ins(user, at):
    lately = {"rated_at__gt": at - GIVEN_WITHIN, "rated_at__lte": at}
    own = CheckIn.objects.for_user(user).select_related("condition")
    days = [(at - GIVEN_WITHIN - timedelta(days=1)).date(), (at + timedelta(days=1)).date()]
    for check_in in own.filter(diary_date__range=days, condition__archived_at=None, **lately):
        known = [pain for pain in (check_in.leg_pain, check_in.back_pain) if pain is not None]
        if known:
            yield JustRated(check_in.condition, max(known), check_in.rated_at)


def _of_sessions(user, at):
    lately = {"after_rated_at__gt": at - GIVEN_WITHIN, "after_rated_at__lte": at}
    own = TreatmentSession.objects.for_user(user).select_related("condition")
    days = [(at - timedelta(days=2)).date(), (at + timedelta(days=1)).date()]
    for session in own.filter(diary_date__range=days, condition__archived_at=None, **lately):
        yield JustRated(session.condition, session.pain_after, session.after_rated_at)
