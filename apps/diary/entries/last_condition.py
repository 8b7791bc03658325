"""The complaint to begin a form with: the one written about last."""

from apps.diary.models import CheckIn, TreatmentSession


def last_condition(user) -> int | None:
    """Its number, of check-ins and sessions; None before the first. Two queries."""
    newest = []
    for model, moment in ((CheckIn, "rated_at"), (TreatmentSession, "started_at")):
        own = model.objects.for_user(user).filter(condition__archived_at=None)
        newest += own.order_by(f"-{moment}").values_list(moment, "condition_id")[:1]
    return max(newest, default=(None, None))[1]
