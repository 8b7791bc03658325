"""The whole installation into one file, while it runs: `make backup` does this."""

from pathlib import Path

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils import timezone

from config.recovery import kept
from config.recovery.backup_file import BackupError


class Command(BaseCommand):
    help = "Write the whole installation into one file, and check that it can be read."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="otherwise one in BACKUP_DIR")

    def handle(self, *args, file, **options):
        try:
            path = Path(file) if file else _next_path()
            if path.exists():
                raise BackupError(f"{path} is there already: name another file.")
            kept.back_up(path)
        except BackupError as error:
            raise CommandError(f"{error}") from error
        self.stdout.write(f"{path} holds all diaries ({path.stat().st_size} bytes), and is whole.")


def _next_path():
    return kept.directory() / f"backup-{timezone.now():%Y-%m-%d-%H%M%S}.zip"
