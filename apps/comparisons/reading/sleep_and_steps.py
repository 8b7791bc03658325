"""Sleep and steps of a phone, in the slots of the timeline above: bars, and the table.

They are shown beside the pain and are part of no verdict.
"""

from django.db.models import Avg, FloatField
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.comparisons.reading.spans import Span
from apps.diary.models import DayMeasure
from apps.users.models import User

HEIGHT = 40  # of the tallest bar, in the drawing's own units
WIDTH = 10  # of a slot
NOT_MEASURED = "–"


def sleep_and_steps(user: User, span: Span) -> dict | None:
    """Means of a day in each slot; None where nothing was measured. One query."""
    span = span.by_points()
    rows = (
        DayMeasure.objects.for_user(user)
        .filter(day__range=(span.first_day, span.last_day))
        .order_by()
        .annotate(slot=span.slot("day"))
        .values("slot")
        .annotate(
            sleep=Avg("sleep_minutes", output_field=FloatField()),
            steps=Avg("steps", output_field=FloatField()),
        )
    )
    found = {row["slot"]: row for row in rows}
    if not found:
        return None
    measured = [
        _measured(_("Sleep, hours a night"), "sleep", found, _hours),
        _measured(_("Steps a day"), "steps", found, _count),
    ]
    return {
        "width": span.slots * WIDTH,
        "height": HEIGHT,
        "measured": [each for each in measured if each["bars"]],
        "rows": _table(found, span.labels()),
    }


def _measured(name, key, found, text):
    """A bar for each slot, as high as its mean is against the highest."""
    means = {slot: row[key] for slot, row in sorted(found.items()) if row[key] is not None}
    highest = max(means.values(), default=0)
    bars = [_bar(slot, mean / (highest or 1)) for slot, mean in means.items()]
    return {"name": name, "bars": bars, "most": text(highest)}


def _bar(slot, share):
    height = round(HEIGHT * share, 1)
    y = round(HEIGHT - height, 1)
    return {"x": slot * WIDTH, "y": y, "width": WIDTH - 1, "height": height}


def _hours(minutes) -> str:
    return NOT_MEASURED if minutes is None else number_format(minutes / 60, decimal_pos=1)


def _count(steps) -> str:
    return NOT_MEASURED if steps is None else number_format(steps, 0, force_grouping=True)


def _table(found, labels):
    """Of each slot with a measure: when, hours of sleep, steps."""
    return [
        (labels[slot], _hours(row["sleep"]), _count(row["steps"]))
        for slot, row in sorted(found.items())
    ]
