"""The complaint to begin a form with: the one written about last."""

from datetime import datetime

from apps.diary.models import CheckIn, TreatmentSession


def last_condition(user) -> int | None:
    """Its number, of check-ins and sessions; None before the first. Two queries."""
    newest = []
    for model, moment in ((CheckIn, "rated_at"), (TreatmentSession, "started_at")):
        own = model.objects.for_user(user).filter(condition__archived_at=None)
        rows = own.order_by(f"-{moment}", "condition_id")
        newest += rows.values_list(moment, "condition_id")[:1]
    return of_the_latest(newest)


def of_the_latest(written: list[tuple[datetime, int]]) -> int | None:
    """The condition of the newest moment; of a session for several the one that was there first."""
    return max(written, key=lambda row: (row[0], -row[1]), default=(None, None))[1]
