"""A backup becomes the installation again: `make restore FILE=…` does this."""

from pathlib import Path

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection

from config.postgres.programs import StartError
from config.recovery import kept, restoring
from config.recovery.backup_file import BackupError

THERE_IS = (
    "There is a diary here already, and it was left as it is: to put the backup in its place, "
    "say FORCE=1 (make) or --replace (manage.py). It is backed up before."
)


class Command(BaseCommand):
    help = "Put what a backup holds in the place of an empty database."

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--replace", action="store_true", help="also of one that holds data")

    def handle(self, *args, file, replace, **options):
        path = Path(file)
        try:
            if not restoring.is_empty(connection):
                self._make_room(path, replace=replace)
            about = restoring.restore(path, connection, has_own_key=kept.own_key() is not None)
        except StartError as error:
            raise CommandError(f"{error}") from error
        self.stdout.write(f"All is as it was at {about['made_at']}. Start the program again now.")

    def _make_room(self, path, *, replace):
        if not replace:
            raise BackupError(THERE_IS)
        if saved := kept.back_up_before(kept.BEFORE_RESTORE):
            self.stdout.write(f"What was here is in {saved}.")
