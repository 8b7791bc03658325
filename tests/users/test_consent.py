"""Nothing about a person's health is stored without their consent, which has a version and a date."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.demo.accounts import make_demo
from apps.diary.models import CheckIn
from apps.users.models import CONSENT_VERSION, User
from tests.factories import NOON, CheckInFactory, PendingImportFactory, UserFactory
from tests.users.pages import sign_up

CONSENT = reverse("users:consent")
WITHDRAW = reverse("users:withdraw_consent")
TODAY = reverse("diary:today")
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
CHECK_IN = {"leg_pain": "0", "client_id": "00000000-0000-4000-8000-000000000000"}


def of(user):
    user.refresh_from_db()
    return user.consent_version, user.consented_at


def asked(response):
    return response.status_code, response.headers.get("Location")


@pytest.fixture
def as_dora(client, db):
    """Somebody who has withdrawn their consent."""
    dora = UserFactory(email="dora@example.com", consent_version=None, consented_at=None)
    client.force_login(dora)
    return client


def test_sign_up_needs_consent_and_keeps_its_version_and_date(client, db, without_mail):
    response = sign_up(client, consent="")
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "consent": ["Without this we may not store a diary for you."]
    }
    assert User.objects.count() == 0

    with time_machine.travel(NOW, tick=False):
        sign_up(client)
    assert of(User.objects.get()) == (CONSENT_VERSION, NOW)


def test_sign_up_never_ticks_it_beforehand(client, db):
    form = client.get(reverse("account_signup")).context["form"]
    assert form["consent"].value() in (None, False)


def test_withdrawing_is_one_tap_and_shuts_the_diary(as_alice, alice):
    response = as_alice.post(WITHDRAW, follow=True)
    assert response.redirect_chain == [(CONSENT, 302)]
    assert of(alice) == (None, None)
    assert asked(as_alice.get(TODAY)) == (302, f"{CONSENT}?next=%2Ftoday%2F")


def test_without_consent_nothing_is_stored(as_dora):
    assert asked(as_dora.post(reverse("diary:checkin_create"), CHECK_IN)) == (302, CONSENT)
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "your_data:data",
        "your_data:erase",
        "users:settings",
        "usersessions_list",
        "help_now",
        "privacy",
    ],
)
def test_without_consent_own_data_and_account_stay_open(as_dora, name):
    assert as_dora.get(reverse(name)).status_code == 200


def test_without_consent_the_diary_can_be_taken_along_but_not_added_to(as_dora):
    assert as_dora.get(reverse("your_data:export", args=["csv"])).status_code == 200
    assert asked(as_dora.post(reverse("your_data:import"))) == (302, CONSENT)


def test_without_consent_a_file_that_waits_is_not_imported(as_dora):
    PendingImportFactory(user=User.objects.get(), uploaded_at=timezone.now())
    assert asked(as_dora.post(reverse("your_data:import_preview"))) == (302, CONSENT)
    assert CheckIn.objects.count() == 0


def test_consent_given_again_leads_back_to_where_one_was_going(as_dora):
    assert as_dora.get(CONSENT).status_code == 200
    refused = as_dora.post(CONSENT, {"next": TODAY})
    assert (refused.status_code, refused.context["next"]) == (422, TODAY)
    with time_machine.travel(NOW, tick=False):
        assert asked(as_dora.post(CONSENT, {"consent": "on", "next": TODAY})) == (302, TODAY)
        assert as_dora.get(TODAY).status_code == 200  # then: the log-in is prolonged from then on
    assert of(User.objects.get()) == (CONSENT_VERSION, NOW)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x", ""])
def test_consent_leads_to_no_other_site(as_dora, elsewhere):
    response = as_dora.post(CONSENT, {"consent": "on", "next": elsewhere})
    assert asked(response) == (302, CONSENT)


def test_other_version_is_asked_about_but_loses_nothing_already_typed(client, db):
    dora = UserFactory(consent_version=CONSENT_VERSION + 1)
    client.force_login(dora)
    client.post(reverse("diary:checkin_create"), CHECK_IN)
    assert CheckIn.objects.for_user(dora).count() == 1
    assert asked(client.get(TODAY)) == (302, f"{CONSENT}?next=%2Ftoday%2F")
    client.post(CONSENT, {"consent": "on"})
    assert of(dora)[0] == CONSENT_VERSION


def test_demo_is_not_asked(client, db):
    client.force_login(make_demo(at=NOW))
    assert client.get(TODAY).status_code == 200


def test_withdrawing_is_a_post_for_oneself_alone(as_alice, alice, charlie):
    assert as_alice.get(WITHDRAW).status_code == 405
    as_alice.post(WITHDRAW)
    assert of(charlie) == (CONSENT_VERSION, NOON)
    assert asked(Client().post(WITHDRAW))[0] == 302


def test_database_refuses_a_consent_without_its_date(alice):
    with pytest.raises(IntegrityError, match="user_consent_has_version_and_moment"):
        User.objects.filter(pk=alice.pk).update(consented_at=None)


@pytest.mark.parametrize("rows", [1, 3])
def test_consent_page_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    CheckInFactory.create_batch(rows, user=alice)
    with django_assert_num_queries(2):
        as_alice.get(CONSENT)
