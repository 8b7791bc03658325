"""Calls: reminders by Web Push. The devices that may be called, when, and which calls were made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from apps.diary.models.reminders import Plan, PlanQuerySet
from apps.users.ownership import OwnedModel, OwnedQuerySet

LONGEST_ENDPOINT = 1024  # characters; those of the known push services have up to 400
P256DH = r"^[A-Za-z0-9_-]{87}$"  # 65 bytes, base64url
AUTH = r"^[A-Za-z0-9_-]{22}$"  # 16 bytes
MOST_DEVICES = 10


class CallPlanQuerySet(PlanQuerySet):
    def wanted(self):
        """A demo account's device is in its visitor's hand: it is called, too."""
        is_on = Q(for_sessions=True) | Q(is_daily=True) | Q(for_self_tests=True)
        return self.filter(is_on | Q(for_reviews=True), user__is_active=True)

    def called(self, user):
        """For a query of their sessions: whether they are called when one is due; null where
        nobody has asked them yet."""
        return models.Subquery(self.for_user(user).values("for_sessions"))


class CallPlan(Plan):
    """When a person's devices are called. Without a row nobody was asked yet."""

    calls_again = models.BooleanField(
        _lazy("Once more after 30 minutes, if I have not rated it by then"), default=False
    )
    for_reviews = models.BooleanField(_lazy("On a day on which I want to look back"), default=False)

    objects = CallPlanQuerySet.as_manager()

    @property
    def is_wanted(self) -> bool:
        return self.for_reviews or super().is_wanted


class PushSubscriptionQuerySet(OwnedQuerySet):
    def ready(self, *, at):
        """Those whose push service has not asked to be left alone until later."""
        return self.filter(Q(waits_until=None) | Q(waits_until__lte=at))


class PushSubscription(OwnedModel):
    """A browser that may be called: the address that its maker's push service gave it, and the
    public key and secret that messages to it are encrypted with (RFC 8030, 8291).

    ``waits_until``: before that its push service wants to be left alone.
    """

    endpoint = models.CharField(max_length=LONGEST_ENDPOINT, editable=False)
    p256dh = models.CharField(max_length=87, editable=False)
    auth = models.CharField(max_length=22, editable=False)
    device = models.CharField(_lazy("device"), max_length=60, editable=False)
    added_at = models.DateTimeField(_lazy("since"), editable=False)
    waits_until = models.DateTimeField(null=True, editable=False)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        ordering = ["added_at", "pk"]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "endpoint"], name="pushsubscription_once_per_person"
            ),
            models.CheckConstraint(
                condition=Q(endpoint__startswith="https://"),
                name="pushsubscription_endpoint_is_https",
            ),
            models.CheckConstraint(
                condition=Q(p256dh__regex=P256DH), name="pushsubscription_p256dh_is_a_key"
            ),
            models.CheckConstraint(
                condition=Q(auth__regex=AUTH), name="pushsubscription_auth_is_a_secret"
            ),
        ]

    def __str__(self):
        return f"{self.device}, {self.added_at}"

    def is_ready_at(self, at) -> bool:
        return self.waits_until is None or self.waits_until <= at


class Call(OwnedModel):
    """One call: of a session (``client_id`` is its; ``is_again`` the second), or of a diary day.

    Made before it is sent, and unique, as ``Reminder`` is for mails.
    """

    client_id = models.UUIDField(null=True)
    diary_date = models.DateField(null=True)
    is_again = models.BooleanField(default=False)
    claimed_at = models.DateTimeField()

    class Meta(OwnedModel.Meta):
        constraints = [
            *OwnedModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "client_id", "is_again"], name="call_once_per_session"
            ),
            models.UniqueConstraint(fields=["user", "diary_date"], name="call_once_per_day"),
            models.CheckConstraint(
                condition=Q(client_id=None, diary_date__isnull=False, is_again=False)
                | Q(client_id__isnull=False, diary_date=None),
                name="call_of_a_session_or_a_day",
            ),
        ]

    def __str__(self):
        return f"call of {self.client_id or self.diary_date}"
