"""What the person of the demo wants to be able to do again, rated about once a week.

With a source of chance of its own: the pain and the sessions of ``demo`` stay as they are.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.conditions.models import Condition
from apps.demo.entries import DemoDiary
from apps.demo.pain import whole
from apps.demo.person import DAYS, GAP
from apps.diary.models import Activity, FunctionRating

SEED = 412
SKIPPED = 0.1
RATING_SD = 0.6


@dataclass(frozen=True, slots=True)
class DemoActivity:
    """``first`` and ``last``: how well it goes at both ends, on the scale of 0 to 10."""

    name: str
    first: float
    last: float


# Two: there is room for one more, which a visitor may add.
ACTIVITIES = (
    DemoActivity(gettext_noop("Sit at the desk for an hour"), 2.5, 6.5),
    DemoActivity(gettext_noop("Walk for half an hour"), 4.0, 8.0),
)


def keep_function(condition: Condition, diary: DemoDiary) -> None:
    """The activities of ``condition`` and their ratings, the last on the diary's last day."""
    user = condition.user
    activities = Activity.objects.bulk_create(
        Activity(user=user, condition=condition, name=_(activity.name), place=place)
        for place, activity in enumerate(ACTIVITIES, start=1)
    )
    FunctionRating.objects.bulk_create(
        FunctionRating(
            user=user,
            activity=activities[place],
            rating=rating,
            rated_at=_evening(diary, number, user.zone),
            diary_date=diary.day(number),
            time_zone=user.time_zone,
        )
        for number, place, rating in weekly_ratings()
    )


def weekly_ratings() -> Iterator[tuple[int, int, int]]:
    """The number of the day, the place of the activity and the rating; some are left out."""
    dice = random.Random(SEED)  # noqa: S311
    for number in reversed(range(DAYS - 1, -1, -7)):
        for place, activity in enumerate(ACTIVITIES):
            level = activity.first + number / DAYS * (activity.last - activity.first)
            rating = whole(level + dice.gauss(0, RATING_SD))
            is_left_out = number in GAP or dice.random() < SKIPPED
            if number == DAYS - 1 or not is_left_out:
                yield number, place, rating


def _evening(diary: DemoDiary, number: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(diary.day(number), time(20, 5), tzinfo=zone)
