"""How a test that has stored its rows leaves an empty database behind."""

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations


def delete_in_place_of_truncate() -> None:
    """TRUNCATE makes new files for each table and index, most of which were empty.

    That no key is looked at, for all rows go, only a superuser may say. The cache goes with them,
    which is no model's: it counts what an address has asked for in the last minute.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            DatabaseOperations.sql_flush = _deletes


def _deletes(operations, _style, tables, **_options):
    every = [*tables, settings.CACHES["default"]["LOCATION"]]
    deletes = [f"DELETE FROM {operations.quote_name(table)}" for table in every]  # noqa: S608
    return ["; ".join(["SET LOCAL session_replication_role = replica", *deletes])]
