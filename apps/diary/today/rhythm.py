"""How often the diary asks: every day, once a week, or not at all until the person comes back.

Rating pain every day can keep one looking at it. So after 14 good days the page Today offers
to ask once a week. A day is good where every rating of it is 2 or less. A day without a rating
is neither good nor bad: it counts for nothing, and nothing is said of it.
"""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from apps.diary.models import CheckIn
from apps.users.models import Rhythm

GOOD_UP_TO = 2  # NRS points
GOOD_DAYS = 14
LOOKED_AT_DAYS = 21  # so that up to seven days without a rating may lie between
OFFERED_AGAIN_AFTER = timedelta(days=28)
A_WEEK = timedelta(days=7)


def had_good_days(worst: dict[date, int], day: date) -> bool:
    """Whether the latest 14 rated days of the last three weeks up to ``day`` were all good.

    ``worst`` has the worst pain (0 to 10) of each rated day.
    """
    since = day - timedelta(days=LOOKED_AT_DAYS)
    rated = sorted(known for known in worst if since < known <= day)
    latest = rated[-GOOD_DAYS:]
    return len(latest) == GOOD_DAYS and all(worst[known] <= GOOD_UP_TO for known in latest)


def offers_weekly(user, worst: dict[date, int], day: date) -> bool:
    """Whether to offer to ask once a week; "not now" holds for four weeks."""
    declined_on = user.weekly_declined_on
    is_declined = declined_on is not None and declined_on > day - OFFERED_AGAIN_AFTER
    return user.rhythm == Rhythm.DAILY and not is_declined and had_good_days(worst, day)


def awake(plans, reminders, *, day: date, at: datetime):
    """Of rows with a ``user``, those whose person may be reminded to check in on this diary day.

    Nobody who paused. Once a week counts from the last check-in, from the last of these
    reminders of a day, and from when it was chosen, whichever is latest.
    """
    for rows in (CheckIn.objects.all(), reminders):
        of_the_week = rows.filter(user=OuterRef("user"), diary_date__gt=day - A_WEEK)
        plans = plans.exclude(Exists(of_the_week), user__rhythm=Rhythm.WEEKLY)
    plans = plans.exclude(user__rhythm=Rhythm.WEEKLY, user__rhythm_since__gt=at - A_WEEK)
    return plans.exclude(user__rhythm=Rhythm.PAUSED)
