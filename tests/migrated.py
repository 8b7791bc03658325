"""All tables, migrated once in a run; whoever needs them takes a copy.

To migrate takes seconds of work, to copy a tenth of one: the database of each worker, those beside
it that a test begins with, and the data directories of whole programs.
"""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.postgres.programs import installed_binaries
from tests.config.recovery.databases import beside, manage
from tests.once import once_in_a_run
from tests.servers import ROOT, SUPERVISED, UNSET

DATABASE = "test_migrated"
FILE = "tables.sql"
PREPARE = """
import os, sys
from config.start.prepare import main
from tests.config.recovery.databases import fill
fill(os.environ["DATABASE_URL"], sys.argv[1])
main()
"""


def file_of_tables(factory: pytest.TempPathFactory) -> Path:
    """What makes them in an empty database; those of the tests' own server copy DATABASE."""
    return once_in_a_run(factory, DATABASE, _make) / FILE


def data_directory(factory: pytest.TempPathFactory) -> Path:
    """A cluster with the tables and the roles, as the program's first start leaves them behind."""
    file = file_of_tables(factory)
    return once_in_a_run(factory, "prepared", lambda place: _prepare(place, file))


def forget() -> None:
    """On a server that outlives the tests nothing is left."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def _make(place: Path) -> None:
    forget()
    place.mkdir()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {DATABASE}")
    url = beside(os.environ["DATABASE_URL"], DATABASE)
    made = manage(url, "migrate", "--verbosity=0")
    assert (made.returncode, made.stderr) == (0, "")
    dump = [installed_binaries() / "pg_dump", "--no-owner", "--no-acl", f"--file={place / FILE}"]
    subprocess.run([*dump, url], check=True)


def _prepare(place: Path, tables: Path) -> None:
    place.mkdir(mode=0o711)
    environment = os.environ | UNSET | {"DATA_DIR": str(place)}
    command = [*SUPERVISED, sys.executable, "-c", PREPARE, tables]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
