import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.users.account_by_email import account
from apps.your_data.importing.store import import_diary


class Command(BaseCommand):
    help = "Import a diary from a CSV or JSON file: all of it, or nothing if it has a problem."

    def add_arguments(self, parser):
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
        parser.add_argument("file", help="the file, or - for standard input")

    def handle(self, *, user, file, **options):
        outcome = import_diary(account(user), _read(file), at=timezone.now())
        if problems := outcome.problems:
            raise CommandError(_report(problems))
        self.stderr.write(f"{outcome.new} new, {outcome.known} already there.")


def _read(file) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from None


def _report(problems) -> str:
    lines = [*map(str, problems.shown), f"Problems: {problems.total}. Nothing was imported."]
    if problems.total > len(problems.shown):
        lines.insert(-1, "…")
    return "\n".join(lines)
