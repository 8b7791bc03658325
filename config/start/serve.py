"""Start the program: check the settings, bring the database up to date, become the web server.

    python -m config.start.serve [--demo] [--regular-work] [--reload]

--demo makes the demo account in a database without any account. --regular-work also sends the
reminders that are due and deletes what has had its time, in a process beside this one. --reload
runs Django's own server, which starts again whenever a file changes, in place of gunicorn.
"""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from gunicorn.app import wsgiapp

from config.postgres.server import end_with_parent
from config.recovery.migrating import alone


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    try:
        _check_port(host, port)
        django.setup()
        _prepare_database(with_demo="--demo" in arguments)
    except (CommandError, ImproperlyConfigured, OperationalError, OSError) as error:
        sys.exit(f"{error}".strip())
    if "--regular-work" in arguments:
        _do_regular_work()
    if "--reload" in arguments:
        command = [sys.executable, "manage.py", "runserver", f"{host}:{port}"]
        os.execv(sys.executable, command)  # noqa: S606
    # In this process: it has loaded nearly everything already.
    sys.argv = ["gunicorn", "--config", str(Path(__file__).with_name("gunicorn.py")), "config.wsgi"]
    wsgiapp.run()


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


def _do_regular_work() -> None:
    """For as long as this process lives."""
    command = [sys.executable, "-m", "config.start.regular_work"]
    subprocess.Popen(command, preexec_fn=end_with_parent(signal.SIGTERM))


def _prepare_database(*, with_demo: bool) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    if with_demo:
        with alone(connection):
            call_command("create_demo")
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
