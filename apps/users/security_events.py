"""What happened to an account, for its owner to see and, in one line each, for the host's log.

Neither has an address, a name or a word of the diary: the line says the number of the account. A
network address would tell the owner little (mobile phones change theirs by the hour) and is a
record of where somebody was; the list of devices has it for those that are logged in.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.users.ownership import OwnedModel, OwnedQuerySet
from config.postgres import acting

NOBODY = 0  # no account has this number
KEPT_FOR = timedelta(days=90)
logger = logging.getLogger("security")


class Kind(models.TextChoices):
    LOGGED_IN = "logged_in", _("Somebody logged in")
    LOG_IN_FAILED = "log_in_failed", _("A wrong password or code was typed")
    PASSWORD_CHANGED = "password_changed", _("The password was changed")
    EMAIL_CHANGED = "email_changed", _("The e-mail address was changed")
    TWO_FACTOR_ON = "two_factor_on", _("Two-factor log-in was switched on")
    TWO_FACTOR_OFF = "two_factor_off", _("Two-factor log-in was switched off")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed")
    LINK_MADE = "link_made", _("The address of a link was made")
    LINK_OPENED = "link_opened", _("A link was opened")
    LINK_ENDED = "link_ended", _("A link was ended")
    EXPORTED = "exported", _("The diary was exported")
    IMPORTED = "imported", _("A file was imported")


class SecurityEventQuerySet(OwnedQuerySet):
    def over(self, *, at: datetime):
        """Those that have been kept for 90 days."""
        return self.filter(at__lte=at - KEPT_FOR)


class SecurityEvent(OwnedModel):
    kind = models.CharField(_("what happened"), max_length=16, choices=Kind)
    at = models.DateTimeField(_("when it happened"))

    objects = SecurityEventQuerySet.as_manager()

    class Meta(OwnedModel.Meta):
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["user", "at"], name="securityevent_user_at"),
            models.Index(fields=["at"], name="securityevent_at"),
        ]
        constraints = [
            *OwnedModel.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="securityevent_kind_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.kind}, {self.at}"


def record(user, kind: Kind) -> None:
    say(kind, user.pk)
    with acting.as_person(user.pk):  # who resets a password is not logged in
        SecurityEvent.objects.create(user=user, kind=kind, at=timezone.now())


def say(kind: str, user_id: int | None) -> None:
    """The line alone: of an account that is gone, or of an address that is nobody's."""
    logger.info("event=%s account=%s", kind, "-" if user_id is None else user_id)


def record_wrong_password(email: str) -> None:
    """The same statements whether the address is known or not: their time must not tell which."""
    insert = """
        INSERT INTO users_securityevent (user_id, kind, at)
        SELECT id, %s, %s FROM users_user WHERE id = %s
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM users_user WHERE email = %s", [email.lower()])
        [user_id] = cursor.fetchone() or [None]
    with acting.as_person(user_id or NOBODY), connection.cursor() as cursor:
        cursor.execute(insert, [Kind.LOG_IN_FAILED, timezone.now(), user_id])
    say(Kind.LOG_IN_FAILED, user_id)


def receive(signal, kind: Kind) -> None:
    """Record an event of this kind for the user of each such signal."""

    def receiver(sender, user, **_more):
        record(user, kind)

    signal.connect(receiver, weak=False)


def receive_of_each(signal, kinds: dict[str, Kind]) -> None:
    """Record what was done with an authenticator, by its type.

    Recovery codes come and go with the app whose codes they stand in for: no events of their own.
    """

    def receiver(sender, user, authenticator, **_more):
        if authenticator.type in kinds:
            record(user, kinds[authenticator.type])

    signal.connect(receiver, weak=False)


def receive_all() -> None:
    """Once all apps are there."""
    from allauth.account import signals as account
    from allauth.mfa import signals as two_factor
    from django.contrib.auth.signals import user_logged_in

    receive(user_logged_in, Kind.LOGGED_IN)
    receive(two_factor.authentication_failed, Kind.LOG_IN_FAILED)
    for signal in (account.password_changed, account.password_reset, account.password_set):
        receive(signal, Kind.PASSWORD_CHANGED)
    receive(account.email_changed, Kind.EMAIL_CHANGED)
    added = {"totp": Kind.TWO_FACTOR_ON, "webauthn": Kind.PASSKEY_ADDED}
    removed = {"totp": Kind.TWO_FACTOR_OFF, "webauthn": Kind.PASSKEY_REMOVED}
    receive_of_each(two_factor.authenticator_added, added)
    receive_of_each(two_factor.authenticator_removed, removed)
