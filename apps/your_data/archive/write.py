"""Everything of a person into one JSON file, as a stream; it can be imported again.

Rows are numbered anew in each table, from 1 and in the order in which they were made, and refer
to one another by these numbers. So the same diary gives the same file in every account.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from uuid import UUID

from django.db.models import ForeignKey

from apps.diary.models import Seal, exported_seals
from apps.users.models import User
from apps.your_data.archive.tables import (
    FIELDS_LEFT_OUT,
    exported,
    fields_of,
    parents_of,
    tables,
)
from apps.your_data.table.columns import FORMAT, VERSION

FETCHED, WRITTEN = 2000, 500

encode = json.JSONEncoder(ensure_ascii=False).encode


def export_archive(user: User) -> Iterator[bytes]:
    """The file in chunks, a row on each line."""
    head = encode({"format": FORMAT, "version": VERSION, "person": person(user)})
    yield f'{head[:-1]}, "tables": {{'.encode()
    numbers = Numbers(user)
    comma = ""
    for label, model in tables().items():
        yield f"{comma}\n{encode(label)}: [".encode()
        yield from _chunks(map(encode, rows(model, user, numbers)))
        yield b"]"
        comma = ","
    yield b"\n}}\n"


def _chunks(lines):
    comma = "\n"
    while chunk := ",\n".join(islice(lines, WRITTEN)):
        yield f"{comma}{chunk}".encode()
        comma = ",\n"


def person(user: User) -> dict:
    """What is stored of the account itself."""
    return {
        field.name: plain(getattr(user, field.attname))
        for field in user._meta.concrete_fields
        if not field.primary_key and f"users.User.{field.name}" not in FIELDS_LEFT_OUT
    }


class Numbers:
    """A row's number in the file: its place among the person's rows of that table."""

    def __init__(self, user: User):
        self.user, self.keys = user, {}

    def of(self, model, pk: int) -> int | None:
        """From 1; None for a row that was stored after the export had begun."""
        if model not in self.keys:
            own = exported(model).filter(user=self.user).order_by("pk")
            found = own.values_list("pk", flat=True).iterator(chunk_size=FETCHED)
            self.keys[model] = array("q", found)
        keys = self.keys[model]
        place = bisect_left(keys, pk)
        return place + 1 if place < len(keys) and keys[place] == pk else None


def rows(model, user: User, numbers: Numbers) -> Iterator[dict]:
    """The person's rows of one table as plain values."""
    fields = fields_of(model)
    is_parent = any(model in parents_of(other) for other in tables().values())
    for pk, *values in _found(model, user, [field.attname for field in fields]):
        row = {"id": numbers.of(model, pk)} if is_parent else {}
        for field, value in zip(fields, values, strict=True):
            is_reference = isinstance(field, ForeignKey) and value is not None
            row[field.name] = (
                numbers.of(field.related_model, value) if is_reference else plain(value)
            )
            if is_reference and row[field.name] is None:
                break
        else:
            if row.get("id", 1) is not None:
                yield row


def _found(model, user, names) -> Iterator[tuple]:
    """The number of each row, and the values of these of its fields."""
    if model is Seal:
        return (
            (each.pk, *(getattr(each, name) for name in names)) for each in exported_seals(user)
        )
    own = exported(model).filter(user=user).order_by("pk")
    return own.values_list("pk", *names).iterator(chunk_size=FETCHED)


def plain(value):
    """What JSON can hold of a field's value. Raises TypeError for what it has no word for."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case list():
            return [plain(each) for each in value]
        case None | bool() | int() | str() | dict():
            return value
    raise TypeError(f"Say in archive_export.py how {type(value).__name__} is written.")
