"""Rows of a file that are in the diary already, though not word for word.

Other line ends, white space, or a column chosen for the first time change what a row says, but
not what it is: an entry of the same minute, with the same ratings, of the same treatments.
"""

from collections import defaultdict
from collections.abc import Iterable

from apps.diary.models import Entry, SessionTreatment
from apps.users.models import User
from apps.users.typed.names import as_seen
from apps.your_data.table.columns import BY_NAME, MODELS
from apps.your_data.table.rows import Row

RATINGS = {"checkin": ("leg_pain", "back_pain"), "session": ("pain_before", "pain_after")}


def match_by_minute(user: User, rows: Iterable[Row]) -> None:
    """Give each such row the number of its entry; an entry is that of one row only.

    Rows that are there by their ``client_id`` have their number already.
    """
    rows = list(rows)
    for kind, model in MODELS.items():
        own = [row for row in rows if type(row.entry) is model]
        waiting = [row for row in own if row.is_known_by_content and row.entry.pk is None]
        if waiting:
            taken = {row.entry.pk for row in own}
            _match(waiting, _stored(user, kind, waiting, taken), kind)


def _stored(user, kind, rows, taken) -> dict[object, list[Entry]]:
    """The entries of these days that no row has yet, by their minutes."""
    moment = BY_NAME["at"].field(kind)
    moments = [getattr(row.entry, moment) for row in rows]
    between = (_minute(min(moments)), max(moments).replace(second=59, microsecond=999_999))
    entries = MODELS[kind].objects.for_user(user).filter(**{f"{moment}__range": between})
    found = defaultdict(list)
    for entry in entries.select_related("condition").order_by("pk"):
        if entry.pk not in taken:
            found[_minute(getattr(entry, moment))].append(entry)
    if kind == "session":
        _name_treatments(user, [entry for each in found.values() for entry in each])
    return found


def _name_treatments(user, sessions):
    links = SessionTreatment.objects.for_user(user).filter(session__in=sessions)
    names = defaultdict(set)
    for session, name in links.values_list("session_id", "treatment__name"):
        names[session].add(as_seen(name))
    for session in sessions:
        session.names_as_seen = names[session.pk]


def _match(rows, stored, kind):
    moment = BY_NAME["at"].field(kind)
    for row in rows:
        entries = stored.get(_minute(getattr(row.entry, moment)), [])
        entry = next((each for each in entries if _is_same(row, each, kind)), None)
        if entry:
            entries.remove(entry)
            row.entry.pk = entry.pk


def _is_same(row, entry, kind):
    """What the diary does not say may be said by a column that was chosen since."""
    if row.condition and as_seen(row.condition) != as_seen(entry.condition.name):
        return False
    if kind == "session":
        named = {as_seen(name) for name, _kind in row.treatments}
        if named != entry.names_as_seen:
            return False
    names = (*RATINGS[kind], "side")
    pairs = [(getattr(entry, name), getattr(row.entry, name)) for name in names]
    differs = any(here not in (None, "") and here != there for here, there in pairs)
    return not differs and _says_the_same(row.entry, entry, pairs)


def _says_the_same(there, here, pairs):
    """Without a rating in common it is the note that they share."""
    if any(rated is not None for rated, _said in pairs[:2]):
        return True
    return bool(here.note) and here.note.split() == there.note.split()


def _minute(moment):
    return moment.replace(second=0, microsecond=0)
