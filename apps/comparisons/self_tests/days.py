"""The days of a self-test by days: pain at the first check-in, and in the evening."""

from collections import defaultdict
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.db.models.functions import Greatest

from apps.diary.models import LATE_AFTER, CheckIn, SelfTestMoment
from apps.diary.self_tests.days import begins, is_of_the_evening

A_DAY = timedelta(days=1)
READ = ("client_id", "condition_id", "diary_date", "rated_at", "time_zone", "worse")


def days_of(user, drawn: list[SelfTestMoment]) -> dict:
    """By the ids of the check-ins that used these letters: what each day was, as a session is.

    ``pain_after`` is the day's last check-in, where that is one of the evening; one that was
    typed in more than 4 hours after its moment is none, as of sessions. One query.
    """
    if not drawn:
        return {}
    rows = _check_ins(user, drawn)
    by_day = defaultdict(list)
    for row in rows:
        by_day[row["condition_id"], row["diary_date"]].append(row)
    used = {moment.client_id for moment in drawn}
    return {
        row["client_id"]: _day(row, by_day[row["condition_id"], row["diary_date"]])
        for row in rows
        if row["client_id"] in used
    }


def _check_ins(user, drawn: list[SelfTestMoment]) -> list[dict]:
    """Those that rated pain in the days of the letters, in order of time."""
    moments = [moment.drawn_at.date() for moment in drawn]
    own = CheckIn.objects.for_user(user).filter(
        condition__in={moment.self_test.condition_id for moment in drawn},
        diary_date__range=(min(moments) - A_DAY, max(moments) + A_DAY),
    )
    rated = own.annotate(worse=Greatest("leg_pain", "back_pain")).filter(worse__isnull=False)
    in_time = rated.exclude(entered_at__gt=F("rated_at") + LATE_AFTER)
    return list(in_time.order_by("rated_at", "pk").values(*READ))


def _day(first: dict, of_the_day: list[dict]) -> dict:
    last, zone = of_the_day[-1], ZoneInfo(first["time_zone"])
    is_rated = is_of_the_evening(
        last["rated_at"], ZoneInfo(last["time_zone"]), first_at=first["rated_at"]
    )
    return {
        "names": [],
        "started_at": first["rated_at"],
        "pain_before": first["worse"],
        "pain_after": last["worse"] if is_rated else None,
        "is_pair": is_rated,
        "counts_until": begins(first["diary_date"] + A_DAY, zone),
    }
