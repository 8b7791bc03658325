"""Bring the database up to date, with the roles that the program logs in as; as its owner.

    python -m config.start.prepare

Where the web server knows the owner's DATABASE_URL, it does so by itself before it serves. Where
it shall not know it (compose), this runs before.
"""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config.postgres import roles
from config.recovery.migrating import alone


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        prepare_database()
    except (CommandError, ImproperlyConfigured, OperationalError) as error:
        sys.exit(f"{error}".strip())


def prepare_database(*, with_demo: bool = False) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    with alone(connection):
        roles.make()
        if with_demo:
            call_command("create_demo")
    connection.close()


def check_is_prepared() -> None:
    """Raise ImproperlyConfigured if tables are missing: this role may not make them."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise ImproperlyConfigured(
            "The database is not up to date: run python -m config.start.prepare first, with the "
            "DATABASE_URL of its owner."
        )
    connection.close()


if __name__ == "__main__":
    main()
