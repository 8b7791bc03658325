"""Install the packages of a lock: by uv where it can be had, by pip where not.

uv takes a third of the time, its own download included. Both refuse what has another digest than
the lock says.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

UV = Path(__file__).resolve().parents[2] / "requirements-uv.txt"
OPTIONS = ("--require-hashes", "--quiet")
# It would know no authority but its own, where pip asks the machine's; in two versions' words.
AS_PIP = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
INDEX = re.compile(r"^(\S+)\.index-url='(.+)'", re.MULTILINE)


def install_locked(python: Path, lock: Path) -> bool:
    """Whether all are there; what went wrong is said by pip, which is asked last."""
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    told = subprocess.run([*pip, "config", "list"], capture_output=True, text=True).stdout
    # Whoever told pip to ask nobody has the packages in a place that uv does not know of.
    if ".no-index=" not in told and is_installed_by_uv(pip, python, lock, index_of(told)):
        return True
    return subprocess.run([*pip, "install", *OPTIONS, "--requirement", lock]).returncode == 0


def index_of(told: str) -> dict[str, str]:
    """For uv, the index that pip takes: of the environment, else its own for installing."""
    found = dict(INDEX.findall(told))
    url = next((found[each] for each in (":env:", "install", "global") if each in found), None)
    return {"UV_DEFAULT_INDEX": url} if url else {}


def is_installed_by_uv(pip: list[str], python: Path, lock: Path, index: dict[str, str]) -> bool:
    environment = os.environ | AS_PIP | index
    with TemporaryDirectory(prefix="uv-") as folder:
        uv = shutil.which("uv") or shutil.which("uv", path=python.parent) or fetched(pip, folder)
        options = [*OPTIONS, "--python", str(python), "--requirement", str(lock)]
        return bool(uv) and is_done([str(uv), "pip", "install", *options], environment)


def fetched(pip: list[str], folder: str) -> str | None:
    """uv, for this once; None where there is none for this machine, for pip would build it."""
    into = ["--only-binary=:all:", "--target", folder, "--requirement", str(UV)]
    is_there = is_done([*pip, "install", *OPTIONS, *into], {**os.environ})
    return f"{folder}/bin/uv" if is_there else None


def is_done(command: list[str], environment: dict[str, str]) -> bool:
    return subprocess.run(command, env=environment, capture_output=True).returncode == 0
