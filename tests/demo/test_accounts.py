"""Accounts to try the demo in: made by a click, gone after a day."""

from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.demo import accounts
from apps.demo.accounts import clear_demos, make_demo
from apps.diary.models import TreatmentSession
from apps.users.models import User
from tests.factories import PASSWORD, UserFactory

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
DAY = timedelta(hours=24)


@pytest.fixture
def light_demos(monkeypatch):
    """Demo accounts without their diary, where it does not matter."""
    monkeypatch.setattr(accounts, "keep_diary", lambda user, at: None)


def leave_over(number):
    """So many demo accounts whose day is over, and one person of the same age."""
    for count in range(number):
        UserFactory(demo_until=NOW - timedelta(minutes=count))
    return UserFactory()


def test_trying_the_demo_makes_an_account_for_a_day_and_shows_the_comparison(client, db):
    with time_machine.travel(NOW, tick=False):
        response = client.post(reverse("demo"), follow=True)
    user = User.objects.get()
    assert (response.redirect_chain, response.status_code) == (
        [(reverse("comparisons:compare"), 302)],
        200,
    )
    assert response.wsgi_request.user == user
    assert (user.demo_until, user.set_up_at) == (NOW + DAY, NOW)
    assert (user.has_usable_password(), user.email.endswith("@demo.invalid")) == (False, True)
    assert TreatmentSession.objects.for_user(user).count() > 150


def test_session_of_the_demo_ends_with_its_account(client, db):
    with time_machine.travel(NOW, tick=False) as clock:
        client.post(reverse("demo"))
        clock.shift(DAY - timedelta(minutes=1))
        assert client.get(reverse("diary:today")).status_code == 200
        clock.shift(timedelta(minutes=2))
        assert client.get(reverse("diary:today")).status_code == 302


def test_demo_is_no_page_to_open(client, db):
    assert client.get(reverse("demo")).status_code == 405


def test_signed_in_person_who_asks_for_the_demo_keeps_their_own_diary(as_alice, alice):
    response = as_alice.post(reverse("demo"))
    assert (response.status_code, response["Location"]) == (302, reverse("diary:today"))
    assert list(User.objects.all()) == [alice]


def test_one_address_gets_five_demos_a_minute(client, db, light_demos):
    statuses = []
    for _ in range(6):
        client.logout()
        statuses.append(client.post(reverse("demo")).status_code)
    assert (statuses, User.objects.count()) == ([302] * 5 + [429], 5)


def test_every_page_of_a_demo_says_so_and_no_other(client, as_alice, db):
    notice = b"This is a demo diary. It is deleted after a day."
    names = ["diary:today", "comparisons:compare", "users:settings", "help_now"]
    assert [notice in as_alice.get(reverse(name)).content for name in names] == [False] * 4
    client.logout()
    client.post(reverse("demo"))
    assert [notice in client.get(reverse(name)).content for name in names] == [True] * 4


def test_clear_demos_deletes_those_that_are_over_with_all_they_hold(db):
    with time_machine.travel(NOW - DAY, tick=False):
        make_demo(at=NOW - DAY)
    person, running = UserFactory(), UserFactory(demo_until=NOW + timedelta(minutes=1))
    assert clear_demos(at=NOW) == 1
    assert set(User.objects.all()) == {person, running}
    assert TreatmentSession.objects.count() == 0


def test_making_a_demo_clears_a_few_old_ones_the_oldest_first(light_demos, db):
    person = leave_over(7)
    made = make_demo(at=NOW)
    left = User.objects.exclude(pk__in=[person.pk, made.pk]).values_list("demo_until", flat=True)
    assert sorted(left) == [NOW - timedelta(minutes=1), NOW]


def test_clear_demos_counts_nothing_where_there_is_nothing(db):
    assert clear_demos(at=NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_clearing_demos_passes_over_those_that_another_visitor_is_clearing(light_demos):
    first, _second = (UserFactory(demo_until=NOW - timedelta(minutes=n)) for n in (2, 1))
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM users_user WHERE id = %s FOR UPDATE", [first.pk])
        assert clear_demos(at=NOW) == 1
    finally:
        other.rollback()
        other.close()
    assert list(User.objects.all()) == [first]


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_demo_account_gets_neither_a_password_nor_an_address(client, db, light_demos, name, method):
    user = make_demo(at=timezone.now())
    before = User.objects.values().get()
    client.force_login(user)
    data = {"password1": PASSWORD, "password2": PASSWORD, "email": "x@example.com"}
    response = getattr(client, method)(reverse(name), data | {"action_add": ""}, follow=True)
    assert response.redirect_chain == [(reverse("diary:today"), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "A demo diary has no address, password or two-factor log-in of its own."
    ]
    assert User.objects.values().get() == before | {"last_login": ANY}
    assert set(user.emailaddress_set.values_list("email", flat=True)) == {user.email}


def test_settings_of_a_demo_leave_out_what_it_cannot_have(client, as_alice, light_demos):
    links = [f'href="{reverse(name)}"' for name in ("account_email", "mfa_index")]

    def linked(client):
        page = client.get(reverse("users:settings")).content.decode()
        return [link in page for link in links]

    assert linked(as_alice) == [True, True]
    client.force_login(make_demo(at=timezone.now()))
    assert linked(client) == [False, False]


def test_demo_account_can_leave_for_an_account_of_its_own(client, db, light_demos):
    client.force_login(make_demo(at=timezone.now()))
    client.post(reverse("account_logout"))
    assert client.get(reverse("account_signup")).status_code == 200
