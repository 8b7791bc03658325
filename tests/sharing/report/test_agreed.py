"""What was agreed against what was done, as the reader of a link sees it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.comparisons.reading.spans import Span
from apps.diary.models import Agreement
from apps.sharing.models import Section
from apps.sharing.report.agreed import agreed
from apps.sharing.report.report import report
from tests.factories import (
    NOON,
    AgreedDayFactory,
    AgreementFactory,
    CheckInFactory,
    ConditionFactory,
    ExerciseFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)
from tests.sharing.reports import scope_of

A_DAY = timedelta(days=1)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 10)


@pytest.fixture
def condition(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def core(alice):
    return TreatmentFactory(user=alice, name="Core")


def found(condition, first_day=FIRST, last_day=LAST):
    scope = scope_of(condition.user, first_day, last_day, condition=condition)
    return [
        (each.first_day.day, each.last_day.day, each.done_times, each.agreed_times, each.said_days)
        for each in agreed(scope, Span(first_day, last_day))
    ]


def agree(condition, treatment, day, **fields):
    agreed_on = date(2026, 3, day) if day > 0 else FIRST - (1 - day) * A_DAY
    about = {"user": condition.user, "condition": condition, "treatment": treatment}
    return AgreementFactory(**about, agreed_on=agreed_on, **fields)


def tick(agreement, **times):
    for day, n in times.items():
        AgreedDayFactory(
            user=agreement.user,
            agreement=agreement,
            diary_date=date(2026, 3, int(day[1:])),
            times=n,
        )


def test_times_done_stand_against_times_agreed_and_days_answered(condition, core):
    tick(agree(condition, core, 4), d4=2, d5=0, d6=1, d10=3)
    assert found(condition) == [(4, 10, 6, 14, 4)]


def test_day_that_is_not_over_counts_once_something_is_said_of_it(condition, core):
    agreement = agree(condition, core, 9)
    assert found(condition) == [(9, 10, 0, 2, 0)]
    tick(agreement, d10=0)
    assert found(condition) == [(9, 10, 0, 4, 1)]


def test_agreement_of_today_says_nothing_yet(condition, core):
    agree(condition, core, 10)
    assert found(condition) == [(10, 10, 0, 0, 0)]


def test_sessions_count_as_done_and_are_not_counted_twice(condition, core):
    tick(agree(condition, core, 8), d8=1)
    for day, treatments in ((8, [core]), (8, [core]), (9, [core]), (9, []), (7, [core])):
        TreatmentSessionFactory(
            user=condition.user,
            condition=condition,
            treatments=treatments,
            started_at=NOON.replace(day=day),
        )
    assert found(condition) == [(8, 10, 3, 4, 2)]


def test_by_the_week_whole_times_of_the_days_are_agreed(condition, core):
    agree(condition, core, 1, per="week", times=3, until_on=date(2026, 3, 10))
    assert found(condition) == [(1, 10, 0, 4, 0)]  # 3 × 9 / 7 is 3.9


def test_next_agreement_of_a_treatment_and_the_range_end_the_one_before(condition, core):
    tick(agree(condition, core, -3), d1=2)
    tick(agree(condition, core, 4, times=1), d4=1)
    agree(condition, TreatmentFactory(user=condition.user, name="Walks"), 6)
    agree(condition, core, -9, until_on=FIRST - 2 * A_DAY)
    assert found(condition) == [(6, 10, 0, 8, 0), (4, 10, 1, 6, 1), (1, 3, 2, 6, 1)]


def test_nothing_of_another_condition_or_from_after_the_range_is_told(condition, core):
    other = ConditionFactory(user=condition.user, name="Shoulder")
    agree(other, core, 2)
    tick(agree(condition, TreatmentFactory(user=condition.user, name="Walks"), 9), d10=4)
    assert found(condition, last_day=LAST - A_DAY) == [(9, 9, 0, 0, 0)]
    assert found(condition, last_day=LAST - 2 * A_DAY) == []


def test_it_belongs_to_the_summary(condition, core):
    CheckInFactory(user=condition.user, condition=condition)
    agree(condition, core, 1)
    for sections, is_told in (({Section.SUMMARY}, True), ({Section.CHARTS}, False)):
        scope = scope_of(condition.user, FIRST, LAST, sections=sections, condition=condition)
        assert bool(report(scope, at=NOON).get("agreed")) == is_told


def test_number_of_queries_does_not_grow(condition):
    scope = scope_of(condition.user, FIRST, LAST, condition=condition)

    def read():
        return [list(each.agreement.exercises.all()) for each in agreed(scope, Span(FIRST, LAST))]

    for names in ("a", "bc"):
        for name in names:
            agreement = agree(condition, TreatmentFactory(user=condition.user, name=name), 2)
            ExerciseFactory(user=condition.user, agreement=agreement)
        with CaptureQueriesContext(connection) as found:
            told = read()
        assert (len(told), len(found)) == (Agreement.objects.count(), 4)
