import sys

from django.core.management.base import BaseCommand, CommandError

from apps.users.account_by_email import account
from apps.your_data.formats import EXPORTS

FORMATS = {ending.removesuffix(".json"): ending for ending in EXPORTS}  # fhir for fhir.json


class Command(BaseCommand):
    help = "Export a diary to a CSV, JSON, HTML or FHIR file."

    def add_arguments(self, parser):
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument("file", help="the file, or - for standard output")

    def handle(self, *, user, file, **options):
        chunks = EXPORTS[FORMATS[options["format"]]].write(account(user))
        if file == "-":
            sys.stdout.buffer.writelines(chunks)
            return
        try:
            with open(file, "wb") as written:
                written.writelines(chunks)
        except OSError as error:
            raise CommandError(f"Cannot write {file}: {error.strerror}.") from None
