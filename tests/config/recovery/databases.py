"""Databases of a test's own, beside the one that all tests share."""

import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config.postgres.programs import installed_binaries
from tests.servers import ROOT


@contextmanager
def empty_database(owner_url=None, like="template1"):
    """Yield the address of a database without any row, on the tests' own server.

    It has the tables of the one that is named, as a rule none.
    """
    server, name = owner_url or os.environ["DATABASE_URL"], f"recovery_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(like)))
        try:
            yield beside(server, name)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


def beside(url, name):
    """The address of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def fill(url, file):
    """Make the tables of ``tests/migrated.py`` in an empty database of any server."""
    quietly = ["--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1"]
    subprocess.run([installed_binaries() / "psql", *quietly, f"--file={file}", url], check=True)


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
