"""Signing up with a passkey: nothing is stored before it is there."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.users.models import User
from apps.users.security_events import SecurityEvent
from tests.factories import PASSWORD
from tests.users.log_in.authenticator import HOST, Device, log_in_with
from tests.users.pages import ask_for_reset, link_in, log_in, sign_up

FIRST, SECOND = reverse("account_passkey_signup"), reverse("account_passkey_make")
TYPED = {"email": "new@example.com", "time_zone": "Europe/Paris", "consent": "on"}
NEW_PASSWORD = "another long password"


@pytest.fixture
def device():
    return Device()


def begin(client, **changed):
    return client.post(FIRST, TYPED | changed, headers={"Host": HOST})


def answer(client, device):
    page = client.get(SECOND, headers={"Host": HOST})
    return {"name": "", "credential": json.dumps(device.make(page.context["options"]))}


def make(client, device):
    return client.post(SECOND, answer(client, device), headers={"Host": HOST})


def test_both_are_stored_at_once_and_logged_in(client, db, without_mail, device):
    assert begin(client).headers["Location"] == SECOND
    assert not User.objects.exists()
    response = make(client, device)
    assert response.headers["Location"] == reverse("treatments:first_run")
    user = User.objects.get()
    assert (user.email, user.time_zone) == ("new@example.com", "Europe/Paris")
    assert (user.has_usable_password(), user.has_consented) == (False, True)
    assert Authenticator.objects.get().user == user
    kinds = SecurityEvent.objects.for_user(user).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["passkey_added", "logged_in"]
    assert log_in_with(Client(), device).headers["Location"] == reverse("diary:today")


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "new@"},
        {"time_zone": "Mars/Base"},
        {"consent": ""},
        {"email": "a\0@b.cd"},
    ],
)
def test_what_was_typed_wrong_is_said_on_the_first_page(client, db, without_mail, wrong):
    response = begin(client, **wrong)
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(wrong))
    assert client.get(SECOND).headers["Location"] == FIRST


def test_nothing_sent_is_refused_on_both_pages(client, db, without_mail):
    assert client.post(FIRST).status_code == 422
    begin(client)
    assert client.post(SECOND, headers={"Host": HOST}).status_code == 422


def test_refused_passkey_makes_no_account_and_can_be_tried_again(client, db, without_mail, device):
    begin(client)
    for bad in ("", "{}", '{"id": "\\u0000"}'):
        response = client.post(SECOND, {"credential": bad}, headers={"Host": HOST})
        assert response.status_code == 422
    assert make(client, Device(verifies=False)).status_code == 422
    assert (User.objects.count(), Authenticator.objects.count()) == (0, 0)
    make(client, device)
    assert User.objects.count() == 1


def test_two_taps_make_one_account(client, db, without_mail, device):
    begin(client)
    data, second_tap = answer(client, device), Client()
    # It has read the session before the first has changed it.
    session = second_tap.session
    session.update(client.session.items())
    session.save()
    client.post(SECOND, data, headers={"Host": HOST})
    User.objects.update(email="moved@example.com")  # or the address alone would refuse it
    response = second_tap.post(SECOND, data, headers={"Host": HOST})
    assert response.headers["Location"] == reverse("account_login")
    assert User.objects.get().email == "moved@example.com"
    assert Authenticator.objects.count() == 1


def test_password_sign_up_in_between_has_a_number_of_its_own(client, db, with_mail, device):
    begin(client)
    sign_up(client, "first@example.com")
    sign_up(client, "second@example.com")
    make(client, device)
    assert User.objects.count() == 3
    assert Authenticator.objects.get().user.email == "new@example.com"


def test_taken_address_is_said_where_no_mail_can_be_sent(client, alice, without_mail):
    response = begin(client, email=alice.email)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["email"])


def test_address_taken_in_between_is_said(client, db, without_mail, device):
    begin(client)
    User.objects.create_user("new@example.com", PASSWORD)
    response = make(client, device)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["email"])
    assert not Authenticator.objects.exists()


def test_with_mail_it_begins_when_the_link_is_opened(client, db, with_mail, device):
    begin(client)
    confirm = reverse("account_email_verification_sent")
    assert make(client, device).headers["Location"] == confirm
    assert log_in_with(Client(), device).headers["Location"] == confirm
    client.post(link_in(mail.outbox[0]))
    assert log_in_with(Client(), device).headers["Location"] == reverse("diary:today")


def test_known_address_is_answered_as_an_unknown_one(alice, with_mail):
    def seen(email):
        client, device = Client(), Device()
        steps = [begin(client, email=email).headers["Location"]]
        steps.append(make(client, device).headers["Location"])
        mails = [(m.to == [email], m.subject) for m in mail.outbox]
        mail.outbox.clear()
        return steps, mails, sorted(client.cookies)

    assert seen(alice.email) == seen("other@example.com")
    assert not Authenticator.objects.filter(user=alice).exists()


def test_who_has_lost_the_device_gets_a_password_by_mail(client, db, without_mail, device):
    begin(client)
    make(client, device)
    fresh = Client()
    ask_for_reset(fresh, "new@example.com")
    form_page = fresh.get(link_in(mail.outbox[-1])).headers["Location"]
    fresh.post(form_page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert log_in(Client(), "new@example.com", NEW_PASSWORD).headers["Location"] == "/today/"


def test_limits_are_those_of_signing_up(client, db, settings, without_mail):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    assert [begin(client, email="x").status_code for _ in range(3)] == [422, 422, 429]
