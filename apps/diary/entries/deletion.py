"""Deleting an entry and taking it back: the row leaves the diary's tables at once.

Until the next deletion, and no longer than the log-in lasts, the person's own session keeps
a copy, from which undo restores it with everything it had, its number included.
"""

from datetime import datetime

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction

from apps.diary.models import TreatmentSession

KEPT_AS = "deleted_entry"


class ToTheMicrosecond(DjangoJSONEncoder):
    """Django's own encoder rounds instants to milliseconds; what comes back must be the same."""

    def default(self, value):
        return value.isoformat() if isinstance(value, datetime) else super().default(value)


def delete(request, *entries):
    rows = list(entries)
    for entry in entries:
        if isinstance(entry, TreatmentSession):
            rows += entry.links.all()
    request.session[KEPT_AS] = serializers.serialize("json", rows, cls=ToTheMicrosecond)
    for entry in entries:
        entry.delete()


def undo(request) -> bool:
    """Bring the last deleted entry back; False where there is none, or what it hung on is gone."""
    kept = serializers.deserialize("json", request.session.pop(KEPT_AS, "[]"))
    rows = [row.object for row in kept]
    if not rows or any(row.user_id != request.user.pk for row in rows):
        return False
    try:
        with transaction.atomic():
            for row in rows:
                row.save_base(raw=True, force_insert=True)
            connection.check_constraints()
    except IntegrityError:
        return False
    return True
