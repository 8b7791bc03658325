"""Self-tests in the report: their answers once they have ended, not a number before."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from apps.sharing.report.report import report
from tests.comparisons.engine.test_self_test import WORKS
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import NOON, ConditionFactory, SelfTestFactory, TreatmentFactory
from tests.sharing.reports import scope_of

pytestmark = pytest.mark.django_db

END = NOON + timedelta(days=40)


@pytest.fixture
def self_test(alice):
    mat = TreatmentFactory(user=alice, name="Mat")
    condition = ConditionFactory(user=alice)
    self_test = SelfTestFactory(user=alice, condition=condition, treatment=mat)
    with_sessions(self_test, WORKS)
    return self_test


def ended(self_test):
    self_test.ended_at, self_test.why_ended = END, "whole"
    self_test.save()


def page(user, first, last):
    found = report(scope_of(user, first.date(), last.date()), at=END + timedelta(days=9))
    return found, render_to_string("sharing/report/report.html", found)


def test_an_ended_self_test_stands_in_the_report_with_its_numbers(alice, self_test):
    ended(self_test)
    found, text = page(alice, NOON, END)
    assert [each["result"].verdict for each in found["self_tests"]["ended"]] == ["helps"]
    assert "Lower after Mat than after waiting: more than coincidence." in text
    assert "2.3 points lower after Mat than after waiting (3.0 to 1.6 lower)." in text
    assert "4 of 46,656 orders" in text


@pytest.mark.parametrize("days", [(1, 0), (0, -1)])
def test_a_self_test_that_lies_partly_outside_the_range_is_not_told(alice, self_test, days):
    ended(self_test)
    first, last = (timedelta(days=n) for n in days)
    found, text = page(alice, NOON + first, END + last)
    assert found["self_tests"]["ended"] == []
    assert "46,656" not in text


def test_nothing_is_said_of_a_running_one(alice, self_test):
    found, text = page(alice, NOON, END)
    assert found["self_tests"]["ended"] == []
    assert [row.name for row in found["summary"]["compared"]] == []
    assert [row.name for row in found["summary"]["not_compared"]] == []
    assert "Its answer comes at the end" in text
    for sealed in (self_test.order, str(self_test.seed), "2.3 points", "46,656"):
        assert sealed not in text
