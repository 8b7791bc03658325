"""A diary counted per slot (day or week) in the database: as many rows as slots, not entries.

Every function takes the person, the condition and the span; slots without an entry have no row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import (
    Aggregate,
    Avg,
    Count,
    DateField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Greatest

from apps.comparisons.reading import pairs
from apps.comparisons.reading.chosen import Part
from apps.comparisons.reading.facts import Use
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Condition, Side
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from apps.treatments.models import Treatment, TreatmentPeriod
from config.postgres.compiled import compiled

WHERE = {"leg": "leg_pain", "back": "back_pain"}  # the first and the second place
IS_RATED = Q(leg_pain__isnull=False) | Q(back_pain__isnull=False)


class Quantile(Aggregate):
    """The value below which a ``share`` (0 to 1) of the ratings lies, in NRS points.

    Where it falls between two ratings, it lies as far between their values.
    """

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class Seconds(Func):
    """An instant as seconds since 1970: read in a tenth of the time that a datetime takes."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::float8"
    output_field = FloatField()


def check_ins(user, condition: Condition, span: Span):
    return _within(CheckIn, user, condition, span)


def sessions(user, condition: Condition, span: Span):
    return _within(TreatmentSession, user, condition, span)


def _within(model, user, condition, span):
    return model.objects.for_user(user).filtered(
        condition=condition, first_day=span.first_day, last_day=span.last_day
    )


def pain(user, condition: Condition, span: Span) -> dict[int, dict]:
    """Per slot the rated ``days``, and of leg and back the ratings.

    ``leg_n, leg_low, leg_quarter, leg_mean, leg_three_quarters, leg_high`` and the same for
    ``back``, NRS points; between the quarters lies the middle half of the slot's ratings.
    """
    aggregates = {"days": Count("diary_date", distinct=True, filter=IS_RATED)}
    for where, field in WHERE.items():
        aggregates |= {
            f"{where}_n": Count(field),
            f"{where}_low": Min(field),
            f"{where}_quarter": Quantile(field, share=0.25),
            f"{where}_mean": Avg(field, output_field=FloatField()),
            f"{where}_three_quarters": Quantile(field, share=0.75),
            f"{where}_high": Max(field),
        }
    rows = check_ins(user, condition, span).annotate(slot=span.slot("diary_date")).order_by()
    return {row["slot"]: row for row in rows.values("slot").annotate(**aggregates)}


def worse(check_ins):
    """Each rated day with the mean of its check-ins' worse of leg and back."""
    mean = Avg(Greatest("leg_pain", "back_pain"), output_field=FloatField())
    return check_ins.filter(IS_RATED).order_by().values_list("diary_date").annotate(pain=mean)


@compiled
def worse_in(*, part: Part):
    return worse(part.entries(CheckIn))


def by_ordinal(days: Iterable[tuple[date, float]]) -> list[tuple[int, float]]:
    return sorted((day.toordinal(), pain) for day, pain in days)


def pain_by_day(user, condition: Condition, span: Span) -> dict[str, list[tuple]]:
    """Of leg and back the mean of each rated day: (days since the first, NRS points)."""
    rows = check_ins(user, condition, span).order_by().values_list("diary_date")
    means = {where: Avg(field, output_field=FloatField()) for where, field in WHERE.items()}
    found = {where: [] for where in WHERE}
    for day, *pains in sorted(rows.annotate(**means)):
        for where, pain in zip(WHERE, pains, strict=True):
            if pain is not None:
                found[where].append(((day - span.first_day).days, pain))
    return found


def kinds(user) -> dict[int, tuple[str, str]]:
    """Name and kind of each treatment of the person."""
    rows = Treatment.objects.for_user(user).order_by().values_list("pk", "name", "kind")
    return {pk: (name, kind) for pk, name, kind in rows}


def used(
    user, condition: Condition, span: Span, names: dict[int, str], parts: Sequence[Span] = ()
) -> dict[str | None, Use]:
    """How often each treatment was used, by name; under None the waits.

    A session with two treatments counts once for each. ``names`` are by key, ``parts`` spans
    within the span.
    """
    days = [(part.first_day, part.last_day) for part in parts]
    in_parts = {
        f"part_{number}": Count("pk", filter=Q(diary_date__range=within))
        for number, within in enumerate(days)
    }
    rows = (
        pairs.with_treatment_ids(sessions(user, condition, span))
        .annotate(slot=span.slot("diary_date"))
        .order_by()
        .values_list("slot", "treatment_ids")
        .annotate(n=Count("pk"), **in_parts)
    )
    found = defaultdict(list)
    for slot, ids, *counts in rows:
        for name in map(names.get, ids or [None]):
            found[name].append((slot, *counts))
    return {name: _use(counted) for name, counted in found.items()}


def _use(counted: list[tuple]) -> Use:
    """Of ``(slot, n, n in the first part, …)``; a slot is there once for each set of treatments."""
    slots = defaultdict(int)
    for slot, n, *_parts in counted:
        slots[slot] += n
    parts = zip(*(parts for _slot, _n, *parts in counted), strict=True)
    return Use(dict(slots), tuple(map(sum, parts)))


def periods(user, condition: Condition, span: Span) -> dict[str, list[dict]]:
    """Stretches of days in which a treatment was in use, of those that touch the span, by name.

    A period names no condition: left out are treatments used for other conditions alone.
    """
    links = SessionTreatment.objects.for_user(user).filter(treatment=OuterRef("treatment"))
    is_used_here = Exists(links.filter(session__condition=condition))
    rows = (
        TreatmentPeriod.objects.for_user(user)
        .filter(Q(ended_on=None) | Q(ended_on__gte=span.first_day), started_on__lte=span.last_day)
        .filter(is_used_here | ~Exists(links))
        .order_by("treatment__name", "started_on")
        .values("treatment__name", "started_on", "ended_on")
    )
    found = defaultdict(list)
    for row in rows:
        found[row["treatment__name"]].append(row)
    return dict(found)


def sides(user, condition: Condition, span: Span) -> list[tuple]:
    """Every side written down, once per day: ``(day, side)`` in the order it was first felt.

    Check-ins and sessions together. "Neither" (no pain) is no side, so it switches nothing.
    """
    part = Part.of(user, condition, span.first_day, span.last_day)
    return list(_in_order(_sides_in(part=part)))


@compiled
def _sides_in(*, part: Part):
    treated = _sides(part.entries(TreatmentSession), "started_at")
    return _sides(part.entries(CheckIn), "rated_at").union(treated, all=True)


def _sides(entries, moment: str):
    ends = {"first": Seconds(Min(moment)), "last": Seconds(Max(moment))}
    named = entries.filter(side__in=[Side.LEFT, Side.RIGHT, Side.BOTH]).order_by()
    return named.values_list("diary_date", "side").annotate(**ends)


def pain_by_side(user, condition: Condition, span: Span, monday) -> dict[tuple, tuple]:
    """Per week from ``monday`` and side the number of check-ins and their mean pain.

    The pain is the worse of both places, in NRS points; check-ins without a side or a rating
    are left out, and so is "neither".
    """
    week = Func(
        F("diary_date"),
        Value(monday, output_field=DateField()),
        template="((%(expressions)s) / 7)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )
    rows = (
        check_ins(user, condition, span)
        .filter(IS_RATED, side__in=[Side.LEFT, Side.RIGHT, Side.BOTH])
        .annotate(week=week)
        .order_by()
        .values_list("week", "side")
        .annotate(
            n=Count("pk"), pain=Avg(Greatest("leg_pain", "back_pain"), output_field=FloatField())
        )
    )
    return {(week, side): (n, pain) for week, side, n, pain in rows}


def _in_order(rows) -> Iterator[tuple]:
    """Sides of a day by when they were first felt, then the one felt last if it came back."""
    days = defaultdict(dict)
    for day, side, first, last in rows:
        known = days[day].get(side, (first, last))
        days[day][side] = (min(first, known[0]), max(last, known[1]))
    for day, felt in sorted(days.items()):
        order = sorted(felt, key=lambda side: felt[side][0])
        last = max(felt, key=lambda side: felt[side][1])
        for side in order if order[-1] == last else [*order, last]:
            yield day, side
