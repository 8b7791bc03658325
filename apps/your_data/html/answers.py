"""What the diary says of each treatment, for the page to keep: as it is on the day it is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from apps.comparisons.answer_rows import Row, rows
from apps.comparisons.charts.against_waiting import row, table
from apps.comparisons.charts.self_test import words
from apps.comparisons.reading.results import comparison_of
from apps.comparisons.self_tests.answer import Drawn, drawn_of, result_of
from apps.conditions.models import Condition
from apps.diary.models import SelfTest
from apps.diary.self_tests.sealing import elsewhere
from apps.users.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """Of one treatment; ``numbers`` are named, and there are none of what is done once."""

    row: Row
    numbers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answers:
    """Of one condition. ``self_tests`` has those that ended; a running one stays sealed."""

    condition: Condition
    treatments: list[Said]
    self_tests: dict


def answers(user: User, conditions: list[Condition], *, at: datetime) -> Iterator[Answers]:
    """Queries for each condition, and never more for a longer diary."""
    tests = list(SelfTest.objects.for_user(user).select_related("treatment", "other"))
    drawn = drawn_of(user, [each for each in tests if each.ended_at]) if tests else {}
    for condition in conditions:
        own = [each for each in tests if each.condition_id == condition.pk]
        sealed_by = [each for each in own if each.is_running] + elsewhere(user, condition)
        comparison = comparison_of(user, condition, keep=False)
        found = [_said(each) for each in rows(user, condition, comparison, sealed_by, at=at)]
        ended = [_ended(each, drawn[each.pk]) for each in own if each.ended_at]
        yield Answers(condition, found, {"ended": ended, "running": sealed_by})


def _said(each: Row) -> Said:
    if each.finding is None:
        return Said(each, [])
    named = zip(table([])["columns"], row(each.finding), strict=True)
    return Said(each, list(named)[1:])  # the first is its name


def _ended(self_test: SelfTest, drawn: Drawn) -> dict:
    result = result_of(self_test, drawn)
    return {"self_test": self_test, "result": result, "words": words(self_test, result)}
