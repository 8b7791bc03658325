"""A cluster of another major version of PostgreSQL: said at the start, moved by one command."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from config.postgres import server
from config.postgres.data_directory import secret
from config.postgres.server import MAJOR_VERSION, Server, socket_directory
from config.postgres.supervisor import database_url
from config.recovery import upgrade
from config.recovery.backup_file import SINCE_17
from tests.config.recovery.databases import ask, fill, manage
from tests.config.recovery.test_backup import contents
from tests.servers import ROOT

# Of this machine: from Debian's packages, for instance. The other tests here need none.
OTHERS = [
    path.parent.name
    for path in Path("/usr/lib/postgresql").glob("*/bin")
    if path.parent.name != MAJOR_VERSION and (path / "postgres").exists()
]
OLD_INITDB = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--data-checksums"]


@pytest.fixture
def data_dir():
    """Not tmp_path: the server's account must be able to enter it."""
    path = Path(tempfile.mkdtemp(prefix="did-it-work-upgrade-"))
    path.chmod(0o711)
    yield path
    for each in (path, path / "upgrade"):
        shutil.rmtree(socket_directory(each), ignore_errors=True)
    shutil.rmtree(path)


def run(data_dir, *module):
    environment = os.environ | {"DATABASE_URL": "", "SECRET_KEY": "", "DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def cluster_of(data_dir, version):
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres/PG_VERSION").write_text(f"{version}\n")
    os.chown(data_dir / "postgres", 65534 if os.geteuid() == 0 else -1, -1)


def known_to_all(tables, folder):
    """The file of the tables without what older servers do not know."""
    file = folder / "tables.sql"
    file.write_bytes(tables.read_bytes().replace(SINCE_17, b"", 1))
    return file


@pytest.mark.parametrize("version", OTHERS)
def test_cluster_of_another_version_moves_with_every_row(
    data_dir, version, monkeypatch, tables, tmp_path
):
    monkeypatch.setattr(server, "INITDB_OPTIONS", OLD_INITDB)
    key = secret("secret-key", directory=data_dir)
    programs = Path(upgrade.PLACES[0].format(version))
    with upgrade._serving(Server(data_dir, programs, version)):
        url = database_url(data_dir)
        fill(url, known_to_all(tables, tmp_path))
        assert manage(url, "create_demo").returncode == 0
        before = contents(url)
    assert len(before["diary_treatmentsession"]) > 100

    refused = run(data_dir, "config.postgres.supervisor", "true")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "run make upgrade-database, once." in refused.stderr
    result = run(data_dir, "config.recovery.upgrade")
    assert (result.returncode, result.stderr) == (0, "")
    assert (data_dir / f"postgres-{version}/PG_VERSION").exists()
    assert not (data_dir / "upgrade").exists()
    with upgrade._serving(Server(data_dir)):
        assert contents(database_url(data_dir)) == before
        assert ask(database_url(data_dir), "SHOW server_version_num")[0].startswith(MAJOR_VERSION)
    assert (data_dir / "secret-key").read_text().strip() == key


def test_start_on_another_version_says_what_to_do(data_dir):
    cluster_of(data_dir, 12)
    result = run(data_dir, "config.postgres.supervisor", "true")
    assert (result.returncode, result.stderr) == (
        1,
        f"{data_dir}/postgres was made by PostgreSQL 12, this is {MAJOR_VERSION}: run "
        "make upgrade-database, once. It keeps every row, and the old files beside.\n",
    )


def test_upgrade_without_old_programs_or_backup_says_what_is_missing(data_dir):
    cluster_of(data_dir, 12)
    result = run(data_dir, "config.recovery.upgrade")
    assert (result.returncode, result.stderr) == (
        1,
        "Neither the programs of PostgreSQL 12 nor a backup was found: install it (Debian: "
        "postgresql-12), or name its programs, as in make upgrade-database "
        "OLD_POSTGRES=/usr/lib/postgresql/12/bin.\n",
    )
    assert (data_dir / "postgres/PG_VERSION").read_text() == "12\n"


def test_upgrade_that_was_ended_before_its_last_step_is_finished(data_dir):
    """The old cluster is aside already: a start must not make an empty one in its place."""
    cluster_of(data_dir, MAJOR_VERSION)
    (data_dir / "upgrade").mkdir()
    (data_dir / "postgres").rename(data_dir / "upgrade/postgres")
    (data_dir / "upgrade/whole").touch()
    result = run(data_dir, "config.postgres.supervisor", "true")
    assert (result.returncode, result.stderr) == (
        1,
        "An upgrade was ended before its last step: make upgrade-database.\n",
    )
    assert run(data_dir, "config.recovery.upgrade").returncode == 0
    assert (data_dir / "postgres/PG_VERSION").read_text() == f"{MAJOR_VERSION}\n"
    assert run(data_dir, "config.recovery.upgrade").stdout == (
        f"The database is of PostgreSQL {MAJOR_VERSION} already.\n"
    )
