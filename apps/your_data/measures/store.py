"""Sleep and steps of days into the diary: what a file does not measure stays as it was."""

from django.db import transaction

from apps.diary.models import DayMeasure
from apps.users.models import User

BATCH = 1000


@transaction.atomic
def store(user: User, measures: list[DayMeasure]) -> int:
    """Keep these days in place of what was there of them; returns how many they are."""
    known = {each.day: each for each in DayMeasure.objects.for_user(user)}
    for measure in measures:
        measure.user = user
        if before := known.get(measure.day):
            _fill(measure, before)
    DayMeasure.objects.bulk_create(
        measures,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["user", "day"],
        update_fields=["sleep_minutes", "steps"],
    )
    return len(measures)


def _fill(measure, before):
    if measure.sleep_minutes is None:
        measure.sleep_minutes = before.sleep_minutes
    if measure.steps is None:
        measure.steps = before.steps
