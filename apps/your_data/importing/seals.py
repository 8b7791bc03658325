"""What the rows of a table say of self-tests that run where it came from."""

from collections import defaultdict

from apps.diary.models import Seal
from apps.treatments.models import Treatment
from apps.users.models import User
from apps.users.typed.names import as_seen
from apps.your_data.archive.seals import new_seals
from apps.your_data.table.columns import BY_NAME, MODELS
from apps.your_data.table.rows import Row
from config.postgres.copying import store_rows


def keep_seals(user: User, rows: list[Row]) -> list[int]:
    """Seal what is sealed there, open what was opened there; the numbers of the new seals.

    All of the rows are stored.
    """
    _open(user, rows)
    groups = defaultdict(list)
    for row in rows:
        if row.sealed:
            groups[as_seen(row.condition), row.sealed.started_at].append(row)
    if not groups:
        return []
    own = Treatment.objects.for_user(user).order_by("-id").values_list("name", "id")
    treatments = {as_seen(name): pk for name, pk in own}
    found = [_seal(user, group, treatments) for group in groups.values()]
    new = store_rows(new_seals(user, [each for each in found if each]))
    return [each.pk for each in new]


def _open(user, rows):
    """A table made after the end says nothing more of the test, and its rows are there already."""
    is_open = {row.entry.client_id for row in rows if row.is_open}
    for seal in Seal.objects.for_user(user).kept() if is_open else ():
        if not is_open.isdisjoint(seal.client_ids):
            seal.delete()


def _seal(user, group, treatments) -> Seal | None:
    """None where a treatment that it asks about is not here: then there is nothing to seal."""
    first = group[0]
    asked = [treatments.get(as_seen(name)) for name, _kind in first.sealed.asked]
    if None in asked:
        return None
    conditions = type(first.entry).objects.for_user(user).values_list("condition_id", flat=True)
    return Seal(
        user=user,
        condition_id=conditions.get(pk=first.entry.pk),
        treatment_id=asked[0],
        other_id=asked[1] if len(asked) > 1 else None,
        moments=first.sealed.moments,
        minutes=first.sealed.minutes,
        started_at=first.sealed.started_at,
        client_ids=_drawn(user, group),
    )


def _drawn(user, group):
    """As they are stored: a row without a ``client_id`` is known by what it says."""
    found = []
    for kind, model in MODELS.items():
        keys = [row.entry.pk for row in group if row.sealed.is_drawn and type(row.entry) is model]
        own = model.objects.for_user(user).filter(pk__in=keys).order_by(BY_NAME["at"].field(kind))
        found += own.values_list("client_id", flat=True)
    return found[: Seal.client_ids.field.size]
