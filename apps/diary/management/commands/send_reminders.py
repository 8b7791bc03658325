from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.diary.calls.sending import call_due
from apps.diary.reminders import mails


class Command(BaseCommand):
    """Send the reminders that are due, once; ``config.start.regular_work`` does so every minute.

    It may run every minute and in several places at once: each reminder is claimed by a row in
    the database before its mail is handed over. So none is sent twice. One is lost if the mail
    server refuses it for good, or if the process dies while it is handed over. A server that
    cannot be reached, does not answer or says "later" loses nothing: the next run tries again, as
    long as the reminder is due (a daily one for an hour, one for a session until it is late).

    Calls to devices (Web Push) go the same way.
    """

    help = "Send the reminders that are due, by mail and to devices. Safe to run often, and twice."

    def handle(self, *args, **options):
        if not mails.can_be_sent():
            self.stderr.write("No mail server is set (EMAIL_HOST): no reminders are sent.")
        at = timezone.now()
        called = call_due(at=at)
        self.stderr.write(f"{mails.send_due(at=at)} sent, {called} called.")
