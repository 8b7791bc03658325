"""Planned self-tests: one question, a sealed order of letters, and an end."""

import uuid
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from apps.conditions.models import Condition
from apps.conditions.nrs import NrsField, nrs_constraint
from apps.treatments.models import Treatment
from apps.treatments.rate_again import LONGEST_MINUTES, SHORTEST_MINUTES, longest_minutes
from apps.users.ownership import OwnedModel, OwnedQuerySet

DAYS_PER_MOMENT = 3
DAYS_OF_A_TEST_BY_DAYS = 90  # by default: its 60 days, and every third one more
BLOCK = "(TTWW|TWTW|TWWT|WTTW|WTWT|WWTT)"


class Unit(models.TextChoices):
    """What a letter decides: one session, or a whole day of what is worn or taken all day."""

    SESSION = "session", _lazy("session by session")
    DAY = "day", _lazy("day by day")


class Moments(models.IntegerChoices):
    """How many eligible sessions, or days, a self-test has: whole blocks of four."""

    FEW = 24, "24"
    USUAL = 32, "32"
    MANY = 48, "48"
    DAYS = 60, "60"


MOMENTS_OF = {
    Unit.SESSION: (Moments.FEW, Moments.USUAL, Moments.MANY),
    Unit.DAY: (Moments.DAYS,),
}


def unit_of(moments: int) -> Unit:
    """No number belongs to both."""
    return next(unit for unit, each in MOMENTS_OF.items() if moments in each)


HAS_MOMENTS_OF_ITS_UNIT = reduce(
    or_,
    (Q(unit=unit.value, moments__in=[n.value for n in each]) for unit, each in MOMENTS_OF.items()),
)
# Whole blocks of four, two of each letter in every one.
HAS_WHOLE_ORDER = reduce(
    or_, (Q(moments=n, order__regex=f"^{BLOCK}{{{n // 4}}}$") for n in Moments.values)
)


class Letter(models.TextChoices):
    """What was drawn: the treatment, or else waiting (or the second treatment)."""

    TREATED = "T", _lazy("the treatment")
    WAITED = "W", _lazy("the other")


class WhyEnded(models.TextChoices):
    WHOLE = "whole", _lazy("every letter of it was used")
    DATE = "date", _lazy("its last day has passed")
    EARLY = "early", _lazy("it had its answer early")
    STOPPED = "stopped", _lazy("you ended it")


class Question(OwnedModel):
    """Is pain lower after ``treatment`` than after waiting, or than after ``other``?"""

    condition = models.ForeignKey(
        Condition, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    treatment = models.ForeignKey(
        Treatment, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    other = models.ForeignKey(
        Treatment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_lazy("compared with"),
    )

    class Meta(OwnedModel.Meta):
        abstract = True

    is_elsewhere = False  # whether it runs where a file came from

    @property
    def is_by_days(self) -> bool:
        return self.unit == Unit.DAY

    @property
    def arms(self) -> tuple[str, str]:
        """What the letters stand for, T first, in the person's own words."""
        if self.is_by_days:
            return self._arms_of_days
        waiting = pgettext("arm of a self-test", "waiting")
        return self.treatment.name, self.other.name if self.other else waiting

    @property
    def _arms_of_days(self) -> tuple[str, str]:
        with_it = pgettext("arm of a self-test", "with %(name)s")
        first = with_it % {"name": self.treatment.name}
        if self.other:
            return first, with_it % {"name": self.other.name}
        return first, pgettext("arm of a self-test", "without it")

    @property
    def treatments(self) -> list[Treatment]:
        """The one or two treatments that it asks about; both are rated again at one time."""
        return [self.treatment, *([self.other] if self.other else [])]


class SelfTestQuerySet(OwnedQuerySet):
    def running(self):
        """Sealed: nobody is told of numbers or an answer before the end."""
        return self.filter(ended_at=None)

    def ended(self):
        return self.filter(ended_at__isnull=False)

    def exported(self):
        """A running one is sealed: it comes with the files that are made after its end."""
        return self.ended()

    def testing(self, treatments):
        """The running ones that ask about any of these: their answers are sealed."""
        return self.running().filter(Q(treatment__in=treatments) | Q(other__in=treatments))


class SelfTest(Question):
    """One that was agreed to here.

    ``order`` holds one letter for each eligible session, drawn from ``seed`` when the person
    agreed. Both are sealed: they are shown and exported once the test has ended, never before.

    By days (``unit``) a letter is read with a day's first check-in and says what that whole day
    is: with the treatment or without it. ``minutes`` is then how long after that check-in the
    evening's may be at the earliest.
    """

    unit = models.CharField(
        _lazy("What is drawn"), max_length=7, choices=Unit, default=Unit.SESSION, editable=False
    )
    moments = models.PositiveSmallIntegerField(
        _lazy("How many sessions?"), choices=Moments, default=Moments.USUAL
    )
    minutes = models.PositiveSmallIntegerField(_lazy("rate again after"), editable=False)
    expectation = NrsField(
        _lazy("How sure are you that it helps?"), anchors=(_lazy("not at all"), _lazy("certain"))
    )
    may_end_early = models.BooleanField(
        _lazy("It may end early, once the answer is clear"), default=False
    )
    ends_on = models.DateField(_lazy("Last day"))
    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    order = models.CharField(max_length=60, editable=False)
    started_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    why_ended = models.CharField(max_length=7, choices=WhyEnded, blank=True, editable=False)

    objects = SelfTestQuerySet.as_manager()

    class Meta(Question.Meta):
        ordering = ["-started_at", "-id"]
        constraints = [
            *Question.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "condition"],
                condition=Q(ended_at=None),
                name="selftest_one_at_a_time",
                violation_error_message=_lazy("A self-test of this condition is running already."),
            ),
            models.CheckConstraint(
                condition=Q(other_id=None) | ~Q(other_id=F("treatment_id")),
                name="selftest_of_two_things",
                violation_error_message=_lazy("Choose something else to compare it with."),
            ),
            models.CheckConstraint(
                condition=HAS_MOMENTS_OF_ITS_UNIT, name="selftest_moments_are_known"
            ),
            models.CheckConstraint(
                condition=HAS_WHOLE_ORDER,
                name="selftest_order_has_a_letter_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST_MINUTES, LONGEST_MINUTES)),
                name="selftest_rated_again_within_8_hours",
            ),
            nrs_constraint("selftest", "expectation"),
            models.CheckConstraint(
                condition=Q(why_ended__in=["", *WhyEnded.values]), name="selftest_end_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, why_ended="")
                | (Q(ended_at__gte=F("started_at")) & ~Q(why_ended="")),
                name="selftest_end_says_when_and_why",
            ),
        ]

    def __str__(self):
        return f"{self.moments} of each {self.unit}, from {self.started_at}"

    def get_absolute_url(self):
        return reverse("comparisons:self_test", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    def arm(self, letter: str) -> str:
        return dict(zip(Letter.values, self.arms, strict=True))[letter]

    def done(self, letter: str) -> list[Treatment]:
        """What a letter says to do: one treatment, or none, which is to wait."""
        if letter == Letter.TREATED:
            return [self.treatment]
        return [self.other] if self.other else []

    def is_past(self, at: datetime) -> bool:
        """Whether its last day has passed, by the clock of the person."""
        return at.astimezone(self.user.zone).date() > self.ends_on

    @property
    def rated_within(self) -> timedelta:
        """How long after the last session's start it can still be rated in time."""
        return timedelta(minutes=longest_minutes(self.minutes))


class SelfTestMomentQuerySet(OwnedQuerySet):
    def exported(self):
        return self.filter(self_test__ended_at__isnull=False)


class SelfTestMoment(OwnedModel):
    """An eligible session, or day, of a self-test: it used the letter of its place in the order.

    ``client_id`` is that session's, or of a day its first check-in's. It is no foreign key: a
    letter that was drawn stays drawn when the entry is deleted. ``broken_off_at``: when a wait
    was given up for the treatment, or when it was said that the day was otherwise.
    """

    self_test = models.ForeignKey(
        SelfTest, on_delete=models.CASCADE, related_name="drawn", db_constraint=False
    )
    ordinal = models.PositiveSmallIntegerField()
    client_id = models.UUIDField()
    drawn_at = models.DateTimeField()
    broken_off_at = models.DateTimeField(null=True)

    objects = SelfTestMomentQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        ordering = ["self_test_id", "ordinal"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["self_test", "ordinal"], name="selftestmoment_drawn_once"
            ),
            models.UniqueConstraint(
                fields=["user", "client_id"], name="selftestmoment_one_per_session"
            ),
            models.CheckConstraint(
                condition=Q(ordinal__lt=max(Moments.values)), name="selftestmoment_is_one_of_60"
            ),
        ]

    def __str__(self):
        return f"session {self.ordinal + 1} of a self-test"

    @property
    def letter(self) -> str:
        return self.self_test.order[self.ordinal]

    @property
    def says(self) -> str:
        """What was drawn for a day, by its name."""
        self_test = self.self_test
        if self.letter == Letter.WAITED and not self_test.other:
            without_it = pgettext("arm of a self-test", "without %(name)s")
            return without_it % {"name": self_test.treatment.name}
        return self_test.arm(self.letter)
