"""The side to begin a form with: where it last hurt."""

from apps.conditions.models import Condition, Side
from apps.diary.models import CheckIn, TreatmentSession


def last_side(user) -> str:
    """The side that last hurt, else the usual one; one tap to change."""
    newest = []
    for model, moment in ((CheckIn, "rated_at"), (TreatmentSession, "started_at")):
        sided = model.objects.for_user(user).with_side_again().exclude(side_again="")
        newest += sided.values_list(moment, "side_again")[:1]
    if newest:
        return max(newest)[1]
    usual = Condition.objects.for_user(user).current().filter(usual_side__in=Side.values)
    return usual.values_list("usual_side", flat=True).first() or ""
