"""The rows of a complete JSON file, made into rows of the importing person, not stored yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, ForeignKey, Model
from django.utils.translation import gettext as _

from apps.diary.entries.moments import refuse_future
from apps.users.models import User
from apps.your_data.archive.tables import (
    ACCOUNT_FIELDS,
    NOT_BROUGHT_BACK,
    PREFERENCES,
    brought_back,
    fields_of,
    tables,
)
from apps.your_data.archive.values import WRONG_KIND, read_value
from apps.your_data.stored import TABLES
from apps.your_data.table.cells import shown
from apps.your_data.table.problems import Place, Problems
from apps.your_data.table.read_json import JsonReader
from apps.your_data.table.rows import AHEAD
from apps.your_data.table.rules import broken_by_file, broken_rules


@dataclass(slots=True)
class ArchiveRow:
    """A row of the file; ``number`` and ``parents`` are its and their numbers in the file, and
    ``said`` the names of the fields that the file has for it.
    """

    place: Place
    number: int | None
    row: Model
    parents: dict[str, int]  # by the name of the foreign key
    said: frozenset[str] = frozenset()
    is_new: bool = True


class Told(NamedTuple):
    """What the preview says of one row: where it stands, what it is, and what becomes of it."""

    place: Place
    what: str
    why: str


class ArchiveReader:
    """Reads what the person and the tables of one file say; ``at`` is now.

    Whose the rows are is never asked of the file: all are ``user``'s. ``left`` tells of what does
    not come in, ``filled`` of what comes into rows that are there already, and ``changes`` are the
    latter's values.
    """

    def __init__(self, user: User, problems: Problems, *, at: datetime):
        self.user, self.problems, self.at = user, problems, at
        self.preferences: dict[str, object] = {}
        self.rows: dict[type[Model], list[ArchiveRow]] = {}
        self.person_place = Place(1)
        self.left: list[Told] = []
        self.filled: list[Told] = []
        self.changes: list = []

    def leave(self, place: Place, what: str, why: str) -> None:
        self.left.append(Told(place, what, why))

    def fill(self, place: Place, what: str, why: str) -> None:
        self.filled.append(Told(place, what, why))

    def read_person(self, place: Place, person: object) -> None:
        """Keep the preferences; refuse what is no field of an account."""
        self.person_place = place
        if isinstance(person, dict) and not person.keys() <= set(PREFERENCES):
            self.leave(
                place, _("Your account"), _("It says who may log in, and when what was asked.")
            )
        for name, value in self._members(place, person):
            if name in PREFERENCES:
                field = User._meta.get_field(name)
                self._read(place, "person", field, value, self.preferences)
            elif name not in ACCOUNT_FIELDS:
                self._refuse_name(place, "person", name)

    def read_tables(self, reader: JsonReader) -> None:
        """Keep the rows of the tables that are brought back."""
        known = tables()
        for label in reader.members():
            if label not in known:
                message = _("There is no table “%(name)s” in this format.")
                place = Place(reader.line_here())
                self.problems.add(place, shown(label), message % {"name": shown(label)})
            model = brought_back().get(label)
            for place, row in reader.items():
                if model:
                    self._read_row(model, place, row)
                elif label in NOT_BROUGHT_BACK:
                    self.leave(place, str(TABLES[label]), str(NOT_BROUGHT_BACK[label]))

    def check_references(self) -> None:
        """Every number that a row refers to must be that of a row."""
        numbers = {model: self._numbers(model, rows) for model, rows in self.rows.items()}
        for model, rows in self.rows.items():
            parents = {
                field.name: numbers.get(field.related_model, set())
                for field in fields_of(model)
                if isinstance(field, ForeignKey)
            }
            for each in rows:
                for name, number in each.parents.items():
                    if number not in parents[name]:
                        message = _("There is no row with this number in the file.")
                        self._add(each.place, model._meta.label, name, message)

    def _numbers(self, model, rows):
        numbers = set()
        for each in rows:
            if each.number is not None and each.number in numbers:
                self._add(each.place, model._meta.label, "id", _("This number is there twice."))
            numbers.add(each.number)
        return numbers - {None}

    def refuse_twice(self, each: ArchiveRow) -> None:
        """Two rows of the file would be one row of the diary."""
        self.refuse(each, "", _("There is only one of these, and the file has two."))
        each.is_new = False

    def refuse(self, each: ArchiveRow, name: str, message: str) -> None:
        self._add(each.place, each.row._meta.label, name, message)

    def _read_row(self, model, place, members):
        before = self.problems.total
        values, parents, number = {}, {}, None
        fields = {field.name: field for field in fields_of(model)}
        for name, value in self._members(place, members):
            field = fields.get(name)
            if name == "id":
                number = self._number(place, model, name, value)
            elif field is None:
                self._refuse_name(place, model._meta.label, name)
            elif isinstance(field, ForeignKey):
                if value is not None:
                    parents[name] = self._number(place, model, name, value)
            else:
                self._read(place, model._meta.label, field, value, values)
        row = model(user=self.user, **values)
        self._check_missing(place, model, values, parents)
        if self.problems.total == before:
            self._check_row(place, row, values)
        self.rows.setdefault(model, []).append(
            ArchiveRow(place, number, row, parents, frozenset((*values, *parents)))
        )

    def _check_missing(self, place, model, values, parents):
        """A field that is newer than the file has its default; others must be there."""
        for field in fields_of(model):
            is_said = field.name in values or field.name in parents
            if not (is_said or field.null or field.blank or field.has_default()):
                self._add(place, model._meta.label, field.name, _("This must not be empty."))

    def _check_row(self, place, row, values):
        label = row._meta.label
        for field in fields_of(type(row)):
            moment = values.get(field.name)
            if isinstance(field, DateTimeField) and moment:
                self._check_past(place, label, field, moment)
        for rule in (*broken_rules(row), *broken_by_file(row)):
            self._add(place, label, rule.fields[0], rule.message)

    def _check_past(self, place, label, field, moment):
        try:
            refuse_future(moment, at=self.at + AHEAD)
        except ValidationError as error:
            self._add(place, label, field.name, error.messages[0])

    def _members(self, place, members):
        if isinstance(members, dict):
            return members.items()
        self.problems.add(place, "", _("An entry must be an object in curly brackets."))
        return ()

    def _number(self, place, model, name, value):
        if type(value) is int:
            return value
        self._add(place, model._meta.label, name, WRONG_KIND)
        return None

    def _read(self, place, label, field, value, values):
        try:
            values[field.name] = read_value(field, value)
        except ValidationError as error:
            self._add(place, label, field.name, " ".join(error.messages))

    def _refuse_name(self, place, label, name):
        message = _("There is no field “%(name)s” in this table.")
        self._add(place, label, shown(name), message % {"name": shown(name)})

    def _add(self, place, label, name, message):
        self.problems.add(place, f"{label} {name}".strip(), message)
