"""What the server of the database, or a pooler before it, must allow: asked before we serve."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

ALLOWED = """
    SELECT current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true), '0')::int
"""
# Of each process one that asks how the program is; the regular work, a backup, and a host's own.
BESIDE_THREADS = 3
TOO_MANY = (
    "WEB_WORKERS={workers} and WEB_THREADS={threads} may need {needed} connections, and the "
    "database allows {allowed}: lower one of them, or raise max_connections there."
)
SHARED = (
    "The pooler before the database hands one session to several clients, who would see one "
    "another's rows: give each a session of its own (PgBouncer: pool_mode = session)."
)


def needed(workers: int, threads: int) -> int:
    return workers * (threads + 1) + BESIDE_THREADS


def check_enough(workers: int, threads: int) -> None:
    """Raise ImproperlyConfigured where threads would be refused a connection one day."""
    with connection.cursor() as cursor:
        cursor.execute(ALLOWED)
        (allowed,) = cursor.fetchone()
    if (number := needed(workers, threads)) > allowed:
        counts = {"workers": workers, "threads": threads, "needed": number, "allowed": allowed}
        raise ImproperlyConfigured(TOO_MANY.format(**counts))


def check_own_sessions() -> None:
    """Raise ImproperlyConfigured where two connections are one: whose rows are shown, too."""
    other = connection.copy()
    try:
        shared = _session(connection) == _session(other)
    finally:
        other.close()
    if shared:
        raise ImproperlyConfigured(SHARED)


def _session(of):
    with of.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()
