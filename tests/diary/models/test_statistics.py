"""The planner of queries knows that a condition and a treatment have one owner."""

import re

import pytest
from django.db import connection

from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)

PEOPLE, ENTRIES = 6, 4


@pytest.fixture
def person(db):
    """The last of several people, each with as many entries."""
    for _number in range(PEOPLE):
        user = UserFactory()
        ConditionFactory(user=user)
        mat = TreatmentFactory(user=user)
        for _entry in range(ENTRIES):
            CheckInFactory(user=user)
            TreatmentSessionFactory(user=user, treatments=[mat])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return user


@pytest.mark.parametrize(
    ("model", "key"),
    [(CheckIn, "condition"), (TreatmentSession, "condition"), (SessionTreatment, "treatment")],
)
def test_all_of_somebody_s_rows_are_expected(person, model, key):
    rows = model.objects.for_user(person)
    own = rows.filter(**{key: getattr(rows.first(), key)})
    expected = int(re.search(r"rows=(\d+)", own.order_by().explain())[1])
    assert (own.count(), expected) == (ENTRIES, ENTRIES)
