"""Work or usual duties: as usual, adapted, or off. Asked about once a week, beside function."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.models import Condition
from apps.users.ownership import OwnedModel
from apps.users.typed.years import FIRST_DAY


class Duties(models.TextChoices):
    AS_USUAL = "usual", _lazy("as usual")
    ADAPTED = "adapted", _lazy("adapted")
    OFF = "off", _lazy("off")


class DutiesAnswer(OwnedModel):
    """How it was with work or usual duties, of one condition. One a day: the last one counts."""

    condition = models.ForeignKey(
        Condition, on_delete=models.RESTRICT, related_name="+", db_constraint=False
    )
    duties = models.CharField(_lazy("work or usual duties"), max_length=7, choices=Duties)
    diary_date = models.DateField(_lazy("day"), editable=False)

    class Meta(OwnedModel.Meta):
        ordering = ["diary_date", "id"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "condition", "diary_date"], name="dutiesanswer_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(duties__in=Duties.values), name="dutiesanswer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(diary_date__gte=FIRST_DAY), name="dutiesanswer_since_1900"
            ),
        ]

    def __str__(self):
        return f"{self.duties}, {self.diary_date}"
