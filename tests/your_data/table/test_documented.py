"""docs/exchange.md names what the product takes: a column or a value less would be found out there."""

import re

import pytest
from django.conf import settings

from apps.conditions.models import Side
from apps.diary.models import Furthest, Position, RedFlag, Symptom
from apps.treatments.models import Kind
from apps.your_data.archive.write import VERSION
from apps.your_data.table.columns import COLUMNS, NAMES

TEXT = (settings.BASE_DIR / "docs" / "exchange.md").read_text()
VALUES_OF = {
    "side": Side,
    "furthest": Furthest,
    "symptoms": Symptom,
    "red_flags": RedFlag,
    "position": Position,
}


def rows():
    """Each column that the page names, with what it says of its values."""
    for line in TEXT.splitlines():
        names, _, values = line.strip("| ").partition("|")
        if re.fullmatch(r"(`\w+`(, )?)+ ", names):
            for name in re.findall(r"`(\w+)`", names):
                yield name, values.rpartition(" | ")[2]


def test_columns_are_documented_in_their_order():
    assert [name for name, _values in rows()] == list(NAMES)


@pytest.mark.parametrize(("name", "choices"), VALUES_OF.items())
def test_values_of_a_column_are_documented(name, choices):
    said = dict(rows())[name]
    assert re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", said))) == choices.values


def test_columns_of_treatments_are_documented_as_such():
    sessions = {column.name for column in COLUMNS if column.kinds == ("session",)}
    documented = re.findall(r"^\| (`[^|]*`) \| (?:sessions|waits) \|", TEXT, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(documented))) == sessions


def test_kinds_are_documented():
    (line,) = re.findall(r"^\*\*Kinds:\*\* (.*)\.$", TEXT, re.MULTILINE)
    assert line == ", ".join(f"`{kind}`" for kind in Kind.values)


def test_version_of_the_complete_file_is_documented():
    assert re.findall(r'"version": (\d+)', TEXT) == [str(VERSION)]
