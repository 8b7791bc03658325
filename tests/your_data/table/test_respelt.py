"""A file of ours that a spreadsheet has saved comes back as it was."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.diary.models import CheckIn, PendingImport, TreatmentSession
from apps.your_data.importing.store import import_diary
from apps.your_data.table.write_csv import export_csv
from tests.factories import NOON, CheckInFactory, TreatmentFactory, TreatmentSessionFactory
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file

IMPORT, COLUMNS = reverse("your_data:import"), reverse("your_data:import_columns")
PREVIEW = reverse("your_data:import_preview")
SUMMER = datetime(2025, 7, 14, 18, 30, tzinfo=UTC)
MOMENTS = ("at", "after_at", "entered_at", "after_entered_at")


def saved(data, *, delimiter=",", encoding="utf-8", moment=None, day=None, sep=False, **spelt):
    """The file as a spreadsheet writes it: ``moment`` and ``day`` are formats of their cells."""
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for row in rows:
        for name in MOMENTS if moment else ():
            if row.get(name):
                row[name] = datetime.fromisoformat(row[name]).strftime(moment)
        if day:
            row["diary_date"] = date.fromisoformat(row["diary_date"]).strftime(day)
        row |= spelt
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    head = f"sep={delimiter}\r\n" if sep else ""
    return (head + text.getvalue()).encode(encoding)


@pytest.fixture
def diary(alice):
    mat = TreatmentFactory(user=alice, name="Wärmekissen; groß")
    CheckInFactory(user=alice, rated_at=SUMMER, leg_pain=0, sleep=7, note="müde, „sehr“")
    after = SUMMER + timedelta(hours=2)
    TreatmentSessionFactory(
        user=alice,
        treatments=[mat],
        started_at=SUMMER + timedelta(hours=1),
        pain_after=3,
        after_rated_at=after,
        entered_at=SUMMER + timedelta(hours=1),
        after_entered_at=after,
    )
    return b"".join(export_csv(alice))


def test_export_begins_with_a_byte_order_mark(diary):
    assert diary.startswith(b"\xef\xbb\xbfkind,at,")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_delimiter_comes_back(diary, charlie, delimiter, encoding):
    outcome = import_diary(charlie, saved(diary, delimiter=delimiter, encoding=encoding), at=NOON)
    assert outcome.problems.shown == []
    assert b"".join(export_csv(charlie)) == diary


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("%d/%m/%Y %H:%M", "%d/%m/%Y"),
        ("%m/%d/%Y %I:%M %p", "%m/%d/%Y"),
        ("%d.%m.%Y %H:%M:%S", "%d.%m.%y"),
        ("%Y-%m-%d %H:%M:%S", "%d-%b-%y"),
        ("%Y-%m-%dT%H:%M", "%d. %B %Y"),
        (None, "%m/%d/%y"),
        (None, "%d/%m/%y"),
    ],
)
def test_rewritten_days_come_back(diary, charlie, moment, day):
    data = saved(diary, delimiter=";", moment=moment, day=day, sep=True)
    assert import_diary(charlie, data, at=NOON).problems.shown == []
    assert b"".join(export_csv(charlie)) == diary


def test_day_that_could_be_two_is_the_one_beside_the_moment(alice):
    for day in ("05/07/2025", "07/05/2025"):
        row = CHECKIN | {"at": "2025-07-05T12:00:00+01:00", "diary_date": day}
        assert import_diary(alice, csv_file(row), at=NOON).problems.shown == []
    assert set(CheckIn.objects.values_list("diary_date", flat=True)) == {date(2025, 7, 5)}


def test_moment_without_its_offset_is_of_the_clock_in_the_row_s_zone(alice):
    rows = [CHECKIN | {"at": "2025-07-14 12:00"}]
    rows += [CHECKIN | {"at": "2025-07-14 12:00", "time_zone": "Asia/Tokyo"}]
    assert import_diary(alice, csv_file(*rows), at=NOON).problems.shown == []
    assert list(CheckIn.objects.order_by("rated_at").values_list("rated_at", flat=True)) == [
        datetime(2025, 7, 14, 3, tzinfo=UTC),
        datetime(2025, 7, 14, 11, tzinfo=UTC),
    ]


def test_whole_numbers_with_decimals_are_whole(alice):
    row = SESSION | {"pain_before": "6,0", "minutes": "20.00", "note": "7,0"}
    assert import_diary(alice, csv_file(row), at=NOON).problems.shown == []
    assert TreatmentSession.objects.values_list("pain_before", "minutes", "note").get() == (
        6,
        20,
        "7,0",
    )


AMBIGUOUS = [CHECKIN | {"at": "05/07/2025 12:00"}, CHECKIN | {"at": "06/07/2025 12:00"}]
REFUSED = (
    "A spreadsheet has rewritten the days of this file, and “05/07/2025 12:00” could be two of "
    "them. Say which, or export the file again."
)


def test_days_that_could_be_two_are_asked_once(as_alice):
    file = SimpleUploadedFile("diary.csv", csv_file(*AMBIGUOUS))
    response = as_alice.post(IMPORT, {"file": file}, follow=True)
    assert [url for url, _status in response.redirect_chain] == [PREVIEW, COLUMNS]
    field = response.context["form"]["date_order"]
    assert field.label == "In a day like 01/02/2026, which comes first?"
    response = as_alice.post(COLUMNS, {"date_order": ""})
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"date_order": ["Choose one."]},
    )
    as_alice.post(COLUMNS, {"date_order": "mdy"})
    assert PendingImport.objects.get().columns == {"date_order": "mdy"}
    as_alice.post(PREVIEW)
    days = CheckIn.objects.order_by("rated_at").values_list("diary_date", flat=True)
    assert list(days) == [date(2025, 5, 7), date(2025, 6, 7)]


def test_command_refuses_days_that_could_be_two_until_it_is_told(alice, tmp_path, capsys):
    file = tmp_path / "diary.csv"
    file.write_bytes(csv_file(*AMBIGUOUS))
    with pytest.raises(CommandError, match="could be two of them"):
        call_command("import_diary", "--user", alice.email, str(file))
    call_command("import_diary", "--user", alice.email, "--days", "dmy", str(file))
    days = CheckIn.objects.order_by("rated_at").values_list("diary_date", flat=True)
    assert list(days) == [date(2025, 7, 5), date(2025, 7, 6)]


def test_refusal_names_the_day(alice):
    outcome = import_diary(alice, csv_file(*AMBIGUOUS), at=NOON)
    assert [problem.message for problem in outcome.problems.shown] == [REFUSED]
