import io
import sys

import pytest
from django.core.management import CommandError, call_command

from apps.diary.models import CheckIn
from apps.your_data.archive.write import export_archive
from apps.your_data.fhir.bundle import export_fhir
from apps.your_data.table.write_csv import export_csv
from tests.factories import CheckInFactory
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file


@pytest.fixture
def standard_input(monkeypatch):
    def holds(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return holds


def test_import_diary_reads_a_file(alice, tmp_path, capsys):
    file = tmp_path / "diary.csv"
    file.write_bytes(csv_file(CHECKIN, SESSION))
    call_command("import_diary", "--user", "Alice@Example.com", str(file))
    said = (
        "2 new, 0 already there.\n"
        "2 do not say when they were typed: they count as typed at the time "
        "(or not, with --from-memory).\n"
    )
    assert capsys.readouterr() == ("", said)
    assert CheckIn.objects.get().user == alice


def test_import_diary_may_take_undated_ratings_as_from_memory(alice, tmp_path, capsys):
    file = tmp_path / "diary.csv"
    file.write_bytes(csv_file(CHECKIN))
    call_command("import_diary", "--user", alice.email, "--from-memory", str(file))
    said = "1 do not say when they were typed: they count as from memory and are not compared.\n"
    assert capsys.readouterr() == ("", "1 new, 0 already there.\n" + said)
    entered_at = CheckIn.objects.get().entered_at
    assert entered_at > CheckIn.objects.get().rated_at


def test_import_diary_reads_standard_input(alice, standard_input):
    standard_input(csv_file(CHECKIN | {"note": "é"}))
    call_command("import_diary", "--user", alice.email, "-")
    assert CheckIn.objects.get().note == "é"


def test_import_diary_says_that_a_table_from_elsewhere_must_be_asked_about(alice, standard_input):
    standard_input(b"Date,Pain\n2024-03-12,6\n2024-03-13,5\n")
    with pytest.raises(CommandError, match=r"This table is from elsewhere\."):
        call_command("import_diary", "--user", alice.email, "-")


def test_import_diary_names_what_stays_out(alice, charlie, standard_input, capsys):
    entry = CheckInFactory(user=alice)
    standard_input(b"".join(export_archive(alice)))
    call_command("import_diary", "--user", charlie.email, "-")
    CheckIn.objects.filter(user=charlie).update(note="changed here")
    entry.note = "changed there"
    entry.save()
    standard_input(b"".join(export_archive(alice)))
    capsys.readouterr()
    call_command("import_diary", "--user", charlie.email, "-")
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "0 new, 1 already there."
    assert [line for line in said if "changed there" in line and line.startswith("stays out")]


@pytest.mark.parametrize("file_format", ["csv", "json"])
def test_export_diary_writes_a_file_that_import_diary_reads(alice, charlie, tmp_path, file_format):
    CheckInFactory(user=alice, note="=é")
    file = tmp_path / "diary"
    call_command("export_diary", "--user", alice.email, "--format", file_format, str(file))
    call_command("import_diary", "--user", charlie.email, str(file))
    assert CheckIn.objects.get(user=charlie).note == "=é"


@pytest.mark.parametrize(
    ("options", "export"),
    [
        ([], export_csv),
        (["--format=json"], export_archive),
        (["--format=fhir"], export_fhir),
    ],
)
def test_export_diary_writes_to_standard_output(alice, capfdbinary, options, export):
    CheckInFactory(user=alice, note="é")
    call_command("export_diary", "--user", alice.email, *options, "-")
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == b"".join(export(alice))


def test_import_diary_reports_each_problem_and_stores_nothing(alice, standard_input):
    standard_input(csv_file(CHECKIN, CHECKIN | {"leg_pain": "11"}, SESSION | {"at": ""}))
    with pytest.raises(CommandError) as refused:
        call_command("import_diary", "--user", alice.email, "-")
    assert str(refused.value).splitlines() == [
        "line 3, leg_pain: Choose a whole number from 0 to 10.",
        "line 4, at: This must not be empty.",
        "Problems: 2. Nothing was imported.",
    ]
    assert CheckIn.objects.count() == 0


def test_import_diary_shows_the_first_hundred_problems(alice, standard_input):
    standard_input(csv_file(*[SESSION | {"position": f"x{n}"} for n in range(101)]))
    with pytest.raises(CommandError) as refused:
        call_command("import_diary", "--user", alice.email, "-")
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[-2:]) == (102, ["…", "Problems: 101. Nothing was imported."])


@pytest.mark.parametrize("command", ["import_diary", "export_diary"])
def test_commands_need_an_account(db, command):
    with pytest.raises(CommandError) as refused:
        call_command(command, "--user", "nobody@example.com", "-")
    assert str(refused.value) == "There is no account with the address nobody@example.com."


@pytest.mark.parametrize(("command", "does"), [("import_diary", "read"), ("export_diary", "write")])
def test_commands_need_a_file(alice, tmp_path, command, does):
    file = tmp_path / "missing" / "diary.csv"
    with pytest.raises(CommandError) as refused:
        call_command(command, "--user", alice.email, str(file))
    assert str(refused.value) == f"Cannot {does} {file}: No such file or directory."
