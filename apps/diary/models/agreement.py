"""What was agreed with somebody who treats, how often and until when, and what was done of it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from apps.conditions.models import Condition
from apps.treatments.models import Treatment
from apps.users.ownership import OwnedModel, OwnedQuerySet
from apps.users.typed.years import FIRST_DAY

MOST_TIMES = 20


class Per(models.TextChoices):
    DAY = "day", _lazy("day")
    WEEK = "week", _lazy("week")


class AgreementQuerySet(OwnedQuerySet):
    def begun(self, on):
        """Those agreed on that day or before, of each treatment the latest first."""
        return self.filter(agreed_on__lte=on).order_by("-agreed_on")


class Agreement(OwnedModel):
    """A treatment, how often, and until when. The next one of the same treatment takes its place.

    The day of looking back is the treatment's own (``Treatment.review_on``).
    """

    condition = models.ForeignKey(
        Condition, on_delete=models.RESTRICT, related_name="+", db_constraint=False
    )
    treatment = models.ForeignKey(
        Treatment, on_delete=models.CASCADE, related_name="agreements", db_constraint=False
    )
    times = models.PositiveSmallIntegerField(_lazy("how often"), default=1)
    per = models.CharField(_lazy("per"), max_length=4, choices=Per, default=Per.DAY)
    agreed_on = models.DateField(_lazy("agreed on"))
    until_on = models.DateField(_lazy("until"), null=True, blank=True)
    agreed_with = models.CharField(_lazy("with whom"), max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        ordering = ["treatment_id", "-agreed_on", "id"]
        indexes = [models.Index(fields=["user", "condition"], name="agreement_user_condition")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "treatment", "agreed_on"], name="agreement_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(times__range=(1, MOST_TIMES)),
                name="agreement_times_are_few",
                violation_error_message=_lazy("Say 1 to 20 times."),
            ),
            models.CheckConstraint(condition=Q(per__in=Per.values), name="agreement_per_is_known"),
            models.CheckConstraint(
                condition=Q(agreed_on__gte=FIRST_DAY),
                name="agreement_since_1900",
                violation_error_message=_lazy("The day must be in 1900 or later."),
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("agreed_on")),
                name="agreement_ends_after_it_begins",
                violation_error_message=_lazy("It cannot end before the day it was agreed."),
            ),
        ]

    def __str__(self):
        return f"{self.treatment_id}, {self.agreed_on}"

    @property
    def how_often(self) -> str:
        return how_often(self.times, self.per)


def how_often(times: int, per: str) -> str:
    """ "once a day", "3 times a week"."""
    if per == Per.DAY:
        return ngettext("once a day", "%(n)s times a day", times) % {"n": times}
    return ngettext("once a week", "%(n)s times a week", times) % {"n": times}


class Exercise(OwnedModel):
    """One of the exercises that an agreement is made of."""

    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.CASCADE,
        related_name="exercises",
        db_constraint=False,
        editable=False,
    )
    name = models.CharField(_lazy("exercise"), max_length=80)
    repetitions = models.CharField(
        _lazy("repetitions"), max_length=60, blank=True, help_text=_lazy("For example: 3 × 10.")
    )
    how = models.CharField(_lazy("how"), max_length=200, blank=True)

    class Meta(OwnedModel.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["user", "agreement"], name="exercise_user_agreement")]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="exercise_has_a_name"),
        ]

    def __str__(self):
        return self.name


class AgreedDay(OwnedModel):
    """How many times it was done on a day; 0 is "not done", and no row is "not said"."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="days", db_constraint=False
    )
    diary_date = models.DateField(_lazy("day"), editable=False)
    times = models.PositiveSmallIntegerField(_lazy("times done"))

    class Meta(OwnedModel.Meta):
        ordering = ["agreement_id", "diary_date"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "agreement", "diary_date"], name="agreedday_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(times__lte=MOST_TIMES), name="agreedday_times_are_few"
            ),
            models.CheckConstraint(
                condition=Q(diary_date__gte=FIRST_DAY), name="agreedday_since_1900"
            ),
        ]

    def __str__(self):
        return f"{self.times}, {self.diary_date}"
