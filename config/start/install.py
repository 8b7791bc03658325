"""Bring a checkout to where it can run: Python and npm packages, translations, static files.

    python3 -m config.start.install VENV [--dev]

Needs Python and nothing else. Each step leaves a stamp of what it was made from, and is taken
again only when that has changed. It may be ended at any moment, by a power cut too: the stamp is
written last, when all else is on the disk, and what is found without it is made anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.start.locked_packages import install_locked
from config.static.trimmed_css import needed, sources, words

ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = ROOT / "node_modules"
BOOTSTRAP = NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
FAILED = "{} failed; the lines above say why."
LOCALE = ROOT / "config" / "language" / "locale"


def main(arguments: list[str]) -> None:
    venv = Path(arguments[0]).resolve()
    is_dev = "--dev" in arguments
    with one_at_a_time(venv.parent):
        python = make_venv(venv)
        install_python_packages(venv, python, is_dev)
        install_npm_packages(venv, python, is_dev)
        compile_translations(python)
        collect_static_files(python)


@contextmanager
def one_at_a_time(directory: Path) -> Iterator[None]:
    """Wait for another start from there: what it has not finished must not pass for left behind."""
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_venv(venv: Path) -> Path:
    python = venv / "bin" / "python"
    if not is_whole(venv):
        try:
            import ensurepip  # noqa: F401 (Debian's python3 comes without it)
        except ImportError:
            sys.exit("Python's venv module is missing: install it (Debian: python3-venv).")
        with changing(venv):
            run(sys.executable, "-m", "venv", "--clear", venv)
    return python


def is_whole(venv: Path) -> bool:
    """Whether nobody was ended while they changed it: half a pip cannot install the other half."""
    is_there = (venv / "bin" / "python").exists() and any(
        venv.glob("lib/python*/site-packages/pip")
    )
    return is_there and not unfinished(venv).exists()


def unfinished(venv: Path) -> Path:
    """Beside it, for making an environment empties its directory first."""
    return venv.with_name(f"{venv.name}.unfinished")


@contextmanager
def changing(venv: Path) -> Iterator[None]:
    """Leave a mark there unless the block ends well."""
    unfinished(venv).touch()
    os.sync()
    yield
    os.sync()
    unfinished(venv).unlink()


def install_python_packages(venv: Path, python: Path, is_dev: bool) -> None:
    runtime, dev = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    wanted = {name: digest(python.resolve(), name.read_bytes()) for name in (runtime, dev)}
    stamp = venv / "installed"
    # The development packages include the others, in the same versions.
    if read(stamp) in ({wanted[dev]} if is_dev else {wanted[runtime], wanted[dev]}):
        return
    lock = dev if is_dev else runtime
    print(f"Installing the packages of {lock.name}…", flush=True)
    install_packages(venv, python, lock)
    stamp.write_text(wanted[lock])


def install_npm_packages(venv: Path, python: Path, is_dev: bool) -> None:
    lock = (ROOT / "package-lock.json").read_bytes()
    runtime, dev = digest(lock), digest(lock, "dev")
    stamp = NODE_MODULES / "installed"
    if read(stamp) in ({dev} if is_dev else {runtime, dev}):
        return
    print("Installing the packages of package-lock.json…", flush=True)
    path = f"{venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if not (shutil.which("node") and shutil.which("npm")):
        install_packages(venv, python, ROOT / "requirements-node.txt")
    npm = shutil.which("npm", path=path) or "npm"
    options = ["--no-progress", "--loglevel=error", *([] if is_dev else ["--omit=dev"])]
    run(npm, "ci", "--include=optional", *options, env={**os.environ, "PATH": path})
    write_last(stamp, dev if is_dev else runtime)


def compile_translations(python: Path) -> None:
    """By Babel: a machine with Python and make has no GNU gettext."""
    catalogues = sorted(LOCALE.rglob("*.po"))
    made_from = digest(*(path.read_bytes() for path in catalogues))
    stamp = LOCALE / ".made-from"
    is_all_there = all(path.with_suffix(".mo").exists() for path in catalogues)
    if is_all_there and read(stamp) == made_from:
        return
    run(python, "-m", "config.language.messages", "compile")
    write_last(stamp, made_from)


def collect_static_files(python: Path) -> None:
    """Hash and compress what the production server serves."""
    made_from = digest(*static_sources())
    root = Path(os.environ.get("STATIC_ROOT") or ROOT / "staticfiles")
    stamp = root / ".made-from"
    if read(stamp) == made_from:
        return
    print("Collecting the static files…", flush=True)
    # Neither a database nor a secret takes part.
    unused = {"DATABASE_URL": "postgresql:///unused", "SECRET_KEY": "unused"}
    environment = {**os.environ, **unused, "STATIC_ROOT": str(root)}
    command: list[str | Path] = [
        python,
        "manage.py",
        "collectstatic",
        "--no-input",
        "--verbosity=0",
    ]
    if root.exists() and not stamp.exists():
        command.append("--clear")  # half a file is newer than its source, and would be left so
    # Otherwise what is there stays: a server that is running may still be asked for it.
    stamp.unlink(missing_ok=True)
    run(*command, env=environment)
    write_last(stamp, made_from)


def static_sources() -> Iterator[str | Path | bytes]:
    for name in ("requirements.txt", "package-lock.json"):
        yield (ROOT / name).read_bytes()
    for name in ("joined.py", "storage.py", "trimmed_css.py"):
        yield (ROOT / "config" / "static" / name).read_bytes()
    yield from sorted(words(sources(ROOT)) & needed(BOOTSTRAP.read_text()))
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            yield path.relative_to(ROOT)
            yield path.read_bytes()


def install_packages(venv: Path, python: Path, lock: Path) -> None:
    with changing(venv):
        if not install_locked(python, lock):
            sys.exit(FAILED.format("pip"))


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    result = subprocess.run(command, cwd=ROOT, env=env)
    if result.returncode != 0:
        sys.exit(FAILED.format(Path(command[0]).name))


def digest(*parts: str | Path | bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else str(part).encode())
        total.update(b"\0")
    return total.hexdigest()


def write_last(stamp: Path, made_from: str) -> None:
    os.sync()
    stamp.write_text(made_from)


def read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


if __name__ == "__main__":
    main(sys.argv[1:])
