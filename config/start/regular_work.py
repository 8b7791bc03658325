"""What has to happen without anybody opening a page, until SIGTERM.

    python -m config.start.regular_work

sends the mails and calls that are due and deletes what has had its time, every minute, and makes
the backup of the night; then what was deleted leaves the files of a database of our own. It may run
in several places at once: each reminder is claimed before it is sent, and what one deletes the
other does not find. `manage.py send_reminders`, `clear_old` and
`backup` do the same once. When all has been done, it says so where `/healthz` looks.

It acts for everybody, so it has a role of the database of its own (config/postgres/roles.py).
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

import django
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from config.postgres import acting, roles
from config.recovery.backup_file import BackupError

SECONDS = 60
logger = logging.getLogger(__name__)


def main() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # also while the program is still being read
        signal.signal(number, lambda *_signal: stop.set())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from apps.diary.calls.sending import call_due
    from apps.diary.reminders.mails import send_due
    from apps.your_data.expiry import clear
    from config.recovery import heartbeat, kept
    from config.recovery.rewriting import rewrite_tables

    roles.log_in_as(roles.WORK)
    nightly = seldom_after_failure(kept.nightly)
    while not stop.is_set():
        done = [_attempt(work) for work in (call_due, send_due, clear, nightly, rewrite_tables)]
        if all(done):
            heartbeat.beat(at=timezone.now())
        close_old_connections()
        stop.wait(SECONDS)


def _attempt(work: Callable) -> bool:
    """The database may be starting again, or not have the newest tables yet: then next time."""
    try:
        with acting.patiently():
            work(at=timezone.now())
    except (DatabaseError, BackupError, OSError) as error:
        reason = error if isinstance(error, BackupError) else type(error).__name__
        logger.error("No %s this time (%s).", work.__name__, reason)
        return False
    return True


def seldom_after_failure(work: Callable) -> Callable:
    """A backup that fails, for want of room say, is tried again in an hour: it reads everything."""
    failed: list = []

    @wraps(work)
    def attempt(*, at: datetime) -> None:
        if failed and at < failed[-1][0] + timedelta(hours=1):
            raise failed[-1][1]
        try:
            work(at=at)
            failed.clear()
        except BackupError as error:
            failed[:] = [(at, error)]
            raise

    return attempt


if __name__ == "__main__":
    main()
