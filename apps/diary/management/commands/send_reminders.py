import logging
import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from apps.diary import reminder_mails
from apps.diary.models import PendingImport

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Send the reminders that are due: once, or again and again until SIGTERM.

    It may run every minute and in several places at once: each reminder is claimed by a row in
    the database before its mail goes out. So none is sent twice. One is lost if the mail server
    refuses it, or if the process dies between the claim and the server's answer. A server that
    cannot be reached loses nothing: the next run tries again, as long as the reminder is due (a
    daily one for an hour, one for a session until four hours after its start).

    On the way it deletes the files of imports that nobody answered for in their hour.
    """

    help = "Send the reminders that are due by mail. Safe to run often, and twice at a time."

    def add_arguments(self, parser):
        parser.add_argument(
            "--every", type=int, metavar="SECONDS", help="go on until told to stop by SIGTERM"
        )

    def handle(self, *args, every=None, **options):
        if every is not None and every < 1:
            raise CommandError("--every takes a number of seconds, 1 or more.")
        if not reminder_mails.can_be_sent():
            self.stderr.write("No mail server is set (EMAIL_HOST): no reminders are sent.")
        if every is None:
            self.stderr.write(f"{reminder_mails.send_due(at=timezone.now())} sent.")
            PendingImport.objects.over(at=timezone.now()).delete()
        else:
            self.go_on(every)

    def go_on(self, every):
        """Without a mail server too: it would only be started again if it ended."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_signal: stop.set())
        while not stop.is_set():
            try:
                reminder_mails.send_due(at=timezone.now())
                PendingImport.objects.over(at=timezone.now()).delete()
            except DatabaseError as error:
                # It may be starting again, or not have the newest tables yet.
                logger.error("No reminders this time (%s).", type(error).__name__)
            close_old_connections()
            stop.wait(every)
