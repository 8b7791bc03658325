"""What was deleted leaves the files of the program's own database as well, every night.

PostgreSQL only marks a deleted row as free. Its text stays in the table's file until something
else is written over it, in the log of what was written, and as a sample in the planner's
statistics. So each table in which anything was deleted or changed is written anew without it. A
server of somebody else's is not touched: there it would stop everybody's pages for too long.
"""

import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

from config.postgres.acting import acting
from config.postgres.data_directory import data_directory
from config.recovery.kept import FROM_HOUR

# Deleted and changed rows are counted from ``stats_reset`` on; a crash begins to count anew.
TOUCHED = """
    SELECT format('%I', relname), stats_reset::text || ' ' || (n_tup_del + n_tup_upd)
    FROM pg_stat_user_tables,
        (SELECT coalesce(stats_reset, '-infinity') AS stats_reset FROM pg_stat_database
         WHERE datname = current_database()) AS since
    WHERE schemaname = 'public' ORDER BY 1
"""
STATISTICS = "pg_catalog.pg_statistic"  # after the others, whose samples are in it
# Nobody's page waits longer than that for a table which cannot be locked; then it is tried again.
PATIENCE = ("10min", "2s", None)


def rewrite_tables(*, at: datetime) -> None:
    """A table that is in use for long is left for the next minute."""
    if not settings.IS_EMBEDDED:
        return
    mark = data_directory() / "rewritten"
    if is_due(mark, at=at):
        with acting(patience=PATIENCE), connection.cursor() as cursor:
            known = json.loads(mark.read_text() or "{}")
            is_all, known = rewrite(cursor, known)
        mark.write_text(json.dumps(known))
        note(mark, at=at if is_all else datetime.fromtimestamp(0, tz=at.tzinfo))


def is_due(mark: Path, *, at: datetime) -> bool:
    """Once a night, which the mark remembers, from the one after the first start on."""
    if not mark.exists():
        note(mark, at=at)
    last = datetime.fromtimestamp(mark.stat().st_mtime, tz=at.tzinfo)
    return at.hour >= FROM_HOUR and last.date() < at.date()


def note(mark: Path, *, at: datetime) -> None:
    mark.touch(mode=0o600)
    os.utime(mark, (at.timestamp(), at.timestamp()))


def rewrite(cursor, known: dict[str, str]) -> tuple[bool, dict[str, str]]:
    """Those tables whose counts are not ``known``; whether that was all, and what is known then."""
    cursor.execute(TOUCHED)
    now = dict(cursor.fetchall())
    done = {name for name, count in now.items() if known.get(name) == count}
    if len(done) < len(now):
        done |= {name for name in [*(now.keys() - done), STATISTICS] if _is_rewritten(cursor, name)}
        cursor.execute("SELECT pg_switch_wal()")
        cursor.execute("CHECKPOINT")  # ends the old files, and the log with them (wal_recycle)
    return now.keys() <= done, {name: now[name] for name in now.keys() & done}


def _is_rewritten(cursor, name: str) -> bool:
    try:
        cursor.execute(f"VACUUM (FULL, ANALYZE) {name}")
    except OperationalError:
        return False
    return True
