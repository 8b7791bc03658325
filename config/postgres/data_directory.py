"""Where this installation keeps its database and its secrets."""

import fcntl
import os
import secrets
from pathlib import Path

import platformdirs


def data_directory() -> Path:
    """Return the absolute data directory, making it if it is missing.

    The environment's DATA_DIR wins. A directory that exists keeps its mode and owner.
    """
    configured = os.environ.get("DATA_DIR")
    directory = Path(configured or _default_directory()).expanduser().absolute()
    if not directory.is_dir():
        # PostgreSQL refuses to run as root. When root starts us the server gets an account of its
        # own, which must be able to pass through here; listing and reading stay with root.
        directory.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    return directory


def _default_directory() -> str:
    if os.geteuid() == 0:
        return "/var/lib/did-it-work"  # root's home is closed to the server's account
    return platformdirs.user_data_dir("did-it-work", appauthor=False)


def secret(name: str, *, nbytes: int = 32, directory: Path | None = None) -> str:
    """Return the URL-safe secret of that name, made from `nbytes` random bytes on first use.

    It is the content of the file `name` in the data directory, readable by its owner only.
    Processes that ask at the same time get the same answer.
    """
    path = (directory or data_directory()) / name
    if not path.exists():
        _make_secret(path, nbytes)
    value = path.read_text().strip()
    if not value:
        raise RuntimeError(f"{path} is empty: put the secret back, or delete it to get a new one.")
    return value


def _make_secret(path: Path, nbytes: int) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # Without the lock two first starts would each make a secret, and one would go on with a
        # value that the other has just replaced.
        fcntl.flock(folder, fcntl.LOCK_EX)
        if not path.exists():
            _write_whole(path, secrets.token_urlsafe(nbytes))
            os.fsync(folder)  # otherwise the name may be missing after a power cut
    finally:
        os.close(folder)


def put_secret(name: str, value: str) -> None:
    """Replace the secret of that name, as a restored installation has to."""
    _write_whole(data_directory() / name, value)


def _write_whole(path: Path, text: str) -> None:
    """Write a file of mode 0600 that is seen whole or not at all. One writer at a time."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
