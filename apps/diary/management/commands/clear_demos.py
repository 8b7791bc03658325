from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.diary.demo_accounts import clear_demos


class Command(BaseCommand):
    help = "Delete the demo accounts of visitors whose day is over. Run it daily."

    def handle(self, *args, **options):
        self.stderr.write(f"{clear_demos(at=timezone.now())} deleted.")
