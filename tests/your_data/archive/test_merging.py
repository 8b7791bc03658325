"""A complete file meets what an account has already: all of it arrives, is there, or is named."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, TreatmentSession
from apps.treatments.catalogue import treatment_of_kind
from apps.treatments.models import Kind, Treatment, TreatmentPeriod
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from apps.your_data.table.write_csv import export_csv
from tests.factories import (
    NOON,
    ActivityFactory,
    CheckInFactory,
    ConditionFactory,
    ShareLinkFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

TYPED = {
    "minutes": 25,
    "upfront_cost": Decimal("24.90"),
    "expectation": 0,
    "review_on": date(2026, 4, 1),
    "rate_again_after_minutes": 60,
    "is_prescribed": True,
}


@pytest.fixture
def backup(charlie):
    """What a person had written down, all fields of it."""
    sciatica = ConditionFactory(
        user=charlie, name="Sciatica", usual_side="left", since_on="2025-01-01", note="L5"
    )
    mat = TreatmentFactory(user=charlie, name="Mat", kind=Kind.ACUPRESSURE_MAT, **TYPED)
    TreatmentPeriodFactory(user=charlie, treatment=mat, started_on="2026-01-01")
    TreatmentSessionFactory(user=charlie, condition=sciatica, treatments=[mat])
    CheckInFactory(user=charlie, condition=sciatica, leg_pain=4)
    return charlie


def told(rows):
    return [(each.what, each.why) for each in rows]


def brought_in(user, owner):
    outcome = import_diary(user, b"".join(export_archive(owner)), at=timezone.now())
    assert outcome.problems.shown == []
    return outcome


def without_account(rows):
    return [each for each in told(rows) if each[0] != "Your account"]


def test_account_that_answered_the_first_questions_gets_back_all_it_had(alice, backup):
    ConditionFactory(user=alice, name="sciatica")
    mat = treatment_of_kind(alice, Kind.ACUPRESSURE_MAT)
    mat.name = "mat"
    mat.save()
    outcome = brought_in(alice, backup)
    mat.refresh_from_db()
    assert {name: getattr(mat, name) for name in TYPED} == TYPED
    own = Condition.objects.for_user(alice)
    assert own.values_list("name", "usual_side", "since_on", "note").get() == (
        "sciatica",
        "left",
        date(2025, 1, 1),
        "L5",
    )
    assert TreatmentPeriod.objects.for_user(alice).get().treatment == mat
    assert without_account(outcome.left) == []
    assert told(outcome.filled) == [
        ("sciatica", "Usual side, Since, Notes"),
        (
            "mat",
            "Usual minutes, Rate again after, Bought for, What do you expect of it?, "
            "Look back on, This is medicine that was prescribed to me",
        ),
    ]
    again = brought_in(alice, backup)
    assert (again.new, again.others, again.filled) == (0, 0, [])


def test_what_was_typed_here_stays_and_is_named(alice, backup):
    ConditionFactory(user=alice, name="Sciatica", usual_side="right")
    mat = TreatmentFactory(
        user=alice, name="Mat", kind=Kind.ACUPRESSURE_MAT, minutes=7, expectation=10
    )
    outcome = brought_in(alice, backup)
    mat.refresh_from_db()
    assert (mat.minutes, mat.expectation, mat.upfront_cost) == (7, 10, Decimal("24.90"))
    assert without_account(outcome.left) == [
        ("Sciatica: Usual side", "stays right; the file says left"),
        ("Mat: Usual minutes", "stays 7; the file says 25"),
        ("Mat: What do you expect of it?", "stays 10; the file says 0"),
    ]


def test_value_that_would_break_a_rule_here_stays_out_and_is_named(alice, backup):
    resolved = ConditionFactory(user=alice, name="Sciatica", resolved_on="2024-01-01")
    outcome = brought_in(alice, backup)
    resolved.refresh_from_db()
    assert (resolved.since_on, resolved.usual_side) == (None, "left")
    assert without_account(outcome.left) == [
        ("Sciatica: Since", "stays –; the file says 1 January 2025")
    ]


def test_entry_that_was_changed_here_stays_and_is_named(alice, backup):
    brought_in(alice, backup)
    CheckIn.objects.for_user(alice).update(leg_pain=6)
    session = TreatmentSession.objects.for_user(alice).get()
    session.links.all().delete()
    outcome = brought_in(alice, backup)
    assert CheckIn.objects.for_user(alice).get().leg_pain == 6
    assert without_account(outcome.left) == [
        ("10 March 2026, Leg pain 6: Leg pain", "stays 6; the file says 4"),
        (
            "10 March 2026, Session: pain 6 before: Mat",
            "what it belongs to is there already, and stays as it is",
        ),
    ]


def test_same_file_again_leaves_nothing_out(alice, backup):
    brought_in(alice, backup)
    assert without_account(brought_in(alice, backup).left) == []


def test_settings_that_stay_are_named(alice, charlie):
    charlie.currency = "EUR"
    charlie.save()
    CheckInFactory(user=alice)
    outcome = brought_in(alice, charlie)
    assert without_account(outcome.left) == [
        ("Currency", "stays £ British pound; the file says € Euro")
    ]


def test_tables_that_are_not_brought_back_are_named_line_by_line(as_alice, charlie):
    ShareLinkFactory(user=charlie)
    ShareLinkFactory(user=charlie)
    file = SimpleUploadedFile("a.json", b"".join(export_archive(charlie)))
    response = as_alice.post(reverse("your_data:import"), {"file": file}, follow=True)
    left = {each["what"]: each for each in response.context["found"]["left"]["shown"]}
    link = left["Links you made, so that somebody else can read a report"]
    first, _dash, last = link["line"].partition("–")
    assert int(last) == int(first) + 1
    assert link["why"] == "A link opens what is here: it is made here, with its protections."
    assert left["Your account"]["line"] == "1"
    assert "What stays out" in response.content.decode()


def test_fourth_activity_is_named(alice, charlie):
    for user in (alice, charlie):
        condition = ConditionFactory(user=user)
        for place in (1, 2, 3):
            ActivityFactory(user=user, condition=condition, place=place, name=f"{user.pk} {place}")
    outcome = brought_in(alice, charlie)
    assert without_account(outcome.left) == [
        (f"{charlie.pk} {place}", "comes in as retired: up to three are asked about")
        for place in (1, 2, 3)
    ]


def test_empty_value_of_the_file_is_nothing_to_be_named(alice, charlie):
    ConditionFactory(user=charlie, name="Sciatica")
    ConditionFactory(user=alice, name="Sciatica", note="typed here")
    assert without_account(brought_in(alice, charlie).left) == []


def test_file_without_a_field_says_nothing_of_it(alice):
    treatment = TreatmentFactory(user=alice, name="Mat", rate_again_after_minutes=90)
    rows = {"treatments.Treatment": [{"id": 1, "name": "Mat"}]}
    file = json.dumps({"format": "did-it-work", "version": 2, "tables": rows}).encode()
    outcome = import_diary(alice, file, at=NOON + timedelta(hours=1))
    treatment.refresh_from_db()
    assert (outcome.left, outcome.filled) == ([], [])
    assert treatment.rate_again_after_minutes == 90
    assert Treatment.objects.count() == 1


def test_csv_row_that_was_changed_here_and_other_kinds_are_named(alice, backup):
    file = b"".join(export_csv(backup))
    import_diary(alice, file, at=NOON)
    CheckIn.objects.for_user(alice).update(leg_pain=6)
    Treatment.objects.for_user(alice).update(kind=Kind.HEAT)
    outcome = import_diary(alice, file, at=NOON)
    assert (outcome.new, outcome.known) == (0, 2)
    assert sorted(told(outcome.left)) == [
        ("10 March 2026, Leg pain 6: Leg pain", "stays 6; the file says 4"),
        ("Mat: Kind", "stays Heat pack; the file says Acupressure mat"),
    ]
