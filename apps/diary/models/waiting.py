"""Waits by coin flip: how often a person may be asked, and what was tossed."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.nrs import NrsField, nrs_constraint
from apps.treatments.models import Treatment
from apps.users.ownership import OwnedModel, OwnedQuerySet


class HowOften(models.IntegerChoices):
    """At one in how many started sessions the app asks to wait first."""

    NEVER = 0, _lazy("never")
    ONE_IN_TEN = 10, _lazy("1 in 10")
    ONE_IN_FIVE = 5, _lazy("1 in 5")
    ONE_IN_THREE = 3, _lazy("1 in 3")
    ONE_IN_TWO = 2, _lazy("1 in 2")


STORED_UNASKED = HowOften.ONE_IN_FIVE  # what everybody had before one could choose


class WaitPlan(OwnedModel):
    """How often a person may be asked to wait first, and the coin that decides when.

    ``one_in`` is empty while the counts alone decide (``how_often_it_asks``); ``chosen_at`` is when
    the person last said how often.

    ``seed`` and ``next_ordinal`` together are the next toss (``waiting.coin_says_wait``). The
    ordinal moves on only when a session comes of it, so that neither a reload nor going back
    tosses again. The seed is shown nowhere.
    """

    one_in = models.PositiveSmallIntegerField(choices=HowOften, null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, editable=False)
    pain_limit = NrsField(
        _lazy("Never ask when my pain is above"),
        default=8,
        help_text=_lazy("At this number and below we may ask. At 10, however bad it is."),
    )
    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    next_ordinal = models.PositiveIntegerField(default=0, editable=False)

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user"], name="waitplan_one_per_person"),
            models.CheckConstraint(
                condition=Q(one_in__in=HowOften.values), name="waitplan_one_in_is_known"
            ),
            nrs_constraint("waitplan", "pain_limit"),
        ]

    def __str__(self):
        return f"1 in {self.one_in}, up to {self.pain_limit}"

    @property
    def chosen(self) -> int | None:
        """One in how many at most, as the person chose; 0 never, None: the counts alone decide.

        The number that was once stored for everybody counts as chosen only by who then chose it.
        """
        is_stored_unasked = self.one_in == STORED_UNASKED and self.chosen_at is None
        return None if is_stored_unasked else self.one_in

    @property
    def has_chosen(self) -> bool:
        return self.chosen_at is not None or self.chosen is not None


class Outcome(models.TextChoices):
    """What became of a started session when the coin was tossed for it."""

    NOT_ELIGIBLE = "not_eligible", _lazy("may not be asked")
    NOT_ASKED = "not_asked", _lazy("not asked")
    ACCEPTED = "accepted", _lazy("waited first")
    SKIPPED = "skipped", _lazy("asked, started at once")


class WaitDrawQuerySet(OwnedQuerySet):
    def tally(self) -> dict[str, int]:
        """How often the person was asked, and how often they waited first."""
        waited = Q(outcome=Outcome.ACCEPTED)
        return self.aggregate(
            asked=models.Count("id", filter=waited | Q(outcome=Outcome.SKIPPED)),
            waited=models.Count("id", filter=waited),
        )


class WaitDraw(OwnedModel):
    """One toss, once a session came of it: how likely, when, and the outcome.

    ``client_id`` is that session's. It is no foreign key: what was tossed stays true when the
    session is deleted, and fits again when the deletion is taken back. Sessions that may not be
    asked use no toss: they have no ordinal.
    """

    ordinal = models.PositiveIntegerField(null=True)
    one_in = models.PositiveSmallIntegerField(choices=HowOften)
    outcome = models.CharField(max_length=12, choices=Outcome)
    drawn_at = models.DateTimeField()
    client_id = models.UUIDField()
    planned = models.ManyToManyField(Treatment, through="PlannedTreatment", related_name="+")

    objects = WaitDrawQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user", "ordinal"], name="waitdraw_tossed_once"),
            models.UniqueConstraint(fields=["user", "client_id"], name="waitdraw_one_per_session"),
            models.CheckConstraint(
                condition=Q(one_in__in=[n for n in HowOften.values if n]),
                name="waitdraw_one_in_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="waitdraw_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.NOT_ELIGIBLE, ordinal=None)
                | (~Q(outcome=Outcome.NOT_ELIGIBLE) & Q(ordinal__isnull=False)),
                name="waitdraw_uses_a_toss_if_eligible",
            ),
        ]

    def __str__(self):
        return f"{self.outcome}, {self.drawn_at}"


class PlannedTreatment(OwnedModel):
    """What the person was about to do when they were asked to wait first."""

    draw = models.ForeignKey(
        WaitDraw, on_delete=models.CASCADE, related_name="links", db_constraint=False
    )
    treatment = models.ForeignKey(
        Treatment, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    class Meta(OwnedModel.Meta):
        ordering = ["id"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["draw", "treatment"], name="plannedtreatment_named_once_per_draw"
            ),
        ]

    def __str__(self):
        return f"{self.treatment_id} planned in {self.draw_id}"
