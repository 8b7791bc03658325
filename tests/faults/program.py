"""The program as `make run` starts it, and what can be done to it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.config.postgres.processes import descendants, postmaster
from tests.servers import ROOT, SERVE, SUPERVISED, free_port, wait_for

CLOCK = Path(__file__).with_name("clock.c")
DISK_BYTES = 1 << 30  # an hour of eight people who write all the time takes over 400 MB
HOUR = 3600
UNSET = {"DATABASE_URL": "", "SECRET_KEY": "", "DEBUG": "", "EMAIL_HOST": ""}


class Program:
    """Starts again when its first process has been killed, as an init system has it."""

    def __init__(self, place: Path) -> None:
        self.data_dir, self.port = place / "data", str(free_port())
        self.log, self.starts = place / "log", 0
        self.clock, self.jumping = place / "clock", place / "clock.so"
        self.clock.write_bytes(bytes(8))
        self.can_jump = _run("cc", "-shared", "-fPIC", "-O1", f"-o{self.jumping}", str(CLOCK))

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> "Program":
        self.start()
        try:
            wait_for(f"http://{self.place}/readyz", self.process)
        except RuntimeError:
            raise RuntimeError(self.log.read_text()) from None
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        self.process.wait(60)

    def start(self) -> None:
        environment = os.environ | UNSET | {"DATA_DIR": str(self.data_dir), "PORT": self.port}
        if self.can_jump:
            environment |= {"LD_PRELOAD": str(self.jumping), "CLOCK_JUMP": str(self.clock)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*SUPERVISED, *SERVE, "--regular-work"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    # Whom it can hit

    def kill(self, whom: str, chance: random.Random) -> None:
        pids = until(lambda: self.tend() or self._pids(whom))
        with suppress(ProcessLookupError):
            os.kill(chance.choice(pids), signal.SIGKILL)
        if whom in {"master", "supervisor"}:
            self.process.wait(60)

    def last_words(self) -> str:
        """Of the program and of its database, and how much room the disk had left."""
        logs = (self.log, self.data_dir / "postgres.log")
        said = [each.read_text(errors="replace")[-4000:] for each in logs if each.exists()]
        free = shutil.disk_usage(self.data_dir).free >> 20
        return "\n".join([*said, f"{free} MB of the disk are free."])

    def tend(self) -> None:
        """Start it again if it has ended, as an init system does."""
        if self.process.poll() is not None:
            self.starts += 1
            self.start()

    def _pids(self, whom: str) -> list[int]:
        if whom == "supervisor":
            return [self.process.pid]
        if whom in {"postmaster", "one backend"}:
            server = [pid for pid in [postmaster(self.data_dir)] if pid]
            return server if whom == "postmaster" else _below(server, "did_it_work_web")
        masters = _below([self.process.pid], "config.start.serve", is_child=True)
        return masters if whom == "master" else _below(masters, "config.start.serve")

    # What else can happen

    def other_faults(
        self, frozen: float, is_small: bool, left_out: list[str]
    ) -> Iterator[tuple[str, Callable[[], None]]]:
        yield f"Postgres frozen for {frozen:.0f} s", partial(self.freeze, frozen)
        if is_small:
            yield "disk full, then freed", self.fill_the_disk
        else:
            left_out.append("The disk was not filled: only root can make a small one.")
        if self.can_jump:
            for name, seconds in (("an hour forward", HOUR), ("an hour back", -HOUR)):
                yield f"clock set {name}", partial(self.set_clock, seconds)
                self.set_clock(0)
        else:
            left_out.append("The clock was not set: there is no C compiler here.")

    def freeze(self, seconds: float) -> None:
        server = until(lambda: postmaster(self.data_dir))
        frozen = [server, *descendants(server)]
        for pid in frozen:
            _signal(pid, signal.SIGSTOP)
        time.sleep(seconds)
        for pid in reversed(frozen):
            _signal(pid, signal.SIGCONT)

    def fill_the_disk(self) -> None:
        fill = self.data_dir.parent / "data" / "filling"
        with fill.open("wb") as file, suppress(OSError):
            while True:
                file.write(bytes(1 << 16))
                file.flush()
        time.sleep(5)
        fill.unlink()

    def set_clock(self, seconds: int) -> None:
        """The program's, against which the database's stays; the seconds since the start go on."""
        with self.clock.open("r+b") as file:
            file.write(seconds.to_bytes(8, sys.byteorder, signed=True))


@contextmanager
def small_disk(place: Path, begun: Path | None = None) -> Iterator[bool]:
    """A disk for the data directory that can be filled; whether there is one.

    ``begun`` is what it holds in the beginning: another one, in which the program has been started.
    """
    data = place / "data"
    data.mkdir()
    data.chmod(0o711)
    options = f"size={DISK_BYTES},mode=0711"
    is_small = _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(data))
    if begun:
        subprocess.run(["cp", "-a", f"{begun}/.", data], check=True)
    try:
        yield is_small
    finally:
        if is_small:
            _run("umount", "--lazy", str(data))
        else:
            shutil.rmtree(data, ignore_errors=True)


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _below(pids: list[int], words: str, *, is_child: bool = False) -> list[int]:
    """Who was started by one of these and has the words in its command line."""
    found = [
        each for pid in pids for each in (descendants(pid) if not is_child else _children(pid))
    ]
    return [pid for pid in found if words in _command(pid)]


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def until(found: Callable, seconds: float = 120):
    """What it finds, as soon as it finds something."""
    give_up_at = time.monotonic() + seconds
    while not (what := found()):
        if time.monotonic() > give_up_at:
            raise RuntimeError("Nothing there to break.")
        time.sleep(0.02)
    return what
