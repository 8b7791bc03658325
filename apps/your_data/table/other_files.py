"""What to say of a file that is none of ours, and no table either: what it is, and what to do."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.your_data.table.text import encoding_of

HEALTH = _lazy(
    "This looks like what a phone knows of your health. Its sleep and steps come in on the page "
    "“Sleep and steps from your phone”."
)
EXCEL = _lazy(
    "This is a workbook of Excel. Open it there, choose “Save as”, then CSV, and bring that file."
)
OPEN_DOCUMENT = _lazy(
    "This is a workbook of LibreOffice or a program like it. Open it there, choose “Save as”, then "
    "CSV, and bring that file."
)
NUMBERS = _lazy(
    "This is a file of Numbers. Open it there, choose “Export to”, then CSV, and bring that file."
)
DOCUMENT = _lazy(
    "This is a document of a word processor, not a table. Put what you wrote into a spreadsheet, "
    "save that as CSV, and bring that file."
)
WORKBOOK = _lazy(
    "This is an old workbook or document. Open it in your spreadsheet, choose “Save as”, then CSV, "
    "and bring that file."
)
PDF = _lazy(
    "This is a PDF, made for reading and printing. Where you had it made, look for CSV instead, "
    "and bring that file."
)
PICTURE = _lazy("This is a picture. Nothing can be read from it: choose a CSV or a JSON file.")
PACKED = _lazy("This is a packed file. Unpack it, and choose the CSV or the JSON file in it.")
ANGLED = _lazy(
    "This is a web page or another file in angle brackets, which cannot be imported. "
    "Choose a CSV file, or the JSON file that is exported here."
)
# What stands in a ZIP archive by its names, which are not packed; else it is PACKED.
ZIPPED = (
    (b"xl/workbook", EXCEL),
    (b"application/vnd.oasis.opendocument.spreadsheet", OPEN_DOCUMENT),
    (b"application/vnd.oasis.opendocument.text", DOCUMENT),
    (b"Index/Document.iwa", NUMBERS),
    (b"word/document.xml", DOCUMENT),
    (b"apple_health_export/", HEALTH),
    (b"health_connect_export.db", HEALTH),
)
BEGINNINGS = (
    (rb"\xd0\xcf\x11\xe0", WORKBOOK),
    (rb"%PDF-", PDF),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|....ftyp(?:hei|mif|avif)", PICTURE),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh", PACKED),
    (rb"SQLite format 3\x00.*steps_record_table", HEALTH),
    (rb"\s*\{\\rtf", DOCUMENT),
    (rb"\s*<.{0,9999}HealthData", HEALTH),
    (rb"\s*<[a-zA-Z!?/]", ANGLED),
)


def known_kind(data: bytes) -> str | Promise | None:
    """What to say of a file whose first bytes tell what it is; None of any other."""
    if data.startswith(b"PK\x03\x04"):
        return next((said for name, said in ZIPPED if name in data), PACKED)
    text = data.removeprefix(b"\xef\xbb\xbf")
    begins = (said for sign, said in BEGINNINGS if re.match(sign, text, re.S))
    return next(begins, None)


def what_else(data: bytes) -> str | Promise:
    """Of a file that was no JSON."""
    if said := known_kind(data):
        return said
    if encoding_of(data) is None:
        return _("This is no text: neither a CSV nor a JSON file. Choose another one.")
    return _(
        "There is no table in this file. The first line must name its columns, with a comma, a "
        "semicolon or a tab between them, and each further line is a row."
    )


def other_json(head: dict, *, ours: str, version: int) -> str:
    """Of JSON of another shape; ``head`` is what stands in it beside long lists."""
    if head.get("format") == ours and head.get("version") != version:
        return _(
            "This is a file of ours of another version. This program reads version %(version)s."
        ) % {"version": version}
    if "resourceType" in head:
        return _(
            "This is a FHIR file, made for a clinic's system. It cannot be imported: choose the "
            "JSON file that is exported here."
        )
    return _(
        "This is JSON, but not the complete file that is exported here. Tables from elsewhere "
        "come in as CSV."
    )
