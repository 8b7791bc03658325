"""A condition's diary as the engine's own sequences, row by row: what ``whole_diary`` must equal."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, When
from django.db.models.functions import Greatest

from apps.comparisons.engine.stats import Session
from apps.comparisons.reading.pairs import unsealed, with_treatment_ids
from apps.conditions.models import Condition
from apps.diary.models import IS_AFTER_LATE, CheckIn, TreatmentSession
from apps.treatments.models import Treatment

READ = (
    "started_at",
    "treatment_ids",
    "pain_before",
    "after",
    "after_at",
    "asked_by_app",
    "diary_date",
    "time_zone",
    "due_after",
    "had_something_else",
)


def sessions_of(
    user,
    condition: Condition,
    *,
    side: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> list[Session]:
    """Every session of a condition in order of time, as the engine takes them. Two queries.

    Those of a running self-test are sealed: they join at its end.
    """
    names = dict(Treatment.objects.for_user(user).order_by().values_list("pk", "name"))
    sessions = TreatmentSession.objects.for_user(user).filtered(
        condition=condition, side=side, first_day=first_day, last_day=last_day
    )
    rows = (
        with_treatment_ids(unsealed(sessions.with_due(), user))
        .annotate(
            after=Case(When(IS_AFTER_LATE, then=None), default="pain_after"),
            after_at=Case(When(IS_AFTER_LATE, then=None), default="after_rated_at"),
        )
        .order_by("started_at", "pk")
        .values_list(*READ)
    )
    return [_session(names, *row) for row in rows]


def _session(names, at, ids, before, after, after_at, asked, day, zone, due, had_something_else):
    """One row of ``READ`` as the engine takes it."""
    return Session(
        at,
        tuple(map(names.get, ids)),
        before,
        after,
        after_at,
        bool(asked),
        day,
        ZoneInfo(zone),
        due,
        had_something_else,
    )


def ratings_of(
    user,
    condition: Condition,
    *,
    side: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> list[tuple[datetime, int]]:
    """Every check-in that rated pain: its moment and the worse of both places. One query.

    Only check-ins: the engine adds the ratings before and after sessions itself.
    """
    return list(
        CheckIn.objects.for_user(user)
        .filtered(condition=condition, side=side, first_day=first_day, last_day=last_day)
        .annotate(worse=Greatest("leg_pain", "back_pain"))
        .filter(worse__isnull=False)
        .order_by("rated_at", "pk")
        .values_list("rated_at", "worse")
    )
