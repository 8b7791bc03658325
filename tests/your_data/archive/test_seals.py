"""A self-test that is running: whatever comes back of its diary keeps its answer sealed."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.diary.models import CheckIn, ImportedFile, Seal, SelfTest, TreatmentSession
from apps.diary.self_tests.sealing import sealed_names
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from apps.your_data.importing.taking_back import note_import, take_back
from apps.your_data.table.write_csv import export_csv
from tests.comparisons.engine.test_self_test import WORKS
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    DayTestFactory,
    SealFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)
from tests.your_data.table.sample_rows import SESSION, csv_file

LATER = NOON + timedelta(days=60)
FILES = pytest.mark.parametrize("write", [export_archive, export_csv])
MARK = {
    "self_test": "Mat",
    "self_test_at": "2026-03-01T12:00:00+00:00",
    "self_test_moments": "24",
    "self_test_minutes": "45",
}


@pytest.fixture
def self_test(alice):
    condition, mat = ConditionFactory(user=alice), TreatmentFactory(user=alice, name="Mat")
    self_test = SelfTestFactory(user=alice, condition=condition, treatment=mat)
    with_sessions(self_test, WORKS)
    return self_test


def bring(user, write, owner):
    outcome = import_diary(owner, b"".join(write(user)), at=timezone.now())
    assert outcome.problems.shown == []
    return outcome


def answers(user) -> dict:
    out = StringIO()
    call_command("compare", user=user.email, stdout=out)
    return json.loads(out.getvalue()) | {"as_of": None}


def stop(self_test):
    SelfTest.objects.filter(pk=self_test.pk).update(ended_at=LATER, why_ended="stopped")


def test_the_file_says_which_are_its_sessions_and_nothing_that_opens_it(alice, self_test):
    text = b"".join(export_archive(alice)).decode()
    assert json.loads(text)["tables"]["diary.Seal"] == [
        {
            "condition": 1,
            "treatment": 1,
            "other": None,
            "moments": 24,
            "minutes": 45,
            "started_at": self_test.started_at.isoformat(),
            "client_ids": [str(each.client_id) for each in self_test.drawn.all()],
        }
    ]
    assert self_test.order not in text
    assert str(self_test.seed) not in text


@FILES
def test_its_end_comes_with_a_later_file(alice, charlie, self_test, write):
    assert answers(alice)["pairs"] == 0
    bring(alice, write, charlie)
    assert answers(charlie) == answers(alice)
    assert Seal.objects.for_user(charlie).get().client_ids == [
        each.client_id for each in self_test.drawn.all()
    ]
    stop(self_test)
    said = answers(alice)
    assert said["pairs"] == 24
    bring(alice, write, charlie)
    assert answers(charlie) == said


@FILES
def test_what_was_drawn_since_comes_with_the_next_file(alice, charlie, self_test, write):
    self_test.drawn.last().delete()
    bring(alice, write, charlie)
    session = TreatmentSessionFactory(
        user=alice,
        condition=self_test.condition,
        started_at=NOON + timedelta(days=50),
        pain_after=4,
        after_rated_at=NOON + timedelta(days=50, minutes=45),
    )
    SelfTestMomentFactory(user=alice, self_test=self_test, ordinal=23, client_id=session.client_id)
    bring(alice, write, charlie)
    assert len(Seal.objects.for_user(charlie).get().client_ids) == 24
    assert answers(charlie) == answers(alice)


@FILES
def test_its_own_diary_needs_no_seal(alice, self_test, write):
    assert {told.what for told in bring(alice, write, alice).left} <= {"Your account"}
    assert not Seal.objects.exists()


@FILES
def test_a_test_by_days_stays_one(alice, charlie, write):
    test = DayTestFactory(user=alice)
    drew = CheckInFactory(user=alice, condition=test.condition, rated_at=NOON)
    CheckInFactory(
        user=alice, condition=test.condition, rated_at=NOON + timedelta(hours=7), leg_pain=2
    )
    SelfTestMomentFactory(user=alice, self_test=test, client_id=drew.client_id)
    said = answers(alice)
    assert [(each["unit"], each["drawn"], each["rated"]) for each in said["self_tests"]] == [
        ("day", 1, 1)
    ]
    bring(alice, write, charlie)
    assert CheckIn.objects.for_user(charlie).count() == 2
    assert answers(charlie) == said


@FILES
def test_a_seal_is_taken_back_with_its_file(alice, charlie, self_test, write):
    outcome = bring(alice, write, charlie)
    note_import(
        charlie, name="diary", at=LATER, entries=24, made=outcome.rows, filled=outcome.changes
    )
    take_back(ImportedFile.objects.for_user(charlie).get())
    assert not Seal.objects.exists()
    assert not TreatmentSession.objects.for_user(charlie).exists()


@pytest.mark.parametrize(
    ("said", "column", "message"),
    [
        ({"self_test": "A;B;C"}, "self_test", "asks about one treatment, or about two"),
        ({"self_test": "Mat;MAT"}, "self_test", "asks about one treatment, or about two"),
        ({"self_test_minutes": "9"}, "self_test_minutes", "after 10 to 480 minutes"),
        ({"self_test_moments": "25"}, "self_test_moments", "“25” is not known here"),
        ({"self_test_at": ""}, "self_test_at", "must not be empty"),
        ({"self_test": "", "self_test_drawn": "yes"}, "self_test", "must not be empty"),
    ],
)
def test_a_row_that_says_half_of_it_is_refused(alice, said, column, message):
    outcome = import_diary(alice, csv_file(SESSION | MARK | said), at=LATER)
    assert any(
        each.column == column and message in each.message for each in outcome.problems.each_once
    )


def test_the_mark_makes_no_other_row_of_it(alice):
    """A row without a ``client_id`` is known by what it says: it says the same with the mark."""
    import_diary(alice, csv_file(SESSION), at=LATER)
    marked = SESSION | MARK | {"self_test_drawn": "yes"}
    outcome = import_diary(alice, csv_file(marked), at=LATER)
    assert (outcome.new, outcome.known) == (0, 1)


def test_nobody_has_to_wait_for_its_end(client, alice, self_test):
    client.force_login(alice)
    seal = SealFactory(user=alice, condition=self_test.condition, treatment=self_test.treatment)
    stop(self_test)
    Seal.objects.update(started_at=LATER)
    page = client.get(f"/treatments/{self_test.treatment_id}/card/")
    assert "where a file of yours came from" in page.content.decode()
    response = client.post(f"/seals/{seal.pk}/open/")
    assert response.url == f"/treatments/{self_test.treatment_id}/card/"
    assert sealed_names(alice, self_test.condition) == set()
