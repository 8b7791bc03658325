"""The database itself refuses what the models forbid: a row here for every rule."""

from datetime import date

import pytest

from apps.conditions.models import Cause, Condition
from tests.constraints import constraints_of, refusing_constraint, same_id_again
from tests.factories import CauseFactory, ConditionFactory, UserFactory

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
LONG_AGO = date(1899, 12, 31)


def another_of_that_name():
    condition = ConditionFactory()
    Condition.objects.create(user=condition.user, name=condition.name)


def another_that_looks_so():
    condition = ConditionFactory(name="Rücken")
    Condition.objects.bulk_create([Condition(user=condition.user, name="RU\u0308CKEN")])


def cause_of_somebody_else():
    CauseFactory(user=UserFactory(), condition=ConditionFactory())


REFUSED = {
    "condition_user_and_id": lambda: same_id_again(ConditionFactory()),
    "condition_name_is_unique_per_person": another_of_that_name,
    "condition_name_is_unique_as_seen": another_that_looks_so,
    "condition_has_a_name": lambda: ConditionFactory(name=""),
    "condition_usual_side_is_known": lambda: ConditionFactory(usual_side="middle"),
    "condition_second_place_follows_a_first": lambda: ConditionFactory(second_place="hand"),
    "condition_places_differ": lambda: ConditionFactory(first_place="hand", second_place="hand"),
    "condition_since_1900": lambda: ConditionFactory(since_on=LONG_AGO),
    "condition_resolved_after_it_began": lambda: ConditionFactory(since_on=JUNE, resolved_on=MAY),
    "condition_resolved_since_1900": lambda: ConditionFactory(resolved_on=LONG_AGO),
    "cause_user_and_id": lambda: same_id_again(CauseFactory()),
    "cause_kind_is_known": lambda: CauseFactory(kind="weather"),
    "cause_certainty_is_known": lambda: CauseFactory(certainty="certain"),
    "cause_suspected_has_no_diagnosis": lambda: CauseFactory(diagnosed_by="my GP"),
    "cause_diagnosed_since_1900": lambda: CauseFactory(
        certainty="diagnosed", diagnosed_on=LONG_AGO
    ),
    "conditions_cause_condition_id_same_owner": cause_of_somebody_else,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "make"), REFUSED.items(), ids=REFUSED.keys())
def test_the_database_refuses(constraint, make):
    assert refusing_constraint(make) == constraint


@pytest.mark.django_db
def test_every_constraint_has_a_row():
    assert constraints_of(Condition, Cause) == REFUSED.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"since_on": MAY, "resolved_on": MAY},
        {"since_on": None, "resolved_on": MAY},
        {"since_on": date(1900, 1, 1), "resolved_on": None},
        {"usual_side": "", "note": "n" * 5000, "name": "n" * 80},
    ],
    ids=["resolved the same day", "only resolved", "earliest day", "longest texts"],
)
def test_the_database_accepts_conditions_at_the_limits(fields):
    condition = ConditionFactory(**fields)
    condition.refresh_from_db()
    assert {name: getattr(condition, name) for name in fields} == fields


@pytest.mark.django_db
def test_the_database_accepts_the_same_name_for_two_people():
    assert ConditionFactory(name="Sciatica").user != ConditionFactory(name="Sciatica").user


@pytest.mark.django_db
def test_the_database_accepts_a_diagnosis_of_a_diagnosed_cause():
    cause = CauseFactory(certainty="diagnosed", diagnosed_by="MRI scan", diagnosed_on=MAY)
    cause.refresh_from_db()
    assert (cause.diagnosed_by, cause.diagnosed_on) == ("MRI scan", MAY)
