"""What a call says: neutral words, because others may see the screen, sealed for one browser.

The JSON is that of Declarative Web Push, which Safari shows by itself; elsewhere our service
worker (static/js/offline/worker.js) reads the same.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from apps.diary.models import LATE_AFTER, QUIET_AFTER, CallPlan, PushSubscription
from apps.diary.reminders.due import Due, Kind
from apps.diary.reminders.mails import absolute

MAGIC = 8030  # by which Safari knows the declarative form
TOPIC_BYTES = 24  # 32 letters, the most that RFC 8030 allows
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Message:
    """``ttl`` in seconds: for so long a push service keeps it for a device that is switched off.
    Of one ``topic`` it keeps the latest only."""

    text: bytes
    ttl: int
    topic: str
    is_urgent: bool

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(self.ttl),
            "Topic": self.topic,
            "Urgency": "high" if self.is_urgent else "normal",
        }

    def sealed(self, device: PushSubscription) -> bytes:
        return http_ece.encrypt(
            self.text,
            salt=os.urandom(16),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=decoded(device.p256dh),
            auth_secret=decoded(device.auth),
        )


def message(reminder: Due, plan: CallPlan, *, at: datetime) -> Message:
    """Of a claimed reminder."""
    topic = _topic(reminder)
    if reminder.kind == Kind.SESSION:
        waiting = reminder.waiting
        opens = reverse("diary:session_finish", args=[waiting.session.pk])
        until = max(waiting.started_at + LATE_AFTER, waiting.counts_until)
    else:
        opens, until = reverse("diary:today"), _end_of(reminder.diary_date, reminder.user.zone)
    ttl = max(0, int((until - at).total_seconds()))
    return Message(
        _written(reminder, plan, opens, topic), ttl, topic, reminder.kind == Kind.SESSION
    )


def _written(reminder, plan, opens, topic) -> bytes:
    with translation.override(reminder.user.language_of_mails):
        notification = {
            "title": _("Did it work?"),
            "lang": translation.get_language(),
            "body": _words(reminder, plan),
            "navigate": absolute(opens),
            "tag": topic,
        }
    return json.dumps({"web_push": MAGIC, "notification": notification}).encode()


def _words(reminder, plan) -> str:
    said = {
        Kind.SESSION: _("Time to rate again"),
        Kind.REVIEW: _("You wanted to look back today"),
    }.get(reminder.kind, _("A moment for your diary?"))
    if plan.unanswered < QUIET_AFTER:
        return said
    return _("%(said)s. It is the last call until you write again.") % {"said": said.rstrip("?")}


def _topic(reminder: Due) -> str:
    """The same for both calls of a session, and of a day; it tells nobody anything."""
    value = f"{reminder.user_id} {reminder.client_id or 'day'}"
    made = salted_hmac("apps.diary.calls.topic", value, algorithm="sha256").digest()
    return urlsafe_b64encode(made[:TOPIC_BYTES]).decode()


def _end_of(day, zone) -> datetime:
    return datetime.combine(day + DAY, time(0), tzinfo=zone)


def decoded(text: str) -> bytes:
    """Base64url without the padding, as browsers hand keys over. Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
