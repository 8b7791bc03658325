"""What a phone or a watch counted: sleep and steps, one number a day each. Part of no verdict."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from apps.users.ownership import OwnedModel

MINUTES_OF_A_DAY = 24 * 60
MOST_STEPS = 200_000


class DayMeasure(OwnedModel):
    """One day. Sleep is that of the night before, by the day of waking; None: not measured."""

    day = models.DateField(_lazy("day"))
    sleep_minutes = models.PositiveSmallIntegerField(_lazy("minutes of sleep"), null=True)
    steps = models.PositiveIntegerField(_lazy("steps"), null=True)

    class Meta(OwnedModel.Meta):
        ordering = ["day"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user", "day"], name="daymeasure_one_per_day"),
            models.CheckConstraint(
                condition=Q(sleep_minutes__isnull=False) | Q(steps__isnull=False),
                name="daymeasure_says_something",
            ),
            models.CheckConstraint(
                condition=Q(sleep_minutes__lte=MINUTES_OF_A_DAY),
                name="daymeasure_sleep_up_to_a_day",
            ),
            models.CheckConstraint(
                condition=Q(steps__lte=MOST_STEPS), name="daymeasure_steps_up_to_200000"
            ),
        ]

    def __str__(self):
        return f"{self.day}"

    @property
    def sleep_hours(self) -> float | None:
        return None if self.sleep_minutes is None else self.sleep_minutes / 60
