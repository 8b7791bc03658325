"""Real supervisors and servers for the tests of the embedded PostgreSQL. Linux: reads /proc."""

import functools
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

from config.postgres.programs import installed_binaries

ROOT = Path(__file__).parents[3]
PACKAGES = installed_binaries().parents[2]
SUPERVISOR = [sys.executable, "-m", "config.postgres.supervisor"]
PRINT_URL_AND_WAIT = ["sh", "-c", 'echo "$DATABASE_URL"; exec sleep 1000']

# What manage.py does: the server belongs to a process which is not its supervisor.
ENSURE_RUNNING = [
    sys.executable,
    "-c",
    "import sys, time\n"
    "from config.postgres.data_directory import data_directory\n"
    "from config.postgres.supervisor import ensure_running\n"
    "with ensure_running(data_directory()) as url:\n"
    "    print(url, flush=True)\n"
    "    time.sleep(1000)\n",
]


def people() -> dict[str, dict]:
    """Who can start a server here, as arguments for Popen: as root, a normal user can too."""
    found = {"ourselves": {}}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        normal = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        if _python_for(normal):
            found["a normal user"] = normal
    return found


@functools.cache
def _python_of_a_normal_user(user: int, group: int) -> str | None:
    """Ours may lie below root's own directory; the system's does as well, with our packages."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            subprocess.run(
                [
                    python,
                    "-c",
                    "import tomllib, config.postgres.supervisor",
                ],  # Python 3.11 or newer
                cwd=ROOT,
                env={"PYTHONPATH": str(PACKAGES)},
                capture_output=True,
                check=True,
                user=user,
                group=group,
                extra_groups=[],
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    return None


def _python_for(person: dict | None) -> str | None:
    if not person:
        return sys.executable
    return _python_of_a_normal_user(person["user"], person["group"])


def _as(person: dict | None, command: list, environment: dict[str, str]) -> dict:
    """Return the arguments for Popen that make the person run the command, with a Python of its."""
    if person:
        command = [_python_for(person) if word == sys.executable else word for word in command]
        environment = {"PYTHONPATH": str(PACKAGES), **environment}
    return {"args": command, "env": environment, "cwd": ROOT, **(person or {})}


def environment(data_dir: Path, **changes: str | None) -> dict[str, str]:
    result = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **changes}
    return {name: value for name, value in result.items() if value is not None}


def run(data_dir: Path, *command: str, person: dict | None = None, **changes: str | None):
    """Run a command under a supervisor to its end."""
    return subprocess.run(
        **_as(person, [*SUPERVISOR, *command], environment(data_dir, **changes)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


class Parent:
    """A running process which has a server: a supervisor, or one that uses ensure_running."""

    def __init__(
        self,
        data_dir: Path,
        command: list[str] | None = None,
        person: dict | None = None,
        **changes: str | None,
    ) -> None:
        self.data_dir = data_dir
        self.process = subprocess.Popen(
            **_as(
                person,
                command or [*SUPERVISOR, *PRINT_URL_AND_WAIT],
                environment(data_dir, **changes),
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.process.stdout.readline().strip()

    def __enter__(self) -> "Parent":
        assert self.url, "the parent has ended without a word"
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def end(self, signal_number: int) -> tuple[int, float]:
        """Signal it; return how many processes there were and the seconds until all were gone."""
        family = [self.process.pid, *descendants(self.process.pid)]
        started = time.monotonic()
        os.kill(self.process.pid, signal_number)
        while any(is_alive(pid) for pid in family):
            if time.monotonic() - started > 30:
                raise AssertionError("processes are left after 30 s")
            time.sleep(0.005)
        return len(family), time.monotonic() - started


def descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(entry.name))
        if fields:
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def is_alive(pid: int) -> bool:
    fields = _stat(pid)
    return fields is not None and fields[0] not in "ZX"


def _stat(pid: int) -> list[str] | None:
    """Return state, parent and so on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def postmaster(data_dir: Path) -> int | None:
    """Return the pid of the server that accepts connections, or None while there is none."""
    try:
        lines = (data_dir / "postgres/postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    ready = len(lines) > 7 and lines[7].strip() == "ready" and is_alive(int(lines[0]))
    return int(lines[0]) if ready else None


def kill_server(data_dir: Path, other_than: int | None = None) -> int:
    """Kill the server as soon as it accepts connections (a new one, if told the old one's pid)."""
    while (pid := postmaster(data_dir)) in (None, other_than):
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return pid
