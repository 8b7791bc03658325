"""The program as it is started and served: real processes, a server of its own, no test client."""

import logging
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from django.conf import settings

from config.web.short_paths import ShortPaths
from tests import migrated
from tests.config.postgres.processes import Parent
from tests.config.recovery.databases import empty_database
from tests.servers import ROOT, SERVE, SUPERVISED, UNSET, free_port, running, status_of


def start(*command, **environment):
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | UNSET | environment, capture_output=True, text=True
    )


def server_pid(data_dir):
    """0 while there is none."""
    file = data_dir / "postgres" / "postmaster.pid"
    return int((file.read_text().split() or [0])[0]) if file.exists() else 0


def children(pid):
    return sorted(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def until(condition, seconds=20):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def kill_server(data_dir):
    """Return when there is a new one: until then the old one's last answers would deceive."""
    killed = server_pid(data_dir)
    os.kill(killed, signal.SIGKILL)
    until(lambda: server_pid(data_dir) not in {0, killed})


def test_requests_recover_after_the_database_was_killed(served_before):
    two_workers = {**UNSET, "DATA_DIR": str(served_before), "WEB_WORKERS": "2"}
    with running([*SUPERVISED, *SERVE], **two_workers) as (url, supervisor):
        web = next(
            pid for pid in children(supervisor.pid) if "config.start.serve" in command_line(pid)
        )
        # The first worker answers before the second is there.
        until(lambda: len(children(web)) == 2)
        workers = children(web)
        for _time in range(3):
            kill_server(served_before)
            until(lambda: status_of(f"{url}/healthz") == 200)
            assert [status_of(f"{url}/healthz") for _request in range(20)] == [200] * 20
        assert children(web) == workers


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_text()


def test_nothing_is_left_after_the_end(served_before):
    place = {**UNSET, "DATA_DIR": str(served_before)}
    with running([*SUPERVISED, *SERVE], **place) as (url, supervisor):
        pids = [server_pid(served_before), *map(int, children(supervisor.pid))]
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(20) == 0
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert status_of(f"{url}/healthz") is None


def test_log_names_neither_queries_nor_secret_links(tmp_path, tables):
    log = tmp_path / "log"
    with (
        empty_database(like=migrated.DATABASE) as database,
        log.open("w") as out,
        running(SERVE, stdout=out, DATABASE_URL=database) as (url, _process),
    ):
        status_of(f"{url}/healthz?q=private")
        status_of(f"{url}/shared/0123456789abcdef0123456789abcdef/")
        status_of(f"{url}/calendar/{'s' * 43}.ics")
        status_of(f"{url}/reminders/off/1:{'s' * 43}/")
    lines = [line.rsplit(" bytes ")[0] for line in log.read_text().splitlines()]
    assert [line.rsplit(" ", 2)[0] for line in lines if line.startswith("GET")][-4:] == [
        "GET /healthz",
        "GET /shared/…/",
        "GET /calendar/…",
        "GET /reminders/off/…/",
    ]


def test_errors_in_the_log_name_no_secret_links():
    secret = f"/calendar/{'s' * 43}.ics"
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "%s: %s", ("Error", secret), None)
    assert ShortPaths().filter(record)
    assert record.getMessage() == "Error: /calendar/…"
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["short_paths"]


def test_regular_work_is_done_beside_the_web_server_where_it_is_asked_for(served_before):
    for asked, processes in (([], 0), (["--regular-work"], 1)):
        command = [*SUPERVISED, *SERVE, *asked]
        with running(command, **UNSET, DATA_DIR=str(served_before)) as (_url, supervisor):
            web = next(
                pid for pid in children(supervisor.pid) if "config.start.serve" in command_line(pid)
            )
            working = [
                pid for pid in children(web) if "config.start.regular_work" in command_line(pid)
            ]
            assert len(working) == processes
        until(lambda pids=working: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_regular_work_that_dies_is_started_again(served_before):
    command = [*SUPERVISED, *SERVE, "--regular-work"]
    with running(command, **UNSET, DATA_DIR=str(served_before)) as (url, supervisor):
        web = next(
            pid for pid in children(supervisor.pid) if "config.start.serve" in command_line(pid)
        )

        def working():
            return {
                pid for pid in children(web) if "config.start.regular_work" in command_line(pid)
            }

        (first,) = working()
        os.kill(int(first), signal.SIGKILL)
        until(lambda: working() - {first}, seconds=60)
        assert len(working()) == 1
        assert status_of(f"{url}/healthz") == 200


def test_workers_of_a_killed_master_leave_the_port_to_the_next(served_before):
    with Parent(served_before, DATABASE_URL=None) as parent:
        place = {"DATABASE_URL": parent.url, "SECRET_KEY": "k" * 50, "WEB_WORKERS": "2"}
        with running(SERVE, **place) as (url, master):
            until(lambda: len(children(master.pid)) == 2)
            workers = children(master.pid)
            master.kill()
            until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), seconds=15)
            assert status_of(f"{url}/readyz") is None


def test_port_in_use_is_one_sentence():
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = str(taken.getsockname()[1])
        result = start(*SERVE, PORT=port, DATABASE_URL="postgresql:///unused")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        f"Cannot listen on 127.0.0.1:{port} (address already in use): stop what uses it, or "
        "choose another port, as in `make run PORT=8001`.\n"
    )


def test_port_that_is_no_number_is_one_sentence():
    result = start(*SERVE, PORT="eighty", DATABASE_URL="postgresql:///unused")
    assert (result.returncode, result.stderr) == (
        1,
        "PORT is eighty: it must be a number from 1 to 65535.\n",
    )


def test_own_database_without_secret_key_is_one_sentence():
    sentence = (
        "SECRET_KEY is not set. With a database of your own (DATABASE_URL), set SECRET_KEY "
        "in the environment to a long random text that you keep secret.\n"
    )
    database = {"DATABASE_URL": "postgresql:///unused", "PORT": str(free_port())}
    for command in (SERVE, [SERVE[0], "manage.py", "migrate"]):
        result = start(*command, **database)
        assert (result.returncode, result.stderr) == (1, sentence)
