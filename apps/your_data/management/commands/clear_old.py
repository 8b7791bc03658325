from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.your_data.expiry import clear


class Command(BaseCommand):
    help = "Delete what has had its time: ended links, files not imported, old log-ins and more."

    def handle(self, *args, **options):
        found = clear(at=timezone.now())
        self.stderr.write(", ".join(f"{count} {what}" for what, count in found.items()))
