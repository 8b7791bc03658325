import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from config.postgres.server import socket_directory
from tests.config.postgres.processes import run


class Places:
    """Makes data directories that a person may use, and removes them at the end."""

    def __init__(self) -> None:
        # Not tmp_path: as root that is below a directory which a normal user cannot enter.
        self.base = Path(tempfile.mkdtemp(prefix="did-it-work-places-", dir=_quick_directory()))
        self.base.chmod(0o711)
        self.made: list[Path] = []  # by the test that runs
        self.templates: dict[str, Path] = {}

    def __call__(self, person: dict | None = None, below: str = "data") -> Path:
        """Return an empty data directory that belongs to the person."""
        home = Path(tempfile.mkdtemp(dir=self.base))
        home.chmod(0o711)
        data_dir = home / below
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o711)
        if person:
            os.chown(data_dir, person["user"], person["group"])
        self.made.append(data_dir)
        return data_dir

    def with_cluster(self, person: dict | None = None) -> Path:
        """Return one that has been used before: a copy, for initdb takes a second."""
        template = self.templates.get(str(person or {}))
        if template is None:
            template = self.templates[str(person or {})] = self(person)
            self.made.remove(template)
            assert run(template, "true", person=person).returncode == 0
        data_dir = self(person)
        for name in ("postgres", "postgres-password"):
            subprocess.run(["cp", "-a", template / name, data_dir / name], check=True)
        return data_dir

    def clear(self) -> None:
        for data_dir in self.made:
            shutil.rmtree(socket_directory(data_dir), ignore_errors=True)
            shutil.rmtree(data_dir)
        self.made.clear()


def _quick_directory() -> str | None:
    """In memory where there is room: processes are killed here, the power stays on."""
    memory = "/dev/shm"  # noqa: S108
    return memory if Path(memory).is_dir() and shutil.disk_usage(memory).free > 2**30 else None


@pytest.fixture(scope="session")
def places():
    places = Places()
    yield places
    shutil.rmtree(places.base)


@pytest.fixture
def place(places):
    yield places
    places.clear()
