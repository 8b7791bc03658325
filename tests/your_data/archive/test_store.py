"""What a crafted file must not do, and how a complete file meets a diary that is not empty."""

import json
from datetime import time, timedelta

import pytest
from django.db import connection

from apps.conditions.models import Cause, Condition
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession, WaitDraw, WaitPlan
from apps.diary.models.function import Activity
from apps.diary.models.reminders import ReminderPlan
from apps.treatments.models import Treatment, TreatmentPeriod
from apps.users.models import User
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary, look_at
from tests.factories import (
    NOON,
    ActivityFactory,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
    WaitDrawFactory,
    WaitPlanFactory,
)

CONDITION = {"id": 1, "name": "Sciatica"}
CHECK_IN = {
    "condition": 1,
    "diary_date": "2026-03-10",
    "time_zone": "Europe/London",
    "rated_at": "2026-03-10T12:00:00+00:00",
    "leg_pain": 4,
}
MAT = {"id": 1, "name": "Mat"}


def archive_file(person=None, **tables) -> bytes:
    """``Condition=[…]`` and the like: tables by the names of their models."""
    apps = {"Condition": "conditions", "Cause": "conditions", "Treatment": "treatments"}
    named = {f"{apps.get(name, 'diary')}.{name}": rows for name, rows in tables.items()}
    document = {"format": "did-it-work", "version": 2, "person": person or {}, "tables": named}
    return json.dumps(document).encode()


def problems_of(user, data):
    outcome = import_diary(user, data, at=NOON)
    assert (outcome.new, outcome.known) == (0, 0)
    return [(problem.column, problem.message) for problem in outcome.problems.shown]


WRONG_KIND = "This kind of value does not belong here."
EMPTY = "This must not be empty."


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"leg_pain": 11}, ("leg_pain", "Choose a whole number from 0 to 10.")),
        ({"leg_pain": -1}, ("leg_pain", "Choose a whole number from 0 to 10.")),
        ({"leg_pain": "4"}, ("leg_pain", WRONG_KIND)),
        ({"leg_pain": True}, ("leg_pain", WRONG_KIND)),
        ({"leg_pain": 4.0}, ("leg_pain", WRONG_KIND)),
        ({"leg_pain": 10**30}, ("leg_pain", "This number is too large.")),
        ({"version": 2_000_000_000}, ("version", "This number is too large.")),
        ({"note": "a\0b"}, ("note", "This holds a character that cannot be stored. Delete it, or type it again.")),
        ({"side": "middle"}, ("side", "“middle” is not known here. Write one of: left, right, both, neither.")),
        ({"symptoms": "tingling"}, ("symptoms", WRONG_KIND)),
        ({"symptoms": [["tingling"]]}, ("symptoms", WRONG_KIND)),
        ({"rated_at": None}, ("rated_at", EMPTY)),
        ({"rated_at": "2027-03-10T12:00:00+00:00", "diary_date": "2027-03-10"}, ("rated_at", "That moment has not come yet.")),
        ({"diary_date": "2026-03-01"}, ("diary_date", "The day must be within a day of “at”.")),
        ({"created_at": "9999-12-31T23:59:59+00:00"}, ("created_at", "The day must be in 1900 or later, and before the year 9001.")),
        ({"condition": 2}, ("condition", "There is no row with this number in the file.")),
        ({"condition": "1"}, ("condition", WRONG_KIND)),
        ({"client_id": "x"}, ("client_id", "“x” is no UUID. Leave it empty if you have none.")),
        ({"user": 1}, ("user", "There is no field “user” in this table.")),
        ({"user_id": 1}, ("user_id", "There is no field “user_id” in this table.")),
        ({"pk": 1}, ("pk", "There is no field “pk” in this table.")),
        ({"condition_id": 1}, ("condition_id", "There is no field “condition_id” in this table.")),
    ],
)  # fmt: skip
def test_row_is_refused_by_field(alice, fields, problem):
    data = archive_file(Condition=[CONDITION], CheckIn=[CHECK_IN | fields])
    field, message = problem
    assert (f"diary.CheckIn {field}", message) in problems_of(alice, data)
    assert Condition.objects.count() == 0


def test_field_that_must_be_there_is_asked_for(alice):
    rows = [{name: value for name, value in CHECK_IN.items() if name != "condition"}]
    data = archive_file(Condition=[CONDITION], CheckIn=rows)
    assert problems_of(alice, data) == [("diary.CheckIn condition", EMPTY)]


def test_field_that_is_newer_than_the_file_has_its_default(alice):
    assert import_diary(alice, archive_file(Treatment=[MAT]), at=NOON).problems.shown == []
    assert Treatment.objects.get().rate_again_after_minutes == 45


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ({"Mood": []}, ("diary.Mood", "There is no table “diary.Mood” in this format.")),
        ({"Condition": [3]}, ("", "An entry must be an object in curly brackets.")),
        ({"Condition": [CONDITION, CONDITION]}, ("conditions.Condition id", "This number is there twice.")),
        ({"Condition": [CONDITION, CONDITION | {"id": 2}]}, ("conditions.Condition", "There is only one of these, and the file has two.")),
        ({"WaitPlan": [{}, {}]}, ("diary.WaitPlan", "There is only one of these, and the file has two.")),
        ({"Cause": [{"kind": "spasm", "condition": 1}]}, ("conditions.Cause condition", "There is no row with this number in the file.")),
    ],
)  # fmt: skip
def test_table_is_refused(alice, tables, problem):
    assert problem in problems_of(alice, archive_file(**tables))
    assert (Condition.objects.count(), WaitPlan.objects.count()) == (0, 0)


def test_crafted_file_cannot_reach_anybody_else(alice, charlie):
    """Numbers of rows are the file's own: those of Charlie's rows mean nothing."""
    his = CheckInFactory(user=charlie, leg_pain=9)
    condition = CONDITION | {"id": his.condition_id}
    rows = [CHECK_IN | {"id": his.pk, "condition": his.condition_id, "leg_pain": 0}]
    rows[0]["client_id"] = str(his.client_id)
    data = archive_file(Condition=[condition], CheckIn=rows)
    assert import_diary(alice, data, at=NOON).problems.shown == []
    his.refresh_from_db()
    assert (his.leg_pain, his.user) == (9, charlie)
    mine = CheckIn.objects.get(user=alice)
    assert (mine.leg_pain, mine.condition.user) == (0, alice)
    foreign = archive_file(CheckIn=[CHECK_IN | {"condition": his.condition_id}])
    assert problems_of(alice, foreign) == [
        ("diary.CheckIn condition", "There is no row with this number in the file.")
    ]


def test_file_sets_preferences_and_nothing_else_of_the_account(alice):
    before = User.objects.filter(pk=alice.pk).values().get()
    person = {
        "email": "evil@example.com",
        "is_active": False,
        "demo_until": "2026-01-01T00:00:00+00:00",
        "consented_at": None,
        "currency": "EUR",
        "time_zone": "Asia/Kathmandu",
    }
    assert import_diary(alice, archive_file(person), at=NOON).problems.shown == []
    assert User.objects.filter(pk=alice.pk).values().get() == before | {
        "currency": "EUR",
        "time_zone": "Asia/Kathmandu",
    }


@pytest.mark.parametrize(
    ("person", "column"),
    [
        ({"password": "x"}, "person password"),
        ({"is_superuser": True}, "person is_superuser"),
        ({"time_zone": "Mars/Olympus"}, "person time_zone"),
        ({"currency": "ABC"}, "person currency"),
        ([], ""),
    ],
)
def test_person_is_refused(alice, person, column):
    document = {"format": "did-it-work", "version": 2, "person": person, "tables": {}}
    problems = problems_of(alice, json.dumps(document).encode())
    assert [name for name, _message in problems] == [column]


def test_preferences_stay_where_a_diary_is(alice):
    CheckInFactory(user=alice)
    import_diary(alice, archive_file({"currency": "EUR"}), at=NOON)
    alice.refresh_from_db()
    assert alice.currency == "GBP"


def test_tables_of_the_account_are_passed_over(alice):
    document = json.loads(archive_file())
    row = {"email": "evil@example.com", "verified": True, "primary": True}
    document["tables"]["account.EmailAddress"] = [row]
    outcome = import_diary(alice, json.dumps(document).encode(), at=NOON)
    assert outcome.problems.shown == []
    assert not alice.emailaddress_set.filter(email="evil@example.com").exists()


def test_what_is_there_already_stays_and_its_children_are_added(alice, charlie):
    mat = TreatmentFactory(user=charlie, name="Mat", minutes=30)
    TreatmentPeriodFactory(user=charlie, treatment=mat)
    CauseFactory(user=charlie, condition=ConditionFactory(user=charlie, note="his"))
    session = TreatmentSessionFactory(user=charlie, treatments=[mat])
    own = TreatmentFactory(user=alice, name="mat", minutes=10)
    ConditionFactory(user=alice, note="hers")
    outcome = import_diary(alice, b"".join(export_archive(charlie)), at=session.created_at)
    assert outcome.problems.shown == []
    assert (outcome.new, outcome.others, list(outcome.made.values())) == (1, 2, [[], []])
    assert list(Treatment.objects.for_user(alice).values_list("name", "minutes")) == [("mat", 10)]
    assert Condition.objects.get(user=alice).note == "hers"
    assert TreatmentPeriod.objects.get(user=alice).treatment == own
    assert Cause.objects.filter(user=alice).count() == 1
    assert SessionTreatment.objects.get(user=alice).treatment == own


def test_entry_that_is_there_gets_no_treatment_back(alice):
    session = TreatmentSessionFactory(user=alice, treatments=[TreatmentFactory(user=alice)])
    file = b"".join(export_archive(alice))
    session.link([])
    outcome = import_diary(alice, file, at=session.created_at)
    assert (outcome.new, outcome.known) == (0, 1)
    assert SessionTreatment.objects.count() == 0


def test_tosses_of_two_diaries_find_room(alice, charlie):
    for user in (alice, charlie):
        WaitPlanFactory(user=user, next_ordinal=2)
        WaitDrawFactory(user=user, ordinal=0)
        WaitDrawFactory(user=user, ordinal=1)
    CheckInFactory(user=alice)
    at = CheckInFactory(user=charlie).created_at
    assert import_diary(alice, b"".join(export_archive(charlie)), at=at).problems.shown == []
    ordinals = (
        WaitDraw.objects.for_user(alice).order_by("ordinal").values_list("ordinal", flat=True)
    )
    assert list(ordinals) == [0, 1, 2, 3]
    assert WaitPlan.objects.get(user=alice).next_ordinal == 4


def test_activities_are_never_more_than_three(alice, charlie):
    for user, names in ((alice, "ab"), (charlie, "cde")):
        condition = ConditionFactory(user=user)
        for place, name in enumerate(names, 1):
            last = ActivityFactory(user=user, condition=condition, name=name, place=place)
    at = last.created_at + timedelta(hours=1)
    assert import_diary(alice, b"".join(export_archive(charlie)), at=at).problems.shown == []
    asked = Activity.objects.for_user(alice).filter(archived_at=None).order_by("place")
    assert list(asked.values_list("name", "place")) == [("a", 1), ("b", 2), ("c", 3)]
    assert Activity.objects.for_user(alice).count() == 5


def test_looking_at_a_file_says_what_would_come_and_stores_nothing(alice, charlie):
    TreatmentSessionFactory(user=charlie, treatments=[TreatmentFactory(user=charlie, name="Mat")])
    at = CheckInFactory(user=charlie).created_at
    outcome = look_at(alice, b"".join(export_archive(charlie)), at=at)
    assert (outcome.new, outcome.known) == (2, 0)
    assert outcome.made == {Condition: ["Sciatica"], Treatment: ["Mat"]}
    counts = [model.objects.for_user(alice).count() for model in (CheckIn, TreatmentSession)]
    assert (counts, Treatment.objects.for_user(alice).count()) == ([0, 0], 0)


def test_rule_that_only_the_database_knows_is_said_in_words(alice):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE treatments_treatment ADD CONSTRAINT no_mats CHECK (name <> 'Mat')"
        )
    [(_column, message)] = problems_of(alice, archive_file(Treatment=[MAT]))
    assert message == "The database refuses a row of this file. The rule it breaks: no_mats."


def test_settings_come_back_into_an_empty_diary_only(alice, charlie):
    """The plan for waits that a page made by itself gives way; reminders begin now."""
    for user, pain_limit in ((alice, 8), (charlie, 3)):
        WaitPlanFactory(user=user, pain_limit=pain_limit)
    plan = {"daily_at": "07:30:00", "is_daily": True, "since": "2026-01-01T00:00:00+00:00"}
    document = json.loads(b"".join(export_archive(charlie)))
    document["tables"]["diary.ReminderPlan"] = [plan]
    data = json.dumps(document).encode()
    assert import_diary(alice, data, at=NOON).problems.shown == []
    assert WaitPlan.objects.get(user=alice).pain_limit == 3
    reminders = ReminderPlan.objects.get(user=alice)
    assert (reminders.daily_at, reminders.is_daily, reminders.since) == (time(7, 30), True, NOON)
    CheckInFactory(user=alice)
    WaitPlan.objects.for_user(alice).update(pain_limit=9)
    import_diary(alice, data, at=NOON)
    assert WaitPlan.objects.get(user=alice).pain_limit == 9


@pytest.mark.parametrize(("one_in", "chosen"), [(5, None), (3, 3), (0, 0)])
def test_older_file_says_of_what_was_stored_for_everybody_that_nobody_chose_it(
    alice, charlie, one_in, chosen
):
    WaitPlanFactory(user=charlie, one_in=one_in)
    document = json.loads(b"".join(export_archive(charlie)))
    del document["tables"]["diary.WaitPlan"][0]["chosen_at"]
    assert import_diary(alice, json.dumps(document).encode(), at=NOON).problems.shown == []
    plan = WaitPlan.objects.get(user=alice)
    assert (plan.chosen, plan.has_chosen) == (chosen, one_in != 5)


@pytest.mark.parametrize("one_in", [None, 5, 0])
def test_what_was_chosen_comes_back_as_chosen(alice, charlie, one_in):
    WaitPlanFactory(user=charlie, one_in=one_in, chosen_at=NOON)
    import_diary(alice, b"".join(export_archive(charlie)), at=NOON)
    plan = WaitPlan.objects.get(user=alice)
    assert (plan.chosen, plan.has_chosen, plan.chosen_at) == (one_in, True, NOON)


def test_reminder_at_half_a_minute_is_refused(alice):
    plan = {"daily_at": "07:30:15", "since": "2026-01-01T00:00:00+00:00"}
    [(column, _message)] = problems_of(alice, archive_file(ReminderPlan=[plan]))
    assert column == "diary.ReminderPlan daily_at"
