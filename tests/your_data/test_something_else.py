""" "Took or did something else in between" goes out in every file, and comes back in from ours."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.diary.models import TreatmentSession
from apps.your_data.archive.write import export_archive
from apps.your_data.fhir.bundle import export_fhir
from apps.your_data.html.page import export_html
from apps.your_data.importing.store import import_diary
from apps.your_data.table.write_csv import export_csv
from tests.factories import NOON, TreatmentFactory, TreatmentSessionFactory

LATER = NOON + timedelta(minutes=45)
IN_WORDS = "Took or did something else in between"


@pytest.fixture
def sessions(alice):
    """A treatment and a wait with the tick, and one without."""
    mat = TreatmentFactory(user=alice)
    for hours, done, ticked in [(0, [mat], True), (3, [], True), (6, [mat], False)]:
        TreatmentSessionFactory(
            user=alice,
            started_at=NOON + timedelta(hours=hours),
            treatments=done,
            pain_after=3,
            after_rated_at=LATER + timedelta(hours=hours),
            had_something_else=ticked,
        )


def ticks(user):
    own = TreatmentSession.objects.for_user(user).order_by("started_at")
    return list(own.values_list("had_something_else", flat=True))


@pytest.mark.parametrize("export", [export_csv, export_archive])
def test_our_own_files_bring_it_back(alice, charlie, sessions, export):
    import_diary(charlie, b"".join(export(alice)), at=timezone.now())
    assert ticks(charlie) == ticks(alice) == [True, True, False]


def test_fhir_notes_it_at_both_kinds(alice, sessions):
    entries = json.loads(b"".join(export_fhir(alice)))["entry"]
    procedures = [e["resource"] for e in entries if e["resource"]["resourceType"] == "Procedure"]
    assert [(p["status"], p.get("note")) for p in procedures] == [
        ("completed", [{"text": IN_WORDS}]),
        ("not-done", [{"text": IN_WORDS}]),
        ("completed", None),
    ]


def test_page_for_reading_says_that_it_is_not_compared(alice, sessions):
    page = b"".join(export_html(alice)).decode()
    assert page.count("something else in between: not compared") == 2
