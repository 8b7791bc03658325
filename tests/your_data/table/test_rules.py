"""The rules asked in Python say what the database says."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.diary.models import CheckIn, TreatmentSession
from apps.diary.writing.check_in_form import CheckInForm
from apps.your_data.table.rules import SAID, broken_by_file, broken_rules, rules_of
from tests.factories import NOON

RATINGS = st.none() | st.integers(-2, 12)
MOMENTS = st.sampled_from([None, NOON - timedelta(1), NOON, NOON + timedelta(1)])
SHARED = {
    "side": st.sampled_from(["", "left", "middle"]),
    "diary_date": st.sampled_from([None, date(1899, 12, 31), date(1900, 1, 1), NOON.date()]),
    "time_zone": st.sampled_from(["", "Europe/London"]),
    "version": st.integers(0, 2),
}
CHECK_INS = st.builds(
    CheckIn,
    **SHARED,
    leg_pain=RATINGS,
    sleep=RATINGS,
    furthest=st.sampled_from(["", "foot", "knee"]),
    symptoms=st.lists(st.sampled_from(["tingling", "burning", "itching"])),
    red_flags=st.lists(st.sampled_from(["bladder", "bowel", "toothache"])),
    red_flags_ticked_at=st.sampled_from([None, NOON]),
    painkillers=st.sampled_from([None, True, False]),
    medicines=st.lists(st.just("Ibuprofen"), max_size=1),
)
SESSIONS = st.builds(
    TreatmentSession,
    **SHARED,
    started_at=MOMENTS,
    pain_before=RATINGS,
    pain_after=RATINGS,
    after_rated_at=MOMENTS,
    after_entered_at=MOMENTS,
    is_closed_unrated=st.booleans(),
    minutes=st.sampled_from([None, 0, 1, 1440, 1441]),
    position=st.sampled_from(["", "neck", "feet"]),
)


def refused_by_the_database(entry):
    for constraint in entry._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            try:
                constraint.validate(type(entry), entry)
            except ValidationError as error:
                yield from error.messages


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(entry=CHECK_INS | SESSIONS)
def test_rules_in_python_say_what_the_database_says(entry):
    broken = [rule.message for rule in broken_rules(entry)]
    assert broken == list(refused_by_the_database(entry))


@pytest.mark.parametrize("model", [CheckIn, TreatmentSession])
def test_rules_are_all_check_constraints_of_the_model(model):
    checks = [c for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    assert [rule.message for rule in rules_of(model)] == [
        check.get_violation_error_message() for check in checks
    ]


def test_rules_name_the_fields_they_are_about():
    fields = {field for rule in rules_of(TreatmentSession) for field in rule.fields}
    assert fields == {
        "side",
        "diary_date",
        "time_zone",
        "version",
        "pain_before",
        "pain_after",
        "after_rated_at",
        "after_entered_at",
        "is_closed_unrated",
        "minutes",
        "due_minutes",
        "position",
    }


def test_what_the_form_calls_nothing_is_nothing_in_a_file_too(alice):
    form = CheckInForm({"client_id": uuid.uuid4(), "side": "left"}, user=alice, at=NOON)
    assert form.errors == {
        "__all__": ["There is nothing to save yet. Rate your pain, or write a note."]
    }
    nothing = CheckIn(rated_at=NOON, diary_date=NOON.date(), time_zone="UTC", side="left")
    assert [rule.fields for rule in broken_by_file(nothing)] == [SAID]
    assert broken_by_file(CheckIn(rated_at=NOON, time_zone="UTC", painkillers=False)) == []
