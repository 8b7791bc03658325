"""Ratings of a file keep their places, and none becomes another pain by the name of its complaint."""

import json

import pytest
from django.utils import timezone

from apps.conditions.models import Condition
from apps.diary.models import CheckIn
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from apps.your_data.table.write_csv import export_csv
from tests.factories import NOON, CheckInFactory, ConditionFactory, UserFactory
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file

ARM = CHECKIN | {"condition": "Arm", "first_place": "shoulder", "second_place": "hand"}
EXPORTS = [export_csv, export_archive]


def told(user, *rows):
    outcome = import_diary(user, csv_file(*rows), at=NOON)
    return [
        (str(problem.place), problem.column, problem.message) for problem in outcome.problems.shown
    ]


def places(user):
    return {c.name: (c.first_place, c.second_place) for c in Condition.objects.for_user(user)}


def arm_of(user, **fields):
    said = {"first_place": "shoulder", "second_place": "hand"} | fields
    return ConditionFactory(user=user, name="Arm", **said)


def test_a_condition_is_made_with_its_places(alice):
    session = SESSION | {"condition": "Knee", "first_place": " knee "}
    assert told(alice, ARM, session, CHECKIN) == []
    assert places(alice) == {
        "Arm": ("shoulder", "hand"),
        "Knee": ("knee", ""),
        "Sciatica": ("", ""),
    }


def test_leg_and_back_may_be_named(alice):
    assert told(alice, CHECKIN | {"first_place": "leg", "second_place": "back"}) == []
    assert places(alice) == {"Sciatica": ("", "")}


def test_without_places_a_named_condition_is_rated_as_it_is(alice):
    arm_of(alice)
    assert told(alice, CHECKIN | {"condition": "arm", "back_pain": "2"}) == []
    assert CheckIn.objects.get().summary() == "Shoulder pain 4, hand pain 2"


def test_without_a_name_leg_and_back_go_to_no_other_complaint(alice):
    arm_of(alice)
    assert told(alice, CHECKIN) == []
    assert CheckIn.objects.get().condition.name == "Sciatica"


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            {"second_place": "hand"},
            "first_place",
            "“second_place” is given: this must not be empty.",
        ),
        (
            {"first_place": "hand", "second_place": "hand"},
            "second_place",
            "The two places must be different ones.",
        ),
        (
            {"first_place": "n" * 25},
            "first_place",
            "Ensure this value has at most 24 characters (it has 25).",
        ),
        (
            {"first_place": "knee", "back_pain": "3"},
            "condition",
            "“Sciatica” is rated in one place only: knee.",
        ),
    ],
)
def test_places_that_cannot_be_are_refused(alice, row, column, message):
    assert told(alice, CHECKIN | {"condition": "Sciatica"} | row) == [("2", column, message)]


def test_one_condition_is_rated_in_the_same_places_on_every_line(alice):
    other = ARM | {"condition": "ARM", "first_place": "neck", "leg_pain": "5"}
    message = "“ARM” is rated in shoulder and hand on line 2."
    assert told(alice, ARM, other) == [("3", "first_place", message)]


def test_a_file_with_other_places_is_refused_once_for_each_condition(alice):
    ConditionFactory(user=alice, name="Arm")
    message = "“Arm” is rated in shoulder and hand in this file, and in leg and back in your diary."
    assert told(alice, ARM, ARM | {"leg_pain": "5"}) == [("2", "condition", message)]
    assert (CheckIn.objects.count(), places(alice)) == (0, {"Arm": ("", "")})


def test_one_place_takes_no_second_rating_from_a_file(alice):
    arm_of(alice, second_place="")
    message = "“Arm” is rated in one place only: shoulder."
    row = CHECKIN | {"condition": "Arm", "back_pain": "0"}
    assert told(alice, row) == [("2", "condition", message)]


@pytest.mark.parametrize("export", EXPORTS)
def test_a_complaint_comes_back_in_its_own_words(alice, export):
    CheckInFactory(user=alice, condition=arm_of(alice, second_place="Jaw; left"), back_pain=2)
    charlie = UserFactory()
    outcome = import_diary(charlie, b"".join(export(alice)), at=timezone.now())
    assert (outcome.problems.shown, outcome.new) == ([], 1)
    assert places(charlie) == {"Arm": ("shoulder", "Jaw; left")}
    assert [example.said for example in outcome.new_entries.examples] == [
        "Shoulder pain 4, Jaw; left pain 2"
    ]


@pytest.mark.parametrize("export", EXPORTS)
def test_a_diary_that_calls_it_something_else_takes_nothing_new(alice, export):
    CheckInFactory(user=alice, condition=arm_of(alice))
    charlie = UserFactory()
    ConditionFactory(user=charlie, name="arm", first_place="hip")
    outcome = import_diary(charlie, b"".join(export(alice)), at=timezone.now())
    (problem,) = outcome.problems.shown
    assert problem.message.startswith(
        "“arm” is rated in shoulder and hand in this file, and in hip"
    )
    assert not CheckIn.objects.for_user(charlie).exists()


@pytest.mark.parametrize("export", EXPORTS)
def test_an_own_file_from_before_a_renaming_still_comes_in(alice, export):
    arm = arm_of(alice)
    CheckInFactory(user=alice, condition=arm)
    before = b"".join(export(alice))
    Condition.objects.filter(pk=arm.pk).update(first_place="neck")
    outcome = import_diary(alice, before, at=timezone.now())
    assert (outcome.problems.shown, outcome.new, outcome.known) == ([], 0, 1)


def test_a_complete_file_from_before_there_were_places_means_leg_and_back(alice):
    CheckInFactory(user=alice)
    document = json.loads(b"".join(export_archive(alice)))
    for row in document["tables"]["conditions.Condition"]:
        del row["first_place"], row["second_place"]
    charlie = UserFactory()
    outcome = import_diary(charlie, json.dumps(document).encode(), at=timezone.now())
    assert (outcome.problems.shown, places(charlie)) == ([], {"Sciatica": ("", "")})
