"""Which number a person is told to call."""

import pytest

from apps.users.emergency_numbers import EmergencyNumber, emergency_number_in
from apps.users.models import time_zone_names
from tests.constraints import refusing_constraint
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("time_zone", "number"),
    [
        ("Europe/London", "999"),
        ("Europe/Jersey", "999"),
        ("GB", "999"),
        ("Europe/Dublin", "112"),
        ("Europe/Berlin", "112"),
        ("Asia/Kolkata", "112"),
        ("UTC", "112"),
        ("America/New_York", "911"),
        ("America/Argentina/Salta", "911"),
        ("US/Eastern", "911"),
        ("Canada/Pacific", "911"),
        ("Pacific/Honolulu", "911"),
        ("Australia/Perth", "000"),
        ("Pacific/Auckland", "111"),
        ("Pacific/Chatham", "111"),
        ("NZ-CHAT", "111"),
        ("Pacific/Fiji", "112"),
    ],
)
def test_number_follows_the_time_zone_until_one_is_chosen(time_zone, number):
    user = UserFactory.build(time_zone=time_zone)
    assert user.number_to_call == number
    for chosen in EmergencyNumber.values:
        user.emergency_number = chosen
        assert user.number_to_call == chosen


def test_every_time_zone_has_a_number():
    assert {emergency_number_in(name) for name in time_zone_names()} == set(EmergencyNumber)


@pytest.mark.django_db
def test_database_refuses_a_number_that_is_none_that_is_known():
    refused = refusing_constraint(lambda: UserFactory(emergency_number="118"))
    assert refused == "user_emergency_number_is_known"
