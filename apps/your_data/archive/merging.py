"""Rows of a complete file that the account has already: what they say more, and what differs.

A condition or a treatment takes what the file says where the person has typed nothing else, as
after the first questions. All else that differs stays as it is here, and is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Field, Model
from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.conditions.models import Condition
from apps.treatments.catalogue import treatment_of_kind
from apps.treatments.models import Treatment
from apps.users.models import User
from apps.your_data.archive.read import ArchiveReader, ArchiveRow
from apps.your_data.archive.tables import fields_of
from apps.your_data.stored import TABLES
from apps.your_data.table.cells import shown
from apps.your_data.table.rules import broken_rules

FETCHED = 2000
TAKE_MORE = (Condition, Treatment)
# What is chosen here, or would change what ratings of here mean.
KEPT = {"first_place", "second_place", "archived_at"}
NAMED: dict[str, str | Promise] = {
    "archived_at": _lazy("no longer in use"),
    "one_in": _lazy("how often you may be asked to wait first"),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of a row of the account that was empty, and holds now what the file says."""

    model: type[Model]
    pk: int
    field: str
    before: object
    after: object


def merge(user: User, model: type[Model], rows: list[ArchiveRow], reader: ArchiveReader) -> None:
    """Fill what is empty here, and tell the reader of what was filled and what was left."""
    known = {each.row.pk: each for each in rows if each.row.pk and not each.is_new}
    differing = dict(_differing(user, model, known))
    here = model.objects.for_user(user).in_bulk(differing)
    for pk, fields in differing.items():
        _settle(here[pk], known[pk], fields, reader)


def _differing(user, model, known) -> Iterator[tuple[int, list[Field]]]:
    """The rows of the account that differ, with the fields of which the file says something."""
    if not known:
        return
    fields = [field for field in fields_of(model) if name_of(field)]
    own = model.objects.for_user(user).values_list("pk", *(field.attname for field in fields))
    for pk, *values in own.iterator(chunk_size=FETCHED):
        if each := known.get(pk):
            found = [
                field
                for field, value in zip(fields, values, strict=True)
                if field.name in each.said
                and not is_nothing(said := getattr(each.row, field.attname))
                and not _is_same(said, value)
            ]
            if found:
                yield pk, found


def name_of(field: Field) -> str:
    """What a person calls it; empty for what the program keeps beside it, and for the name
    itself, by which a row is known however it is spelt."""
    name = "" if field.name == "name" else NAMED.get(field.name) or field._verbose_name
    return capfirst(str(name)) if name else ""


def is_nothing(value: object) -> bool:
    """Whether somebody who typed it has said nothing. 0 is something: the best of the scale."""
    return value is None or value is False or value in ("", [])


def _is_same(said, here):
    """Line ends and white space make no other text."""
    if isinstance(said, str) and isinstance(here, str):
        return said.split() == here.split()
    return said == here


def _settle(here, each, fields, reader):
    usual = treatment_of_kind(here.user, here.kind) if isinstance(here, Treatment) else None
    filled = []
    for field in fields:
        if type(here) in TAKE_MORE and field.name not in KEPT and _is_untyped(here, field, usual):
            before = getattr(here, field.attname)
            setattr(here, field.attname, getattr(each.row, field.attname))
            if not broken_rules(here):
                filled.append((field, before))
                continue
            setattr(here, field.attname, before)
        reader.leave(each.place, f"{in_short(here)}: {name_of(field)}", stays(here, each, field))
    if filled:
        here.save(update_fields=[field.name for field, _before in filled])
        names = ", ".join(name_of(field) for field, _before in filled)
        reader.fill(each.place, in_short(here), names)
    for field, before in filled:
        after = getattr(here, field.attname)
        reader.changes.append(Filled(type(here), here.pk, field.attname, before, after))


def _is_untyped(here, field, usual):
    value = getattr(here, field.attname)
    if is_nothing(value) or (field.has_default() and value == field.get_default()):
        return True
    return usual is not None and value == getattr(usual, field.attname)


def stays(here: Model, each: ArchiveRow, field: Field) -> str:
    message = _("stays %(here)s; the file says %(file)s")
    return message % {"here": in_words(here, field), "file": in_words(each.row, field)}


def in_short(row: Model) -> str:
    """The row as one would name it."""
    if name := getattr(row, "name", ""):
        return name
    if hasattr(row, "is_session"):
        said = row.rated_in_words(None) if row.is_session else row.summary()
        return f"{date_format(row.diary_date)}, {said}"
    return str(TABLES[row._meta.label])


def in_words(row: Model, field: Field) -> str:
    """The value of one field as a page would show it, in short."""
    value = getattr(row, field.name)
    if is_nothing(value) and value is not False:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        labels = dict(field.base_field.flatchoices)
        return ", ".join(str(labels.get(each, each)) for each in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    return date_format(value) if isinstance(value, date) else shown(str(localize(value)))
