"""Another major version of PostgreSQL: its files are of another form, so all rows move over.

    python -m config.recovery.upgrade    (make upgrade-database)

The old version's own programs read the old cluster, where they are found: OLD_POSTGRES (their
directory), or Debian's place for them. Otherwise the newest backup is restored. The new cluster is
made beside the old one, and takes its place when it is whole; the old one stays, as `postgres-15`.
Whoever is ended in between says the same command again.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.postgres.data_directory import data_directory
from config.postgres.programs import StartError
from config.postgres.server import MAJOR_VERSION, Server, try_lock
from config.postgres.supervisor import database_url

PLACES = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin")


def main() -> None:
    if os.environ.get("DATABASE_URL"):
        raise StartError("DATABASE_URL names a database of your own: upgrade it as its host does.")
    data_dir = data_directory().resolve()
    lock = try_lock(data_dir / "supervisor.lock")
    if lock is None:
        raise StartError(f"The database in {data_dir} is in use: stop the program first.")
    cluster = data_dir / "postgres"
    if not cluster.exists():
        _take_place(data_dir)
    elif (version := (cluster / "PG_VERSION").read_text().strip()) == MAJOR_VERSION:
        print(f"The database is of PostgreSQL {MAJOR_VERSION} already.")
    else:
        _upgrade(data_dir, version)


def _upgrade(data_dir: Path, version: str) -> None:
    backup = _backup_of_old(data_dir, version)
    new = data_dir / "upgrade"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=data_dir.stat().st_mode & 0o777)
    for secret in ("postgres-password", "secret-key"):
        if (data_dir / secret).exists():
            shutil.copy2(data_dir / secret, new / secret)
    with _serving(Server(new)):
        _manage(new, "restore", str(backup))
        (new / "secret-key").unlink(missing_ok=True)
    os.sync()
    (new / "whole").touch()
    (data_dir / "postgres").rename(data_dir / f"postgres-{version}")
    _take_place(data_dir)


def _take_place(data_dir: Path) -> None:
    new = data_dir / "upgrade"
    if not (new / "whole").exists():
        raise StartError(f"There is no database in {data_dir} to upgrade.")
    (new / "postgres").rename(data_dir / "postgres")
    shutil.rmtree(new)
    print(f"The database is of PostgreSQL {MAJOR_VERSION} now. Start the program again.")


def _backup_of_old(data_dir: Path, version: str) -> Path:
    """Made now by the old programs, so that not one row is missing; else the newest there is."""
    if binaries := _old_programs(version):
        path = data_dir / "backups" / f"before-upgrade-{time.strftime('%Y-%m-%d-%H%M%S')}.zip"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with _serving(Server(data_dir, binaries, version)):
            _manage(data_dir, "backup", str(path))
        return path
    found = max((data_dir / "backups").glob("*.zip"), key=_made_at, default=None)
    if found is None:
        raise StartError(
            f"Neither the programs of PostgreSQL {version} nor a backup was found: install it "
            f"(Debian: postgresql-{version}), or name its programs, as in "
            f"make upgrade-database OLD_POSTGRES={PLACES[0].format(version)}."
        )
    made = time.strftime("%Y-%m-%d %H:%M", time.gmtime(_made_at(found)))
    print(
        f"The programs of PostgreSQL {version} are not here, so this is the backup of {made} UTC."
    )
    return found


def _made_at(path: Path) -> float:
    return path.stat().st_mtime


def _old_programs(version: str) -> Path | None:
    places = [os.environ.get("OLD_POSTGRES"), *(place.format(version) for place in PLACES)]
    return next((Path(each) for each in places if each and Path(each, "postgres").exists()), None)


@contextmanager
def _serving(server: Server) -> Iterator[None]:
    try:
        for is_done in (server.try_start, server.is_ready):
            while not is_done():
                time.sleep(0.05)
        server.make_database()
        yield
    finally:
        server.stop()


def _manage(data_dir: Path, *arguments: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": database_url(data_dir),
        "DATA_DIR": str(data_dir),
        "BACKUP_DAYS": "0",
    }
    command = [sys.executable, "manage.py", *arguments]
    result = subprocess.run(command, cwd=Path(__file__).parents[2], env=environment)
    if result.returncode != 0:
        raise StartError("Nothing was changed; the line above says why.")


if __name__ == "__main__":
    try:
        main()
    except (StartError, OSError) as error:
        sys.exit(str(error))
