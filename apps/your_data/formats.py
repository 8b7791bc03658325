"""The files in which a person can take their diary away, by the ending of their names."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from apps.users.models import User
from apps.your_data.archive.write import export_archive
from apps.your_data.fhir.bundle import export_fhir, export_fhir_transaction
from apps.your_data.html.page import export_html
from apps.your_data.table.write_csv import export_csv
from config.postgres.one_moment import at_one_moment


class Export(NamedTuple):
    pieces: Callable[[User], Iterator[bytes]]
    content_type: str

    def write(self, user: User) -> Iterator[bytes]:
        """The file in pieces, whole and as the diary was at one moment."""
        return at_one_moment(self.pieces(user))


EXPORTS = {
    "csv": Export(export_csv, "text/csv; charset=utf-8"),
    "html": Export(export_html, "text/html; charset=utf-8"),
    "json": Export(export_archive, "application/json"),
    "fhir.json": Export(export_fhir, "application/fhir+json"),
    "fhir-transaction.json": Export(export_fhir_transaction, "application/fhir+json"),
}
