"""What has to happen without anybody opening a page, until SIGTERM.

    python -m config.start.regular_work

sends the reminders that are due and deletes what has had its time, every minute. It may run in
several places at once: each reminder is claimed before it is sent, and what one
deletes the other does not find. `manage.py send_reminders` and `clear_old` do the same once.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable

import django
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

SECONDS = 60
logger = logging.getLogger(__name__)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from apps.diary.reminders.mails import send_due
    from apps.your_data.expiry import clear

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stop.set())
    while not stop.is_set():
        _attempt(send_due)
        _attempt(clear)
        close_old_connections()
        stop.wait(SECONDS)


def _attempt(work: Callable) -> None:
    """The database may be starting again, or not have the newest tables yet: then next time."""
    try:
        work(at=timezone.now())
    except DatabaseError as error:
        logger.error("No %s this time (%s).", work.__name__, type(error).__name__)


if __name__ == "__main__":
    main()
