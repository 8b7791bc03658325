"""Find a Chromium; `python -m tests.browser.chromium` installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "No Chromium was found: install one, or name it, as in CHROMIUM=/path/to/chromium make test."
)


def find(playwright: Playwright) -> str | None:
    """CHROMIUM wins, then the system's own, then the one that Playwright downloads."""
    own = playwright.chromium.executable_path
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), own]
    return next((path for path in found if path and Path(path).exists()), None)


def launch(playwright: Playwright, *more: str) -> Browser:
    path = find(playwright)
    if path is None:
        sys.exit(ADVICE)
    # Without a sandbox: it does not start as root or in containers, and visits only ourselves. And
    # without a process in reserve for the next site, which each page would start in vain.
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    arguments += ["--disable-site-isolation-trials", *more]
    return playwright.chromium.launch(executable_path=path, args=arguments)


def install() -> None:
    with sync_playwright() as playwright:
        if find(playwright) or _succeeds(sys.executable, "-m", "playwright", "install", "chromium"):
            return
        if os.geteuid() == 0 and shutil.which("apt-get"):
            _succeeds("apt-get", "update", "-q")
            _succeeds("apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium")
        if not find(playwright):
            sys.exit(ADVICE)


def _succeeds(*command: str) -> bool:
    print(f"No Chromium was found: {' '.join(command[-4:])}…", flush=True)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    return (
        subprocess.run(
            command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, **quiet
        ).returncode
        == 0
    )


if __name__ == "__main__":
    install()
