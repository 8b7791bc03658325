"""What has had its time is deleted, without anybody opening a page: the privacy page says so."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection

from apps.demo.accounts import clear_demos
from apps.diary.models import DeletedEntry, PendingImport
from apps.sharing.models import ShareLink
from apps.users.security_events import SecurityEvent


def clear(*, at: datetime) -> dict[str, int]:
    """Delete it, and say how much of each there was. Safe to run often, and twice at a time."""
    return {
        "demo diaries": clear_demos(at=at),
        "links": _deleted(ShareLink.objects.ended_long_ago(at=at), ShareLink),
        "uploaded files": _deleted(PendingImport.objects.over(at=at), PendingImport),
        "deleted entries": _deleted(DeletedEntry.objects.over(at=at), DeletedEntry),
        "security events": _deleted(SecurityEvent.objects.over(at=at), SecurityEvent),
        "log-ins": _log_ins(at=at),
        "counts of attempts": _counts(at=at),
    }


def _deleted(rows, model) -> int:
    """How many of this table went; what hangs on them is not counted."""
    return rows.delete()[1].get(model._meta.label, 0)


def _log_ins(*, at: datetime) -> int:
    """Those that ran out, and what is known of the browsers of those that are over."""
    over = _deleted(Session.objects.filter(expire_date__lte=at), Session)
    UserSession.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
    return over


def _counts(*, at: datetime) -> int:
    """Django's cache in the database passes over what has run out, and leaves it there."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE expires <= %s", [at])
        return cursor.rowcount
