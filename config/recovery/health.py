"""What `/healthz` and `/readyz` answer: soon, whatever the database does.

A database that hangs (a frozen disk, a stopped process) answers nothing, not even an error. So
it is asked in a thread, which is waited for a second and a half; while one asks, no other does.
"""

import shutil
import threading
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from config.postgres.data_directory import data_directory
from config.recovery import heartbeat

SECONDS = 1.5
# PostgreSQL's log of changes grows by files of 16 MB, and the server ends where one has no room.
LEAST_FREE_BYTES = 32 << 20

NO_ANSWER = "The database does not answer."
NOT_SAVED = "Nothing can be saved: the disk is full, or the database is read-only."
STANDS_STILL = "The regular work stands still: it was last done at {at:%Y-%m-%d %H:%M} UTC."

_asking = threading.Lock()


def problems() -> list[str]:
    """One sentence each; none where all is well. Within two seconds."""
    return _in_time(_all)


def problems_of_reading() -> list[str]:
    """Whether pages can be shown at all."""
    return _in_time(_reading)


def _in_time(ask: Callable[[], list[str]]) -> list[str]:
    if not _asking.acquire(timeout=SECONDS):
        return [NO_ANSWER]
    answer: list[list[str]] = []
    thread = threading.Thread(target=_ask, args=(ask, answer), daemon=True)
    thread.start()
    thread.join(SECONDS)
    return answer[0] if answer else [NO_ANSWER]


def _ask(ask: Callable[[], list[str]], answer: list[list[str]]) -> None:
    try:
        answer.append(ask())
    except DatabaseError:
        answer.append([NO_ANSWER])
    finally:
        connection.close()  # this thread's own
        _asking.release()


def _reading() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return []


def _all() -> list[str]:
    found = _reading()
    if not can_save():
        found.append(NOT_SAVED)
    if last := heartbeat.still_since(at=timezone.now()):
        found.append(STANDS_STILL.format(at=last))
    return found


def can_save() -> bool:
    """By writing a row and taking it back, and by the room on a disk that we can see."""
    has_room = not settings.IS_EMBEDDED or _free_bytes() >= LEAST_FREE_BYTES
    return has_room and _can_write()


def _free_bytes() -> int:
    return shutil.disk_usage(data_directory()).free


def _can_write() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            table = connection.ops.quote_name(cache._table)
            cursor.execute(
                f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, '', now())",  # noqa: S608
                [f"health-{uuid.uuid4()}"],
            )
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True
