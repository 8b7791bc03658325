"""Loaded before Django's settings: the tests' own server, in a directory of its own, gone afterwards.

With ``DATABASE_URL`` set, the tests run on that Postgres instead. So do the workers of pytest-xdist:
they have DATABASE_URL from the process that starts them, and each makes a database of its own there.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg

from config.postgres import supervisor

_cleanup = ExitStack()
# What the tests write need not outlive a power cut.
QUICKLY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _write_quickly(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        for name, value in QUICKLY.items():
            server.execute(f"ALTER SYSTEM SET {name} = {value}")
        server.execute("SELECT pg_reload_conf()")


if not os.environ.get("DATABASE_URL"):
    _directory = _cleanup.enter_context(tempfile.TemporaryDirectory(prefix="did-it-work-tests-"))
    os.environ["DATA_DIR"] = _directory
    _write_quickly(_cleanup.enter_context(supervisor.ensure_running(Path(_directory))))
os.environ.setdefault("SECRET_KEY", "only-for-the-tests")


def pytest_unconfigure(config):
    _cleanup.close()
