"""The side to begin a form with: where it last hurt."""

from collections.abc import Collection

from apps.conditions.models import Condition, Side
from apps.diary.models import CheckIn, TreatmentSession


def last_side(user, *, of: Collection[int] = ()) -> str:
    """The side that last hurt, else the usual one; one tap to change.

    ``of`` are numbers of conditions: only theirs, for a shoulder says nothing of a leg.
    """
    newest, only = [], {"condition__in": of} if of else {}
    for model, moment in ((CheckIn, "rated_at"), (TreatmentSession, "started_at")):
        sided = model.objects.for_user(user).filter(**only).with_side_again()
        sided = sided.exclude(side_again="")
        newest += sided.values_list(moment, "side_again")[:1]
    if newest:
        return max(newest)[1]
    usual = Condition.objects.for_user(user).current().filter(usual_side__in=Side.values)
    if of:
        usual = usual.filter(pk__in=of)
    return usual.values_list("usual_side", flat=True).first() or ""
