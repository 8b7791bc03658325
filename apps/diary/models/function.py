"""What the person can do: up to three activities of their own, each rated about once a week.

As the Patient-Specific Functional Scale does it, in our own words (Stratford et al. 1995).
Here 10 is the best value ("as before") and 0 the worst; a missing rating is never 0.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.models import Condition
from apps.conditions.nrs import NrsField, nrs_constraint
from apps.users.lists.named import NamedModel
from apps.users.models import validate_time_zone
from apps.users.ownership import OwnedModel, OwnedQuerySet

MOST_ACTIVITIES = 3
PLACES = range(1, MOST_ACTIVITIES + 1)
FUNCTION_ANCHORS = (_lazy("cannot do it"), _lazy("as before"))


class ActivityQuerySet(OwnedQuerySet):
    def current(self):
        """Not archived, nor of an archived condition: those that are asked about."""
        return self.filter(archived_at=None, condition__archived_at=None)


class Activity(NamedModel):
    """Something the person wants to be able to do again.

    ``place`` is 1, 2 or 3 and free again once it is archived: so that three are the most.
    """

    condition = models.ForeignKey(
        Condition, on_delete=models.RESTRICT, related_name="+", db_constraint=False
    )
    name = models.CharField(
        _lazy("what you want to do"),
        max_length=80,
        help_text=_lazy("For example: sit through a film, lift the little one."),
    )
    place = models.PositiveSmallIntegerField(editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta(NamedModel.Meta):
        ordering = ["condition_id", "place", "id"]
        constraints = [
            *NamedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "name"], name="activity_name_is_unique_per_person"
            ),
            models.UniqueConstraint(
                fields=["condition", "place"],
                condition=Q(archived_at=None),
                name="activity_has_a_place_of_its_own",
            ),
            models.CheckConstraint(
                condition=Q(place__in=list(PLACES)), name="activity_is_one_of_three"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="activity_has_a_name"),
        ]

    def __str__(self):
        return self.name


class FunctionRating(OwnedModel):
    """How well an activity goes. One a day: a second rating of the day replaces the first."""

    activity = models.ForeignKey(
        Activity, on_delete=models.RESTRICT, related_name="ratings", db_constraint=False
    )
    rating = NrsField(_lazy("how well it goes"), anchors=FUNCTION_ANCHORS)
    rated_at = models.DateTimeField(_lazy("when"), editable=False)
    diary_date = models.DateField(_lazy("day"), editable=False)
    time_zone = models.CharField(max_length=64, editable=False, validators=[validate_time_zone])

    class Meta(OwnedModel.Meta):
        ordering = ["diary_date", "id"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["activity", "diary_date"], name="functionrating_once_a_day"
            ),
            nrs_constraint("functionrating", "rating"),
            models.CheckConstraint(
                condition=~Q(time_zone=""), name="functionrating_names_its_zone"
            ),
        ]

    def __str__(self):
        return f"{self.rating}, {self.diary_date}"
