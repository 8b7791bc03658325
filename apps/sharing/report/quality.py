"""How good the data is, said openly: days, entries from memory, missing ratings, waits."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from apps.diary.models import (
    IS_AFTER_LATE,
    IS_CHECKIN_FROM_MEMORY,
    IS_SESSION_FROM_MEMORY,
    SessionTreatment,
    is_unfinished,
)


def days_with_an_entry(check_ins, sessions) -> set:
    """One query; a row per day."""
    days = check_ins.order_by().values_list("diary_date", flat=True)
    return set(days.union(sessions.order_by().values_list("diary_date", flat=True)))


def of_check_ins(check_ins) -> dict:
    """One query. ``undated`` are those of which nobody knows when they were typed (imported)."""
    return check_ins.order_by().aggregate(
        n=Count("pk"),
        from_memory=Count("pk", filter=IS_CHECKIN_FROM_MEMORY),
        undated=Count("pk", filter=Q(entered_at=None)),
        side_effects=Count("pk", filter=~Q(adverse_effect="")),
    )


def of_sessions(sessions, *, at: datetime) -> dict:
    """One query. Sessions still open ``at`` that moment do not miss their rating yet."""
    links = SessionTreatment.objects.filter(session=OuterRef("pk"))
    is_wait = Q(is_wait=True)
    is_missing = Q(pain_after=None) & ~is_unfinished(at)
    return (
        sessions.annotate(is_wait=~Exists(links))
        .order_by()
        .aggregate(
            n=Count("pk", filter=~is_wait),
            unrated=Count("pk", filter=is_missing & ~is_wait),
            late=Count("pk", filter=IS_AFTER_LATE),
            from_memory=Count("pk", filter=IS_SESSION_FROM_MEMORY),
            undated=Count("pk", filter=Q(entered_at=None)),
            waits=Count("pk", filter=is_wait),
            waits_asked=Count("pk", filter=is_wait & Q(asked_by_app=True)),
            waits_unrated=Count("pk", filter=is_missing & is_wait),
            side_effects=Count("pk", filter=~Q(adverse_effect="")),
        )
    )


def quality(check_ins: dict, sessions: dict) -> dict:
    keys = ("from_memory", "undated", "side_effects")
    both = {key: check_ins[key] + sessions[key] for key in keys}
    entries = check_ins["n"] + sessions["n"] + sessions["waits"]
    voluntary = sessions["waits"] - sessions["waits_asked"]
    return sessions | both | {"entries": entries, "waits_voluntary": voluntary}
