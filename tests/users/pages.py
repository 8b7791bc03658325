"""What the tests of accounts do in a browser, in one line each."""

import re

from django.conf import settings
from django.urls import reverse

from tests.factories import PASSWORD


def sign_up(client, email="new@example.com", **fields):
    data = {
        "email": email,
        "password1": PASSWORD,
        "time_zone": "Europe/Paris",
        "consent": "on",
        **fields,
    }
    return client.post(reverse("account_signup"), data)


def log_in(client, email, password=PASSWORD, query=None, **fields):
    data = {"login": email, "password": password, **fields}
    return client.post(reverse("account_login", query=query), data)


def ask_for_reset(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def confirm_password(client, password=PASSWORD):
    return client.post(reverse("account_reauthenticate"), {"password": password})


def link_in(mail):
    """The path of the one link in a mail."""
    return re.search(rf"^{settings.SITE_URL}(/\S+)$", mail.body, re.MULTILINE)[1]


def without_token(response):
    """The body of a page, less the token that differs in every form."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


def answer(response):
    """Everything of an answer that somebody outside could compare."""
    return response.status_code, response.get("Location"), without_token(response)
