import socketserver
import threading

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from apps.users.models import User
from tests.users.pages import link_in, log_in, sign_up


def test_sign_up_leads_to_the_first_run_page_and_then_to_today(client, db, without_mail):
    response = sign_up(client)
    assert response.headers["Location"] == reverse("treatments:first_run")

    response = client.post(response.headers["Location"], {"later": "1"})
    assert response.headers["Location"] == reverse("diary:today")

    user = User.objects.get()
    assert (user.email, user.time_zone) == ("new@example.com", "Europe/Paris")
    assert user.set_up_at is not None


def test_sign_up_stores_the_password_by_argon2(client, db, without_mail):
    sign_up(client)
    assert User.objects.get().password.split("$")[0] == "argon2"


def test_sign_up_without_a_time_zone_takes_the_usual_one(client, db, without_mail):
    sign_up(client, time_zone="")
    assert User.objects.get().time_zone == "Europe/London"


def test_sign_up_refuses_an_unknown_time_zone_in_words_and_keeps_what_was_typed(client, db):
    response = sign_up(client, time_zone="Europe/Atlantis")
    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {
        "time_zone": [
            "“Europe/Atlantis” is not a time zone we know. Choose one such as Europe/London."
        ]
    }
    assert (form["email"].value(), form["time_zone"].value()) == (
        "new@example.com",
        "Europe/Atlantis",
    )
    assert not User.objects.exists()


def test_sign_up_refuses_a_nul_byte_a_short_password_and_a_bad_address(client, db):
    for field, typed in [
        ("email", "nobody"),
        ("email", "a\0b@example.com"),
        ("password1", "short"),
        ("password1", "1234567890123"),
        ("password1", "new@example.com"),
        ("password1", "long enough\0 but for this"),
        ("time_zone", "Europe/London\0"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "x" * 65),
    ]:
        response = sign_up(client, **{field: typed})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
    assert not User.objects.exists()


def test_sign_up_asks_the_browser_for_its_time_zone(client, db):
    page = client.get(reverse("account_signup"))
    widget = page.context["form"].fields["time_zone"].widget
    assert widget.attrs["data-time-zone"] == ""
    assert page.context["form"]["time_zone"].value() == ""


def test_sign_up_twice_at_the_same_moment_makes_one_account(client, db, without_mail, monkeypatch):
    # The second tap passed its check before the first had stored the account.
    sign_up(client)
    monkeypatch.setattr(
        "allauth.account.internal.flows.manage_email.assess_unique_email", lambda *_, **__: True
    )
    response = sign_up(Client())
    assert response.headers["Location"] == reverse("account_login")
    assert User.objects.count() == 1


def test_sign_up_with_mail_begins_when_the_link_is_opened(client, db, with_mail):
    response = sign_up(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("diary:today")).status_code == 302

    (message,) = mail.outbox
    assert (message.to, message.subject) == (["new@example.com"], "Your diary")
    assert client.get(link_in(message)).status_code == 200
    response = client.post(link_in(message))
    assert response.headers["Location"] == reverse("treatments:first_run")
    assert client.get(reverse("treatments:first_run")).status_code == 200


def test_confirmation_link_works_once(client, db, with_mail):
    sign_up(client)
    client.post(link_in(mail.outbox[0]))
    assert Client().get(link_in(mail.outbox[0])).context["can_confirm"] is None
    assert Client().post(link_in(mail.outbox[0])).status_code == 404


def test_log_in_before_the_address_is_confirmed_is_not_let_in(client, db, with_mail):
    sign_up(client)
    response = log_in(Client(), "new@example.com")
    assert response.headers["Location"] == reverse("account_email_verification_sent")


def test_sign_up_survives_a_mail_server_that_does_not_answer(client, db, with_mail, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = sign_up(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    page = client.get(response.headers["Location"])
    assert "We could not send the mail just now. Try again in a few minutes." in [
        str(message) for message in page.context["messages"]
    ]
    assert User.objects.count() == 1


class RefusingServer(socketserver.StreamRequestHandler):
    """A mail server that knows none of the people it is asked to write to."""

    def handle(self):
        self.wfile.write(b"220 mail\r\n")
        for line in self.rfile:
            refuses = line.upper().startswith(b"RCPT")
            self.wfile.write(b"550 nobody: " + line.strip() + b"\r\n" if refuses else b"250 ok\r\n")


@pytest.fixture
def refusing_server(settings):
    with socketserver.TCPServer(("127.0.0.1", 0), RefusingServer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = False
        yield
        server.shutdown()
        thread.join()


def test_refused_address_is_not_written_to_the_log(client, db, with_mail, refusing_server, caplog):
    sign_up(client)
    assert caplog.messages == [
        "A mail could not be sent (account/email/email_confirmation_signup): SMTPRecipientsRefused."
    ]
    assert "example.com" not in caplog.text
