"""The production server, how much memory it takes, and a log-in for it."""

from pathlib import Path

from tests.servers import SERVE, running

BARE_BACKEND = "tests.bench.floor_log_in.Backend"


class Server:
    """The production server with these settings, and its memory."""

    def __init__(self, stack, settings, **environment):
        self.url, self.process = stack.enter_context(
            running(SERVE, DJANGO_SETTINGS_MODULE=settings, **environment)
        )

    def peak_megabytes(self):
        """Of the worker that has needed most."""
        pid = self.process.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return max(_peak_kilobytes(worker) for worker in workers) / 1024


def _peak_kilobytes(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def session_of(user, backend=None):
    from django.test import Client

    client = Client()
    client.force_login(user, backend)
    return client.cookies["sessionid"].value
