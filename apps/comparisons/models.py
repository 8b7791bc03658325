from django.db import models

from apps.conditions.models import Condition
from apps.users.ownership import OwnedModel

BY_VERSION_1 = "by version 1"  # in ``filters``: what the method's version 1 had said of it all


class KeptComparison(OwnedModel):
    """A comparison as it was worked out at one revision of the diary, for one set of filters.

    ``filters`` is the side and the range of days; ``values`` is as ``results.to_values`` makes
    it. One row per condition and filters: a newer one takes the place of an older. What version
    1 said of the whole diary stays (``reading.weaker``).
    """

    condition = models.ForeignKey(
        Condition, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    filters = models.CharField(max_length=40)
    method = models.CharField(max_length=8)
    revision = models.PositiveBigIntegerField()
    values = models.JSONField()

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "condition", "filters"], name="keptcomparison_one_per_filters"
            ),
        ]

    def __str__(self):
        return f"{self.condition_id} {self.filters}"
