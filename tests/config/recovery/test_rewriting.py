"""Deleted text leaves the files, on a server of its own: the tests' one is busy with others."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from config.postgres.roles import REWRITING, WORK
from config.recovery.rewriting import is_due, note, rewrite, rewrite_tables
from tests.config.postgres.processes import Parent

WORD = "quincemedlar"
NIGHT = datetime(2026, 3, 10, 3, tzinfo=UTC)
FILE = "SELECT pg_relation_filenode('diary')"


def files_with(word, directory):
    """Every file of the server in which the word is."""
    return [
        str(path.relative_to(directory))
        for path in sorted((directory / "postgres").rglob("*"))
        if path.is_file() and word.encode() in path.read_bytes()
    ]


def test_deleted_text_is_in_no_file_after_it(tmp_path):
    """As the role of the regular work, with what it is granted there and nothing else."""
    with Parent(tmp_path) as parent, psycopg.connect(parent.url, autocommit=True) as owner:
        owner.execute("CREATE TABLE diary (id int PRIMARY KEY, note text)")
        owner.execute(f"CREATE ROLE {WORK}; GRANT pg_checkpoint TO {WORK}; {REWRITING}")
        notes = [(number, f"kept {number}") for number in range(200)]
        notes[50:60] = [(number, f"{WORD} {number}") for number in range(50, 60)]
        with owner.cursor() as cursor:
            cursor.executemany("INSERT INTO diary VALUES (%s, %s)", notes)
        owner.execute("ANALYZE diary")
        owner.execute("CHECKPOINT")
        owner.execute("DELETE FROM diary WHERE note LIKE %s", [f"{WORD}%"])
        owner.execute("SELECT pg_stat_force_next_flush()")
        owner.execute("CHECKPOINT")
        assert len(files_with(WORD, tmp_path)) >= 2  # the table, and the log
        owner.execute(f"SET ROLE {WORK}")
        is_all, known = rewrite(owner.cursor(), {})
        assert (is_all, list(known)) == (True, ["diary"])
        assert files_with(WORD, tmp_path) == []
        file = owner.execute(FILE).fetchone()
        assert rewrite(owner.cursor(), known) == (True, known)
        assert owner.execute(FILE).fetchone() == file  # nothing was deleted since
        owner.execute("RESET ROLE")
        assert owner.execute("SELECT count(*) FROM diary").fetchone() == (190,)


def test_once_a_night_and_not_on_a_first_day(tmp_path):
    mark, found = tmp_path / "rewritten", []
    for hours in (-1, 0, 1, 20, 21, 23, 24, 25, 72):
        at = NIGHT + timedelta(hours=hours)
        if is_due(mark, at=at):
            found.append(hours)
            note(mark, at=at)
    assert (found, mark.stat().st_mode & 0o777) == ([24, 72], 0o600)


def test_server_of_somebody_else_s_is_left_alone(settings, monkeypatch):
    """There the program may have no place of its own to write to."""
    settings.IS_EMBEDDED = False
    monkeypatch.setenv("DATA_DIR", "/proc/nowhere")
    assert rewrite_tables(at=NIGHT) is None


@pytest.mark.django_db
def test_regular_work_may_do_it_on_the_program_s_own_server():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'diary_checkin', 'MAINTAIN'),"
            " has_table_privilege(%s, 'pg_statistic', 'MAINTAIN'),"
            " has_function_privilege(%s, 'pg_switch_wal()', 'EXECUTE'),"
            " pg_has_role(%s, 'pg_checkpoint', 'USAGE')",
            [WORK] * 4,
        )
        assert cursor.fetchone() == (True,) * 4
