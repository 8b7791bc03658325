"""What follows a red flag: what is shown before anything else, and until when it stays open."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.conditions.models import Side
from apps.diary.models import CheckIn, RedFlag, RedFlagReview, TreatmentSession
from config.postgres.compiled import compiled


@dataclass(frozen=True, slots=True)
class OpenFlags:
    """Red flags of the last 14 days that nobody has looked at, and when one was last ticked."""

    names: list
    ticked_at: datetime


def open_flags(user, *, at: datetime) -> OpenFlags | None:
    """Those of all the person's conditions together; None where there are none. One query."""
    rows = _open_ones(user=user.pk, at=at)
    if not rows:
        return None
    ticked = {flag for _ticked_at, flags in rows for flag in flags}
    names = [flag.short for flag in RedFlag if flag in ticked]
    return OpenFlags(names=names, ticked_at=rows[0][0])


@compiled
def _open_ones(*, user: int, at: datetime):
    open_ones = CheckIn.objects.for_user(user).with_open_red_flags(at=at)
    return open_ones.values_list("red_flags_ticked_at", "red_flags")


def has_open(user, *, at: datetime) -> bool:
    return CheckIn.objects.for_user(user).with_open_red_flags(at=at).exists()


def note_seen(user, *, at: datetime) -> None:
    """A doctor or A&E has looked at everything that was ticked up to now."""
    RedFlagReview.objects.create(user=user, seen_at=at)


def last_review(user) -> RedFlagReview | None:
    return RedFlagReview.objects.for_user(user).order_by("-seen_at", "-id").first()


def is_first_of_both(entry) -> bool:
    """Whether no other entry of this condition says both sides, nor the condition itself.

    For somebody whose legs have both hurt from the start it is nothing new, and both shoulders
    are no legs.
    """
    condition = entry.condition
    if condition.usual_side == Side.BOTH or not condition.places.is_from_the_back_down:
        return False
    said = Q(side=Side.BOTH)
    own = Q(condition=entry.condition)
    check_ins = CheckIn.objects.for_user(entry.user).filter(
        own, said | Q(red_flags__contains=[RedFlag.BOTH_LEGS])
    )
    sessions = TreatmentSession.objects.for_user(entry.user).filter(own, said)
    if entry.is_session:
        sessions = sessions.exclude(pk=entry.pk)
    else:
        check_ins = check_ins.exclude(pk=entry.pk)
    return not (check_ins.exists() or sessions.exists())
