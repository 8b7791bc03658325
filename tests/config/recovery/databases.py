"""Databases of a test's own, beside the one that all tests share."""

import os
import subprocess
import sys
import uuid
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.servers import ROOT


@contextmanager
def empty_database(owner_url=None):
    """Yield the address of a database without any table, on the tests' own server."""
    server, name = owner_url or os.environ["DATABASE_URL"], f"recovery_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


def ask(url, query):
    """All rows; a row of one column as its value."""
    with psycopg.connect(url) as connection:
        return [row[0] if len(row) == 1 else row for row in connection.execute(query)]


def manage(url, *arguments, code=None, **environment):
    """Run manage.py, or a line of Python, in a process of its own on that database."""
    command = [sys.executable, "-c", code] if code else [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
