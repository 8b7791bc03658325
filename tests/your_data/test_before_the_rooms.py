"""Files exported before the program was cut into rooms (27 November 2026) arrive whole."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apps.your_data.archive.tables import NOT_BROUGHT_BACK
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from apps.your_data.table.write_csv import export_csv

FILES = Path(__file__).parent / "before_the_rooms"
AT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def brought_in(user, name):
    data = (FILES / name).read_bytes()
    outcome = import_diary(user, data, at=AT)
    assert list(outcome.problems.shown) == []
    return data


def rows_of(document):
    """Each table's rows as the file has them, but for the numbers that only the file knows."""
    return {
        table: [
            {field: value for field, value in row.items() if not isinstance(value, int)}
            for row in rows
        ]
        for table, rows in document["tables"].items()
        if rows and table not in NOT_BROUGHT_BACK
    }


def test_every_table_of_an_old_json_comes_back_without_a_difference(alice):
    before = rows_of(json.loads(brought_in(alice, "diary.json")))
    now = rows_of(json.loads(b"".join(export_archive(alice))))
    assert "diary.TreatmentSession" in before
    for table, rows in before.items():
        pairs = zip(rows, now[table], strict=True)
        assert [{field: row[field] for field in old} for old, row in pairs] == rows, table


def test_every_column_of_an_old_csv_comes_back_without_a_difference(alice):
    before = list(csv.DictReader(io.StringIO(brought_in(alice, "diary.csv").decode())))
    now = list(csv.DictReader(io.StringIO(b"".join(export_csv(alice)).decode("utf-8-sig"))))
    assert len(before) == 9
    assert [{name: row[name] for name in before[0]} for row in now] == before


@pytest.mark.parametrize("name", ["diary.json", "diary.csv"])
def test_an_old_file_brought_in_twice_adds_nothing(alice, name):
    brought_in(alice, name)
    outcome = import_diary(alice, (FILES / name).read_bytes(), at=AT)
    assert (outcome.new, list(outcome.problems.shown)) == (0, [])
