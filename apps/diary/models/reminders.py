"""Reminders, all off by default: when a person wants them, which were sent, and their calendar."""

import hashlib
import secrets
from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from apps.users.ownership import OwnedModel, OwnedQuerySet

QUIET_AFTER = 3
SECRET_BYTES = 32


class PlanQuerySet(OwnedQuerySet):
    def wanted(self):
        """Those of people who want any reminder, and can log in to answer it."""
        is_on = Q(for_sessions=True) | Q(is_daily=True) | Q(for_self_tests=True)
        return self.filter(is_on, user__is_active=True)


class Plan(OwnedModel):
    """Which reminders a person wants in one way, and how many of them came to nothing.

    ``unanswered`` counts what was sent since the diary last changed; ``revision`` is the diary's
    number at the last of it. Once that has moved on, somebody wrote, and the count is over.
    ``since`` is when the plan was made or changed: what was due before that is not sent.
    """

    for_sessions = models.BooleanField(
        _lazy("When it is time to rate a session again"), default=False
    )
    is_daily = models.BooleanField(
        _lazy("Once a day, if I have not written anything yet"), default=False
    )
    for_self_tests = models.BooleanField(
        _lazy("Once a day while a self-test runs, if there is still something to do for it"),
        default=False,
    )
    daily_at = models.TimeField(
        _lazy("at"), default=time(20), help_text=_lazy("By the clock of your own time zone.")
    )
    since = models.DateTimeField(editable=False)
    unanswered = models.PositiveSmallIntegerField(default=0, editable=False)
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        abstract = True
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user"], name="%(class)s_one_per_person"),
            models.CheckConstraint(
                condition=Q(daily_at__second=0), name="%(class)s_daily_at_a_whole_minute"
            ),
            models.CheckConstraint(
                condition=Q(unanswered__range=(0, QUIET_AFTER)),
                name="%(class)s_unanswered_is_0_to_3",
            ),
        ]

    def __str__(self):
        return f"sessions: {self.for_sessions}, daily: {self.is_daily} at {self.daily_at}"

    @property
    def is_wanted(self) -> bool:
        return self.for_sessions or self.is_daily or self.for_self_tests

    def unanswered_at(self, revision: int) -> int:
        """How many reminders nobody has answered yet, if the diary's number is ``revision``."""
        return self.unanswered if revision == self.revision else 0

    def is_quiet_at(self, revision: int) -> bool:
        """Three in a row came to nothing: no more are sent until somebody writes or asks."""
        return self.unanswered_at(revision) >= QUIET_AFTER


class ReminderPlanQuerySet(PlanQuerySet):
    def wanted(self):
        """Not those of demo accounts: their addresses are nobody's."""
        return super().wanted().filter(user__demo_until=None)


class ReminderPlan(Plan):
    """Which reminders come by mail."""

    objects = ReminderPlanQuerySet.as_manager()


class Reminder(OwnedModel):
    """One reminder: of a session (``client_id`` is its), or of a diary day.

    The row is made before the mail is sent, and is unique: that is what keeps a second process
    from sending it too. ``client_id`` is no foreign key: a session that is deleted and brought
    back was still reminded of.
    """

    client_id = models.UUIDField(null=True)
    diary_date = models.DateField(null=True)
    claimed_at = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user", "client_id"], name="reminder_once_per_session"),
            models.UniqueConstraint(fields=["user", "diary_date"], name="reminder_once_per_day"),
            models.CheckConstraint(
                condition=Q(client_id=None, diary_date__isnull=False)
                | Q(client_id__isnull=False, diary_date=None),
                name="reminder_of_a_session_or_a_day",
            ),
        ]

    def __str__(self):
        return f"reminder of {self.client_id or self.diary_date}"


class CalendarFeed(OwnedModel):
    """A person's calendar at a secret address; only the secret's hash is kept.

    Without a row there is no calendar: it is off until made, and deleting the row revokes it.
    """

    secret_sha256 = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(editable=False)
    names_treatments = models.BooleanField(
        _lazy("Name my treatments in it"),
        default=False,
        help_text=_lazy("Otherwise it says “Look back” only. Others may see your calendar."),
    )

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(fields=["user"], name="calendarfeed_one_per_person"),
            models.UniqueConstraint(fields=["secret_sha256"], name="calendarfeed_secret_opens_one"),
            models.CheckConstraint(
                condition=Q(("secret_sha256__regex", r"^[0-9a-f]{64}$")),
                name="calendarfeed_secret_is_hashed",
            ),
        ]

    def __str__(self):
        return f"calendar, {self.made_at}"

    @classmethod
    def make(cls, user, *, at, names_treatments=False) -> str:
        """A new calendar in place of the old one, whose address is dead at once.

        Returns its secret (256 bits), which nobody can find out again afterwards.
        """
        secret = secrets.token_urlsafe(SECRET_BYTES)
        fields = {
            "secret_sha256": hashed(secret),
            "made_at": at,
            "names_treatments": names_treatments,
        }
        cls.objects.for_user(user).update_or_create(
            defaults=fields, create_defaults={**fields, "user": user}
        )
        return secret

    @classmethod
    def opened_by(cls, secret: str) -> "CalendarFeed | None":
        """The calendar of this secret, if its owner still has an account to log in to."""
        feeds = cls.objects.filter(secret_sha256=hashed(secret), user__is_active=True)
        return feeds.select_related("user").first()


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
