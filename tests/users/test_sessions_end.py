"""How long a log-in lasts."""

import pytest
import time_machine
from django.urls import reverse

from tests.users.pages import log_in

DAY = 86_400  # seconds
START = "2026-03-10T12:00:00Z"


@pytest.fixture(autouse=True)
def mode(without_mail):
    """Nobody here has to confirm an address first."""


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def is_logged_in(client):
    return client.get(reverse("users:settings")).status_code == 200


def days_that_it_lasts(client, clock, *, step):
    """How many days a log-in is good for that is used once in so many."""
    for day in range(step, 200, step):
        clock.shift(step * DAY)
        if not is_logged_in(client):
            return day
    return None


@pytest.mark.parametrize(("step", "ends_after"), [(15, 15), (13, 91), (7, 91), (1, 91)])
def test_log_in_ends_14_days_after_its_last_use_and_90_after_its_beginning(
    client, alice, clock, step, ends_after
):
    log_in(client, alice.email)
    assert days_that_it_lasts(client, clock, step=step) == ends_after


def test_log_in_of_13_days_and_23_hours_is_good(client, alice, clock):
    log_in(client, alice.email)
    clock.shift(14 * DAY - 3600)
    assert is_logged_in(client)


def test_cookie_is_prolonged_as_well(client, alice, clock):
    log_in(client, alice.email)
    clock.shift(DAY)
    cookie = client.get(reverse("users:settings")).cookies["sessionid"]
    assert cookie["max-age"] == 14 * DAY


def test_reading_twice_within_the_hour_writes_nothing(client, alice, clock):
    log_in(client, alice.email)
    clock.shift(1800)
    assert "sessionid" not in client.get(reverse("users:settings")).cookies


def test_log_in_from_before_the_rule_lasts_90_days_from_its_next_use(client, alice, clock):
    client.force_login(alice)
    session = client.session
    for key in ("log_in_began_at", "log_in_used_at"):
        del session[key]
    session.set_expiry(90 * DAY)
    session.save()
    assert days_that_it_lasts(client, clock, step=7) == 7 + 91


def test_demo_still_ends_after_a_day(client, db, clock):
    client.post(reverse("demo"))
    clock.shift(DAY - 60)
    assert is_logged_in(client)
    clock.shift(120)
    assert not is_logged_in(client)
