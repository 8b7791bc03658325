"""What a file brought can be taken back as one thing, until something of it was changed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.conditions.models import Cause, Condition
from apps.diary.models import (
    CheckIn,
    ImportedFile,
    PlannedTreatment,
    SessionTreatment,
    TreatmentSession,
    WaitDraw,
)
from apps.treatments.models import Treatment, TreatmentPeriod
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.taking_back import numbers, spans
from apps.your_data.table.write_csv import export_csv
from tests.factories import (
    NOON,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    ImportedFileFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
    WaitDrawFactory,
)

DATA, IMPORT = reverse("your_data:data"), reverse("your_data:import")
PREVIEW, BACK = reverse("your_data:import_preview"), reverse("your_data:import_take_back")
TABLES = (
    Cause,
    Condition,
    CheckIn,
    TreatmentSession,
    SessionTreatment,
    WaitDraw,
    PlannedTreatment,
    Treatment,
    TreatmentPeriod,
)


@pytest.fixture
def diary(charlie):
    mat = TreatmentFactory(user=charlie, name="Mat", minutes=25, upfront_cost=30)
    TreatmentPeriodFactory(user=charlie, treatment=mat)
    sciatica = ConditionFactory(user=charlie, name="Sciatica", usual_side="left")
    CauseFactory(user=charlie, condition=sciatica)
    session = TreatmentSessionFactory(user=charlie, condition=sciatica, treatments=[mat])
    WaitDrawFactory(user=charlie, client_id=session.client_id, drawn_at=session.started_at)
    for hours in range(3):
        at = NOON - timedelta(hours=hours)
        CheckInFactory(user=charlie, condition=sciatica, rated_at=at, entered_at=at)
    return charlie


@pytest.fixture(params=[export_csv, export_archive], ids=["csv", "json"])
def brought(request, as_alice, diary):
    """Into the diary of alice, as a CSV and as a complete file."""
    file = SimpleUploadedFile("diary.file", b"".join(request.param(diary)))
    as_alice.post(IMPORT, {"file": file})
    as_alice.post(PREVIEW)
    return ImportedFile.objects.get()


def rows_of(user):
    return {
        model: list(model.objects.for_user(user).order_by("pk").values())
        for model in TABLES
        if model.objects.for_user(user).exists()
    }


def taken_back(client, file):
    return client.post(BACK, {"file": file.pk}, follow=True)


def test_all_that_came_goes_again(as_alice, alice, brought):
    assert CheckIn.objects.for_user(alice).count() == 3
    response = taken_back(as_alice, brought)
    assert [str(message) for message in response.context["messages"]] == [
        "4 entries are gone again."
    ]
    assert (rows_of(alice), ImportedFile.objects.count()) == ({}, 0)


def test_what_was_there_before_stays_and_filled_fields_are_empty_again(as_alice, alice, diary):
    mat = TreatmentFactory(user=alice, name="mat")
    sciatica = ConditionFactory(user=alice, name="Sciatica")
    CheckInFactory(user=alice, condition=sciatica, rated_at=NOON - timedelta(days=1))
    before = rows_of(alice)
    file = SimpleUploadedFile("diary.json", b"".join(export_archive(diary)))
    as_alice.post(IMPORT, {"file": file})
    as_alice.post(PREVIEW)
    mat.refresh_from_db()
    assert mat.minutes == 25
    taken_back(as_alice, ImportedFile.objects.get())
    assert rows_of(alice) == before


def note_changed(user):
    CheckIn.objects.for_user(user).filter(rated_at=NOON).update(note="changed")


def entry_deleted(user):
    CheckIn.objects.for_user(user).filter(rated_at=NOON).delete()


def treatment_used(user):
    TreatmentSessionFactory(
        user=user,
        condition=Condition.objects.for_user(user).get(),
        treatments=[Treatment.objects.for_user(user).get()],
        started_at=NOON + timedelta(hours=1),
    )


@pytest.mark.parametrize("change", [note_changed, entry_deleted, treatment_used])
def test_once_something_of_it_was_changed_nothing_goes(as_alice, alice, brought, change):
    change(alice)
    before = rows_of(alice)
    response = taken_back(as_alice, brought)
    assert response.status_code == 409
    assert "cannot be taken back as one thing any more" in response.content.decode()
    assert (rows_of(alice), ImportedFile.objects.count()) == (before, 1)


def test_filled_field_that_was_typed_over_is_kept(as_alice, alice, diary):
    mat = TreatmentFactory(user=alice, name="mat")
    file = SimpleUploadedFile("diary.json", b"".join(export_archive(diary)))
    as_alice.post(IMPORT, {"file": file})
    as_alice.post(PREVIEW)
    Treatment.objects.filter(pk=mat.pk).update(minutes=11)
    assert taken_back(as_alice, ImportedFile.objects.get()).status_code == 409
    assert CheckIn.objects.for_user(alice).count() == 3


def test_file_that_brought_nothing_is_not_listed(as_alice, brought, diary):
    file = SimpleUploadedFile("again.csv", b"".join(export_csv(diary)))
    as_alice.post(IMPORT, {"file": file})
    as_alice.post(PREVIEW)
    assert ImportedFile.objects.get() == brought


def test_only_one_s_own_import(as_alice, charlie):
    other = ImportedFileFactory(user=charlie)
    assert as_alice.post(BACK, {"file": other.pk}).status_code == 404
    assert [as_alice.post(BACK, {"file": f}).status_code for f in ("", "x", "9" * 30)] == [404] * 3
    assert ImportedFile.objects.get() == other


@pytest.mark.parametrize("files", [1, 3])
def test_page_lists_the_latest(as_alice, alice, files, django_assert_num_queries):
    for n in range(files):
        at = timezone.now() - timedelta(days=n)
        ImportedFileFactory(user=alice, name=f"file-{n}.csv", imported_at=at)
    with django_assert_num_queries(3):
        page = as_alice.get(DATA).content.decode()
    assert page.count(f'action="{BACK}"') == files
    assert "file-0.csv" in page


def test_spans_hold_each_number_once():
    assert spans([3, 1, 2, 9]) == [[1, 3], [9, 9]]
    assert numbers([[1, 3], [9, 9]]) == [1, 2, 3, 9]
