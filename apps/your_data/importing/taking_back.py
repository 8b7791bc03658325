"""An import is taken back as one thing, as long as nobody has changed anything of it."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import ForeignKey, Model, RestrictedError

from apps.diary.models import ImportedFile
from apps.users.models import User
from apps.your_data.archive.merging import Filled
from apps.your_data.archive.tables import brought_back
from apps.your_data.archive.write import encode, plain
from apps.your_data.importing.locking import lock

LONGEST_NAME = ImportedFile._meta.get_field("name").max_length
FETCHED = 2000

Made = dict[type[Model], list[int]]


class ChangedSinceError(Exception):
    """Something of the import was changed or is in use: taken back, that would be lost."""


def note_import(
    user: User, *, name: str, at: datetime, entries: int, made: Made, filled: list[Filled]
) -> None:
    """Keep what came in; nothing where nothing did."""
    if not (any(made.values()) or filled):
        return
    ImportedFile.objects.create(
        user=user,
        name=name,
        imported_at=at,
        entries=entries,
        rows={model._meta.label: spans(numbers) for model, numbers in made.items() if numbers},
        filled=[
            [each.model._meta.label, each.pk, each.field, plain(each.before), plain(each.after)]
            for each in filled
        ],
        content_sha256=_fingerprint(user, made),
    )


@transaction.atomic
def take_back(file: ImportedFile) -> int:
    """Delete what the file brought and empty what it filled; how many entries are gone.

    Raises ChangedSinceError, and then changes nothing. Settings stay.
    """
    lock(file.user)
    labels = brought_back()
    made = {labels[label]: numbers(found) for label, found in file.rows.items()}
    if _fingerprint(file.user, made) != file.content_sha256 or _is_used_elsewhere(file.user, made):
        raise ChangedSinceError
    _empty_again(file)
    try:
        for model in reversed(list(labels.values())):
            for chunk in _chunks(made.get(model, [])):
                model.objects.for_user(file.user).filter(pk__in=chunk).delete()
    except RestrictedError as error:
        raise ChangedSinceError from error
    file.delete()
    return file.entries


def _empty_again(file):
    for label, number, field, before, after in file.filled:
        model = brought_back()[label]
        own = model.objects.for_user(file.user).filter(pk=number)
        if plain(own.values_list(field, flat=True).first()) != after:
            raise ChangedSinceError
        own.update(**{field: before})


def _fingerprint(user, made: Made) -> str:
    """Of all that these rows hold."""
    found = sha256()
    for model in brought_back().values():
        names = [field.attname for field in model._meta.concrete_fields]
        for chunk in _chunks(sorted(made.get(model, []))):
            own = model.objects.for_user(user).filter(pk__in=chunk).order_by("pk")
            for values in own.values_list(*names):
                found.update(encode([model._meta.label, *map(plain, values)]).encode())
    return found.hexdigest()


def _is_used_elsewhere(user, made: Made) -> bool:
    """Whether a row that did not come with the file belongs to one that did."""
    for model in brought_back().values():
        came = set(made.get(model, []))
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and made.get(field.related_model):
                for chunk in _chunks(made[field.related_model]):
                    found = model.objects.for_user(user).filter(**{f"{field.attname}__in": chunk})
                    if not came.issuperset(found.values_list("pk", flat=True)):
                        return True
    return False


def _chunks(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), FETCHED):
        yield numbers[start : start + FETCHED]


def spans(numbers: list[int]) -> list[list[int]]:
    """Numbers that follow one another as their first and last: [1, 2, 3, 7] is [[1, 3], [7, 7]]."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def numbers(found: list[list[int]]) -> list[int]:
    return [number for first, last in found for number in range(first, last + 1)]
