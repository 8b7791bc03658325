"""Whom the processes log in as: real processes, on a server and data directory of their own."""

import os
import subprocess
import sys

import psycopg
import pytest

from config.postgres import supervisor
from config.postgres.roles import POWERLESS
from tests.config.postgres.processes import Parent
from tests.config.recovery.databases import fill
from tests.config.start.test_production import start, until
from tests.servers import ROOT, SERVE, SUPERVISED, UNSET, free_port, running, status_of

MANAGE = [sys.executable, "manage.py"]
PREPARE = [sys.executable, "-m", "config.start.prepare"]
WHO = """
    SELECT DISTINCT usename FROM pg_stat_activity
    WHERE datname = 'did_it_work' AND pid <> pg_backend_pid() ORDER BY 1
"""
COUNTS = "SELECT (SELECT count(*) FROM diary_checkin), (SELECT count(*) FROM users_user)"
LEFT = """
    SELECT (SELECT count(*) FROM pg_policy),
    (SELECT count(*) FROM pg_roles WHERE rolname ~ '^did_it_work_')
"""
# A page that looks something up, and is nobody's.
NO_CALENDAR = f"/calendar/{'s' * 43}.ics"
NOT_PREPARED = (
    "The database is not up to date: run python -m config.start.prepare first, with the "
    "DATABASE_URL of its owner.\n"
)


def ask(data_dir, query):
    with psycopg.connect(supervisor.database_url(data_dir)) as connection:
        return connection.execute(query).fetchall()


def manage(data_dir, *arguments):
    environment = os.environ | UNSET | {"DATA_DIR": str(data_dir)}
    done = subprocess.run([*MANAGE, *arguments], cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A server on which nobody has made the roles; the address of a database, by who logs in."""
    with Parent(tmp_path_factory.mktemp("elsewhere")) as parent:
        with psycopg.connect(parent.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE owner LOGIN PASSWORD 'secret'")
            connection.execute("CREATE DATABASE diary OWNER owner")
        place = parent.url.rpartition("@")[2].removesuffix("did_it_work")
        yield lambda who: f"postgresql://{who}:secret@{place}diary", parent.url


PASSWORDS = {"WEB_DATABASE_PASSWORD": "secret", "WORK_DATABASE_PASSWORD": "secret"}
OWN = {"SECRET_KEY": "k" * 50, **PASSWORDS}


BEFORE_THE_ROLES = """
from django.core.management import call_command
call_command("create_demo")
for app, until_then in (("treatments", "0004"), ("diary", "0013"), ("your_data", "zero")):
    call_command("migrate", app, until_then, verbosity=0)
"""


def test_directory_from_before_the_roles_gets_them_and_keeps_every_row(tmp_path, tables):
    """As it was then: one superuser, no policies, and no password but the owner's."""
    with Parent(tmp_path) as parent:
        fill(parent.url, tables)
        manage(tmp_path, "shell", f"--command={BEFORE_THE_ROLES}", "--verbosity=0")
        before = ask(tmp_path, COUNTS)
        assert ask(tmp_path, LEFT) == [(0, 0)]
    for name in ("web", "work"):
        (tmp_path / f"postgres-{name}-password").unlink(missing_ok=True)
    place = {**UNSET, "DATA_DIR": str(tmp_path), "EMAIL_HOST": "localhost"}
    with running([*SUPERVISED, *SERVE, "--regular-work"], **place) as (url, _process):
        assert status_of(f"{url}{NO_CALENDAR}") == 404
        until(lambda: ask(tmp_path, WHO) == [("did_it_work_web",), ("did_it_work_work",)])
        assert ask(tmp_path, COUNTS) == before
        assert ask(tmp_path, LEFT) == [(37, 3)]
    assert before[0][0] > 100


def test_owner_that_is_no_superuser_needs_two_powers_and_the_web_only_its_password(elsewhere):
    """As on a server of others: the owner prepares; the web knows its own role and no other."""
    address, administrator = elsewhere
    assert start(*PREPARE, **OWN, DATABASE_URL=address("owner")).stderr == f"{POWERLESS}\n"
    with psycopg.connect(administrator) as connection:
        connection.execute("ALTER ROLE owner CREATEROLE BYPASSRLS")
    for _once_and_again in range(2):
        done = start(*PREPARE, **OWN, DATABASE_URL=address("owner"))
        assert (done.returncode, done.stderr) == (0, "")
    with running(SERVE, **OWN, DATABASE_URL=address("did_it_work_web")) as (url, _process):
        assert status_of(f"{url}{NO_CALENDAR}") == 404


def test_one_address_is_enough_to_serve_and_the_web_is_not_the_owner(elsewhere):
    """The passwords of before open no more; those made of SECRET_KEY do."""
    address, administrator = elsewhere
    unset = dict.fromkeys(PASSWORDS, "")
    with running(SERVE, **OWN | unset, DATABASE_URL=address("owner")) as (url, _process):
        assert status_of(f"{url}{NO_CALENDAR}") == 404
        with psycopg.connect(administrator) as connection:
            who = connection.execute(WHO.replace("'did_it_work'", "'diary'")).fetchall()
    assert who == [("did_it_work_web",)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address("did_it_work_web"))
    assert start(*PREPARE, **OWN, DATABASE_URL=address("owner")).returncode == 0
    psycopg.connect(address("did_it_work_web")).close()


def test_backup_of_the_regular_work_holds_every_row_and_comes_back_under_the_policies(
    elsewhere, tmp_path
):
    address, _administrator = elsewhere
    file = str(tmp_path / "all.zip")
    assert start(*PREPARE, **OWN, DATABASE_URL=address("owner")).returncode == 0
    assert start(*MANAGE, "create_demo", **OWN, DATABASE_URL=address("owner")).returncode == 0
    with psycopg.connect(address("owner")) as connection:
        before = connection.execute(COUNTS).fetchall()
    backup = start(*MANAGE, "backup", file, **OWN, DATABASE_URL=address("did_it_work_work"))
    assert (backup.returncode, backup.stderr) == (0, "")
    restore = [*MANAGE, "restore", file, "--replace"]
    restored = start(*restore, **OWN, DATABASE_URL=address("owner"))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert start(*PREPARE, **OWN, DATABASE_URL=address("owner")).returncode == 0
    with psycopg.connect(address("owner")) as connection:
        assert connection.execute(COUNTS).fetchall() == before
    with psycopg.connect(address("did_it_work_web")) as connection:
        assert connection.execute(COUNTS).fetchone()[0] == 0
    assert before[0][0] > 100


def test_web_serves_no_database_that_is_not_prepared(elsewhere):
    address, _administrator = elsewhere
    with psycopg.connect(address("owner")) as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'your_data'")
    done = start(*SERVE, **OWN, DATABASE_URL=address("did_it_work_web"), PORT=str(free_port()))
    assert (done.returncode, done.stderr) == (1, NOT_PREPARED)


def test_command_about_a_diary_wants_the_owner(elsewhere):
    address, _administrator = elsewhere
    export = [*MANAGE, "export_diary", "--user=anybody@example.com", "-"]
    assert start(*export, **OWN, DATABASE_URL=address("did_it_work_web")).stderr == (
        "CommandError: Run this with the DATABASE_URL of the database's owner.\n"
    )
