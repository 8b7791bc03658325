"""Rows of one person whose names look the same, from before that was refused: made one by a tap."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.users.lists.named import NamedModel

# What ratings mean: those of a condition, and of an activity.
RATED_FOR = ("first_place", "second_place", "condition_id")
ITS_OWN = {"id", "user", "name", "name_as_seen", "twin", "place", "created_at", "archived_at"}

# One and the same twice: a session with both, both rated on one day.
SAME_TWICE = {
    "dutiesanswer_once_a_day",
    "functionrating_once_a_day",
    "keptcomparison_one_per_filters",
    "plannedtreatment_named_once_per_draw",
    "sessiontreatment_named_once_per_session",
}


class CannotBeOneError(Exception):
    """The message says why, in words for the person."""


def twins_among(rows: Iterable[NamedModel], url_name: str) -> list[dict]:
    """The names that are there more than once, and the address that makes each of them one."""
    groups = defaultdict(list)
    for row in rows:
        groups[row.name_as_seen].append(row)
    kept = [_in_use_first(group) for group in groups.values() if len(group) > 1]
    return [
        {"name": group[0].name, "number": len(group), "url": reverse(url_name, args=[group[0].pk])}
        for group in kept
    ]


def _in_use_first(group):
    return sorted(group, key=lambda row: (row.archived_at is not None, row.twin))


def make_one_page(request, row: NamedModel, *, then: str):
    """Make the row and its twins one, and go to ``then``."""
    try:
        make_one(row)
    except CannotBeOneError as error:
        messages.error(request, str(error))
    else:
        said = _("“%(name)s” is one now, with what belonged to each.")
        messages.success(request, said % {"name": row.name})
    return redirect(then)


@transaction.atomic
def make_one(row: NamedModel) -> None:
    """All that refers to the row's twins refers to the row; what it leaves empty it takes of them.

    Raises CannotBeOneError where that would change what something means, and changes nothing.
    """
    own = type(row).objects.for_user(row.user).select_for_update()
    for twin in own.filter(name_as_seen=row.name_as_seen).exclude(pk=row.pk).order_by("twin"):
        if any(getattr(row, name, "") != getattr(twin, name, "") for name in RATED_FOR):
            message = _("The ratings of both “%(name)s” mean different things. Rename one of them.")
            raise CannotBeOneError(message % {"name": row.name})
        _follow(row, twin)
        twin.delete()
        _take_what_is_empty(row, twin)
    row.twin = 0
    row.save()


def _follow(row, twin):
    for relation in row._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many:
            own = relation.related_model._base_manager.filter(user=row.user_id)
            for pk in own.filter(**{relation.field.name: twin}).values_list("pk", flat=True):
                _give(own.filter(pk=pk), relation.field.name, row)


def _give(own, field, row):
    try:
        with transaction.atomic():
            own.update(**{field: row})
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name not in SAME_TWICE:
            message = _("Something is about both “%(name)s”. Rename one of them.")
            raise CannotBeOneError(message % {"name": row.name}) from error
        own.delete()


def _take_what_is_empty(row, twin):
    for field in row._meta.concrete_fields:
        is_empty = getattr(row, field.attname) in (None, "")
        if field.name not in ITS_OWN and not field.is_relation and is_empty:
            setattr(row, field.attname, getattr(twin, field.attname))
