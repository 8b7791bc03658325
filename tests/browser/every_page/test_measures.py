"""A health file is read in the browser: what is sent is a line a day, and nothing else of it."""

import sqlite3
import zipfile
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from apps.diary.models import DayMeasure
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ASLEEP, IN_BED = "HKCategoryValueSleepAnalysisAsleep", "HKCategoryValueSleepAnalysisInBed"
STEPS, SLEEP = "HKQuantityTypeIdentifierStepCount", "HKCategoryTypeIdentifierSleepAnalysis"


def record(kind, source, start, end, value):
    return (
        f'<Record type="{kind}" sourceName="{source}" startDate="2026-03-{start} +0100" '
        f'endDate="2026-03-{end} +0100" value="{value}"/>'
    )


RECORDS = [
    record(STEPS, "Phone", "01 08:00:00", "01 08:05:00", "3000"),
    record(STEPS, "Watch", "01 08:00:00", "01 08:05:00", "3100"),
    record(STEPS, "Phone", "01 23:00:00", "01 23:05:00", "500"),
    record(SLEEP, "Watch", "01 23:30:00", "02 03:30:00", f"{ASLEEP}Core"),
    record(SLEEP, "Phone", "02 03:00:00", "02 06:30:00", f"{ASLEEP}Unspecified"),
    record(SLEEP, "Phone", "01 22:00:00", "02 07:30:00", IN_BED),
]


def apple_health(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
        text = f'<HealthData><Me secret="born 1970"/>{"".join(RECORDS)}</HealthData>'
        archive.writestr("apple_health_export/export.xml", text)


def apple_health_of_gigabytes(path):
    """Made as an archive over 4 GB is (ZIP64), by a phone in another language."""
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 10
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("apple_health_export/exportar_cda.xml", "<ClinicalDocument/>" * 9)
            text = f"<HealthData>{''.join(RECORDS)}</HealthData>"
            archive.writestr("apple_health_export/exportar.xml", text)
    finally:
        zipfile.ZIP64_LIMIT = limit
    elsewhere = b"\xff" * 8  # Python repeats here what fits
    path.write_bytes(path.read_bytes()[:-10] + elsewhere + b"\0\0")


def at(day, hour):
    return int(datetime(2026, 3, day, hour, tzinfo=UTC).timestamp() * 1000)


def health_connect(path):
    """With a table whose description needs more than a page, and rows on several pages."""
    filler = ", ".join(f"filler_column_{number} TEXT" for number in range(300))
    connection = sqlite3.connect(path.with_suffix(".db"))
    connection.executescript(
        "CREATE TABLE steps_record_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, "
        f"app_info_id INTEGER, start_time INTEGER, start_zone_offset INTEGER, count INTEGER, {filler});"
        "CREATE TABLE sleep_session_record_table (row_id INTEGER PRIMARY KEY AUTOINCREMENT, "
        "start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER);"
        "CREATE TABLE sleep_stages_table (parent_key INTEGER, stage_start_time INTEGER, "
        "stage_end_time INTEGER, stage_type INTEGER);"
    )
    steps = "INSERT INTO steps_record_table (app_info_id, start_time, start_zone_offset, count) VALUES (1, ?, 3600, 10)"
    connection.executemany(steps, [(at(1, 0) + minute * 60_000,) for minute in range(1000)])
    nights = "INSERT INTO sleep_session_record_table (start_time, start_zone_offset, end_time, end_zone_offset) VALUES (?, 0, ?, 0)"
    connection.executemany(nights, [(at(1, 22), at(2, 6)), (at(2, 22), at(3, 6))])
    stages = "INSERT INTO sleep_stages_table VALUES (2, ?, ?, ?)"
    connection.executemany(stages, [(at(2, 22), at(2, 23), 4), (at(2, 23), at(3, 6), 1)])
    connection.commit()
    connection.close()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path.with_suffix(".db"), "health_connect_export.db")


@pytest.mark.parametrize(
    ("make", "lines", "measures"),
    [
        (
            apple_health,
            ["2026-03-01, , 3500", "2026-03-02, 7.00, "],
            [(date(2026, 3, 1), None, 3500), (date(2026, 3, 2), 420, None)],
        ),
        (
            apple_health_of_gigabytes,
            ["2026-03-01, , 3500", "2026-03-02, 7.00, "],
            [(date(2026, 3, 1), None, 3500), (date(2026, 3, 2), 420, None)],
        ),
        (
            health_connect,
            ["2026-03-01, , 10000", "2026-03-02, 8.00, ", "2026-03-03, 1.00, "],
            [
                (date(2026, 3, 1), None, 10000),
                (date(2026, 3, 2), 480, None),
                (date(2026, 3, 3), 60, None),
            ],
        ),
    ],
)
def test_file_becomes_a_line_a_day_and_stays_here(page, log_in, tmp_path, make, lines, measures):
    log_in(UserFactory())
    make(tmp_path / "export.zip")
    page.goto("/your-data/measures/")
    page.get_by_label("File of Apple Health").set_input_files(tmp_path / "export.zip")
    expect(page.locator("[data-said]")).to_contain_text(f"{len(lines)} days were found")
    assert page.get_by_label("This is what is sent").input_value().split("\n") == lines
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Keep these days").click()
    assert set(parse_qs(sent.value.post_data)) == {"csrfmiddlewaretoken", "kept_for", "days"}
    expect(page.get_by_role("heading", name="Kept")).to_be_visible()
    assert list(DayMeasure.objects.values_list("day", "sleep_minutes", "steps")) == measures


def test_other_file_is_said_to_hold_nothing(page, log_in, tmp_path):
    log_in(UserFactory())
    (tmp_path / "other.zip").write_bytes(b"no archive")
    page.goto("/your-data/measures/")
    page.get_by_label("File of Apple Health").set_input_files(tmp_path / "other.zip")
    expect(page.locator("[data-said]")).to_have_text(
        "No sleep and no steps were found in this file."
    )
