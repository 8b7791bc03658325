"""How the embedded server ends with its parent, and how it comes back when it is killed."""

import fcntl
import os
import pty
import random
import signal
import subprocess
import sys
import termios
import threading
import time

import psycopg
import pytest

from config.postgres.server import LOG_BYTES, RESERVE_BYTES
from tests.config.postgres.processes import (
    ENSURE_RUNNING,
    PRINT_URL_AND_WAIT,
    ROOT,
    SUPERVISOR,
    Parent,
    environment,
    is_alive,
    kill_server,
    people,
    postmaster,
    run,
)

PEOPLE = list(people().values())
SUPERVISED = [*SUPERVISOR, *PRINT_URL_AND_WAIT]


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("kind", "times"), [(SUPERVISED, 10), (ENSURE_RUNNING, 4)])
def test_no_process_is_left_a_second_after_the_parent_has_ended(place, kind, times, sent):
    """Each time on the directory of the time before, by everybody who can start a server here."""
    data_dirs = [place.with_cluster(person) for person in PEOPLE]
    for number in range(times):
        who = number % len(PEOPLE)
        with Parent(data_dirs[who], kind, PEOPLE[who]) as parent:
            assert postmaster(data_dirs[who])
            processes, seconds = parent.end(sent)
        assert processes >= 7  # parent, command, server and its four
        assert seconds < 1


def test_start_right_after_the_supervisor_was_killed_waits_for_its_server(place):
    data_dir = place.with_cluster()
    for _ in range(5):
        with Parent(data_dir) as parent:
            parent.process.kill()
            assert run(data_dir, "true").returncode == 0


def test_child_of_a_parent_that_is_dead_already_does_not_run(tmp_path):
    """The parent may die between fork and prctl: then nobody would send the signal."""
    code = (
        "import os, subprocess\n"
        "from config.postgres.server import end_with_parent\n"
        "in_child = end_with_parent(15)\n"
        "os.getppid = lambda: 1\n"
        f"print(subprocess.call(['touch', {str(tmp_path / 'ran')!r}], preexec_fn=in_child))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout == "126\n"
    assert not (tmp_path / "ran").exists()


def test_supervisor_waits_for_its_command_before_it_stops_the_server(place):
    code = (
        "import os, psycopg, signal, time\n"
        "def last_words(*_):\n"
        "    time.sleep(0.3)\n"
        "    with psycopg.connect(os.environ['DATABASE_URL']) as database:\n"
        "        answer = database.execute('SELECT 41 + 1').fetchone()[0]\n"
        "    os.write(1, f'{answer}\\n'.encode())\n"
        "    os._exit(5)\n"
        "signal.signal(signal.SIGTERM, last_words)\n"
        "print('ready', flush=True)\n"
        "time.sleep(1000)\n"
    )
    with Parent(place.with_cluster(), [*SUPERVISOR, sys.executable, "-c", code]) as parent:
        parent.process.terminate()
        assert parent.process.communicate()[0] == "42\n"
        assert parent.process.returncode == 5


def test_ctrl_c_reaches_the_command_once(place):
    """The terminal sends it to both; if the supervisor passed it on, it would come twice."""
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGINT, lambda *_: os.write(1, b'interrupted\\n'))\n"
        "os.write(1, b'ready\\n')\n"
        "while True: time.sleep(0.01)\n"
    )
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*SUPERVISOR, sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(place.with_cluster()),
        stdin=terminal,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    with process:
        assert process.stdout.readline() == "ready\n"
        for _ in range(5):
            os.write(controller, b"\x03")
            assert process.stdout.readline() == "interrupted\n"
            time.sleep(0.2)
        process.terminate()
        assert process.stdout.read() == ""
    os.close(controller)
    os.close(terminal)


def test_closed_terminal_ends_everything(place):
    with Parent(place.with_cluster()) as parent:
        parent.end(signal.SIGHUP)
        assert parent.process.wait() == 128 + signal.SIGTERM


def test_under_nohup_a_closed_terminal_ends_nothing(place):
    with Parent(place.with_cluster(), ["nohup", *SUPERVISED]) as parent:
        parent.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert parent.process.poll() is None
        assert postmaster(parent.data_dir)


def test_asked_to_end_while_it_starts_it_ends(place):
    data_dir = place()
    with subprocess.Popen([*SUPERVISOR, "touch", data_dir / "ran"], cwd=ROOT,
                          env=environment(data_dir)) as process:  # fmt: skip
        while not (data_dir / "postgres.new").exists():
            time.sleep(0.001)
        process.terminate()
        assert process.wait() == 128 + signal.SIGTERM
    assert not (data_dir / "ran").exists()
    assert not (data_dir / "postgres/postmaster.pid").exists()


# Kill -9 of the server


class Writer(threading.Thread):
    """Inserts rows one by one, each in its own transaction; notes those that were acknowledged."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__()
        self.url, self.number = url, number
        self.acknowledged: list[int] = []
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    self.insert(connection)
            except psycopg.OperationalError:
                time.sleep(0.02)  # the server is on its way back

    def insert(self, connection: psycopg.Connection) -> None:
        while not self.is_over.is_set():
            row = len(self.acknowledged)
            query = "INSERT INTO rows VALUES (%s, %s) ON CONFLICT DO NOTHING"
            connection.execute(query, [self.number, row])
            self.acknowledged.append(row)
            time.sleep(0.002)


def rows_of(writers: list[Writer]) -> set[tuple[int, int]]:
    return {(writer.number, row) for writer in writers for row in list(writer.acknowledged)}


def test_30_kills_of_the_server_lose_no_acknowledged_row(place):
    with Parent(place.with_cluster()) as parent:
        with psycopg.connect(parent.url) as connection:
            connection.execute("CREATE TABLE rows (writer int, row int, PRIMARY KEY (writer, row))")
        writers = [Writer(parent.url, number) for number in range(4)]
        for writer in writers:
            writer.start()
        killed = None
        for _ in range(30):
            before = rows_of(writers)
            while len(rows_of(writers) - before) < 10:
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.1))
            killed = kill_server(parent.data_dir, other_than=killed)
        for writer in writers:
            writer.is_over.set()
            writer.join()
        while postmaster(parent.data_dir) in (None, killed):
            time.sleep(0.01)
        with psycopg.connect(parent.url) as connection:
            rows = set(connection.execute("SELECT writer, row FROM rows"))
        assert len(rows_of(writers)) >= 300
        assert rows_of(writers) - rows == set()
        assert parent.process.poll() is None


def test_end_while_it_recovers_from_a_killed_backend_takes_seconds(place):
    """PostgreSQL 18 does not hear a fast shutdown then: without help this took for ever."""
    with Parent(place.with_cluster()) as parent:
        with psycopg.connect(parent.url) as connection:
            pid = connection.info.backend_pid
            os.kill(pid, signal.SIGKILL)
            while f"(PID {pid}) was terminated" not in log_of(parent):
                time.sleep(0.001)
        _, seconds = parent.end(signal.SIGTERM)
        assert seconds < 10


def log_of(parent: Parent) -> str:
    return (parent.data_dir / "postgres.log").read_text()


def test_server_that_was_killed_is_back_at_once(place):
    with Parent(place.with_cluster()) as parent:
        started = time.monotonic()
        killed = kill_server(parent.data_dir)
        while postmaster(parent.data_dir) in (None, killed):
            time.sleep(0.01)
        assert time.monotonic() - started < 5
        assert not is_alive(killed)
        with psycopg.connect(parent.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


# A full disk


def test_log_that_cannot_be_copied_is_cut_all_the_same(place):
    """The copy used to end the supervisor, and the diary with it, when the disk was full."""
    data_dir = place.with_cluster()
    # As on a full disk, the copy cannot be written; this works for root as for anybody.
    (data_dir / "postgres.log.1").symlink_to("/dev/full")
    with Parent(data_dir) as parent:
        with (data_dir / "postgres.log").open("a") as log:
            log.write("old\n" * LOG_BYTES)
        killed = kill_server(data_dir)
        while postmaster(data_dir) in (None, killed):
            assert parent.process.poll() is None
            time.sleep(0.01)
        with psycopg.connect(parent.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert (data_dir / "postgres.log").stat().st_size < 10_000
    assert not (data_dir / "postgres.log.1").exists()


def test_start_gives_up_the_room_kept_for_it_and_keeps_some_again(place):
    """On a full disk the server could not even write its lock file, and nobody could read."""
    data_dir = place.with_cluster()
    reserve = data_dir / "reserve"
    with Parent(data_dir) as parent:
        while not reserve.exists() or reserve.stat().st_size < RESERVE_BYTES:
            time.sleep(0.01)
        first = reserve.stat().st_ino
        killed = kill_server(data_dir)
        while postmaster(data_dir) in (None, killed):
            time.sleep(0.01)
        parent.end(signal.SIGTERM)
    with Parent(data_dir):
        while not reserve.exists() or reserve.stat().st_size < RESERVE_BYTES:
            time.sleep(0.01)
        assert reserve.stat().st_ino != first
