"""Self-tests in the complete file: sealed while they run, whole once they have ended."""

import json

import pytest
from django.utils import timezone

from apps.diary.models import SelfTest, SelfTestMoment
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from tests.comparisons.engine.test_self_test import WORKS
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import (
    NOON,
    ConditionFactory,
    DayTestFactory,
    SelfTestFactory,
    TreatmentFactory,
)


@pytest.fixture
def self_test(alice):
    condition, mat = ConditionFactory(user=alice), TreatmentFactory(user=alice)
    self_test = SelfTestFactory(user=alice, condition=condition, treatment=mat)
    with_sessions(self_test, WORKS)
    return self_test


def whole_file(user):
    return b"".join(export_archive(user))


def test_a_running_self_test_is_in_no_file(alice, self_test):
    text = whole_file(alice).decode()
    tables = json.loads(text)["tables"]
    assert (tables["diary.SelfTest"], tables["diary.SelfTestMoment"]) == ([], [])
    assert len(tables["diary.TreatmentSession"]) == 24
    assert self_test.order not in text
    assert str(self_test.seed) not in text


def test_an_ended_one_is_written_with_its_seed_and_read_back(alice, charlie, self_test):
    SelfTest.objects.update(ended_at=NOON, why_ended="stopped")
    file = whole_file(alice)
    row = json.loads(file)["tables"]["diary.SelfTest"][0]
    assert (row["order"], row["seed"]) == (self_test.order, str(self_test.seed))
    import_diary(charlie, file, at=timezone.now())
    brought = SelfTest.objects.for_user(charlie).get()
    assert (brought.order, brought.seed, brought.why_ended) == (
        self_test.order,
        self_test.seed,
        "stopped",
    )
    assert SelfTestMoment.objects.for_user(charlie).count() == 24
    assert [m.client_id for m in brought.drawn.all()] == [
        m.client_id for m in self_test.drawn.all()
    ]


def test_a_test_by_days_comes_back_as_one(alice, charlie):
    DayTestFactory(user=alice, ended_at=NOON, why_ended="stopped")
    file = whole_file(alice)
    assert json.loads(file)["tables"]["diary.SelfTest"][0]["unit"] == "day"
    import_diary(charlie, file, at=timezone.now())
    brought = SelfTest.objects.for_user(charlie).get()
    assert (brought.unit, brought.moments, len(brought.order)) == ("day", 60, 60)


def test_a_file_from_before_there_were_days_is_of_sessions(alice, charlie, self_test):
    SelfTest.objects.update(ended_at=NOON, why_ended="stopped")
    file = json.loads(whole_file(alice))
    del file["tables"]["diary.SelfTest"][0]["unit"]
    outcome = import_diary(charlie, json.dumps(file).encode(), at=timezone.now())
    assert outcome.problems.shown == []
    assert SelfTest.objects.for_user(charlie).get().unit == "session"
