"""The mails of reminders: neutral words, because an e-mail may be read by others."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core import mail, signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.diary.models import QUIET_AFTER, ReminderPlan
from apps.diary.reminders.due import Due, Kind, claim, due, not_delivered

logger = logging.getLogger(__name__)
_signer = signing.Signer(salt="diary.reminders.off")


def can_be_sent() -> bool:
    """Whether a mail server is set up; without one there is nothing to do."""
    return bool(settings.EMAIL_HOST)


def send_due(*, at: datetime) -> int:
    """Send every reminder that is due, and return how many the mail server took.

    A reminder is claimed (stored, and committed) before its mail is sent, so that **nothing is
    ever sent twice**, however many processes run. The price: a mail that the server refuses,
    or that a process was about to send when it was killed or the line broke, **is lost**. While
    the server cannot be reached at all nothing is claimed, and nothing is lost that is still
    due when it is back.
    """
    reminders = iter(due(at=at)) if can_be_sent() else iter(())
    sent, connection = 0, None
    for reminder in reminders:
        connection = connection or _connect()
        if connection is None:
            break
        plan = claim(reminder, at=at)
        if plan is None:
            continue
        with translation.override(plan.user.language_of_mails):
            written = message(reminder, plan)
        if _is_taken(connection, written):
            sent += 1
        else:
            not_delivered(plan)
            connection = _close(connection)
    _close(connection)
    return sent


def message(reminder: Due, plan: ReminderPlan) -> mail.EmailMessage:
    """The mail of a claimed reminder. The button of RFC 8058 and the link in it turn all off."""
    off_url = absolute(reverse("diary:reminders_off", args=[off_token(plan)]))
    context = {
        "is_of_session": reminder.kind == Kind.SESSION,
        "is_of_self_test": reminder.kind == Kind.SELF_TEST,
        "is_last": plan.unanswered >= QUIET_AFTER,
        "today_url": absolute(reverse("diary:today")),
        "settings_url": absolute(reverse("diary:reminders")),
        "off_url": off_url,
    }
    return mail.EmailMessage(
        subject=_("A reminder from your diary"),
        body=render_to_string("diary/reminders/email/reminder.txt", context),
        to=[plan.user.email],
        headers={
            "List-Unsubscribe": f"<{off_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def off_token(plan: ReminderPlan) -> str:
    """Turns this person's reminders off, without logging in, and does nothing else."""
    return _signer.sign(str(plan.user_id))


def user_of_token(token: str) -> int | None:
    """Whose reminders the token turns off: nobody's where it was not made by us."""
    try:
        return int(_signer.unsign(token))
    except signing.BadSignature:
        return None


def _connect():
    connection = mail.get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        logger.error("The mail server cannot be reached (%s).", type(error).__name__)
        return None
    return connection


def _is_taken(connection, mail_message) -> bool:
    try:
        return bool(connection.send_messages([mail_message]))
    except (SMTPException, OSError) as error:
        # Only what kind of failure: a refusal's own words hold the address.
        logger.error("A reminder could not be sent (%s).", type(error).__name__)
        return False


def _close(connection) -> None:
    if connection is not None:
        connection.close()
