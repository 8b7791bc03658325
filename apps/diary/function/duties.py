"""Work or usual duties: one answer of a condition for a day, kept and taken back."""

from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.conditions.models import Condition
from apps.diary.models import Duties, DutiesAnswer


def conditions_asked(user):
    """The current ones with the day of the last answer and what it was. One query."""
    answers = DutiesAnswer.objects.for_user(user).filter(condition=OuterRef("pk"))
    latest = answers.order_by("-diary_date")
    return (
        Condition.objects.for_user(user)
        .current()
        .annotate(
            duties_on=Subquery(latest.values("diary_date")[:1]),
            duties_said=Subquery(latest.values("duties")[:1]),
        )
    )


def said_last(condition: Condition) -> str:
    """The last answer of one of those asked about, with its day; empty if there is none."""
    if condition.duties_on is None:
        return ""
    said = Duties(condition.duties_said).label
    day = date_format(condition.duties_on, "WEEKDAY_MONTH_DAY_FORMAT")
    return _("Last said on %(day)s: %(duties)s") % {"day": day, "duties": said}


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
