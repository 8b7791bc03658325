"""What is no readable file of the format is refused as a whole, in words."""

import io
import json
import zipfile

import pytest

from apps.diary.models import CheckIn, TreatmentSession
from apps.your_data.archive.read import ArchiveReader
from apps.your_data.foreign.file import foreign_file
from apps.your_data.importing.store import import_diary
from apps.your_data.table import other_files
from apps.your_data.table.problems import Problems
from apps.your_data.table.read_csv import guarded, rows_of, unguarded
from tests.factories import NOON, UserFactory
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file

NOT_UTF8 = "This is not UTF-8 text. Save the file as “UTF-8” and try again."
NO_TABLE = (
    "There is no table in this file. The first line must name its columns, with a comma, a "
    "semicolon or a tab between them, and each further line is a row."
)
NO_TEXT = "This is no text: neither a CSV nor a JSON file. Choose another one."
NO_ROW = (
    "There is no row in this file. Its first line names the columns, and each further line is a "
    "row: there is none."
)
WIDE = "This table has 201 columns. Up to 200 can be read."
NOT_CSV = (
    "From here on this is not CSV: a quotation mark is missing or misplaced, "
    "or a cell is far too long."
)
NOT_JSON = "From here on this is not JSON."
OTHER_JSON = (
    "This is JSON, but not the complete file that is exported here. Tables from elsewhere come in "
    "as CSV."
)
OTHER_VERSION = "This is a file of ours of another version. This program reads version 2."
FHIR = (
    "This is a FHIR file, made for a clinic's system. It cannot be imported: choose the JSON file "
    "that is exported here."
)
ROW = b"kind,at,leg_pain\r\ncheckin,2026-03-10T12:00:00Z,4\r\n"
CAFE = csv_file(CHECKIN, CHECKIN | {"note": "café"}).decode()


ODS = "application/vnd.oasis.opendocument.spreadsheet"


def zipped(*names, text="") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, text)
    return packed.getvalue()


def json_file(**more) -> bytes:
    document = {"format": "did-it-work", "version": 2, "tables": {}} | more
    return json.dumps(document).encode()


def problems_of(data):
    problems = Problems()
    archive = ArchiveReader(UserFactory.build(), problems, at=NOON)
    rows = list(rows_of(data, problems, archive))
    return rows, [(p.place.line, p.column, p.message) for p in problems.shown]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", (1, "", "The file is empty.")),
        (b" \r\n\n", (1, "", "The file is empty.")),
        (b"\xef\xbb\xbf", (1, "", "The file is empty.")),
        (b",,\n,,\n", (1, "", NO_TABLE)),
        (b"\x00\x01\x02\x03", (1, "", NO_TEXT)),
        (b"Dear diary my leg hurts.\nIt does.", (1, "", NO_TABLE)),
        (b"Dear diary, my leg hurts.", (1, "", NO_ROW)),
        (ROW.split(b"\r\n")[1], (1, "", NO_ROW)),
        (b"Date,Pain\n", (1, "", NO_ROW)),
        (b"Date" + b",c" * 200 + b"\n2024-03-01" + b",1" * 200, (1, "", WIDE)),
        (b"Date,Note\n2024-03-01," + b"n" * 200_000, (2, "", NOT_CSV)),
        (b"kind,at,mood\n", (1, "mood", "There is no column “mood” in this format.")),
        (b"kind,at,at\n", (1, "at", "This column is there more than once.")),
        (b"kind,note\n", (1, "at", "This column is missing.")),
        (b"at,note\n", (1, "kind", "This column is missing.")),
        (b'kind,at\n"checkin,2026', (2, "", NOT_CSV)),
        (b'kind,at\ncheckin,"2026"x\n', (2, "", NOT_CSV)),
        (b"kind,at,note\ncheckin,," + b"n" * 200_000, (2, "", NOT_CSV)),
        (b"[]", (1, "", OTHER_JSON)),
        (b"{}", (1, "", OTHER_JSON)),
        (b'[{"date": "2026-03-10", "pain": 4}]', (1, "", OTHER_JSON)),
        (b'{"tables": {"x": []}, "person": 4}', (1, "", OTHER_JSON)),
        (b'{"format": "did-it-work", "version": 2, "tables": []}', (1, "", OTHER_JSON)),
        (b'{"resourceType": "Bundle", "entry": []}', (1, "", FHIR)),
        (b'{"a": "\xe9"}', (1, "", NOT_UTF8)),
        (b'{"format": "did-it-work", "version": 2}', (1, "", OTHER_JSON)),
        (json_file(version=1), (1, "", OTHER_VERSION)),
        (json_file(version="2"), (1, "", OTHER_VERSION)),
        (b'{"format": "did-it-work", "version": 1, "entries": []}', (1, "", OTHER_VERSION)),
        (json_file(format="babybuddy"), (1, "", OTHER_JSON)),
        (json_file()[:-1], (1, "", NOT_JSON)),
        (json_file() + b"{}", (1, "", NOT_JSON)),
        (b'{"entries":\n[{"kind": "checkin",}]}', (2, "", NOT_JSON)),
        (b'{"entries": ' + b"[" * 100_000, (1, "", NOT_JSON)),
        (b'{"version": ' + b"9" * 10_000 + b"}", (1, "", NOT_JSON)),
    ],
)
def test_file_is_refused(data, problem):
    assert problems_of(data)[1] == [problem]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), other_files.EXCEL),
        (zipped("mimetype", text=ODS), other_files.OPEN_DOCUMENT),
        (zipped("Index/Document.iwa"), other_files.NUMBERS),
        (zipped("word/document.xml"), other_files.DOCUMENT),
        (zipped("apple_health_export/export.xml"), other_files.HEALTH),
        (zipped("health_connect_export.db"), other_files.HEALTH),
        (zipped("diary.csv"), other_files.PACKED),
        (b"\x1f\x8b\x08\x00", other_files.PACKED),
        (b"\xd0\xcf\x11\xe0\x00", other_files.WORKBOOK),
        (b"%PDF-1.4\n0 1, 2\n3, 4\n", other_files.PDF),
        (b"\x89PNG\r\n\x1a\n\x00\x00", other_files.PICTURE),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", other_files.PICTURE),
        (b"{\\rtf1\\ansi hello, you\nsecond, line}", other_files.DOCUMENT),
        (b'<?xml version="1.0"?>\n<!DOCTYPE HealthData [\n', other_files.HEALTH),
        (b"SQLite format 3\x00...CREATE TABLE steps_record_table", other_files.HEALTH),
        (b"<!doctype html><p>kind,at\n1,2\n", other_files.ANGLED),
        (b"\xef\xbb\xbf<html><td>1,2</td>\n<td>1,2</td>", other_files.ANGLED),
    ],
)
def test_file_of_another_kind_is_called_by_its_name(data, kind):
    """Of the whole file, not of its first line; and nobody is asked for its columns."""
    problems, archive = Problems(), ArchiveReader(UserFactory.build(), Problems(), at=NOON)
    assert list(rows_of(data, problems, archive)) == []
    assert problems.about_file == str(kind)
    assert foreign_file(data) is None


def test_what_is_wrong_in_a_line_is_not_about_the_whole_file():
    problems, archive = Problems(), ArchiveReader(UserFactory.build(), Problems(), at=NOON)
    assert list(rows_of(b'kind,at\n"checkin,2026', problems, archive)) == []
    assert problems.about_file == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_file_may_be_in_wide_letters_that_say_so_or_not(encoding):
    rows, problems = problems_of(ROW.decode().encode(encoding))
    assert problems == []
    assert [cells["leg_pain"] for _place, cells in rows] == ["4"]


def test_file_names_each_wrong_column():
    _rows, problems = problems_of(b"kind,note,side,pain,mood,mood\n")
    assert [problem[:2] for problem in problems] == [
        (1, "pain"),
        (1, "mood"),
        (1, "mood"),
        (1, "at"),
    ]


def test_file_reports_ragged_rows_and_reads_on():
    data = b"kind,at,note\ncheckin,a\ncheckin,b,c\ncheckin,d,e,f\n"
    rows, problems = problems_of(data)
    assert [place.line for place, _cells in rows] == [3]
    assert problems == [
        (2, "", "This row has 2 cells, the first line has 3."),
        (4, "", "This row has 4 cells, the first line has 3."),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'"kind","at","leg_pain"\n"checkin","2026-03-10T12:00:00Z","4"\n',
        b'"kind";"at";"leg_pain"\n"checkin";"2026-03-10T12:00:00Z";"4"\n',
        b"Kind,AT,Leg_pain\ncheckin,2026-03-10T12:00:00Z,4\n",
    ],
)
def test_file_may_have_each_cell_in_quotes_and_names_in_capitals(data):
    rows, problems = problems_of(data)
    assert problems == []
    assert [cells for _place, cells in rows] == [
        {"kind": "checkin", "at": "2026-03-10T12:00:00Z", "leg_pain": "4"}
    ]


def test_file_may_have_a_byte_order_mark_any_order_and_empty_rows():
    data = b"\xef\xbb\xbf note , kind,at,\r\n\r\n,,\r\nhello,checkin,now,\r\n"
    assert problems_of(data) == (
        [((4, None), {"note": "hello", "kind": "checkin", "at": "now"})],
        [],
    )


def test_json_rows_know_their_line():
    data = b'{"format": "did-it-work", "tables": {"diary.CheckIn": [\n3,\n\n4]}, "version": 2}'
    reason = "An entry must be an object in curly brackets."
    rows, problems = problems_of(data)
    assert [problem for problem in problems if not problem[1]] == [(2, "", reason), (4, "", reason)]
    assert rows == []


@pytest.mark.parametrize(
    "data",
    [csv_file(CHECKIN, SESSION | {"minutes": "0"}, CHECKIN), ROW + b'checkin,"', ROW + b",x"],
)
def test_file_with_a_bad_row_stores_nothing(alice, data):
    assert import_diary(alice, data, at=NOON).problems.total == 1
    assert (CheckIn.objects.count(), TreatmentSession.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+44", "-5", "@me", "\tx", "\rx", "\nx", "|calc"),
        *("＝1+1", "＋44", "－5", "＠me", "｜calc", "﹦1", "﹢1", "﹣1", "﹫me"),
        *(" =1+1", "  =1", "\xa0=1", "\u3000＝1", "\u200b=1", "\ufeff@me", " \t =1", "\n\n+1"),
        *("=cmd|'/c calc'!A1", '=HYPERLINK("http://example.com")', "=1,2", "=1\n2"),
        *("'=1", "''=1", "' =1", "'\n", "'＝1"),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_guarded(text):
    assert (guarded(text), unguarded(f"'{text}")) == (f"'{text}", text)


@pytest.mark.parametrize("text", ["'tis", "''", "'", "a=b", "", "5 - 3", " x", "' '=1", "–5", "4"])
def test_other_text_is_written_as_it_is(text):
    assert (guarded(text), unguarded(text)) == (text, text)
