"""The first start, ended while it makes its environment: the next one makes it whole.

In a checkout of its own with one package made on the spot, so that nothing is fetched.
"""

import base64
import hashlib
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from config.start import install
from tests.servers import ROOT

WHEEL = "tiny-1.0-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
TAG = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
PACKAGES = ".venv/lib/python*/site-packages"
PARTS = {
    "tiny.py": "ANSWER = 42\n",
    "tiny-1.0.dist-info/METADATA": METADATA,
    "tiny-1.0.dist-info/WHEEL": TAG,
}
# What of `make run` needs no network: the environment and its packages.
INSTALL = (
    "import sys; from pathlib import Path; from config.start import install\n"
    "venv = Path('.venv').resolve()\n"
    "with install.one_at_a_time(venv.parent):\n"
    "    python = install.make_venv(venv)\n"
    "    install.install_python_packages(venv, python, is_dev=False)\n"
)


def digest(text):
    packed = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return "sha256=" + packed.rstrip(b"=").decode()


def make_wheel(folder):
    record = [f"{name},{digest(text)},{len(text)}" for name, text in PARTS.items()]
    record.append("tiny-1.0.dist-info/RECORD,,")
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        for name, text in {**PARTS, "tiny-1.0.dist-info/RECORD": "\n".join(record)}.items():
            wheel.writestr(name, text)
    return hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()


@pytest.fixture
def checkout(tmp_path):
    for folder in ("start", "static"):
        shutil.copytree(ROOT / "config" / folder, tmp_path / "config" / folder)
    lock = f"tiny==1.0 --hash=sha256:{make_wheel(tmp_path)}\n"
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(lock)
    return tmp_path


def start(checkout, by="pip"):
    offline = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(checkout),
        f"{by.upper()}_FIND_LINKS": str(checkout),
        "PIP_NO_INDEX" if by == "pip" else "UV_OFFLINE": "1",
    }
    return subprocess.Popen([sys.executable, "-c", INSTALL], cwd=checkout, env=offline,
                            start_new_session=True)  # fmt: skip


def end_when(checkout, reached, by):
    """Kill a start, and all that it has started, as soon as the path is there."""
    process = start(checkout, by)
    give_up_at = time.monotonic() + 120
    while not any(checkout.glob(reached)):
        assert process.poll() is None
        assert time.monotonic() < give_up_at
        time.sleep(0.005)
    install.os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def answer(checkout):
    command = [checkout / ".venv/bin/python", "-c", "import pip, tiny; print(tiny.ANSWER)"]
    return subprocess.run(command, capture_output=True, text=True).stdout


def test_start_that_was_ended_can_be_repeated(checkout):
    """Ended thrice in one checkout: what each start leaves behind, the next one finds."""
    end_when(checkout, ".venv/bin/python", "pip")
    # Without the mark of an end it is an environment of somebody's own that has no pip.
    (checkout / ".venv.unfinished").unlink()
    end_when(checkout, f"{PACKAGES}/pip/_internal", "pip")
    finish(checkout, "pip")
    forget_the_package(checkout)
    end_when(checkout, f"{PACKAGES}/tiny.py", "uv")
    finish(checkout, "uv")


def finish(checkout, by):
    """Start once more; this one makes the environment whole."""
    assert not (checkout / ".venv/installed").exists()
    assert start(checkout, by).wait(240) == 0
    assert answer(checkout) == "42\n"
    (who,) = checkout.glob(f"{PACKAGES}/tiny-1.0.dist-info/INSTALLER")
    assert who.read_text().strip() == by
    assert not (checkout / ".venv.unfinished").exists()


def forget_the_package(checkout):
    """A whole environment in which nothing is installed yet."""
    (checkout / ".venv/installed").unlink()
    command = [checkout / ".venv/bin/python", "-m", "pip", "uninstall", "--quiet", "--yes", "tiny"]
    subprocess.run(command, check=True, env={"PIP_ROOT_USER_ACTION": "ignore"})


def test_whole_environment_of_somebodys_own_is_used_as_it_is(tmp_path):
    venv = tmp_path / "own"
    for name in ("bin/python", "lib/python3.11/site-packages/pip/__init__.py"):
        (venv / name).parent.mkdir(parents=True)
        (venv / name).touch()
    assert install.is_whole(venv)
    with install.changing(venv):
        assert not install.is_whole(venv)
    assert install.is_whole(venv)
