"""What to say of a file that is none of ours, and no table either: what it is, and what to do."""

from django.utils.translation import gettext as _

from apps.your_data.table.text import encoding_of

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx, .ods and .numbers; the .xls of old


def what_else(data: bytes) -> str:
    """Of a file that was no JSON."""
    if data.startswith(WORKBOOKS):
        return _(
            "This is a workbook of a spreadsheet, or a packed file. Save the sheet as CSV, or "
            "unpack it, and choose that file."
        )
    if encoding_of(data) is None:
        return _("This is no text: neither a CSV nor a JSON file. Choose another one.")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _(
            "This is a web page or another file in angle brackets, which cannot be imported. "
            "Choose a CSV file, or the JSON file that is exported here."
        )
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
