"""What a browser keeps for this site, and what it may send back."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from apps.diary.models import CheckIn
from tests.users.pages import log_in


def test_no_cookie_holds_what_was_typed(alice, without_mail):
    client = Client()
    client.get(reverse("account_login"))
    log_in(client, alice.email)
    response = client.post(
        reverse("diary:checkin_create"), {"client_id": uuid.uuid4(), "leg_pain": "7"}
    )
    assert (response.status_code, CheckIn.objects.get().leg_pain) == (302, 7)
    assert set(client.cookies) == {"csrftoken", "known_device", "sessionid"}
    page = client.get(response["Location"])
    assert [str(message) for message in page.context["messages"]] == ["Saved. Leg pain 7"]
    assert set(client.cookies) == {"csrftoken", "known_device", "sessionid"}


@pytest.mark.parametrize(
    "cookie",
    [
        r'"\000aaaaaaaa"',
        r'"' + r"\000" + "a" * 31 + '"',
        "a" * 31,
        "a" * 33,
        "A" * 32,
        "é" * 32,
        "a" * 31 + "/",
        "²" * 32,
        "",
    ],
)
def test_session_key_of_another_form_counts_as_none(db, cookie):
    response = Client().get(reverse("diary:today"), HTTP_COOKIE=f"sessionid={cookie}")
    assert response.headers["Location"] == f"{reverse('account_login')}?next=/today/"
    response = Client().get(reverse("home"), HTTP_COOKIE=f"sessionid={cookie}")
    assert (response.status_code, response.wsgi_request.session.session_key) == (200, None)


def test_session_key_of_the_usual_form_is_asked_for(alice, without_mail):
    client = Client()
    log_in(client, alice.email)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    assert Client().get(reverse("users:settings"), HTTP_COOKIE=cookie).status_code == 200
