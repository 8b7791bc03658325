"""What a self-test seals that runs where a file came from: its answer is told there, not here."""

from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse

from apps.diary.models.self_test import (
    Moments,
    Question,
    SelfTest,
    SelfTestMoment,
    unit_of,
)
from apps.treatments.rate_again import LONGEST_MINUTES, SHORTEST_MINUTES
from apps.users.ownership import OwnedQuerySet


class Unnested(Func):
    """Each of an array in a row of its own."""

    function = "unnest"
    set_returning = True
    output_field = models.UUIDField()


class SealQuerySet(OwnedQuerySet):
    def kept(self):
        """Those whose self-test has not come after them: once it has ended there, a file brings
        it, and it says itself what it found."""
        came = SelfTest.objects.filter(
            user=OuterRef("user"),
            condition=OuterRef("condition"),
            started_at=OuterRef("started_at"),
        )
        return self.filter(~Exists(came))

    def about(self, treatments):
        """Those of any of these."""
        return self.kept().filter(Q(treatment__in=treatments) | Q(other__in=treatments))

    def client_ids(self):
        """Of all entries that used a letter, each in a row."""
        return self.kept().order_by().values_list(Unnested(F("client_ids")))


class Seal(Question):
    """A self-test that is running elsewhere, without all that would open it: no seed, no letter.

    ``client_ids`` are the entries that used a letter, in their order; which letter is not said.
    ``started_at`` is when it began there, by which it is known again.
    """

    moments = models.PositiveSmallIntegerField(choices=Moments)
    minutes = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    client_ids = ArrayField(models.UUIDField(), size=max(Moments.values))

    is_elsewhere = True

    objects = SealQuerySet.as_manager()

    class Meta(Question.Meta):
        ordering = ["-started_at", "-id"]
        constraints = [
            *Question.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "condition", "started_at"], name="seal_once_for_each_self_test"
            ),
            models.CheckConstraint(
                condition=Q(other_id=None) | ~Q(other_id=F("treatment_id")),
                name="seal_of_two_things",
            ),
            models.CheckConstraint(
                condition=Q(moments__in=Moments.values), name="seal_moments_are_known"
            ),
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST_MINUTES, LONGEST_MINUTES)),
                name="seal_rated_again_within_8_hours",
            ),
        ]

    def __str__(self):
        return f"seal of {self.moments}, from {self.started_at}"

    def get_absolute_url(self):
        return reverse("comparisons:treatment", args=[self.treatment_id])

    @property
    def unit(self) -> str:
        return unit_of(self.moments)

    def as_self_test(self) -> SelfTest:
        """As far as it is known here; never stored."""
        names = ("user", "condition", "treatment", "other", "unit", "moments", "minutes")
        known = {name: getattr(self, name) for name in (*names, "started_at")}
        return SelfTest(**known, order="")

    def as_moments(self, self_test: SelfTest, drawn_at: dict[UUID, datetime]) -> list:
        """Of that self-test; ``drawn_at`` has the moments of the entries that are here."""
        return [
            SelfTestMoment(
                self_test=self_test, ordinal=ordinal, client_id=each, drawn_at=drawn_at[each]
            )
            for ordinal, each in enumerate(self.client_ids)
            if each in drawn_at
        ]


def exported_seals(user) -> list[Seal]:
    """What a file says of self-tests that run: those of here, and those that came in a file.

    Two queries. Not stored are those of here: here the self-test itself is the seal.
    """
    running = SelfTest.objects.for_user(user).running().order_by("pk").prefetch_related("drawn")
    return [*Seal.objects.for_user(user).kept().order_by("pk"), *map(_of_running, running)]


def _of_running(self_test) -> Seal:
    names = ("user_id", "condition_id", "treatment_id", "other_id", "moments", "minutes")
    said = {name: getattr(self_test, name) for name in (*names, "started_at")}
    return Seal(**said, client_ids=[each.client_id for each in self_test.drawn.all()])
