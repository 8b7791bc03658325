"""From the diary's rows to pairs of ratings: before, and after a known interval.

What counts as a pair (docs/method.md, section 1) the diary says in the database's terms
(``IS_PAIR``) and the engine in its own (``Rows.has_pair``). A rating typed in more than 4 hours
after its moment (``IS_AFTER_LATE``) is shown, but to every comparison its session was never
rated again.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Avg,
    Case,
    Count,
    FloatField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Greatest

from apps.comparisons.engine.stats import Session, Toss
from apps.conditions.models import Condition
from apps.diary.models import (
    IS_AFTER_LATE,
    IS_PAIR,
    CheckIn,
    Outcome,
    PlannedTreatment,
    SelfTestMoment,
    SessionTreatment,
    TreatmentSession,
    WaitDraw,
)
from apps.treatments.models import Treatment

IS_RATED_AGAIN = Q(pain_after__isnull=False)
# What the engine takes of a session, in its order.
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


def with_treatment_ids(sessions):
    """Each with ``treatment_ids``, sorted; empty for a wait.

    Looked up session by session in an index, so that what it costs hangs on the sessions that
    are read, and not on how often a treatment was used in all the years before.
    """
    links = SessionTreatment.objects.filter(session=OuterRef("pk")).order_by("treatment_id")
    return sessions.annotate(treatment_ids=ArraySubquery(links.values("treatment_id")))


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


def tosses_of(user, condition: Condition, **limits) -> list[Toss]:
    """The coin's eligible tosses whose sessions are among those of ``sessions_of``. Two queries.

    A toss that did not ask, or that was skipped, led to the session of the treatments itself;
    only for a wait is it stored what was planned instead.
    """
    names = dict(Treatment.objects.for_user(user).order_by().values_list("pk", "name"))
    sessions = TreatmentSession.objects.for_user(user).filtered(condition=condition, **limits)
    own = with_treatment_ids(sessions.filter(client_id=OuterRef("client_id"))).order_by()
    planned = PlannedTreatment.objects.filter(draw=OuterRef("pk")).order_by("treatment_id")
    draws = (
        WaitDraw.objects.for_user(user)
        .exclude(outcome=Outcome.NOT_ELIGIBLE)
        .annotate(
            started_at=Subquery(own.values("started_at")),
            done=Subquery(own.values("treatment_ids")),
            planned_ids=ArraySubquery(planned.values("treatment_id")),
        )
        .filter(started_at__isnull=False)
        .order_by("started_at", "pk")
        .values_list("started_at", "done", "planned_ids", "outcome", "one_in")
    )
    return [
        Toss(
            at,
            tuple(map(names.get, planned or done)),
            outcome in (Outcome.ACCEPTED, Outcome.SKIPPED),
            outcome == Outcome.ACCEPTED,
            one_in,
        )
        for at, done, planned, outcome, one_in in draws
    ]


def sealed_by_self_test(user):
    """The ids of the sessions that used a letter of a self-test that still runs."""
    drawn = SelfTestMoment.objects.for_user(user).filter(self_test__ended_at=None)
    return drawn.order_by().values("client_id")


def unsealed(sessions, user):
    """Without those that used a letter of a self-test that still runs."""
    return sessions.exclude(client_id__in=sealed_by_self_test(user))


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


def altogether(sessions) -> dict:
    """Counts and means over sessions with their ``treatment_ids``, counted in the database.

    ``sessions`` all; ``rated`` rated again; ``pairs`` those of them that are compared, with
    ``before`` and ``after`` their means in NRS points (None without a pair); ``minutes_spent``
    the sum of those written down and ``timed`` how many sessions that is; ``mixed`` those
    pairs that hold more than one treatment.
    """
    is_pair = Q(is_pair=True)
    return (
        _with_is_pair(sessions)
        .order_by()
        .aggregate(
            sessions=Count("pk"),
            rated=Count("pain_after"),
            pairs=Count("pk", filter=is_pair),
            before=Avg("pain_before", filter=is_pair, output_field=FloatField()),
            after=Avg("pain_after", filter=is_pair, output_field=FloatField()),
            minutes_spent=Sum("minutes"),
            timed=Count("minutes"),
            mixed=Count("pk", filter=is_pair & Q(treatment_ids__len__gt=1)),
        )
    )


def _with_is_pair(sessions):
    return sessions.with_due().annotate(is_pair=Case(When(IS_PAIR, then=True), default=False))


def latest(sessions, most: int) -> list[dict]:
    """The latest sessions that were rated again, newest first; ``is_pair`` if they are compared."""
    return list(
        _with_is_pair(sessions)
        .filter(IS_RATED_AGAIN)
        .order_by("-diary_date", "-started_at", "-pk")
        .values(
            "started_at",
            "after_rated_at",
            "diary_date",
            "time_zone",
            "pain_before",
            "pain_after",
            "is_pair",
        )[:most]
    )
