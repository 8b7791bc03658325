"""Planned self-tests in the report: those that lie in its range, and one that still runs."""

from apps.comparisons.charts.self_test import words
from apps.comparisons.self_tests.answer import drawn_of, result_of
from apps.diary.models import SelfTest
from apps.diary.models.self_test import Question
from apps.diary.self_tests.sealing import elsewhere
from apps.sharing.report.scope import Scope


def self_tests(scope: Scope) -> dict:
    """``ended`` with their answers, the latest first; ``running`` without a number, here
    and where a file came from. Four queries.

    The answer is of the whole self-test: a part of it has none.
    """
    own = SelfTest.objects.for_user(scope.user).filter(condition=scope.condition)
    found = list(own.select_related("treatment", "other"))
    seals = elsewhere(scope.user, scope.condition)
    ended = [each for each in found if each.ended_at and _is_in(scope, each)]
    drawn = drawn_of(scope.user, ended) if ended else {}
    return {
        "running": [each for each in found if each.is_running] + seals,
        "ended": [_ended(each, drawn[each.pk]) for each in ended],
    }


def _is_in(scope: Scope, self_test: SelfTest) -> bool:
    """From its first day to its last: nothing outside the range is told."""
    first, last = (
        moment.astimezone(scope.user.zone).date()
        for moment in (self_test.started_at, self_test.ended_at)
    )
    return scope.first_day <= first and last <= scope.last_day


def sealed_names(running: list[Question]) -> set[str]:
    """What no number is told of while they run."""
    return {each.name for asked in running for each in asked.treatments}


def _ended(self_test: SelfTest, drawn) -> dict:
    result = result_of(self_test, drawn)
    return {"self_test": self_test, "result": result, "words": words(self_test, result)}
