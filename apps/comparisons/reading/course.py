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
    """Six queries: one for the sides, three for the use, two for the pain.

    ``parts`` are spans within the span, in which the sessions are counted as well.
    """
    where = user, condition, span
    return Course(
        span=span,
        sides=slots.sides(*where),
        used=slots.used(*where, parts) if with_use else None,
        periods=slots.periods(*where) if with_use else None,
        pain=slots.pain(*where) if with_pain else None,
        pain_altogether=slots.pain_altogether(*where) if with_pain else None,
        parts=tuple(parts),
        places=condition.places,
    )
