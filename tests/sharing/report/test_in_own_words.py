"""Beside the numbers of the report: three lines of one's own, duties, painkillers by name."""

from datetime import date

import pytest

from apps.comparisons.reading.spans import Span
from apps.sharing.report.first_and_last_weeks import windows
from apps.sharing.report.in_own_words import days_by_medicine, duties_row
from apps.sharing.report.page import shown
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    DutiesAnswerFactory,
    ShareLinkFactory,
)
from tests.sharing.reports import scope_of

FIRST, LAST = date(2026, 2, 1), date(2026, 3, 10)
ENDS = windows(Span(FIRST, LAST))


@pytest.fixture
def condition(alice):
    return ConditionFactory(
        user=alice, aggravates="long sitting", eases="walking", wants="to sit through a film"
    )


def answer(condition, day, duties):
    DutiesAnswerFactory(user=condition.user, condition=condition, diary_date=day, duties=duties)


def test_duties_are_the_latest_answer_of_each_window(condition):
    scope = scope_of(condition.user, FIRST, LAST, condition=condition)
    assert duties_row(scope, ENDS) is None
    for day, duties in ((1, "off"), (8, "adapted"), (20, "usual")):
        answer(condition, date(2026, 2, day), duties)
    answer(ConditionFactory(user=condition.user, name="Shoulder"), LAST, "off")
    assert duties_row(scope, ENDS) == ["Work or usual duties, latest", ["adapted", "–"]]
    answer(condition, LAST, "usual")
    assert duties_row(scope, ENDS)[1] == ["adapted", "as usual"]


def test_medicines_are_counted_by_day_and_stand_by_name(condition, django_assert_num_queries):
    for day, names in ((1, ["naproxen", "Ibuprofen"]), (1, ["naproxen"]), (2, ["naproxen"])):
        at = NOON.replace(day=day)
        own = {"user": condition.user, "condition": condition, "rated_at": at}
        CheckInFactory(**own, painkillers=True, medicines=names)
    scope = scope_of(condition.user, FIRST, LAST, condition=condition)
    with django_assert_num_queries(1):
        found = days_by_medicine(scope.check_ins())
    assert found == [("Ibuprofen", 1), ("naproxen", 2)]


def test_report_says_them(condition):
    own = {"user": condition.user, "condition": condition}
    CheckInFactory(**own, painkillers=True, medicines=["Ibuprofen"])
    answer(condition, NOON.date(), "adapted")
    page = shown(ShareLinkFactory(**own), at=NOON).content.decode()
    said = ["long sitting", "walking", "to sit through a film", "Ibuprofen on 1 day", "adapted"]
    assert [words for words in said if words not in page] == []
