"""Nothing that counts or is mailed hangs on the host and port that a request names."""

import pytest
import time_machine
from django.core import mail
from django.test import Client

from tests.factories import PASSWORD
from tests.users.pages import ask_for_reset, link_in, log_in, sign_up

FIVE_MINUTES = 300  # seconds


@pytest.fixture(autouse=True)
def mode(without_mail):
    """Nobody here has to confirm an address first."""


def guess(number, email, password):
    """From an address, and of a port, that nobody has used yet."""
    caller = f"2001:db8:{number:x}::1"
    client = Client(headers={"host": f"localhost:{1000 + number}"}, REMOTE_ADDR=caller)
    return log_in(client, email, password)


def was_evaluated(response):
    (said,) = response.context["form"].non_field_errors()
    return said == "This address and this password do not belong together."


def test_200_guesses_with_200_ports_and_addresses_are_five(alice):
    with time_machine.travel("2026-03-10T12:00:00Z", tick=False) as clock:
        answers = []
        for number in range(200):
            answers.append(guess(number, alice.email, "wrong"))
            clock.shift(FIVE_MINUTES / 201)
        assert sum(map(was_evaluated, answers)) == 5
        assert {answer.status_code for answer in answers if not was_evaluated(answer)} == {429}
        assert guess(200, alice.email, PASSWORD).status_code == 429  # not even the right one
        clock.shift(FIVE_MINUTES)
        assert guess(201, alice.email, PASSWORD).status_code == 302


def test_letters_that_are_taken_for_another_count_as_it(db):
    written = ["sissi@example.com", "ſissi@example.com", "SISSI@example.com", "siſſi@example.com"]
    answers = [guess(n, email, "wrong") for n, email in enumerate([*written, *written])]
    assert sum(map(was_evaluated, answers)) == 5


def test_mails_name_our_address_whatever_the_request_says(alice, settings):
    settings.SITE_URL = "https://diary.example"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    client = Client(headers={"host": "localhost:6666"})
    ask_for_reset(client, alice.email)
    ask_for_reset(client, "nobody@example.com")
    sign_up(client, alice.email)
    sign_up(client)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert link_in(message).startswith("/accounts/")
        assert "localhost" not in message.body
        assert message.body.splitlines()[-1] == "diary.example"
