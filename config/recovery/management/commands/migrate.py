"""Django's own command, but whole or not at all, and by one process at a time."""

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections

from config.postgres.programs import StartError
from config.recovery import kept, migrating


class Command(migrate.Command):
    def handle(self, *args, **options):
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        self._connection = connections[options["database"]]
        try:
            with migrating.alone(self._connection):
                migrating.check_not_newer(self._connection)
                if migrating.is_outdated(self._connection):
                    kept.back_up_before(kept.BEFORE_UPDATE)
                with migrating.in_one_transaction(self._connection):
                    return super().handle(*args, **options)
        except StartError as error:
            raise CommandError(f"{error}") from error

    def migration_progress_callback(self, action, migration=None, fake=False):
        super().migration_progress_callback(action, migration, fake)
        if action in {"apply_success", "unapply_success"}:
            # As each migration's own transaction did at its end. Otherwise rows that one has
            # written would keep the next from altering their table.
            self._connection.check_constraints()
