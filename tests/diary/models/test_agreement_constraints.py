"""The database itself refuses what cannot have been agreed, or done of it."""

from datetime import date, timedelta

import pytest

from apps.diary.models import AgreedDay, Agreement, Exercise
from tests.constraints import constraints_of, refusing_constraint, same_id_again
from tests.factories import (
    NOON,
    AgreedDayFactory,
    AgreementFactory,
    ConditionFactory,
    ExerciseFactory,
    TreatmentFactory,
    UserFactory,
)

LONG_AGO = date(1899, 12, 31)


def agreement(**fields):
    return lambda: AgreementFactory(**fields)


def agreed_twice():
    first = AgreementFactory()
    AgreementFactory(user=first.user, condition=first.condition, treatment=first.treatment)


def ticked_twice():
    first = AgreedDayFactory()
    AgreedDayFactory(user=first.user, agreement=first.agreement)


def of_somebody_else(factory, **parent):
    return lambda: factory(user=UserFactory(), **{name: make() for name, make in parent.items()})


REFUSED = {
    "agreement_user_and_id": lambda: same_id_again(AgreementFactory()),
    "agreement_once_a_day": agreed_twice,
    "agreement_times_are_few": agreement(times=0),
    "agreement_per_is_known": agreement(per="year"),
    "agreement_since_1900": agreement(agreed_on=LONG_AGO),
    "agreement_ends_after_it_begins": agreement(until_on=NOON.date() - timedelta(days=1)),
    "diary_agreement_condition_id_same_owner": of_somebody_else(
        AgreementFactory, condition=ConditionFactory
    ),
    "diary_agreement_treatment_id_same_owner": of_somebody_else(
        AgreementFactory, treatment=TreatmentFactory
    ),
    "exercise_user_and_id": lambda: same_id_again(ExerciseFactory()),
    "exercise_has_a_name": lambda: ExerciseFactory(name=""),
    "diary_exercise_agreement_id_same_owner": of_somebody_else(
        ExerciseFactory, agreement=AgreementFactory
    ),
    "agreedday_user_and_id": lambda: same_id_again(AgreedDayFactory()),
    "agreedday_once_a_day": ticked_twice,
    "agreedday_times_are_few": lambda: AgreedDayFactory(times=21),
    "agreedday_since_1900": lambda: AgreedDayFactory(diary_date=LONG_AGO),
    "diary_agreedday_agreement_id_same_owner": of_somebody_else(
        AgreedDayFactory, agreement=AgreementFactory
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "make"), REFUSED.items())
def test_database_refuses(constraint, make):
    assert refusing_constraint(make) == constraint


@pytest.mark.django_db
def test_every_constraint_is_here():
    assert constraints_of(Agreement, Exercise, AgreedDay) == REFUSED.keys()
