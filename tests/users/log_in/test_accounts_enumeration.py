"""Nobody learns from outside whether an address has an account here."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.test import Client

from apps.users.models import User
from tests.factories import PASSWORD
from tests.users.pages import answer, ask_for_reset, log_in, sign_up, without_token

KNOWN, UNKNOWN = "known@example.com", "other@example.com"


@pytest.fixture(autouse=True)
def known(db):
    """The two addresses are equally long and differ by nothing else."""
    assert len(KNOWN) == len(UNKNOWN)
    return User.objects.create_user(KNOWN, PASSWORD)


def pages_after(client, response):
    """The answer, the page it leads to, and what can be seen from there."""
    steps = [answer(response)]
    if response.status_code == 302:
        steps.append(answer(client.get(response.headers["Location"])))
    steps.append(answer(client.get("/accounts/login/")))
    steps.append(answer(client.get("/today/")))
    return steps, sorted(client.cookies)


def seen(act, email):
    client = Client()
    steps, cookies = pages_after(client, act(client, email))
    masked = [(s, where, body.replace(email.encode(), b"ADDRESS")) for s, where, body in steps]
    return masked, cookies


def test_sign_up_answers_a_known_address_as_an_unknown_one(with_mail):
    assert seen(sign_up, KNOWN) == seen(sign_up, UNKNOWN)
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([KNOWN], "Your diary"),
        ([UNKNOWN], "Your diary"),
    ]


def test_sign_up_answers_an_unconfirmed_address_as_an_unknown_one(with_mail):
    User.objects.create(email=KNOWN.replace("known", "begun"))
    EmailAddress.objects.create(user=User.objects.last(), email="begun@example.com", primary=True)
    assert seen(sign_up, "begun@example.com") == seen(sign_up, UNKNOWN)


def test_sign_up_answers_bad_input_the_same(with_mail):
    def short_password(client, email):
        return sign_up(client, email, password1="tiny")

    assert seen(short_password, KNOWN) == seen(short_password, UNKNOWN)
    assert mail.outbox == []


class CountingHasher(Argon2PasswordHasher):
    """Ours, but it keeps count of what it was asked to do."""

    hashed = 0

    def encode(self, password, salt):
        type(self).hashed += 1
        return super().encode(password, salt)


def test_sign_up_hashes_a_password_for_a_known_address_too(with_mail, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    before = CountingHasher.hashed
    sign_up(Client(), KNOWN)
    for_known = CountingHasher.hashed - before
    sign_up(Client(), UNKNOWN)
    assert (for_known, CountingHasher.hashed - before - for_known) == (1, 1)


def test_sign_up_leaves_the_known_account_as_it_is(with_mail, known):
    before = known.password
    sign_up(Client(), KNOWN, password1="another long password")
    assert User.objects.get(email=KNOWN).password == before
    assert User.objects.count() == 1


def test_reset_answers_a_known_address_as_an_unknown_one():
    assert seen(ask_for_reset, KNOWN) == seen(ask_for_reset, UNKNOWN)
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([KNOWN], "Choose a new password"),
        ([UNKNOWN], "Choose a new password"),
    ]


def test_log_in_answers_a_known_address_as_an_unknown_one():
    def wrong_password(client, email):
        return log_in(client, email, "not the password at all")

    assert seen(wrong_password, KNOWN) == seen(wrong_password, UNKNOWN)


def test_log_in_counts_attempts_on_an_unknown_address_too(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/key"}

    def fourth_attempt(client, email):
        for _ in range(3):
            log_in(client, email, "not the password at all")
        return log_in(client, email, "not the password at all")

    assert seen(fourth_attempt, KNOWN) == seen(fourth_attempt, UNKNOWN)


def test_closed_account_is_told_only_to_who_knows_its_password(known):
    known.is_active = False
    known.save()

    def wrong_password(client, email):
        return log_in(client, email, "not the password at all")

    assert seen(wrong_password, KNOWN) == seen(wrong_password, UNKNOWN)
    assert seen(ask_for_reset, KNOWN) == seen(ask_for_reset, UNKNOWN)


def test_changing_to_somebody_elses_address_looks_as_to_a_free_one(alice):
    def change(email):
        client = Client()
        client.force_login(alice)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        mail.outbox.clear()
        response = client.post("/accounts/email/", {"email": email, "action_add": ""})
        page = without_token(client.get("/accounts/email/")).replace(email.encode(), b"ADDRESS")
        return response.status_code, page, [m.to for m in mail.outbox] == [[email]]

    assert change(KNOWN) == change(UNKNOWN)


def test_without_mail_sign_up_says_that_an_address_is_taken(without_mail):
    response = sign_up(Client(), KNOWN)
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "email": ["This address cannot be used. If it is yours, log in or reset the password."]
    }
