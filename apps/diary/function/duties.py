"""Work or usual duties: one answer of a condition for a day, kept and taken back."""

from datetime import date

from django.db.models import Max, OuterRef, Subquery

from apps.conditions.models import Condition
from apps.diary.models import DutiesAnswer


def conditions_asked(user):
    """The current ones with ``duties_on``, the last day of an answer. One query."""
    answers = DutiesAnswer.objects.for_user(user).filter(condition=OuterRef("pk"))
    latest = answers.order_by().values("condition").annotate(day=Max("diary_date")).values("day")
    return Condition.objects.for_user(user).current().annotate(duties_on=Subquery(latest))


def keep_duties(user, answers: dict[Condition, str], *, day: date) -> None:
    """In place of an earlier answer of that day."""
    for condition, duties in answers.items():
        DutiesAnswer.objects.for_user(user).update_or_create(
            user=user, condition=condition, diary_date=day, defaults={"duties": duties}
        )


def take_back_duties(user, *, day: date) -> int:
    """Delete the answers of this day; how many there were."""
    deleted, _by_model = DutiesAnswer.objects.for_user(user).filter(diary_date=day).delete()
    return deleted
