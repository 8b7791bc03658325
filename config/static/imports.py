"""What scripts import, and their digests, as they are served."""

import posixpath
from base64 import b64encode
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from config.static.joined import IMPORTED


def modules(*names: str) -> set[str]:
    """The scripts of these names, and all that they import, as paths below static/."""
    found, to_read = set(), list(names)
    while to_read:
        name = to_read.pop()
        if name not in found:
            found.add(name)
            folder = posixpath.dirname(name)
            to_read += [
                posixpath.normpath(f"{folder}/{each}") for each in IMPORTED.findall(source(name))
            ]
    return found


def source(name: str) -> str:
    """A script as it is collected, or as it is typed while developing."""
    if settings.DEBUG:
        return (settings.BASE_DIR / "static" / name).read_text()
    with staticfiles_storage.open(name) as file:
        return file.read().decode()


@cache
def digest(name: str) -> str:
    with staticfiles_storage.open(staticfiles_storage.stored_name(name)) as file:
        return f"sha256-{b64encode(sha256(file.read()).digest()).decode()}"
