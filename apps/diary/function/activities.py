"""Function, asked about once a week: which activities are due, and their ratings kept."""

from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, Min, OuterRef, Q

from apps.conditions.models import Condition
from apps.diary.models import PLACES, Activity, FunctionRating
from apps.users.models import Rhythm

ASKED_EVERY = timedelta(days=7)


def activities_of(user):
    """The current ones with ``last_rated_on``, each condition's together."""
    current = Activity.objects.for_user(user).current().select_related("condition")
    rated = current.annotate(last_rated_on=Max("ratings__diary_date"))
    return rated.order_by(*Activity._meta.ordering)  # which Django leaves out where it groups


def with_due_activities(conditions, user, *, day: date, may_ask: bool):
    """Each condition with ``due_activities``: the names of those not rated for a week.

    None is due where the person is not to be asked.
    """
    rated = FunctionRating.objects.for_user(user).filter(diary_date__gt=day - ASKED_EVERY)
    own = Activity.objects.for_user(user).current().exclude(pk__in=rated.values("activity"))
    due = own.filter(condition=OuterRef("pk")) if may_ask else own.none()
    return conditions.annotate(due_activities=ArraySubquery(due.values("name")))


def may_ask(user, *, day: date) -> bool:
    """Not for a week after "not this week", nor while the diary is paused."""
    skipped_on = user.function_skipped_on
    is_skipped = skipped_on is not None and skipped_on > day - ASKED_EVERY
    return user.rhythm != Rhythm.PAUSED and not is_skipped


def due_in(conditions) -> list[str]:
    """The names of what is due in conditions as ``with_due_activities`` has them."""
    # Where nothing may be asked, Django leaves the subquery out and gives None.
    return [name for condition in conditions for name in condition.due_activities or ()]


def free_place(condition: Condition) -> int | None:
    """The first place of the three that no current activity of the condition has."""
    taken = Activity.objects.for_user(condition.user).filter(condition=condition, archived_at=None)
    places = set(PLACES) - set(taken.values_list("place", flat=True))
    return min(places, default=None)


def keep_ratings(user, ratings: dict[Activity, int], *, at: datetime) -> None:
    """One rating of each activity for the day of ``at``, in place of an earlier one of that day.

    A device may have kept a rating until after another was given: the later one stays.
    """
    day = at.astimezone(user.zone).date()
    later = FunctionRating.objects.for_user(user).filter(diary_date=day, rated_at__gt=at)
    rated_later = set(later.values_list("activity_id", flat=True))
    rows = [
        FunctionRating(
            user=user,
            activity=activity,
            rating=rating,
            rated_at=at,
            diary_date=day,
            time_zone=user.time_zone,
        )
        for activity, rating in ratings.items()
        if activity.pk not in rated_later
    ]
    FunctionRating.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["activity", "diary_date"],
        update_fields=["rating", "rated_at", "time_zone"],
    )


def take_back(user, *, day: date) -> int:
    """Delete the ratings of this day; how many there were."""
    deleted, _by_model = FunctionRating.objects.for_user(user).filter(diary_date=day).delete()
    return deleted


def first_and_last_rated(condition: Condition) -> tuple[date, date] | None:
    """The first and the last day on which an activity of the condition was rated."""
    ratings = FunctionRating.objects.for_user(condition.user_id).filter(
        activity__condition=condition
    )
    days = ratings.aggregate(first=Min("diary_date"), last=Max("diary_date"))
    return (days["first"], days["last"]) if days["first"] else None


def ratings_between(user, condition, first_day: date, last_day: date):
    """Activity by activity in their order, archived ones too, each by its days."""
    own = Q(activity__condition=condition, diary_date__range=(first_day, last_day))
    ratings = FunctionRating.objects.for_user(user).filter(own)
    ordered = ratings.order_by("activity__archived_at", "activity__place", "activity", "diary_date")
    return ordered.values_list("activity__name", "diary_date", "rating", named=True)
