"""The conditions that a chart can show, and from which day to which each has entries."""

from datetime import date

from django.db.models import OuterRef, Subquery

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from config.postgres.compiled import compiled


def conditions_of(user) -> list[Condition]:
    """Current ones first, of them the one last written about; each with its first and last days."""
    return sorted(_all_with_ends(user=user.pk), key=_latest_first)


@compiled
def _all_with_ends(*, user: int):
    return with_ends(Condition.objects.for_user(user), user)


def with_ends(conditions, user):
    """Each with the days of its first and its last entries, as ``bounds_of`` reads them."""
    ends = {
        f"{end}_{model.__name__.lower()}": Subquery(
            model.objects.for_user(user)
            .filter(condition=OuterRef("pk"))
            .order_by(order)
            .values("diary_date")[:1]
        )
        for model in (CheckIn, TreatmentSession)
        for end, order in (("first", "diary_date"), ("last", "-diary_date"))
    }
    return conditions.annotate(**ends)


def bounds_of(condition: Condition) -> tuple[date, date] | None:
    """The first and the last day with an entry; None where there is no entry yet."""
    days = [
        condition.first_checkin,
        condition.first_treatmentsession,
        condition.last_checkin,
        condition.last_treatmentsession,
    ]
    known = [day for day in days if day]
    return (min(known), max(known)) if known else None


def _latest_first(condition):
    _first, last = bounds_of(condition) or (None, date.min)
    return (bool(condition.archived_at), -last.toordinal(), condition.name)


def latest_condition_of(treatment) -> int | None:
    """The condition of the session of this treatment that was written down last."""
    return next(iter(_newest_condition(user=treatment.user_id, treatment=treatment.pk)), None)


@compiled
def _newest_condition(*, user: int, treatment: int):
    links = SessionTreatment.objects.for_user(user).filter(treatment=treatment)
    return links.order_by("-session_id").values_list("session__condition_id", flat=True)[:1]
