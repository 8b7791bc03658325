"""What the range notes for the first time in its last 14 days: told above all but a red flag."""

from datetime import UTC, date, datetime, time

from django.utils.translation import gettext as _

from apps.comparisons.reading.facts import Course
from apps.comparisons.reading.signs import Written
from apps.diary.models import RedFlagReview
from apps.diary.red_flags.new_signs import Answer, NewSign, new_signs, since_of, watched_in
from apps.sharing.report.scope import Scope


def new_in_report(scope: Scope, course: Course, said: list[Written]) -> list[dict]:
    """Each with its counts in words and when a doctor looked at it; one query if there is any."""
    answers = [
        Answer.of(row.day, row.stored_at, symptoms=row.symptoms, furthest=row.furthest)
        for row in said
    ]
    answers += [Answer.of(day, _end_of(day), side=side) for day, side in course.sides]
    found = new_signs(
        answers,
        since=since_of(course.span.last_day),
        watched=watched_in(scope.condition),
        begins=course.span.first_day,
    )
    seen = _reviews(scope) if found else []
    return [_told(sign, answers, seen) for sign in found]


def _end_of(day: date) -> datetime:
    """A side is read by the day: what a doctor saw on that day may have been before it."""
    return datetime.combine(day, time.max, UTC)


def _reviews(scope: Scope) -> list[datetime]:
    own = RedFlagReview.objects.for_user(scope.user)
    return list(own.order_by("seen_at").values_list("seen_at", flat=True))


def _told(sign: NewSign, answers: list[Answer], seen: list[datetime]) -> dict:
    answered = {each.day for each in answers if sign.sign in each.answered}
    n = sum(day < sign.first_day for day in answered)
    return {
        "words": sign.in_words,
        "before": _("before that 0 of %(n)s") % {"n": n} if n else _("not answered before"),
        "seen_at": next((at for at in seen if at >= sign.stored_at), None),
    }
