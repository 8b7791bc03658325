"""The files in which a person can take their diary away, by the ending of their names."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from apps.diary.archive_export import export_archive
from apps.diary.exchange_export import export_csv
from apps.diary.fhir import export_fhir
from apps.diary.html_archive import export_html
from apps.users.models import User


class Export(NamedTuple):
    write: Callable[[User], Iterator[bytes]]
    content_type: str


EXPORTS = {
    "csv": Export(export_csv, "text/csv; charset=utf-8"),
    "html": Export(export_html, "text/html; charset=utf-8"),
    "json": Export(export_archive, "application/json"),
    "fhir.json": Export(export_fhir, "application/fhir+json"),
}
