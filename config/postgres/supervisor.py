"""The default database: a PostgreSQL of our own, which lives exactly as long as it is needed.

    python -m config.postgres.supervisor COMMAND [ARGUMENT...]

starts PostgreSQL on the data directory, runs COMMAND with DATABASE_URL set, and stops PostgreSQL
when COMMAND has ended. Where DATABASE_URL is set already, COMMAND is all that runs. This process,
the supervisor, holds `supervisor.lock` for life: two servers on one data directory, from two
containers on one volume for instance, would destroy the data.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from config.postgres.data_directory import data_directory, secret
from config.postgres.programs import StartError, installed_binaries
from config.postgres.server import (
    NAME,
    Server,
    end_with_parent,
    password,
    socket_directory,
    try_lock,
)

ENDING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
LETTING_GO_SECONDS = 1
PATIENCE_SECONDS = 5  # then say what we wait for; there is no limit, for recovery may take long


def database_url(data_dir: Path) -> str:
    """Return the URL of the server on `data_dir`, whether it runs or not.

    The port is there because libpq would otherwise take it from PGPORT.
    """
    host = quote(str(socket_directory(data_dir)), safe="")
    return f"postgresql://{NAME}:{password(data_dir)}@{host}:5432/{NAME}"


def environment(data_dir: Path) -> dict[str, str]:
    """What a program finds its database by: as the owner, and the passwords of two other roles
    that it makes there (config/postgres/roles.py)."""
    return {
        "DATABASE_URL": database_url(data_dir),
        "WEB_DATABASE_PASSWORD": secret("postgres-web-password", directory=data_dir),
        "WORK_DATABASE_PASSWORD": secret("postgres-work-password", directory=data_dir),
    }


# The supervisor


def main(arguments: list[str]) -> int:
    if os.environ.get("DATABASE_URL") and arguments:
        os.execvp(arguments[0], arguments)  # noqa: S606
    inherited_lock = bool(arguments) and arguments[0] == "--locked"
    command = arguments[inherited_lock:]
    if not command:
        raise StartError("Usage: python -m config.postgres.supervisor COMMAND [ARGUMENT...]")
    data_dir = data_directory().resolve()
    if not inherited_lock and not _is_ours(data_dir / "supervisor.lock"):
        raise StartError(f"The database in {data_dir} is already in use: stop the other process.")
    return _supervise(command, data_dir)


def _is_ours(lock: Path) -> bool:
    """Take the lock; one who was killed lets go of it a moment later, as do children just begun."""
    give_up_at = time.monotonic() + LETTING_GO_SECONDS
    while try_lock(lock) is None:
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.05)
    return True


def _supervise(command: list[str], data_dir: Path) -> int:
    """Run the command beside a server; return its exit status. We hold the lock until we end."""
    _wait_for_signals_only()
    server = Server(data_dir)
    try:
        _wait_until(server.try_start, "an earlier server to end")
        _wait_until(server.is_ready, "PostgreSQL to recover")
        server.make_database()
        return _run(command, server)
    finally:
        server.stop()


def _run(command: list[str], server: Server) -> int:
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment(server.data_dir)},
        preexec_fn=end_with_parent(signal.SIGTERM),
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


def _wait_for_signals_only() -> None:
    """Block the signals that `_next_signal` takes, so that none interrupts anything else."""
    signal.signal(signal.SIGCHLD, lambda *_: None)  # one that is ignored may get lost
    blocked = ENDING | {signal.SIGCHLD}
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        blocked.remove(signal.SIGHUP)  # under nohup
    signal.pthread_sigmask(signal.SIG_BLOCK, blocked)


def _next_signal(timeout: float) -> tuple[int, bool] | None:
    """Wait up to `timeout` seconds; return a signal and whether a terminal sent it to us all."""
    watched = ENDING | {signal.SIGCHLD}
    if hasattr(signal, "sigtimedwait"):
        received = signal.sigtimedwait(watched, timeout)
        return received and (received.si_signo, received.si_code > 0)
    time.sleep(min(timeout, 0.1))  # macOS
    pending = signal.sigpending() & watched
    return (signal.sigwait(pending), sys.stdin.isatty()) if pending else None


def _wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for the condition, or end when asked to."""
    tell_at = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        received = _next_signal(0.02)
        if received and received[0] in ENDING:
            raise SystemExit(128 + received[0])
        if time.monotonic() > tell_at:
            print(f"Waiting for {what} …", file=sys.stderr, flush=True)
            tell_at = float("inf")


# For manage.py and the tests


@contextmanager
def ensure_running(data_dir: Path) -> Iterator[str]:
    """Keep a server on `data_dir` (which exists) for as long as the block; yield its URL.

    Uses the server of another supervisor where there is one, and any that DATABASE_URL names. Our
    own ends with this process, however that ends. In the block its environment is set.
    Raises StartError, after the reason has gone to stderr.
    """
    if os.environ.get("DATABASE_URL"):
        yield os.environ["DATABASE_URL"]
        return
    supervisor = _start_or_join(data_dir.resolve())
    found = environment(data_dir)
    os.environ.update(found)
    try:
        yield found["DATABASE_URL"]
    finally:
        for name in found:
            del os.environ[name]
        if supervisor:
            supervisor.communicate()  # closes its input, waits


def _start_or_join(data_dir: Path) -> subprocess.Popen[bytes] | None:
    tell_at = time.monotonic() + PATIENCE_SECONDS
    while (lock := try_lock(data_dir / "supervisor.lock")) is None:
        if _accepts_connections(data_dir):
            return None
        if time.monotonic() > tell_at:
            print(
                f"Waiting for the server that another process runs on {data_dir} …", file=sys.stderr
            )
            tell_at = float("inf")
        time.sleep(0.1)
    try:
        return _start_supervisor(data_dir, lock)
    finally:
        os.close(lock)  # the supervisor has inherited it


def _accepts_connections(data_dir: Path) -> bool:
    program, host = str(installed_binaries() / "pg_isready"), f"--host={socket_directory(data_dir)}"
    probe = [program, "--quiet", "--port=5432", "--timeout=0", host]
    return subprocess.run(probe).returncode == 0


def _start_supervisor(data_dir: Path, lock: int) -> subprocess.Popen[bytes]:
    """Start a supervisor whose command ends when this process does: its input is then closed."""
    command = ["sh", "-c", "echo ready; exec cat"]
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "config.postgres.supervisor", "--locked", *command],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[lock],  # so that nobody can take it between us and the supervisor
        start_new_session=True,  # Ctrl-C in a Python shell must not stop the database
    )
    if supervisor.stdout is None or not supervisor.stdout.readline():
        supervisor.communicate()
        raise StartError("The database did not start; the line above says why.")
    return supervisor


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (StartError, OSError) as error:
        sys.exit(str(error))
