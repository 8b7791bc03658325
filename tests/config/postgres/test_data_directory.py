import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.postgres.data_directory import data_directory, secret


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


def test_data_directory_is_made_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "a/b"))
    assert data_directory() == tmp_path / "a/b"
    assert mode(tmp_path / "a/b") == (0o711 if os.geteuid() == 0 else 0o700)


def test_data_directory_leaves_one_that_exists_as_it_is(directory):
    directory.chmod(0o750)
    assert data_directory() == directory
    assert mode(directory) == 0o750


def test_data_directory_is_absolute_and_knows_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DATA_DIR", "~/diary")
    assert data_directory() == tmp_path / "diary"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "diary")
    assert data_directory() == tmp_path / "diary"


def test_data_directory_without_data_dir_is_the_users_own(tmp_path, monkeypatch):
    monkeypatch.delenv("DATA_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    expected = "Library" if sys.platform == "darwin" else str(tmp_path / "did-it-work")
    assert expected in str(data_directory())


def test_secret_is_made_once_and_differs_by_name(directory):
    first = secret("one")
    assert secret("one") == first
    assert secret("two") != first
    assert (directory / "one").read_text() == first


def test_secret_has_as_many_bytes_as_asked_for(directory):
    assert len(secret("short", nbytes=12)) == 16
    assert len(secret("long", nbytes=48)) == 64


def test_secret_is_for_its_owner_only_whatever_the_umask(directory):
    umask = os.umask(0)
    try:
        secret("one")
    finally:
        os.umask(umask)
    assert mode(directory / "one") == 0o600


def test_secret_kept_by_hand_is_used(directory):
    (directory / "one").write_text("of my own\n")
    assert secret("one") == "of my own"


def test_secret_that_is_empty_is_refused(directory):
    (directory / "one").touch()
    with pytest.raises(RuntimeError, match="one is empty"):
        secret("one")


def test_secret_interrupted_while_written_is_made_whole(directory):
    (directory / ".one.new").write_text("half")
    (directory / ".one.new").chmod(0o444)
    value = secret("one")
    assert len(value) == 43
    assert [path.name for path in directory.iterdir()] == ["one"]
    assert mode(directory / "one") == 0o600


def test_secret_is_on_the_disk_before_it_has_its_name(directory, monkeypatch):
    """A power cut must not leave an empty secret: data first, then name, then directory."""
    done = []
    fsync, rename = os.fsync, Path.rename

    def noting_fsync(descriptor):
        done.append("directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "data")
        fsync(descriptor)

    def noting_rename(path, target):
        done.append("name")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(Path, "rename", noting_rename)
    secret("one")
    assert done == ["data", "name", "directory"]


def test_secret_is_the_same_for_processes_that_start_together(directory):
    """All are ready before the first asks, so that their questions meet."""
    code = (
        "import sys\n"
        "from config.postgres.data_directory import secret\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "for n in range(50): print(secret(f'secret-{n}'))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "DATA_DIR": str(directory)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate()[0].split() for process in processes]
    assert len(answers[0]) == 50
    assert answers == [answers[0]] * 6
