"""What a device may keep for use without a connection: two public pages and what they load."""

import hashlib
import json
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

from apps.diary.calls import vapid
from config.static.imports import modules, source

PAGES = ("offline", "help_now")
STARTED = (
    "js/app.js",
    "js/offline/page.js",
    "js/offline/sealed.js",
    "js/offline/words.js",
)
LOADED = (
    "css/app.css",
    "css/dark.css",
    "icons/icon.svg",
    "icons/sprite.svg",
)


def files() -> list[str]:
    """The addresses of all static files that the two pages need, as hashed as they are."""
    return sorted(map(staticfiles_storage.url, [*LOADED, *modules(*STARTED)]))


@cache
def worker() -> str:
    """The service worker's script. It begins with what to keep; another version replaces it.

    The version changes with every static file and every template, so that a device never goes
    on showing the help page of long ago.
    """
    shell = {"pages": [reverse(name) for name in PAGES], "files": files()}
    shell["today"] = reverse("diary:today")  # opened by a tap on a notification
    shell["data"] = reverse("your_data:data")  # exports may take minutes
    shell |= {"kept": reverse("diary:kept"), "renew": reverse("diary:device_renew")}
    shell["key"] = vapid.public_key()
    shell["name"] = "Did it work?"
    templates = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
    said = b"".join(path.read_bytes() for path in templates)
    version = hashlib.sha256(json.dumps(shell).encode() + said).hexdigest()[:12]
    script = source("js/offline/worker.js")
    return f"const SHELL = {json.dumps(shell | {'version': version})};\n{script}"
