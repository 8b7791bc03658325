"""What a browser keeps for this site, and what it may send back."""

import uuid

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
    assert set(client.cookies) == {"csrftoken", "sessionid"}
    page = client.get(response["Location"])
    assert [str(message) for message in page.context["messages"]] == ["Saved. Leg pain 7"]
    assert set(client.cookies) == {"csrftoken", "sessionid"}
