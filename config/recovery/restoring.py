"""A backup becomes the installation again, whole or not at all."""

import contextlib
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from config.postgres.data_directory import put_secret
from config.recovery.backup_file import (
    SECRET_KEY,
    BackupError,
    check,
    expect_success,
    opened,
    program,
    unpack,
)
from config.recovery.migrating import alone, known

BEGIN = b"SET client_min_messages = warning; BEGIN;\n"
# Without COMMIT nothing has happened, whatever ends before it is said.
COMMIT = b"\nCOMMIT; ANALYZE;\n"
# What belongs to an extension, or to somebody else, stays.
EMPTY = b"""
    DO $$ DECLARE each record; BEGIN
        FOR each IN SELECT format('%I.%I', relnamespace::regnamespace, relname) AS name
            FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relkind IN ('r', 'p') AND pg_get_userbyid(relowner) = current_user
        LOOP EXECUTE 'DROP TABLE ' || each.name || ' CASCADE'; END LOOP;
        FOR each IN SELECT oid::regprocedure::text AS name
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            AND pg_get_userbyid(proowner) = current_user AND NOT EXISTS (
                SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
        LOOP EXECUTE 'DROP FUNCTION ' || each.name || ' CASCADE'; END LOOP;
    END $$;
"""


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def restore(path: Path, connection: BaseDatabaseWrapper, *, has_own_key: bool) -> dict[str, Any]:
    """Put what the backup holds in the place of what the database holds, and bring it up to date.

    ``has_own_key``: whether the installation keeps its secret key in the data directory.
    """
    about = check(path)
    check_not_newer(path, about)
    with opened(path) as (backup, _about):
        with alone(connection):
            _replace(backup, connection)
        if has_own_key and SECRET_KEY in backup.namelist():
            put_secret("secret-key", backup.read(SECRET_KEY).decode())
    call_command("migrate", interactive=False, verbosity=0, database=connection.alias)
    return about


def check_not_newer(path: Path, about: dict[str, Any]) -> None:
    here = {".".join(each) for each in known()}
    if set(about["migrations"]) - here:
        raise BackupError(f"{path} was made by a newer version of this program: restore it there.")


def _replace(backup: ZipFile, connection: BaseDatabaseWrapper) -> None:
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    process = subprocess.Popen(
        **program("psql", connection, *options), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        with contextlib.suppress(BrokenPipeError):  # psql has ended, and says why
            process.stdin.write(BEGIN + EMPTY)
            unpack(backup, process.stdin.write)
            process.stdin.write(COMMIT)
            process.stdin.flush()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        expect_success(process, "Nothing was restored")
