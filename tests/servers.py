"""The program as real processes, for what a test client cannot show."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.postgres import supervisor

ROOT = Path(__file__).resolve().parents[1]
SUPERVISED = [sys.executable, "-m", "config.postgres.supervisor"]
SERVE = [sys.executable, "-m", "config.start.serve"]
# As on a machine on which nothing is set; the tests' own server must not be used.
UNSET = {"DATABASE_URL": "", "SECRET_KEY": "", "DEBUG": ""}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def address_of(connection) -> str:
    """DATABASE_URL for a process that is to work in the same database as a test."""
    mine = connection.settings_dict
    place = f"{mine['NAME']}?host={mine['HOST']}&port={mine['PORT']}"
    return f"postgresql://{mine['USER']}:{mine['PASSWORD']}@/{place}"


@contextmanager
def running(command, stdout=subprocess.DEVNULL, scheme="http", well="healthz", **environment):
    """Run a command that serves on PORT; once it is well, yield its address and its process."""
    port = environment.pop("PORT", None) or str(free_port())
    root = f"{scheme}://127.0.0.1:{port}"
    environment = os.environ | environment | {"PORT": port}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stdout)
    try:
        wait_for(f"{root}/{well}", process)
        yield root, process
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url, process, seconds=60):
    give_up_at = time.monotonic() + seconds
    while status_of(url) != 200:
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise RuntimeError(f"{process.args} does not answer (exit status {process.poll()})")
        time.sleep(0.05)


def status_of(url):
    """The status that a GET gets; None where nobody answers."""
    try:
        return urllib.request.urlopen(url, timeout=10).status  # noqa: S310
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None


@contextmanager
def scratch_database():
    """A server and a data directory of our own, unless DATABASE_URL names a database to fill."""
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            directory = tempfile.TemporaryDirectory(prefix="did-it-work-scratch-")
            os.environ["DATA_DIR"] = stack.enter_context(directory)
            stack.enter_context(supervisor.ensure_running(Path(os.environ["DATA_DIR"])))
        os.environ.setdefault("SECRET_KEY", "only-for-a-scratch-database")
        yield
