"""The whole installation into one file, and back: real processes, databases of their own."""

import os
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from config.recovery import backup_file, kept
from config.recovery.backup_file import BackupError
from tests import migrated
from tests.config.recovery.databases import ask, empty_database, manage
from tests.factories import UserFactory

TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
# What is said of each, by one process: to start takes longer than to restore.
RESTORE_EACH = """
import os
import django
from django.core.management import CommandError, call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
for file in {files}:
    try:
        call_command("restore", file)
        print("restored")
    except CommandError as error:
        print(error)
"""


def contents(url):
    """Every row of every table, whatever its order."""
    names = ask(url, TABLES)
    return {name: sorted(ask(url, f"SELECT t::text FROM {name} t")) for name in names}  # noqa: S608


@pytest.fixture(scope="module")
def demo_backup(tmp_path_factory, tables):
    """A database with the demo diary, and its backup; both are only read."""
    with empty_database(like=migrated.DATABASE) as url:
        assert manage(url, "create_demo").returncode == 0
        file = tmp_path_factory.mktemp("backup") / "all.zip"
        result = manage(url, "backup", str(file))
        assert (result.returncode, result.stderr) == (0, "")
        yield url, file


def test_backup_comes_back_whole_and_is_refused_over_data(demo_backup, tmp_path):
    url, file = demo_backup
    before = contents(url)
    assert len(before["diary_treatmentsession"]) > 100
    assert file.stat().st_mode & 0o777 == 0o600
    with empty_database() as other:
        result = manage(other, "restore", str(file))
        assert (result.returncode, result.stderr) == (0, "")
        assert contents(other) == before
        assert manage(other, "migrate", "--check").returncode == 0

        refused = manage(other, "restore", str(file))
        assert refused.returncode == 1
        assert refused.stderr.startswith("CommandError: There is a diary here already")

        ask(other, "DELETE FROM diary_sessiontreatment RETURNING 1")
        saved = tmp_path / "saved"
        result = manage(other, "restore", str(file), "--replace", BACKUP_DIR=str(saved))
        assert (result.returncode, result.stderr) == (0, "")
        assert contents(other) == before
        assert [re.sub(r"\d", "0", path.name) for path in saved.iterdir()] == [
            "before-restore-0000-00-00-000000.zip"
        ]


def test_damaged_or_newer_backup_changes_nothing(demo_backup, tmp_path):
    _url, file = demo_backup
    content = file.read_bytes()
    damages = {
        "half": content[: len(content) // 2],
        "turned": content[:20_000] + bytes([content[20_000] ^ 1]) + content[20_001:],
        "newer": content.replace(b'"contenttypes.0001_initial"', b'"contenttypes.9001_initial"'),
    }
    for name, bad in damages.items():
        (tmp_path / name).write_bytes(bad)
    with empty_database() as other:
        result = manage(other, code=RESTORE_EACH.format(files=[str(tmp_path / n) for n in damages]))
        assert (result.returncode, result.stderr) == (0, "")
        said = zip(damages, result.stdout.splitlines(), strict=True)
        assert [line for name, line in said if not line.startswith(f"{tmp_path / name} ")] == []
        assert contents(other) == {}


@pytest.fixture
def backups(tmp_path, settings):
    settings.BACKUP_DIR, settings.BACKUP_DAYS = str(tmp_path / "kept"), 3
    return tmp_path / "kept"


@pytest.mark.django_db(transaction=True)
def test_every_night_one_is_made_and_old_ones_go(backups):
    UserFactory()
    at = datetime(2026, 3, 10, 2, 59, tzinfo=UTC)
    kept.nightly(at=at)
    assert not backups.exists()
    for day in range(6):
        made = at + timedelta(minutes=1, days=day)
        kept.nightly(at=made)
        file = backups / f"nightly-{made:%Y-%m-%d}.zip"
        os.utime(file, (made.timestamp(), made.timestamp()))
        kept.nightly(at=made)
    names = sorted(path.name for path in backups.glob("*.zip"))
    # The sixth deleted what was older than three days.
    assert names == [f"nightly-2026-03-{day}.zip" for day in (12, 13, 14, 15)]
    assert backup_file.check(file)["postgresql"] == connection.pg_version // 10_000
    assert backups.stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db(transaction=True)
def test_without_days_or_directory_none_is_made(backups, settings):
    settings.BACKUP_DAYS = 0
    kept.nightly(at=datetime(2026, 3, 10, 5, tzinfo=UTC))
    assert kept.back_up_before(kept.BEFORE_UPDATE) is None
    settings.BACKUP_DAYS, settings.BACKUP_DIR = 3, ""
    kept.nightly(at=datetime(2026, 3, 10, 5, tzinfo=UTC))
    assert not backups.exists()


def test_update_of_the_tables_is_preceded_by_a_backup(tmp_path, tables):
    saved = {"BACKUP_DIR": str(tmp_path / "saved")}
    with empty_database() as url:
        assert manage(url, "migrate", "contenttypes", "0001", **saved).returncode == 0
        assert not (tmp_path / "saved").exists()
        assert manage(url, "migrate", "contenttypes", **saved).returncode == 0
        (file,) = (tmp_path / "saved").glob("before-update-*.zip")
        assert backup_file.check(file)["migrations"] == ["contenttypes.0001_initial"]
    file.unlink()
    with empty_database(like=migrated.DATABASE) as url:
        assert manage(url, "migrate", "--verbosity=0", **saved).returncode == 0
    assert list((tmp_path / "saved").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_backup_holds_the_key_that_the_installation_made(tmp_path):
    key, file = tmp_path / "secret-key", tmp_path / "all.zip"
    key.write_text("made-by-the-installation")
    backup_file.write(file, connection, key)
    with zipfile.ZipFile(file) as backup:
        assert backup.read("secret-key") == b"made-by-the-installation"
        assert sorted(backup.namelist()) == ["about.json", "database.dump", "secret-key"]


def test_what_is_no_backup_is_said(tmp_path):
    with pytest.raises(BackupError, match="There is no backup at"):
        backup_file.check(tmp_path / "missing.zip")
