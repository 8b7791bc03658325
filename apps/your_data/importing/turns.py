"""Reading a file takes a processor for seconds: one at a time for each person, two in a process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.users.models import User

IMPORT = 1 << 62  # a lock's number in the database: this and the number of the account
BUSY = _("Another file is being read just now. Try again in a minute.")
_in_this_process = threading.BoundedSemaphore(2)


class BusyError(Exception):
    """Nobody waits for a turn: a waiting request would hold a thread as well."""


@contextmanager
def turn(user: User) -> Iterator[None]:
    if not _in_this_process.acquire(blocking=False):
        raise BusyError
    try:
        with transaction.atomic():
            if not _is_the_only_one_of(user):
                raise BusyError
            yield
    finally:
        _in_this_process.release()


def _is_the_only_one_of(user: User) -> bool:
    """In any process; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [IMPORT + user.pk])
        return cursor.fetchone()[0]
