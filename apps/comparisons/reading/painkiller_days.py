"""The days on which painkillers were taken, of those on which it was answered."""

from datetime import date

from django.contrib.postgres.aggregates import BoolOr


def painkiller_days(check_ins) -> dict[date, bool]:
    """Each day on which it was answered: whether any of its answers was yes. One query."""
    answered = check_ins.filter(painkillers__isnull=False).order_by()
    return dict(answered.values_list("diary_date").annotate(any=BoolOr("painkillers")))
