"""A device that was logged in before is never locked out by wrong guesses made elsewhere."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.users.log_in.known_devices import COOKIE, KEPT_FOR
from tests.factories import UserFactory
from tests.users.pages import confirm_password, log_in

TODAY = reverse("diary:today")
WRONG = "not the password at all"


@pytest.fixture(autouse=True)
def mode(without_mail, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key", "login": "1000/m/ip"}


@pytest.fixture
def phone(alice):
    """Alice's own, on which she has logged out again."""
    client = Client()
    log_in(client, alice.email)
    client.post(reverse("account_logout"))
    return client


def guess(client, email, times=1):
    return [log_in(client, email, WRONG).status_code for _ in range(times)]


def is_let_in(client, email):
    return log_in(client, email).headers.get("Location") == TODAY


def test_known_device_is_let_in_while_others_guess_and_a_new_one_waits(phone, alice):
    guess(Client(), alice.email, times=6)
    assert (is_let_in(phone, alice.email), is_let_in(Client(), alice.email)) == (True, False)


def test_known_device_has_five_guesses_too(phone, alice):
    guess(phone, alice.email, times=5)
    assert (is_let_in(phone, alice.email), is_let_in(Client(), alice.email)) == (False, True)


def test_two_known_devices_do_not_lock_each_other_out(phone, alice):
    tablet = Client()
    log_in(tablet, alice.email)
    guess(tablet, alice.email, times=6)
    assert is_let_in(phone, alice.email)


def test_password_is_confirmed_on_a_device_in_use_while_others_guess(client, alice):
    log_in(client, alice.email)
    client.get(TODAY)
    guess(Client(), alice.email, times=6)
    assert confirm_password(client).status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        lambda device, mark: f"{device[::-1]}.{mark}",
        lambda device, mark: f"{device}.{mark[::-1]}",
        lambda device, mark: f"{device}",
        lambda device, mark: f".{mark}",
        lambda device, mark: mark,
        lambda device, mark: f"{device}.é.{'.' * 300}",
    ],
)
def test_made_up_cookie_brings_no_guesses_of_its_own(phone, alice, change):
    device, mark = phone.cookies[COOKIE].value.split(".")
    stranger = Client()
    for _ in range(6):
        stranger.cookies[COOKIE] = change(device, mark)
        guess(stranger, alice.email)
    assert not is_let_in(Client(), alice.email)


def test_mark_of_one_account_says_nothing_for_another(phone, alice, charlie):
    guess(phone, charlie.email, times=6)
    assert not is_let_in(Client(), charlie.email)


def test_four_people_can_share_a_device(alice, phone):
    others = [UserFactory() for _ in range(3)]
    for other in others:
        log_in(phone, other.email)
        phone.post(reverse("account_logout"))
    for person in (alice, *others):
        guess(Client(), person.email, times=6)
    for person in (alice, *others):
        assert is_let_in(phone, person.email)
        phone.post(reverse("account_logout"))


def test_cookie_is_for_the_server_alone_and_says_not_who(phone, alice):
    cookie = phone.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", KEPT_FOR)
    assert len(cookie.value) == 65
    assert alice.email not in cookie.value


def test_cookie_is_set_once(phone, alice):
    assert COOKIE in phone.cookies
    response = log_in(phone, alice.email)
    assert COOKIE not in response.cookies


def test_strangers_and_demos_get_none(client, db):
    client.get(reverse("account_login"))
    client.post(reverse("demo"))
    client.get(TODAY)
    assert COOKIE not in client.cookies
