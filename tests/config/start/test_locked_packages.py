"""By whom packages are installed. uv and pip are stand-ins that write down what they were asked."""

import os

import pytest

from config.start.locked_packages import UV, install_locked

SAYS = """#!/bin/sh
echo "{name} $* $UV_DEFAULT_INDEX" >> "$WRITTEN"
case "$*" in *"config list"*) echo "$TOLD";; esac
case "$*" in {refused}) exit 1;; esac
case "$*" in *--target*) mkdir "${{9}}/bin"; cp "$SPARE" "${{9}}/bin/uv";; esac
"""
LOCKED = "--require-hashes --quiet"


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Call it with a name, and with the pattern of what is refused: an executable of that name."""
    monkeypatch.setenv("WRITTEN", str(tmp_path / "written"))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("SPARE", str(tmp_path / "spare"))
    monkeypatch.setenv("TOLD", "")

    def stand_in(name, refused="nothing"):
        path = tmp_path / name
        path.write_text(SAYS.format(name=name, refused=refused))
        path.chmod(0o755)
        return path

    return stand_in


@pytest.fixture
def asked(tmp_path, stand_in):
    """Call it: whether a lock was installed, and who was asked for what."""

    def asked(python):
        is_done = install_locked(python, "lock.txt")
        lines = (tmp_path / "written").read_text().replace(str(tmp_path), "").splitlines()
        asking = [line.strip().replace("-m pip --disable-pip-version-check ", "") for line in lines]
        return is_done, [line for line in asking if not line.endswith("config list")]

    return asked


def test_uv_of_this_machine_is_taken(stand_in, asked):
    stand_in("uv")
    by_uv = f"uv pip install {LOCKED} --python /python --requirement lock.txt"
    assert asked(stand_in("python")) == (True, [by_uv])


@pytest.mark.parametrize("also", ["", "install.index-url='file:///near'\n"])
def test_uv_asks_where_pip_was_told_to_ask(stand_in, asked, monkeypatch, also):
    said = "global.index-url='file:///far'" if also else "global.index-url='file:///near'"
    monkeypatch.setenv("TOLD", f"{said}\n{also}")
    stand_in("uv")
    assert asked(stand_in("python"))[1][0].endswith("--requirement lock.txt file:///near")


def test_uv_is_fetched_by_its_digest_for_this_once(stand_in, asked, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "passing"))
    (tmp_path / "passing").mkdir()
    monkeypatch.setattr("tempfile.tempdir", None)
    stand_in("spare")
    is_done, (fetching, by_uv) = asked(stand_in("python"))
    assert (is_done, fetching.endswith(f"--requirement {UV}")) == (True, True)
    assert fetching.startswith(f"python install {LOCKED} --only-binary=:all: --target /passing/uv-")
    assert by_uv == f"spare pip install {LOCKED} --python /python --requirement lock.txt"
    assert os.listdir(tmp_path / "passing") == []


@pytest.mark.parametrize(
    ("uv_refuses", "pip_refuses", "told", "is_done", "askers"),
    [
        ("*install*", "nothing", "", True, ["uv", "python"]),
        ("*install*", "*install*", "", False, ["uv", "python"]),
        ("nothing", "nothing", ":env:.no-index='1'", True, ["python"]),
    ],
)
def test_pip_is_taken_where_uv_cannot(
    stand_in, asked, monkeypatch, uv_refuses, pip_refuses, told, is_done, askers
):
    monkeypatch.setenv("TOLD", told)
    stand_in("uv", uv_refuses)
    was_done, asking = asked(stand_in("python", pip_refuses))
    assert (was_done, [line.split()[0] for line in asking]) == (is_done, askers)
    assert asking[-1] == f"python install {LOCKED} --requirement lock.txt"


def test_without_any_uv_pip_is_taken(stand_in, asked, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    is_done, asking = asked(stand_in("python", "*--target*"))
    assert (is_done, len(asking)) == (True, 2)
    assert asking[-1] == f"python install {LOCKED} --requirement lock.txt"
