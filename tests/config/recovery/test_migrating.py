"""The start that was interrupted, the start beside another one, and the start of an older program."""

import random
import signal
import threading
import time

import psycopg
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.recovery.migrating import LOCK, alone
from tests.config.recovery.databases import ask, empty_database, manage

# Ends the process where the record of the migration with this number would be written: of one app
# and those below it, for all of them make no other transaction and take ten times as long.
END_BEFORE_RECORD = """
import os, signal, sys
import django
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
record, left = MigrationRecorder.record_applied, [{number}]

def end_instead(self, app, name):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    record(self, app, name)

MigrationRecorder.record_applied = end_instead
django.setup()
call_command("migrate", "{app}", verbosity=0)
"""
APP = "conditions"
OURS = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"


def test_every_migration_is_atomic_so_that_one_transaction_can_hold_them_all():
    migrations = MigrationLoader(None).disk_migrations.values()
    assert len(migrations) > 40
    assert [f"{each}" for each in migrations if not each.atomic] == []


def test_start_that_was_ended_before_a_record_can_be_repeated():
    """At a seeded record, and before the last, when every table was there."""
    graph = MigrationLoader(None).graph
    last = len(graph.forwards_plan(*graph.leaf_nodes(APP))) - 1
    moments = [random.Random(11).randrange(last), last]
    with empty_database() as url:
        for number in moments:
            ended = manage(url, code=END_BEFORE_RECORD.format(app=APP, number=number))
            assert (ended.returncode, ended.stderr) == (-signal.SIGKILL, "")
            assert ask(url, OURS) == []
        assert manage(url, "migrate", APP, "--verbosity=0").returncode == 0
        assert manage(url, "migrate", APP, "--check").returncode == 0
        assert len(ask(url, "SELECT name FROM django_migrations")) == last + 1


def test_newer_database_is_refused_in_a_sentence_and_left_alone():
    with empty_database() as url:
        with psycopg.connect(url) as database:
            database.execute("CREATE TABLE django_migrations "
                             "(id int, app text, name text, applied timestamptz)")  # fmt: skip
            database.execute("INSERT INTO django_migrations VALUES "
                             "(1, 'diary', '9999_later', now())")  # fmt: skip
        before = ask(url, OURS)
        result = manage(url, "migrate")
        assert (result.returncode, ask(url, OURS)) == (1, before)
        assert result.stderr == (
            "CommandError: The database was last used by a newer version of this program (it has "
            "diary.9999_later, which this one does not know): start the newer version, or restore "
            "a backup that this version has made.\n"
        )


@pytest.mark.django_db(transaction=True)
def test_second_process_waits_for_the_first():
    order = []

    def second():
        mine = connection.copy()
        with alone(mine):
            order.append("second")

    with alone(connection):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_lock_belongs_to_a_transaction_and_outlives_no_block():
    # Other workers' databases on the same server have a lock of that number of their own.
    query = (
        "SELECT state FROM pg_locks JOIN pg_stat_activity USING (pid) "
        "WHERE objid = %s AND datname = current_database()"
    )
    with connection.cursor() as cursor, alone(connection):
        cursor.execute(query, [LOCK])
        assert cursor.fetchall() == [("idle in transaction",)]
    give_up_at = time.monotonic() + 10
    with connection.cursor() as cursor:
        # The server needs a moment to see that the other connection is closed.
        while cursor.execute(query, [LOCK]).fetchall() and time.monotonic() < give_up_at:
            time.sleep(0.05)
        cursor.execute(query, [LOCK])
        assert cursor.fetchall() == []
