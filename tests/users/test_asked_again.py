"""What takes a part of the diary out of the house asks for the password after an hour."""

import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.sharing.models import ShareLink
from tests.factories import PASSWORD, ConditionFactory, ShareLinkFactory
from tests.users.pages import log_in

HOUR = 3600  # seconds
EXPORT, DATA = "/your-data/export.json", "/your-data/"


@pytest.fixture
def clock(without_mail):
    with time_machine.travel("2026-03-10T12:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def later(clock, client, alice):
    """Alice, who logged in an hour and a second ago."""
    log_in(client, alice.email)
    clock.shift(HOUR + 1)
    return client


def give_password(client, asked):
    address = asked.headers["Location"]
    assert address.startswith(reverse("account_reauthenticate"))
    data = {"password": PASSWORD, "next": client.get(address).context["redirect_field_value"]}
    return client.post(reverse("account_reauthenticate"), data)


def new_link(alice):
    return {
        "client_id": str(uuid.uuid4()),
        "for_whom": "Dr Weiß",
        "condition": ConditionFactory(user=alice).pk,
        "span": "moving",
        "sections": ["summary", "notes"],
        "lasts_days": "3",
    }


def test_export_within_the_hour_asks_nothing(clock, client, alice):
    log_in(client, alice.email)
    clock.shift(HOUR - 1)
    assert client.get(EXPORT).status_code == 200


def test_export_after_an_hour_asks_first_and_leads_back(later):
    answer = give_password(later, later.get(EXPORT))
    assert answer.headers["Location"] == DATA
    assert later.get(EXPORT).status_code == 200


def test_link_is_made_after_the_password_with_all_that_was_typed(later, alice):
    asked = later.post(reverse("sharing:create"), new_link(alice))
    assert ShareLink.objects.count() == 0
    answer = give_password(later, asked)
    link = ShareLink.objects.get()
    assert (answer.status_code, answer.templates[0].name) == (200, "sharing/links/address.html")
    assert (link.for_whom, link.sections) == ("Dr Weiß", ["summary", "notes"])


def test_wrong_password_makes_no_link_and_loses_nothing(later, alice):
    asked = later.post(reverse("sharing:create"), new_link(alice))
    wrong = later.post(
        reverse("account_reauthenticate"), {"password": "wrong", "next": "/share/new/"}
    )
    assert (wrong.status_code, ShareLink.objects.count()) == (422, 0)
    give_password(later, asked)
    assert ShareLink.objects.get().for_whom == "Dr Weiß"


def test_new_address_and_the_end_of_all_links_ask_too(later, alice):
    link = ShareLinkFactory(user=alice)
    for path in (reverse("sharing:renew", args=[link.pk]), reverse("sharing:revoke_all")):
        asked = later.post(path)
        assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    before = ShareLink.objects.get()
    assert (before.generation, before.revoked_at) == (1, None)
    give_password(later, asked)
    assert ShareLink.objects.get().revoked_at is not None


def test_one_link_can_be_ended_without_being_asked(later, alice):
    link = ShareLinkFactory(user=alice)
    later.post(reverse("sharing:revoke", args=[link.pk]))
    assert ShareLink.objects.get().revoked_at is not None


def test_demo_has_no_password_to_ask_for(clock, db):
    client = Client()
    client.post(reverse("demo"))
    clock.shift(HOUR * 2)
    assert client.get(EXPORT).status_code == 200
