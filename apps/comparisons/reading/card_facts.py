"""What a treatment's card draws, counted in the database and kept until the diary changes."""

from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Count, Min, Window

from apps.comparisons.engine import next_day, trend
from apps.comparisons.reading import pairs, slots
from apps.comparisons.reading.chosen import Chosen, Part
from apps.comparisons.reading.facts import AroundStart, Counted, SideEffects, TreatmentFacts
from apps.comparisons.reading.results import kept
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Condition
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from config.postgres.compiled import compiled

SHAPE = "card-4"  # of what is kept: another shape needs another number
MOST_SIDE_EFFECTS = 20
MOST_DRAWN = 60


def card_facts(user, chosen: Chosen, *, treatment, start: date | None) -> TreatmentFacts:
    """All that is counted for a treatment's card; ``start`` is its first period's first day.

    One query where it is kept.
    """
    since = start.toordinal() if start else ""
    key = f"c{treatment.pk}|{_limits(chosen)}|{since}"

    def work_out():
        return read(user, chosen, treatment, start).to_values()

    values = kept(user, chosen.condition, key, SHAPE, work_out, keep=chosen.is_kept)
    return TreatmentFacts.from_values(values)


def read(user, chosen: Chosen, treatment, start: date | None) -> TreatmentFacts:
    condition, span, part = chosen.condition, chosen.span, chosen.part(user)
    used = {"part": part, "treatment": treatment.pk}
    days, firsts = dict(_per_day(**used)), first_days(user, condition)
    began = start or firsts.get(treatment.pk)
    return TreatmentFacts(
        treated=counted(**used, is_wait=False),
        waits=counted(part, treatment=0, is_wait=True),
        weeks=per_week(days, since_start(span, start, firsts.get(treatment.pk))),
        next_day=next_days(part, set(days)),
        around_start=around_start(user, condition, chosen.side, began) if began else None,
        firsts=firsts,
        side_effects=side_effects(_with_side_effects(**used)),
    )


def wait_facts(user, chosen: Chosen) -> Counted:
    """The same of the waits alone; those of a running self-test are sealed."""
    key = f"w|{_limits(chosen)}"

    def work_out():
        return {"waits": counted(chosen.part(user), treatment=0, is_wait=True).to_values()}

    values = kept(user, chosen.condition, key, SHAPE, work_out, keep=chosen.is_kept)
    return Counted.from_values(values["waits"])


def _limits(chosen: Chosen) -> str:
    """Side and days, short enough for a key."""
    days = chosen.span.first_day.toordinal(), chosen.span.last_day.toordinal()
    return "|".join(map(str, (chosen.side[:1], *days)))


def counted(part: Part, *, treatment: int, is_wait: bool) -> Counted:
    """Counts and means, the latest sessions, and how often each change was seen from each start;
    of a treatment, or of the waits. Two queries.
    """
    sessions = {"part": part, "treatment": treatment, "is_wait": is_wait}
    alike = _alike(**sessions)
    return Counted(
        counts=pairs.altogether(alike), latest=_latest(**sessions), changes=pairs.changes(alike)
    )


@compiled
def _alike(*, part: Part, treatment: int, is_wait: bool):
    alike = pairs.alike_waits if is_wait else pairs.alike
    return alike(_sessions(part, treatment, is_wait))


@compiled
def _latest(*, part: Part, treatment: int, is_wait: bool):
    return pairs.latest(_sessions(part, treatment, is_wait), MOST_DRAWN)


def _sessions(part: Part, treatment: int, is_wait: bool):
    sessions = part.entries(TreatmentSession)
    if is_wait:
        return pairs.unsealed(sessions.waits_with_due(), part.user)
    return sessions.with_treatment(treatment).with_due()


@compiled
def _per_day(*, part: Part, treatment: int):
    used = part.entries(TreatmentSession).with_treatment(treatment)
    return used.order_by().values_list("diary_date").annotate(n=Count("pk"))


def since_start(span: Span, *starts: date | None) -> Span:
    """What of the span is not before the treatment's own start: its first period or session."""
    start = min(filter(None, starts), default=span.first_day)
    return Span(min(max(start, span.first_day), span.last_day), span.last_day)


def per_week(days: dict[date, int], span: Span) -> list[int]:
    """The number of sessions in every seven days from the first of the span, also where it is 0."""
    counts = [0] * ((span.last_day - span.first_day).days // 7 + 1)
    for day, n in days.items():
        if day >= span.first_day:
            counts[(day - span.first_day).days // 7] += n
    return counts


def next_days(part: Part, with_it: set[date]) -> dict:
    """``next_day`` of the days with an entry, by the first check-in of each."""
    ratings = {row["diary_date"]: row for row in _first_check_ins(part=part)}
    return next_day.next_day(with_it, {*ratings, *_treated(part=part)}, ratings)


@compiled
def _first_check_ins(*, part: Part):
    in_order = part.entries(CheckIn).order_by("diary_date", "rated_at", "pk")
    return in_order.distinct("diary_date").values("diary_date", *next_day.MEASURES)


@compiled
def _treated(*, part: Part):
    sessions = part.entries(TreatmentSession).order_by()
    return sessions.values_list("diary_date", flat=True).distinct()


def first_days(user, condition: Condition) -> dict[int, date]:
    """The day of each treatment's first session."""
    return dict(_first_days(user=user.pk, condition=condition.pk))


@compiled
def _first_days(*, user: int, condition: int):
    links = SessionTreatment.objects.for_user(user).filter(session__condition=condition)
    rows = links.order_by().values_list("treatment_id")
    return rows.annotate(first=Min("session__diary_date"))


def around_start(user, condition: Condition, side: str, start: date) -> AroundStart:
    """Weekly pain around the start, and where the side switched."""
    around = Span(
        start - timedelta(weeks=trend.LONGEST_BEFORE),
        start + timedelta(weeks=trend.LONGEST_SINCE, days=-1),
    )
    part = Part.of(user, condition, around.first_day, around.last_day, side)
    days = slots.by_ordinal(slots.worse_in(part=part))
    weeks = trend.by_week({day - start.toordinal(): pain for day, pain in days})
    return AroundStart(start, weeks, switches(slots.sides(user, condition, around), start))


def switches(sides: list[tuple], start: date) -> list[tuple[date, list[str]]]:
    """Per week with a switch: the day of the first, and the sides one after the other."""
    found = {}
    for (_day, before), (day, after) in pairwise(sides):
        if before != after:
            week = (day - start).days // 7
            found.setdefault(week, (day, [before]))[1].append(after)
    return list(found.values())


@compiled
def _with_side_effects(*, part: Part, treatment: int):
    used = part.entries(TreatmentSession).with_treatment(treatment)
    found = used.exclude(adverse_effect="").annotate(n=Window(Count("pk")))
    latest = found.order_by("-diary_date", "-started_at", "-pk")[:MOST_SIDE_EFFECTS]
    return latest.values_list("diary_date", "adverse_effect", "n")


def side_effects(rows: list[tuple]) -> SideEffects:
    """The latest that were written down, and how many there are."""
    n = rows[0][2] if rows else 0
    return SideEffects(n, [(day, text) for day, text, _n in rows])
