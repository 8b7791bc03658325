"""The course of a condition in a span, read at once for the timeline and for the report."""

from collections.abc import Sequence

from apps.comparisons.reading import slots
from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.spans import Span
from apps.conditions.models import Condition


def course_of(
    user,
    condition: Condition,
    span: Span,
    *,
    parts: Sequence[Span] = (),
    with_use: bool = True,
    with_pain: bool = True,
) -> Course:
    """Six queries at most: one for the sides, three for the use, two for the pain.

    ``parts`` are spans within the span, in which the sessions are counted as well.
    """
    used, pain = {}, {}
    if with_use:
        used = _used(user, condition, span, parts)
    if with_pain:
        pain = _pain(user, condition, span)
    sides = slots.sides(user, condition, span)
    return Course(
        span=span, places=condition.places, sides=sides, parts=tuple(parts), **used, **pain
    )


def _used(user, condition, span, parts) -> dict:
    known = slots.kinds(user)
    names = {pk: name for pk, (name, _kind) in known.items()}
    return {
        "kinds": dict(known.values()),
        "used": slots.used(user, condition, span.by_marks(), names, parts),
        "periods": slots.periods(user, condition, span),
    }


def _pain(user, condition, span) -> dict:
    has_days = span.has_days_behind
    return {
        "pain": slots.pain(user, condition, span.by_points()),
        "days": slots.pain_by_day(user, condition, span) if has_days else {},
    }
