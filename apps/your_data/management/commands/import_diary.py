import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.users.account_by_email import account
from apps.your_data.foreign.file import foreign_file
from apps.your_data.importing.store import import_diary
from apps.your_data.table.days import DayReading

FROM_ELSEWHERE = (
    "This table is from elsewhere. The page “Your data” asks what its columns mean and brings it "
    "in: here nobody can be asked. Nothing was imported."
)


class Command(BaseCommand):
    help = "Import a diary from a CSV or JSON file: all of it, or nothing if it has a problem."

    def add_arguments(self, parser):
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument(
            "--from-memory",
            action="store_true",
            help="ratings that do not say when they were typed count as from memory",
        )
        parser.add_argument(
            "--days",
            choices=DayReading.values,
            help="how to read days of a file of ours that a spreadsheet has rewritten: day or "
            "month first, or counted since 1900 or 1904",
        )

    def handle(self, *, user, file, from_memory, days, **options):
        owner, data = account(user), _read(file)
        if foreign_file(data):
            raise CommandError(FROM_ELSEWHERE)
        outcome = import_diary(
            owner,
            data,
            at=timezone.now(),
            columns={"date_order": days} if days else None,
            from_memory=from_memory,
        )
        if problems := outcome.problems:
            raise CommandError(_report(problems))
        self.stderr.write(f"{outcome.new} new, {outcome.known} already there.")
        for told in outcome.left:
            self.stderr.write(f"stays out, line {told.place}: {told.what}: {told.why}")
        if outcome.undated:
            self.stderr.write(_undated(outcome.undated, from_memory))


def _read(file) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from None


def _undated(number, from_memory) -> str:
    said = f"{number} do not say when they were typed"
    if from_memory:
        return f"{said}: they count as from memory and are not compared."
    return f"{said}: they count as typed at the time (or not, with --from-memory)."


def _report(problems) -> str:
    lines = [*map(str, problems.each_once), f"Problems: {problems.total}. Nothing was imported."]
    if problems.total > problems.told:
        lines.insert(-1, "…")
    return "\n".join(lines)
