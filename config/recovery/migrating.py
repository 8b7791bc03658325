"""The database's tables are brought up to date whole or not at all, by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config.postgres.programs import StartError

LOCK = 20_260_310  # any number, the same in all processes
# What a host may have set for pages: bringing a large diary up to date takes as long as it takes.
NO_LIMITS = """
    SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0
"""


@contextmanager
def alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Wait until no other process is in this block, then keep them out, through PgBouncer too.

    The lock ends with a transaction, on a connection of its own: a pooler would hand a session and
    its locks on to somebody else.
    """
    holder = connection.copy()
    holder.set_autocommit(False)
    try:
        with holder.cursor() as cursor:
            cursor.execute(NO_LIMITS)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
    finally:
        holder.close()


@contextmanager
def in_one_transaction(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Whoever is ended in the block leaves the database as it was, and the next start repeats it.

    Migrations used to be committed one by one, each before its record: in between, an end was
    final, for the next start made the same tables again.
    """
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            cursor.execute(NO_LIMITS)
        yield


def check_not_newer(connection: BaseDatabaseWrapper) -> None:
    """Raise StartError where a newer version of the program has been at work: no way leads back."""
    unknown = applied(connection) - known()
    if unknown:
        raise StartError(
            f"The database was last used by a newer version of this program (it has "
            f"{_named(unknown)}, which this one does not know): start the newer version, or "
            "restore a backup that this version has made."
        )


def applied(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def known() -> set[tuple[str, str]]:
    """All migrations of this program and its packages, and those that a squashed one stands for."""
    here = MigrationLoader(None, replace_migrations=False).disk_migrations
    return set(here) | {old for migration in here.values() for old in migration.replaces}


def is_outdated(connection: BaseDatabaseWrapper) -> bool:
    """Whether there are tables, and bringing them up to date would change something."""
    executor = MigrationExecutor(connection)
    wanted = executor.loader.graph.leaf_nodes()
    return bool(executor.loader.applied_migrations and executor.migration_plan(wanted))


def _named(migrations: set[tuple[str, str]]) -> str:
    app, name = max(migrations, key=lambda each: each[::-1])
    return f"{app}.{name}"
