"""What was deleted leaves the files of the program's own database as well, every night.

PostgreSQL only marks a deleted row as free. Its text stays in the table's file until something
else is written over it, in the log of what was written, and as a sample in the planner's
statistics. So each table in which anything was deleted or changed is written anew without it. A
server of somebody else's is not touched: there it would stop everybody's pages for too long.
"""

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from config.postgres.acting import acting
from config.postgres.data_directory import data_directory
from config.recovery.kept import FROM_HOUR

TOUCHED = """
    SELECT format('%I', relname) FROM pg_stat_user_tables
    WHERE schemaname = 'public' AND n_tup_del + n_tup_upd > 0 ORDER BY 1
"""
STATISTICS = "pg_catalog.pg_statistic"  # after the others, whose samples are in it
# Nobody's page waits longer than that for a table which cannot be locked; then it is tried again.
PATIENCE = ("10min", "2s", None)


def rewrite_tables(*, at: datetime) -> None:
    """Raises OperationalError where a table cannot be locked; the next minute tries again."""
    mark = data_directory() / "rewritten"
    if settings.IS_EMBEDDED and is_due(mark, at=at):
        with acting(patience=PATIENCE), connection.cursor() as cursor:
            rewrite(cursor)
        note(mark, at=at)


def is_due(mark: Path, *, at: datetime) -> bool:
    """Once a night, which the mark remembers, from the one after the first start on."""
    if not mark.exists():
        note(mark, at=at)
    last = datetime.fromtimestamp(mark.stat().st_mtime, tz=at.tzinfo)
    return at.hour >= FROM_HOUR and last.date() < at.date()


def note(mark: Path, *, at: datetime) -> None:
    mark.touch(mode=0o600)
    os.utime(mark, (at.timestamp(), at.timestamp()))


def rewrite(cursor) -> None:
    cursor.execute(TOUCHED)
    for name in [*(row[0] for row in cursor.fetchall()), STATISTICS]:
        cursor.execute(f"VACUUM (FULL, ANALYZE) {name}")
    cursor.execute("SELECT pg_switch_wal()")
    cursor.execute("CHECKPOINT")  # ends the old files, and the log with them (wal_recycle)
