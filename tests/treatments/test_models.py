from datetime import UTC, date, datetime

import pytest

from apps.treatments.models import Setting, Treatment
from tests.factories import TreatmentFactory

DAY = date(2026, 5, 3)


def of_day(user, name, review_on, **fields):
    return TreatmentFactory(user=user, name=name, review_on=review_on, **fields)


def test_due_for_review_is_what_has_come_and_is_in_use_longest_waiting_first(alice):
    today = of_day(alice, "Heat", DAY)
    long_ago = of_day(alice, "Mat", date(2026, 1, 1))
    of_day(alice, "Stretching", date(2026, 5, 4))
    of_day(alice, "Insoles", None)
    of_day(alice, "Massage", DAY, archived_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert list(Treatment.objects.for_user(alice).due_for_review(DAY)) == [long_ago, today]


def test_is_due_for_review_agrees_with_the_queryset(alice):
    of_day(alice, "Heat", DAY)
    of_day(alice, "Stretching", date(2026, 5, 4))
    of_day(alice, "Insoles", None)
    of_day(alice, "Massage", DAY, archived_at=datetime(2026, 2, 1, tzinfo=UTC))
    own = Treatment.objects.for_user(alice)
    due = [treatment for treatment in own if treatment.is_due_for_review(DAY)]
    assert due == list(own.due_for_review(DAY))


@pytest.mark.parametrize(
    ("setting", "minutes", "due"),
    [
        (Setting.APPOINTMENT, 60, 60),
        (Setting.APPOINTMENT, 30, 45),
        (Setting.APPOINTMENT, None, 45),
        (Setting.HOME, 60, 45),
    ],
)
def test_an_appointment_is_said_to_be_rated_again_when_it_is_over(setting, minutes, due):
    fields = {"setting": setting, "minutes": minutes, "rate_again_after_minutes": 45}
    assert Treatment(**fields).usually_due_after == due
