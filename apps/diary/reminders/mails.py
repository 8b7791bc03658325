"""The mails of reminders: neutral words, because an e-mail may be read by others."""

import logging
from datetime import datetime
from email.utils import parseaddr
from smtplib import SMTP, SMTPDataError, SMTPException, SMTPSenderRefused

from django.conf import settings
from django.core import mail, signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from apps.diary.models import QUIET_AFTER, ReminderPlan
from apps.diary.reminders.claims import claim, give_back, not_delivered
from apps.diary.reminders.due import Due, Kind, due

TAKEN, AGREED = 250, (250, 251)  # RFC 5321, 4.2.3
MOST_BROKEN = 3  # connections in one run: a server that does not answer takes ten seconds each
logger = logging.getLogger(__name__)
_signer = signing.Signer(salt="diary.reminders.off")


def can_be_sent() -> bool:
    """Whether a mail server is set up; without one there is nothing to do."""
    return bool(settings.EMAIL_HOST)


def send_due(*, at: datetime) -> int:
    """Send every reminder that is due, and return how many the mail server took.

    A reminder is claimed (stored, and committed) when the server has agreed to take its mail and
    before it is handed over, so that **nothing is ever sent twice**, however many processes run.
    Whatever goes wrong before that, and a server that says "later" (greylisting), loses nothing
    that is still due. The price: where the line breaks or the process is killed while the mail
    is handed over, **that one may be lost**; one that is refused for good is.
    """
    reminders = iter(due(at=at)) if can_be_sent() else iter(())
    sent, broken, connection = 0, 0, None
    for reminder in reminders:
        connection = connection or _connect()
        if connection is None:
            break
        try:
            sent += _is_taken(connection.connection, reminder, at)
        except (SMTPException, OSError) as error:
            # Only what kind of failure: a refusal's own words hold the address.
            logger.error("A reminder could not be sent (%s).", type(error).__name__)
            connection, broken = _close(connection), broken + 1
        if broken == MOST_BROKEN:
            break
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
        to=[reminder.user.email],
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


def _is_taken(server: SMTP, reminder: Due, at: datetime) -> bool:
    """Raises where the connection is of no use any more."""
    if not _agrees(server, reminder, at):
        return False
    plan = claim(reminder, at=at)
    if plan is None:
        server.rset()
        return False
    with translation.override(reminder.user.language_of_mails):
        written = message(reminder, plan).message().as_bytes(linesep="\r\n")
    try:
        code, _words = server.data(written)
    except SMTPDataError as error:  # before the first byte
        code = error.smtp_code
    except (SMTPException, OSError):
        not_delivered(plan)
        raise
    if code == TAKEN:
        return True
    give_back(reminder, plan) if is_for_later(code) else not_delivered(plan)
    _say_refused(server, code)
    return False


def _agrees(server: SMTP, reminder: Due, at: datetime) -> bool:
    """Whether the server will take a mail to this person. One that never will is done with."""
    server.ehlo_or_helo_if_needed()
    code, words = server.mail(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    if code != TAKEN:
        raise SMTPSenderRefused(code, words, "")
    code, _words = server.rcpt(reminder.user.email)
    if code in AGREED:
        return True
    if not is_for_later(code) and (plan := claim(reminder, at=at)):
        not_delivered(plan)
    _say_refused(server, code)
    return False


def is_for_later(code: int) -> bool:
    """Greylisting, a full mailbox, a server that is closing (RFC 5321, 4.2.1)."""
    return 400 <= code < 500


def _say_refused(server: SMTP, code: int) -> None:
    logger.error("A reminder could not be sent (%s).", code)
    server.rset()


def _close(connection) -> None:
    if connection is not None:
        connection.close()
