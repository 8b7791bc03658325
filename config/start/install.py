"""Bring a checkout to where it can run: Python and npm packages, translations, static files.

    python3 -m config.start.install VENV [--dev]

Needs Python and nothing else. Each step leaves a stamp of what it was made from, and is taken
again only when that has changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.static.trimmed_css import needed, sources, words

ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = ROOT / "node_modules"
BOOTSTRAP = NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
LOCALE = ROOT / "config" / "language" / "locale"


def main(arguments):
    venv = Path(arguments[0]).absolute()
    is_dev = "--dev" in arguments
    python = make_venv(venv)
    install_python_packages(venv, python, is_dev)
    install_npm_packages(venv, python, is_dev)
    compile_translations(python)
    collect_static_files(python)


def make_venv(venv):
    python = venv / "bin" / "python"
    if not python.exists():
        try:
            import ensurepip  # noqa: F401 (Debian's python3 comes without it)
        except ImportError:
            sys.exit("Python's venv module is missing: install it (Debian: python3-venv).")
        run(sys.executable, "-m", "venv", "--clear", venv)
    return python


def install_python_packages(venv, python, is_dev):
    runtime, dev = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    wanted = {name: digest(python.resolve(), name.read_bytes()) for name in (runtime, dev)}
    stamp = venv / "installed"
    # The development packages include the others, in the same versions.
    if read(stamp) in ({wanted[dev]} if is_dev else {wanted[runtime], wanted[dev]}):
        return
    lock = dev if is_dev else runtime
    print(f"Installing the packages of {lock.name}…", flush=True)
    pip_install(python, lock)
    stamp.write_text(wanted[lock])


def install_npm_packages(venv, python, is_dev):
    lock = (ROOT / "package-lock.json").read_bytes()
    runtime, dev = digest(lock), digest(lock, "dev")
    stamp = NODE_MODULES / "installed"
    if read(stamp) in ({dev} if is_dev else {runtime, dev}):
        return
    print("Installing the packages of package-lock.json…", flush=True)
    path = f"{venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if not (shutil.which("node") and shutil.which("npm")):
        pip_install(python, ROOT / "requirements-node.txt")
    npm = [shutil.which("npm", path=path), "ci", "--no-progress", "--loglevel=error"]
    run(*npm, *([] if is_dev else ["--omit=dev"]), env={**os.environ, "PATH": path})
    stamp.write_text(dev if is_dev else runtime)


def compile_translations(python):
    """By Babel: a machine with Python and make has no GNU gettext."""
    catalogues = sorted(LOCALE.rglob("*.po"))
    made_from = digest(*(path.read_bytes() for path in catalogues))
    stamp = LOCALE / ".made-from"
    is_all_there = all(path.with_suffix(".mo").exists() for path in catalogues)
    if is_all_there and read(stamp) == made_from:
        return
    run(python, "-m", "config.language.messages", "compile")
    stamp.write_text(made_from)


def collect_static_files(python):
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
    # What is there already stays: a server that is running may still be asked for it.
    command = [python, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    run(*command, env=environment)
    stamp.write_text(made_from)


def static_sources():
    for name in ("requirements.txt", "package-lock.json"):
        yield (ROOT / name).read_bytes()
    for name in ("storage.py", "trimmed_css.py"):
        yield (ROOT / "config" / "static" / name).read_bytes()
    yield from sorted(words(sources(ROOT)) & needed(BOOTSTRAP.read_text()))
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            yield path.relative_to(ROOT)
            yield path.read_bytes()


def pip_install(python, lock):
    options = ["--require-hashes", "--quiet", "--disable-pip-version-check"]
    run(python, "-m", "pip", "install", *options, "--requirement", lock)


def run(*command, env=None):
    result = subprocess.run(command, cwd=ROOT, env=env)
    if result.returncode != 0:
        sys.exit(f"{Path(command[0]).name} failed; the lines above say why.")


def digest(*parts):
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else str(part).encode())
        total.update(b"\0")
    return total.hexdigest()


def read(stamp):
    return stamp.read_text() if stamp.exists() else ""


if __name__ == "__main__":
    main(sys.argv[1:])
