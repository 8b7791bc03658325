"""Without a mail server nobody is told to look at their mail: pages say what works instead."""

import runpy
from pathlib import Path

import pytest
from django.contrib.auth.management.commands.changepassword import Command as ChangePassword
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.users.models import User
from apps.users.security_events import SecurityEvent
from tests.users.pages import ask_for_reset, confirm_password, link_in, log_in, sign_up

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "settings.py"
NEW_PASSWORD = "another long password"
OWN, OTHERS = "postgresql://x@%2Ftmp%2Fdid-it-work-x/x", "postgresql://db/x"


@pytest.mark.parametrize(
    ("environment", "goes"),
    [
        ({"DATABASE_URL": OWN}, "to the console"),
        ({"DATABASE_URL": OWN, "HTTPS": "1"}, "nowhere"),
        ({"DATABASE_URL": OWN, "ALLOWED_HOSTS": "localhost,diary.example"}, "nowhere"),
        ({"DATABASE_URL": OTHERS}, "nowhere"),
        ({"DATABASE_URL": OTHERS, "HTTPS": "1", "EMAIL_HOST": "mail.example"}, "out"),
    ],
)
def test_links_are_printed_for_somebody_alone_on_their_machine_only(monkeypatch, environment, goes):
    for name in ("HTTPS", "ALLOWED_HOSTS", "EMAIL_HOST"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert runpy.run_path(str(SETTINGS))["MAILS_GO"] == goes


def body(client, name):
    return client.get(reverse(name)).content.decode()


PAGES_OF_MAIL = [
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_email",
]
SENT = ["sent you a mail", "We sent", "Look at your mail", "We send you", "spam folder"]


@pytest.mark.parametrize("mode", ["without_mail", "hosted_without_mail"])
def test_no_page_speaks_of_a_mail_that_was_sent(request, as_alice, mode):
    request.getfixturevalue(mode)
    confirm_password(as_alice)
    as_alice.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    for client in (as_alice, Client()):
        pages = [client.get(reverse(name)).content.decode() for name in PAGES_OF_MAIL]
        assert [words for words in SENT for page in pages if words in page] == []


def test_with_a_mail_server_they_do(client, db, with_mail):
    assert "We send you a link" in body(client, "account_reset_password")
    for name in ("account_reset_password_done", "account_email_verification_sent"):
        assert "We sent you a mail" in body(client, name)


def test_hosted_copy_names_the_command_and_the_host_in_place_of_a_form(
    client, db, hosted_without_mail
):
    page = body(client, "account_reset_password")
    assert "manage.py changepassword" in page
    assert '<a href="mailto:host@diary.example">host@diary.example</a>' in page
    assert 'name="email"' not in page


def test_without_an_address_of_the_host_none_is_named(client, db, hosted_without_mail, settings):
    settings.HOST_CONTACT = ""
    page = body(client, "account_reset_password")
    assert ("manage.py changepassword" in page, "Ask them:" in page) == (True, False)


def test_hosted_log_holds_no_link(alice, hosted_without_mail, caplog, capfd):
    ask_for_reset(Client(), alice.email)
    assert caplog.messages == ["Mails not sent, because EMAIL_HOST is not set: 1."]
    assert "/reset/" not in "".join(capfd.readouterr())


class TypedTwice(ChangePassword):
    """Django's command, at a terminal at which the new password is typed."""

    def _get_pass(self, prompt="Password: "):
        return NEW_PASSWORD


def test_the_command_that_is_named_gives_a_new_password(client, alice, hosted_without_mail):
    log_in(client, alice.email)
    call_command(TypedTwice(), alice.email, verbosity=0)
    assert client.get(reverse("users:settings")).status_code == 302
    assert log_in(Client(), alice.email, NEW_PASSWORD).headers["Location"] == "/today/"


def change_address(client, email):
    confirm_password(client)
    return client.post(reverse("account_email"), {"email": email, "action_add": ""})


def addresses(user):
    user.refresh_from_db()
    rows = user.emailaddress_set.values_list("email", "verified", "primary")
    return user.email, list(rows)


def test_hosted_address_changes_at_once_and_is_not_called_confirmed(
    client, db, hosted_without_mail
):
    sign_up(client, "alice@example.com")
    alice = User.objects.get()
    assert change_address(client, "New@example.com").status_code == 302
    assert addresses(alice) == ("new@example.com", [("new@example.com", False, True)])
    assert log_in(Client(), "new@example.com").status_code == 302
    assert SecurityEvent.objects.for_user(alice).filter(kind="email_changed").count() == 1


def test_hosted_address_cannot_become_one_that_another_account_uses(
    as_alice, alice, charlie, hosted_without_mail
):
    response = change_address(as_alice, charlie.email)
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "email": ["This address cannot be used. If it is yours, log in or reset the password."]
    }
    assert addresses(alice)[0] == "alice@example.com"


def test_address_taken_in_the_same_moment_is_said_and_changes_nothing(
    as_alice, alice, charlie, hosted_without_mail, monkeypatch
):
    # The other request passed its check before this one had stored the address.
    monkeypatch.setattr(
        "apps.users.account_forms.ChangeEmailForm.clean_email", lambda _form: charlie.email
    )
    page = as_alice.get(change_address(as_alice, charlie.email).headers["Location"])
    assert "This address cannot be used." in page.content.decode()
    assert addresses(alice)[0] == "alice@example.com"


def test_hosted_address_needs_the_password_first(client, alice, hosted_without_mail):
    client.force_login(alice)
    response = client.post(reverse("account_email"), {"email": "new@a.com", "action_add": ""})
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_laptop_prints_the_link_and_says_where(client, alice, without_mail):
    assert "printed in the window" in body(client, "account_reset_password")
    ask_for_reset(client, alice.email)
    assert "printed in the window" in body(client, "account_reset_password_done")
    form_page = client.get(link_in(mail.outbox[0])).headers["Location"]
    client.post(form_page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert log_in(Client(), alice.email, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize("name", ["account_reset_password", "account_signup"])
def test_pages_say_it_in_german_too(client, db, hosted_without_mail, name):
    page = client.get(reverse(name), headers={"Accept-Language": "de"}).content.decode()
    assert "Diese Kopie des Programms hat keinen Mailserver" in page
