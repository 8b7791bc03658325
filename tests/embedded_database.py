"""Loaded before Django's settings: the tests' own server, in a directory of its own, gone afterwards.

With ``DATABASE_URL`` set, the tests run on that Postgres instead.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from config.postgres import supervisor

_cleanup = ExitStack()

if not os.environ.get("DATABASE_URL"):
    _directory = _cleanup.enter_context(tempfile.TemporaryDirectory(prefix="did-it-work-tests-"))
    os.environ["DATA_DIR"] = _directory
    _cleanup.enter_context(supervisor.ensure_running(Path(_directory)))
os.environ.setdefault("SECRET_KEY", "only-for-the-tests")


def pytest_unconfigure(config):
    _cleanup.close()
