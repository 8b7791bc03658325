"""The rows of a complete JSON file into a diary: what is there already stays as it is.

A row is there already if the account has one with its ``client_id``; or of its name; or, where
there is only one for each person or nothing names it, of the same content.
"""

from collections import Counter, defaultdict

from django.db.models import ForeignKey, Max, Model, UniqueConstraint
from django.utils.translation import gettext as _

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, Seal, TreatmentSession, WaitDraw, WaitPlan
from apps.diary.models.function import PLACES, Activity
from apps.diary.models.reminders import Plan
from apps.users.lists.named import NamedModel
from apps.users.models import User
from apps.users.typed.names import as_seen
from apps.your_data.archive.merging import in_short, merge, name_of, stays
from apps.your_data.archive.read import ArchiveReader, ArchiveRow
from apps.your_data.archive.seals import new_seals
from apps.your_data.archive.tables import brought_back, fields_of, has_client_id
from apps.your_data.misplaced import refuse_misplaced
from config.postgres.copying import store_rows

ENTRIES = (CheckIn, TreatmentSession)


def store_archive(user: User, reader: ArchiveReader) -> None:
    """Store what is new, and mark every row of the reader as new or not. In a transaction.

    Settings (those of the account, and rows of which a person has one) come back only into a
    diary that holds nothing yet. What of the file stays out is told to the reader, row by row.
    """
    is_empty = not any(model.objects.for_user(user).exists() for model in ENTRIES)
    if is_empty:
        _set_preferences(user, reader)
    else:
        _leave_preferences(user, reader)
    stored: dict[tuple, ArchiveRow] = {}
    for model, rows in _brought(reader):
        for each in rows:
            _set_parents(each, stored)
        if model is WaitDraw:
            _make_room(user, rows)
        _mark_known(user, model, rows)
        if model is Seal:
            _settle_seals(user, rows)
        _refuse_twice(model, reader)
        if model is CheckIn:
            _refuse_misplaced(user, rows, reader)
        if model is Activity:
            _find_places(user, rows, reader)
        if issubclass(model, Plan):
            for each in rows:
                each.row.since = reader.at  # nothing that was due before is sent now
        if is_empty and _keys_of(model) == [()]:
            _replace(model, rows)
        else:
            merge(user, model, rows, reader)
        _leave_parts_of_known(rows, reader)
        new = [each.row for each in rows if each.is_new]
        if issubclass(model, NamedModel):
            _number_twins(new)
        store_rows(new)
        stored |= {(model, each.number): each for each in rows}
    count_on(user)


def _brought(reader):
    """The tables of which the file holds rows, each after those that it refers to."""
    for model in brought_back().values():
        if rows := reader.rows.get(model):
            yield model, rows


def _settle_seals(user, rows):
    new = new_seals(user, [each.row for each in rows])
    for each in rows:
        each.is_new = each.row in new
    rows[:] = [each for each in rows if each.is_new or each.row.pk]


def _number_twins(rows):
    """A file from before names were compared as they are seen may have two that look the same."""
    seen = Counter()
    for row in rows:
        row.twin = seen[as_seen(row.name)]
        seen[as_seen(row.name)] += 1


def _refuse_misplaced(user, rows, reader):
    """New ratings of a condition that the account rates in other places."""
    here = Condition.objects.for_user(user).in_bulk()
    new = [each for each in rows if each.is_new]
    refuse_misplaced(
        ((each.row, here[each.row.condition_id], each.row.condition.places) for each in new),
        lambda number, message: reader.refuse(new[number], "condition", message),
    )


def _set_preferences(user, reader):
    for name, value in reader.preferences.items():
        setattr(user, name, value)
    if reader.preferences:
        user.save(update_fields=list(reader.preferences))


def _leave_preferences(user, reader):
    said = User(**reader.preferences)
    for name, value in reader.preferences.items():
        if value != getattr(user, name):
            field = User._meta.get_field(name)
            each = ArchiveRow(reader.person_place, None, said, {})
            reader.leave(each.place, name_of(field), stays(user, each, field))


def _leave_parts_of_known(rows, reader):
    """What the entry here does not have of what belongs to it in the file."""
    for each in rows:
        if not each.is_new and each.row.pk is None:
            why = _("what it belongs to is there already, and stays as it is")
            reader.leave(each.place, _part_in_short(each.row), why)


def _part_in_short(row):
    """What it belongs to, and what it is: “Session: pain 6 before” and “Mat”."""
    parts = [
        in_short(getattr(row, field.name))
        for field in fields_of(type(row))
        if isinstance(field, ForeignKey) and getattr(row, field.attname)
    ]
    return ": ".join(parts) or in_short(row)


def _set_parents(each, stored):
    """Instead of the numbers in the file, those of the rows as they are stored now.

    Whatever belongs to an entry goes with it: of one that is there already, nothing is added.
    """
    for field in fields_of(type(each.row)):
        if isinstance(field, ForeignKey) and field.name in each.parents:
            parent = stored[field.related_model, each.parents[field.name]]
            setattr(each.row, field.name, parent.row)
            if has_client_id(field.related_model) and not parent.is_new:
                each.is_new = False


def numbers_of_new(reader: ArchiveReader) -> dict[type[Model], list[int]]:
    """Of the rows that were stored, but for settings of which a person has one."""
    return {
        model: [each.row.pk for each in rows if each.is_new]
        for model, rows in reader.rows.items()
        if _keys_of(model) != [()]
    }


def _keys_of(model: type[Model]) -> list[tuple[str, ...]]:
    """What makes two rows of a person the same: sets of fields, the first that fits counts.

    An empty set: there is one for each person. No set: only the same content is the same.
    """
    fields = [
        constraint.fields
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and constraint.condition is None
        and constraint.fields != ("user", "id")
        and "twin" not in constraint.fields  # asked by ``_folded``
    ]
    keys = [
        tuple(model._meta.get_field(name).attname for name in names if name != "user")
        for names in fields
    ]
    return sorted(keys, key=lambda names: "client_id" not in names)


def _mark_known(user, model, rows):
    keys = _keys_of(model)
    if not keys:
        _mark_same_content(user, model, rows)
        return
    for names in keys:
        known = {}
        for pk, *key in model.objects.for_user(user).order_by("pk").values_list("pk", *names):
            known.setdefault(tuple(key), pk)
            known.setdefault(_folded(key), pk)
        _mark(rows, names, known)


def _mark(rows, names, known):
    for each in rows:
        key = _key(each.row, names)
        if None in key or each.row.pk:
            continue
        pk = known.get(key, known.get(_folded(key)))
        if pk is not None:
            each.row.pk, each.is_new = pk, False


def _refuse_twice(model, reader):
    for names in _keys_of(model):
        seen = set()
        for each in reader.rows.get(model, []):
            key = _key(each.row, names)
            if each.is_new and None not in key:
                if key in seen:
                    reader.refuse_twice(each)
                seen.add(key)


def _key(row, names):
    return tuple(getattr(row, name) for name in names)


def _folded(key):
    """Names that look the same mean the same, as in the forms."""
    return tuple(as_seen(part) if isinstance(part, str) else part for part in key)


def _mark_same_content(user, model, rows):
    names = [field.attname for field in fields_of(model)]
    known = defaultdict(list)
    for pk, *content in model.objects.for_user(user).order_by("-pk").values_list("pk", *names):
        known[tuple(content)].append(pk)
    for each in rows:
        if same := known[_key(each.row, names)]:
            each.row.pk, each.is_new = same.pop(), False


def _replace(model, rows):
    """The one row of this kind that the account has by itself becomes the file's."""
    names = [field.attname for field in fields_of(model)]
    for each in rows:
        if each.row.pk and not each.is_new:
            model.objects.filter(pk=each.row.pk).update(
                **{name: getattr(each.row, name) for name in names}
            )


def _make_room(user, rows):
    """Tosses are numbered; those of the file go on after the account's own where they clash."""
    own = WaitDraw.objects.for_user(user)
    ids = set(own.values_list("client_id", flat=True))
    taken = set(own.exclude(ordinal=None).values_list("ordinal", flat=True))
    new = [each.row for each in rows if each.row.client_id not in ids]
    if any(row.ordinal in taken for row in new):
        first = max(taken) + 1
        for row in new:
            if row.ordinal is not None:
                row.ordinal += first


def _find_places(user, rows, reader):
    """Up to three activities are asked about: one too many comes back archived."""
    own = Activity.objects.for_user(user).filter(archived_at=None)
    taken = set(own.values_list("condition_id", "place"))
    for each in rows:
        row = each.row
        if each.is_new and row.archived_at is None:
            places = [row.place, *PLACES]
            free = [place for place in places if (row.condition_id, place) not in taken]
            row.place, row.archived_at = (free[0], None) if free else (row.place, reader.at)
            taken.add((row.condition_id, row.place))
            if not free:
                why = _("comes in as retired: up to three are asked about")
                reader.leave(each.place, row.name, why)


def count_on(user):
    """The next toss is one that nobody has tossed yet."""
    last = WaitDraw.objects.for_user(user).aggregate(last=Max("ordinal"))["last"]
    if last is None:
        return
    plan, _is_new = WaitPlan.objects.get_or_create(user=user)
    if plan.next_ordinal <= last:
        plan.next_ordinal = last + 1
        plan.save(update_fields=["next_ordinal"])
