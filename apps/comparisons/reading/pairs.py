"""Sessions that make a pair of ratings, before and after a known interval, counted in the database.

What counts as a pair (docs/method.md, section 1) the diary says in the database's terms
(``IS_PAIR``) and the engine in its own (``Rows.has_pair``).
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, OuterRef, Q, Sum, Value, When

from apps.diary.models import IS_PAIR, Seal, SelfTestMoment, SessionTreatment

IS_RATED_AGAIN = Q(pain_after__isnull=False)


def with_treatment_ids(sessions):
    """Each with ``treatment_ids``, sorted; empty for a wait.

    Looked up session by session in an index, so that what it costs hangs on the sessions that
    are read, and not on how often a treatment was used in all the years before.
    """
    links = SessionTreatment.objects.filter(session=OuterRef("pk")).order_by("treatment_id")
    return sessions.annotate(treatment_ids=ArraySubquery(links.values("treatment_id")))


def is_sealed(user) -> Q:
    """Of sessions: whether it used a letter of a self-test that still runs, here or where it
    came from."""
    drawn = SelfTestMoment.objects.for_user(user).filter(self_test__ended_at=None)
    elsewhere = Seal.objects.for_user(user).client_ids()
    return Q(client_id__in=drawn.order_by().values("client_id")) | Q(client_id__in=elsewhere)


def unsealed(sessions, user):
    """Without those that used a letter of a self-test that still runs."""
    return sessions.exclude(is_sealed(user))


class Alike(NamedTuple):
    """``n`` sessions that were rated alike; ``minutes`` is the sum over the ``timed`` of them."""

    before: int
    after: int | None
    is_pair: bool
    is_mixed: bool
    n: int
    minutes: int | None
    timed: int


def alike(sessions):
    """Sessions ``with_due`` by how they were rated, as ``Alike`` names it: some dozens of rows."""
    is_mixed = Case(When(treatment_ids__len__gt=1, then=True), default=False)
    return _alike(with_treatment_ids(sessions).annotate(is_mixed=is_mixed))


def alike_waits(waits):
    """The same of ``waits_with_due``: in none of them is a treatment, so none is looked for."""
    return _alike(waits.annotate(is_mixed=Value(False)))


def _alike(sessions):
    rows = _with_is_pair(sessions).order_by()
    return rows.values_list("pain_before", "pain_after", "is_pair", "is_mixed").annotate(
        n=Count("pk"), spent=Sum("minutes"), timed=Count("minutes")
    )


def altogether(rows: Iterable[tuple]) -> dict:
    """Counts and means over sessions that were read as ``alike``.

    ``sessions`` all; ``rated`` rated again; ``pairs`` those of them that are compared, with
    ``before`` and ``after`` their means in NRS points (None without a pair); ``minutes_spent``
    the sum of those written down (None without any) and ``timed`` how many sessions that is;
    ``mixed`` those pairs that hold more than one treatment.
    """
    found = [Alike(*row) for row in rows]
    pairs = [each for each in found if each.is_pair]
    n, timed = _total(pairs), sum(each.timed for each in found)
    return {
        "sessions": _total(found),
        "rated": _total(each for each in found if each.after is not None),
        "pairs": n,
        "before": sum(each.before * each.n for each in pairs) / n if n else None,
        "after": sum(each.after * each.n for each in pairs) / n if n else None,
        "minutes_spent": sum(each.minutes or 0 for each in found) if timed else None,
        "timed": timed,
        "mixed": _total(each for each in pairs if each.is_mixed),
    }


def _total(found: Iterable[Alike]) -> int:
    return sum(each.n for each in found)


def changes(rows: Iterable[tuple]) -> list[list[int]]:
    """``[before, change, n]`` over the pairs: NRS points, a negative change = less pain."""
    seen: Counter = Counter()
    for each in map(Alike._make, rows):
        if each.is_pair:
            seen[each.before, each.after - each.before] += each.n
    return sorted([*change, n] for change, n in seen.items())


def _with_is_pair(sessions):
    return sessions.annotate(is_pair=Case(When(IS_PAIR, then=True), default=False))


def latest(sessions, most: int):
    """Of sessions ``with_due`` the latest that were rated again, newest first; ``is_pair`` if they
    are compared.
    """
    return (
        _with_is_pair(sessions)
        .filter(IS_RATED_AGAIN)
        .order_by("-diary_date", "-started_at", "-pk")
        .values(
            "started_at",
            "after_rated_at",
            "diary_date",
            "time_zone",
            "pain_before",
            "pain_after",
            "is_pair",
        )[:most]
    )
