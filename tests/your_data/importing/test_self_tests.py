"""Self-tests that have ended, out of a table into a diary: once, told, and taken back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.diary.models import ImportedFile, Seal, SelfTest, SelfTestMoment
from apps.diary.self_tests.sealing import elsewhere
from apps.your_data.importing.store import import_diary
from apps.your_data.importing.taking_back import note_import, take_back
from apps.your_data.table.write_csv import export_csv
from tests.comparisons.engine.test_self_test import WORKS
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import (
    NOON,
    ConditionFactory,
    SealFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    TreatmentFactory,
)
from tests.your_data.table.sample_rows import csv_file
from tests.your_data.table.test_ended_tests import BEGAN, ROW


@pytest.fixture
def file(alice):
    """A diary of six sessions of a self-test that was stopped."""
    condition, mat = ConditionFactory(user=alice), TreatmentFactory(user=alice, name="Mat")
    test = SelfTestFactory(
        user=alice,
        condition=condition,
        treatment=mat,
        started_at=BEGAN,
        ended_at=NOON,
        why_ended="stopped",
    )
    with_sessions(test, WORKS[:6])
    return b"".join(export_csv(alice))


def brought(user, file):
    outcome = import_diary(user, file, at=NOON)
    assert outcome.problems.shown == []
    note_import(
        user, name="diary", at=NOON, entries=outcome.new, made=outcome.rows, filled=outcome.changes
    )
    return outcome


def counts(user):
    return [model.objects.for_user(user).count() for model in (SelfTest, SelfTestMoment)]


def test_the_same_file_again_adds_nothing(alice, charlie, file):
    for user, new in ((alice, 0), (charlie, 6), (charlie, 0)):
        outcome = brought(user, file)
        assert (outcome.new, outcome.known, outcome.left) == (new, 6 - new, [])
        assert counts(user) == [1, 6]


def test_it_is_known_by_an_entry_that_used_a_letter(charlie, file):
    """A spreadsheet takes the seconds of the moment at which it began."""
    brought(charlie, file)
    brought(charlie, file.replace(b"2026-01-03T07:30:01.000005", b"2026-01-03T07:30:00"))
    assert counts(charlie) == [1, 6]


def test_what_differs_stays_and_is_told(alice):
    brought(alice, csv_file(ROW))
    outcome = brought(alice, csv_file(ROW | {"self_test_sure": "9", "condition": "sciatica"}))
    assert [(told.place.line, told.why) for told in outcome.left] == [
        (2, "stays 0; the file says 9")
    ]
    assert SelfTest.objects.get().expectation == 0


def test_one_that_still_runs_here_stays_sealed(alice):
    brought(alice, csv_file(ROW))
    SelfTest.objects.update(ended_at=None, why_ended="", expectation=5)
    outcome = brought(alice, csv_file(ROW))
    assert [told.why for told in outcome.left] == ["it is still running here, and stays as it is"]
    assert SelfTest.objects.get().is_running


def test_it_is_taken_back_with_its_file_and_the_seal_is_there_again(charlie, file):
    seal = SealFactory(user=charlie, started_at=BEGAN)
    brought(charlie, file)
    assert elsewhere(charlie, seal.condition) == []
    assert SelfTest.objects.for_user(charlie).get().condition == seal.condition
    assert take_back(ImportedFile.objects.for_user(charlie).get()) == 6
    assert counts(charlie) == [0, 0]
    assert Seal.objects.for_user(charlie).kept().get() == seal


def test_preview_counts_it_beside_the_entries(client, charlie, file):
    client.force_login(charlie)
    upload = SimpleUploadedFile("diary.csv", file)
    response = client.post(reverse("your_data:import"), {"file": upload}, follow=True)
    page = " ".join(response.content.decode().split())
    assert '<dt>New entries</dt> <dd class="number">6</dd>' in page
    assert '<dt>Self-tests that have ended</dt> <dd class="number">1</dd>' in page


@pytest.mark.parametrize("tests", [1, 3])
def test_export_and_import_ask_the_same_number_of_queries(
    alice, charlie, tests, django_assert_num_queries
):
    condition, mat = ConditionFactory(user=alice), TreatmentFactory(user=alice, name="Mat")
    for number in range(tests):
        began = BEGAN.replace(hour=number)
        test = SelfTestFactory(
            user=alice,
            condition=condition,
            treatment=mat,
            started_at=began,
            ended_at=NOON,
            why_ended="date",
        )
        SelfTestMomentFactory(user=alice, self_test=test)
    with django_assert_num_queries(8):
        file = b"".join(export_csv(alice))
    with django_assert_num_queries(18):
        import_diary(charlie, file, at=NOON)
