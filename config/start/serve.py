"""Start the program: check the settings, bring the database up to date, become the web server.

As the owner of the database it prepares it, then serves as the role of the web. With that role's
DATABASE_URL alone it serves what ``config.start.prepare`` has prepared.

    python -m config.start.serve [--demo] [--regular-work] [--reload]

--demo makes the demo account in a database without any account. --regular-work also sends the
reminders that are due and deletes what has had its time, in a process beside this one, which is
started again if it dies (not under --reload). --reload runs Django's own server, which starts again
whenever a file changes, in place of gunicorn.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import OperationalError, connection
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter

from config.postgres import connections, roles
from config.postgres.server import end_with_parent
from config.start.prepare import check_is_prepared, prepare_database

PAUSE_SECONDS = 5  # at least, from one start of the regular work to the next


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    try:
        _check_port(host, port)
        django.setup()
        if roles.is_owner():
            prepare_database(with_demo="--demo" in arguments)
        else:
            check_is_prepared()
        check_connections()
    except (CommandError, ImproperlyConfigured, OperationalError, OSError) as error:
        sys.exit(f"{error}".strip())
    regular_work = RegularWork() if "--regular-work" in arguments else None
    roles.log_in_as(roles.WEB)
    if "--reload" in arguments:
        command = [sys.executable, "manage.py", "runserver", f"{host}:{port}"]
        os.execv(sys.executable, command)  # noqa: S606
    # In this process: it has loaded nearly everything already.
    sys.argv = ["gunicorn", "--config", str(Path(__file__).with_name("gunicorn.py")), "config.wsgi"]
    Application(regular_work).run()


def check_connections() -> None:
    """Before the first visitor finds out: what is refused here is a setting, and stays refused."""
    from config.start import gunicorn

    connections.check_own_sessions()
    connections.check_enough(gunicorn.workers, gunicorn.threads)
    connection.close()


def _check_port(host: str, port: str) -> None:
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise OSError(f"PORT is {port}: it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise OSError(
                f"Cannot listen on {host}:{port} ({error.strerror.lower()}): stop what uses it, or "
                "choose another port, as in `make run PORT=8001`."
            ) from None


class RegularWork:
    """Runs for as long as this process lives."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "config.start.regular_work"]
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(command, preexec_fn=end_with_parent(signal.SIGTERM))

    def tend(self) -> None:
        """Start it again if it has died, but not over and over: it may die of the same at once."""
        if self.process.poll() is not None and time.monotonic() - self.started_at > PAUSE_SECONDS:
            print("The regular work has ended; it is started again.", file=sys.stderr, flush=True)
            self._start()


class Master(Arbiter):
    """Looks after its workers every second, and after the regular work."""

    def __init__(self, application: "Application") -> None:
        self.regular_work = application.regular_work
        super().__init__(application)

    def manage_workers(self) -> None:
        super().manage_workers()
        if self.regular_work:
            self.regular_work.tend()


class Application(WSGIApplication):
    def __init__(self, regular_work: RegularWork | None) -> None:
        self.regular_work = regular_work
        super().__init__()

    def run(self) -> None:
        Master(self).run()


if __name__ == "__main__":
    main(sys.argv[1:])
