"""The backups that are made without anybody asking, and how long they are kept.

In BACKUP_DIR, each named for what it was made for: every night, and before what changes all of the
database. Those older than BACKUP_DAYS days are deleted, but never the newest of its kind. What
`manage.py backup` has made is nobody's to delete.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from config.postgres.data_directory import data_directory
from config.postgres.server import try_lock
from config.recovery import backup_file
from config.recovery.backup_file import BackupError

NIGHTLY, BEFORE_UPDATE, BEFORE_RESTORE = KINDS = ("nightly", "before-update", "before-restore")
FROM_HOUR = 3  # UTC; a machine that sleeps then makes its backup when it wakes


def directory() -> Path:
    """Made if it is missing, and closed to everybody else. Raises BackupError."""
    if not settings.BACKUP_DIR:
        raise BackupError("Name a file: there is no BACKUP_DIR for backups here.")
    path = Path(settings.BACKUP_DIR).expanduser()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"{path} cannot be made for backups: {error.strerror}.") from error
    return path


def are_wanted() -> bool:
    return bool(settings.BACKUP_DIR and settings.BACKUP_DAYS > 0)


def own_key() -> Path | None:
    """The secret key, where this installation has made it itself."""
    is_own = settings.IS_EMBEDDED and not os.environ.get("SECRET_KEY")
    return data_directory() / "secret-key" if is_own else None


def back_up(path: Path) -> None:
    backup_file.write(path, connection, own_key())


def back_up_before(kind: str) -> Path | None:
    """None where the host wants no backups."""
    if not are_wanted():
        return None
    path = directory() / f"{kind}-{timezone.now():%Y-%m-%d-%H%M%S}.zip"
    back_up(path)
    return path


def nightly(*, at: datetime) -> None:
    """Make today's if it is time, and delete what has had its time. One process at a time."""
    if not are_wanted() or at.hour < FROM_HOUR:
        return
    path = directory() / f"{NIGHTLY}-{at:%Y-%m-%d}.zip"
    if path.exists() or (lock := try_lock(path.parent / ".lock")) is None:
        return
    try:
        for left in path.parent.glob(f".{NIGHTLY}-*.new"):
            left.unlink()  # by a process that was ended
        back_up(path)
        clear(at=at)
    finally:
        os.close(lock)


def clear(*, at: datetime) -> None:
    oldest = (at - timedelta(days=settings.BACKUP_DAYS)).timestamp()
    for kind in KINDS:
        # Their names sort by time.
        *others, _newest = sorted(directory().glob(f"{kind}-*.zip")) or [None]
        for path in others:
            if path.stat().st_mtime < oldest:
                path.unlink()
