"""Pain over the weeks as a plain drawing: where its points are, for an SVG without a script."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Avg, F
from django.db.models.functions import Greatest, TruncWeek

from apps.conditions.models import Condition
from apps.diary.models import CheckIn
from apps.users.models import User

LEFT, RIGHT, TOP, BOTTOM = 26, 394, 24, 164  # of the field, in a drawing of 400 x 204
WEEK = timedelta(weeks=1)


class Drawing(NamedTuple):
    condition: Condition
    first: date
    last: date
    lines: list[str]  # each a run of weeks without a gap, as points of a polyline
    dots: list[tuple[str, str]]
    weeks: int  # with a rating


def drawings(user: User, conditions: list[Condition]) -> Iterator[Drawing]:
    """One for each condition with a rating of pain, from weekly means of the worse of the two."""
    means = {}
    for condition, week, mean in _weekly_means(user):
        means.setdefault(condition, {})[week] = mean
    for condition in conditions:
        if condition.pk in means:
            yield _drawn(condition, means[condition.pk])


def _weekly_means(user):
    """PostgreSQL's GREATEST passes over a missing rating; neither rated is no worse pain."""
    rated = CheckIn.objects.for_user(user).annotate(
        week=TruncWeek("diary_date"), worse=Greatest("leg_pain", "back_pain")
    )
    rated = rated.filter(worse__isnull=False).order_by(F("week").asc())
    return (
        rated.values("condition_id", "week")
        .annotate(mean=Avg("worse"))
        .values_list("condition_id", "week", "mean")
    )


def _drawn(condition, means):
    weeks = sorted(means)
    span = max((weeks[-1] - weeks[0]).days, 1)
    points = {
        week: (
            f"{LEFT + (RIGHT - LEFT) * (week - weeks[0]).days / span:.1f}",
            f"{BOTTOM - (BOTTOM - TOP) * float(means[week]) / 10:.1f}",
        )
        for week in weeks
    }
    runs = []
    for week in weeks:
        if week - WEEK not in means:
            runs.append([])
        runs[-1].append(",".join(points[week]))
    lines = [" ".join(run) for run in runs]
    return Drawing(condition, weeks[0], weeks[-1], lines, list(points.values()), len(weeks))
