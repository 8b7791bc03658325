"""What /healthz and /readyz say, and how soon: on a database that is well, full, or frozen."""

import os
import signal
import time
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from config.recovery import health, heartbeat
from tests.config.postgres.processes import descendants, postmaster
from tests.servers import SERVE, SUPERVISED, running

UNSET = {"DATABASE_URL": "", "SECRET_KEY": "", "DEBUG": "", "WEB_WORKERS": "1"}


def answer(client, path="/healthz"):
    response = client.get(path)
    return response.status_code, response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_strangers_are_told_that_all_is_well_and_nothing_is_left_behind(client):
    assert answer(client) == answer(client, "/readyz") == (200, "ok")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE 'health-%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_regular_work_that_stands_still_is_named(client):
    last = timezone.now() - timedelta(minutes=9)
    heartbeat.beat(at=last)
    assert answer(client) == (200, "ok")
    last -= timedelta(minutes=2)
    heartbeat.beat(at=last)
    sentence = f"The regular work stands still: it was last done at {last:%Y-%m-%d %H:%M} UTC."
    assert answer(client) == (503, sentence)
    assert answer(client, "/readyz") == (200, "ok")
    cache.delete(heartbeat.KEY)


@pytest.mark.django_db(transaction=True)
def test_database_that_takes_no_row_is_named_and_still_read(client):
    """As a full disk does, and a standby: the database refuses the row."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        try:
            cursor.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
            assert answer(client) == (503, health.NOT_SAVED)
            assert answer(client, "/readyz") == (200, "ok")
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    assert answer(client) == (200, "ok")


@pytest.mark.django_db(transaction=True)
def test_too_little_room_on_the_disk_is_named(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 1 << 80)
    assert answer(client) == (503, health.NOT_SAVED)


def test_frozen_database_is_named_within_two_seconds(served_before):
    with running([*SUPERVISED, *SERVE], **UNSET, DATA_DIR=str(served_before)) as (url, _process):
        server = postmaster(served_before)
        frozen = [server, *descendants(server)]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            for path in ("/healthz", "/readyz", "/healthz"):
                started = time.monotonic()
                assert fetched(url + path) == (503, health.NO_ANSWER)
                assert time.monotonic() - started < 2
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
        until_well(url)


def until_well(url):
    give_up_at = time.monotonic() + 20
    while fetched(f"{url}/healthz") != (200, "ok"):
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def fetched(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
