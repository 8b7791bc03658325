"""A backup is one file with the whole installation, as it was at one moment.

It is a zip, so that everybody can open it: `database.dump` (pg_dump's custom format, which
pg_restore reads), `secret-key` where the installation has made its own, and `about.json` with the
version of PostgreSQL, the migrations, and the dump's size in bytes and SHA-256.
"""

import contextlib
import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

from config.postgres.programs import StartError, installed_binaries
from config.recovery.migrating import applied

FORMAT = 1
DUMP, SECRET_KEY, ABOUT = "database.dump", "secret-key", "about.json"
CHUNK_BYTES = 1 << 20
# pg_restore writes it for every server; those before 17 do not know it.
SINCE_17 = b"SET transaction_timeout = 0;\n"
# Of a connection's parameters, what libpq does not know, and what nobody else may read.
DJANGOS_OWN = {"cursor_factory", "context", "prepare_threshold", "password"}


class BackupError(StartError):
    """No whole backup could be written or read. The message is one sentence."""


# Writing


def write(path: Path, connection: BaseDatabaseWrapper, secret_key: Path | None) -> dict[str, Any]:
    """Write a backup, read it back, and only then give it its name. Returns what about.json says.

    Mode 0600: it holds whole diaries. Whoever is ended meanwhile leaves `.<name>.new`.
    """
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w+b") as file:
            about = _write(file, connection, secret_key)
            file.flush()
            os.fsync(file.fileno())
        check(unfinished)
        unfinished.rename(path)
        _sync(path.parent)
    except OSError as error:
        raise BackupError(f"No backup could be written to {path}: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return about


def _write(
    file: IO[bytes], connection: BaseDatabaseWrapper, secret_key: Path | None
) -> dict[str, Any]:
    with ZipFile(file, "w") as backup:  # the dump is compressed already
        size, digest = _dump(backup, connection)
        if secret_key:
            backup.writestr(SECRET_KEY, secret_key.read_text())
        about = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "postgresql": connection.pg_version // 10_000,
            "migrations": sorted(".".join(each) for each in applied(connection)),
            "bytes": size,
            "sha256": digest,
        }
        backup.writestr(ABOUT, json.dumps(about, indent=1))
    return about


def _dump(backup: ZipFile, connection: BaseDatabaseWrapper) -> tuple[int, str]:
    """Everything is from the moment at which pg_dump begins, whatever is written meanwhile."""
    size, digest = 0, hashlib.sha256()
    command = program("pg_dump", connection, "--format=custom", "--no-owner", "--no-acl")
    with (
        backup.open(DUMP, "w", force_zip64=True) as member,
        subprocess.Popen(**command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        while chunk := process.stdout.read(CHUNK_BYTES):
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        expect_success(process, "The database could not be dumped")
    return size, digest.hexdigest()


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# Reading


def check(path: Path) -> dict[str, Any]:
    """Read the whole backup; return what about.json says, or raise BackupError.

    Its SHA-256, the checksums of the zip, and every block of the dump, which is unpacked.
    """
    with opened(path) as (backup, about):
        digest = hashlib.sha256()
        with backup.open(DUMP) as dump:
            while chunk := dump.read(CHUNK_BYTES):
                digest.update(chunk)
        if digest.hexdigest() != about["sha256"]:
            raise BackupError(f"{path} is damaged: its checksum is another.")
        unpack(backup, len)
    return about


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[ZipFile, dict[str, Any]]]:
    try:
        with ZipFile(path) as backup:
            about = json.loads(backup.read(ABOUT))
            if about["format"] != FORMAT:
                raise BackupError(f"{path} was made by a newer version of this program.")
            yield backup, about
    except FileNotFoundError as error:
        raise BackupError(f"There is no backup at {path}.") from error
    except (BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupError(f"{path} is no whole backup ({error}).") from error


def unpack(backup: ZipFile, write: Callable[[bytes], Any]) -> None:
    """Hand the dump over as SQL, piece by piece; raise BackupError unless it was read to its end.

    Tables, then their rows, then what needs the rows: in the order in which pg_dump wrote them.
    """
    process = subprocess.Popen(
        [installed_binaries() / "pg_restore", "--no-owner", "--no-acl", "--file=-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    feeder = Thread(target=_feed, args=(backup, process.stdin), daemon=True)
    with process:
        feeder.start()
        try:
            # The whole head is in the first piece.
            write(process.stdout.read(CHUNK_BYTES).replace(SINCE_17, b"", 1))
            while chunk := process.stdout.read(CHUNK_BYTES):
                write(chunk)
            expect_success(process, "The dump could not be read")
        finally:
            process.kill()
            feeder.join()
            process.stdin = None


def _feed(backup: ZipFile, pipe: IO[bytes]) -> None:
    with contextlib.suppress(BrokenPipeError), backup.open(DUMP) as dump, pipe:
        while chunk := dump.read(CHUNK_BYTES):
            pipe.write(chunk)


# PostgreSQL's own programs


def program(name: str, connection: BaseDatabaseWrapper, *options: str) -> dict[str, Any]:
    """What Popen needs to run a program of PostgreSQL on that database. No password is in a list
    of processes."""
    found = connection.get_connection_params()
    place = {key: value for key, value in found.items() if key not in DJANGOS_OWN}
    command = [installed_binaries() / name, *options, f"--dbname={make_conninfo(**place)}"]
    return {"args": command, "env": {**os.environ, "PGPASSWORD": found.get("password") or ""}}


def expect_success(process: subprocess.Popen[bytes], what: str) -> None:
    reason = process.stderr.read().decode(errors="replace").strip().splitlines()
    if process.wait() != 0:
        raise BackupError(f"{what}: {reason[-1] if reason else process.returncode}")
