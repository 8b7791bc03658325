"""What a spreadsheet does to a file of ours when it saves it, undone.

It writes days as its owner's country does, loses the offset of a moment and turns 7 into 7,0. A
moment without an offset is what a clock showed in the zone of its row. Whatever is none of this
is left for the cells to refuse.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from apps.your_data.table.columns import BY_NAME
from apps.your_data.table.days import read_moment, readings_of

MOMENTS = (
    "at",
    "after_at",
    "entered_at",
    "after_entered_at",
    "self_test_at",
    "self_test_ended_at",
)
WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[T ].*(?:Z|[+-]\d\d(?::?\d\d)?)")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
WHOLE = re.compile(r"(\d+)[.,]0+")

Cells = dict[str, str]


def is_ours(moment: str) -> bool:
    """Whether nobody has rewritten it."""
    return bool(WITH_OFFSET.fullmatch(moment))


def rewritten(rows: Iterable[Cells]) -> list[str]:
    """The moments of all rows that are not spelt as ours are."""
    return [
        cell
        for cells in rows
        for name in MOMENTS
        if (cell := cells.get(name, "").strip()) and not is_ours(cell)
    ]


def respelt(cells: Cells, reading: str, zone: ZoneInfo) -> Cells:
    """The cells of one row as we would have written them."""
    with suppress(KeyError, ValueError, OSError):  # left for its cell to refuse
        zone = ZoneInfo(cells.get("time_zone", "").strip() or zone.key)
    said = {name: _plain(name, cell) for name, cell in cells.items()}
    for name in MOMENTS:
        if name in said:
            said[name] = _moment(said[name], reading, zone)
    if "diary_date" in said:
        said["diary_date"] = _day(said["diary_date"], said.get("at", ""), zone)
    if "self_test_last_day" in said:
        said["self_test_last_day"] = _last_day(said["self_test_last_day"], reading, zone)
    return said


def _plain(name, cell):
    match = WHOLE.fullmatch(cell.strip())
    return match[1] if match and not BY_NAME[name].is_text else cell


def _moment(cell, reading, zone):
    text = cell.strip()
    if not text or is_ours(text):
        return cell
    with suppress(ValidationError):
        said = read_moment(text, reading, zone)
        return said.at.isoformat() if said.at else cell
    return cell


def _day(cell, at, zone):
    """Of two days that it may be, the one next to ``at``, whose row it is."""
    text = cell.strip()
    if not text or ISO_DAY.fullmatch(text):
        return cell
    with suppress(ValueError, ValidationError):
        near = datetime.fromisoformat(at).date()
        days = [read_moment(text, reading, zone).day for reading in readings_of([text])]
        return min(days, key=lambda day: abs(day - near)).isoformat()
    return cell


def _last_day(cell, reading, zone):
    """It lies beside nothing: its two numbers are in the order of the file's."""
    text = cell.strip()
    if not text or ISO_DAY.fullmatch(text):
        return cell
    with suppress(ValidationError):
        return read_moment(text, reading, zone).day.isoformat()
    return cell
