"""How the production server runs, in `make run` and when hosted."""

import gc
import os
import signal

from gunicorn import glogging

from config.postgres.server import end_with_parent
from config.web.short_paths import ShortPaths, on_one_line, shorten

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or 8000}"
worker_class = "config.start.patient_worker.Worker"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True  # the workers share the memory of the packages
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000  # a worker is replaced after about so many, so that none grows for months
max_requests_jitter = 500
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108

# No address, no query string, no browser: a diary's log says only how the server is doing.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
loglevel = "warning"


def on_starting(server):
    """Import all pages now, once: the first visitor would otherwise wait for it."""
    from django.urls import get_resolver

    get_resolver().check()
    gc.collect()
    gc.freeze()  # what is loaded stays: no collection during a request need look at it
    gc.set_threshold(10_000)  # a page makes some thousand objects, and frees them by itself


def when_ready(server):
    print(f"Did it work? is at http://{bind} (Ctrl-C ends it)", flush=True)


def pre_fork(server, worker):
    worker.end_with_master = end_with_parent(signal.SIGTERM)


def post_fork(server, worker):
    """A connection made before the fork would be shared, and its answers mixed up.

    A worker that outlived a killed master would keep the port from the next start.
    """
    from django.db import connections

    connections.close_all()
    worker.end_with_master()


SHORT_PATHS = ShortPaths()


class Logger(glogging.Logger):
    """Shortens what in a path is a secret, in the access log and where gunicorn reports errors."""

    def setup(self, cfg):
        super().setup(cfg)
        self.error_log.addFilter(SHORT_PATHS)

    def atoms(self, *args):
        atoms = super().atoms(*args)
        atoms["U"] = shorten(atoms["U"] or "-")  # None of a request that could not be read
        atoms["m"] = on_one_line(atoms["m"])
        return atoms

    def warning(self, msg, *args, **kwargs):
        """gunicorn names the address of whoever sent what is no request, and quotes it."""
        if msg.startswith("Invalid request from ip="):
            msg, args = "A request could not be read.", ()
        super().warning(msg, *args, **kwargs)


logger_class = Logger
