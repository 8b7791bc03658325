"""Sessions that make a pair of ratings, before and after a known interval, counted in the database.

What counts as a pair (docs/method.md, section 1) the diary says in the database's terms
(``IS_PAIR``) and the engine in its own (``Rows.has_pair``).
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, Case, Count, FloatField, OuterRef, Q, Sum, When

from apps.diary.models import IS_PAIR, SelfTestMoment, SessionTreatment

IS_RATED_AGAIN = Q(pain_after__isnull=False)


def with_treatment_ids(sessions):
    """Each with ``treatment_ids``, sorted; empty for a wait.

    Looked up session by session in an index, so that what it costs hangs on the sessions that
    are read, and not on how often a treatment was used in all the years before.
    """
    links = SessionTreatment.objects.filter(session=OuterRef("pk")).order_by("treatment_id")
    return sessions.annotate(treatment_ids=ArraySubquery(links.values("treatment_id")))


def sealed_by_self_test(user):
    """The ids of the sessions that used a letter of a self-test that still runs."""
    drawn = SelfTestMoment.objects.for_user(user).filter(self_test__ended_at=None)
    return drawn.order_by().values("client_id")


def unsealed(sessions, user):
    """Without those that used a letter of a self-test that still runs."""
    return sessions.exclude(client_id__in=sealed_by_self_test(user))


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
