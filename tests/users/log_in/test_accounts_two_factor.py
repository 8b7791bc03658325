import base64
from xml.etree import ElementTree

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.users.pages import confirm_password, link_in, log_in


@pytest.fixture(autouse=True)
def mode(without_mail):
    """Nobody here has to confirm an address first."""


def code_of(secret):
    """The code of this half minute, which is good for the next one as well."""
    _, present, _ = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, present))


def is_logged_in(client):
    return client.get(reverse("users:settings")).status_code == 200


@pytest.fixture
def protected(client, alice):
    """Alice switches two-factor log-in on; gives back her recovery codes."""
    log_in(client, alice.email)
    confirm_password(client)
    page = client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)})
    return client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]


@pytest.mark.django_db(transaction=True)  # it happens once all is stored
def test_switching_on_logs_all_other_devices_out_and_new_codes_nobody(client):
    alice, phone = UserFactory(), Client()
    for each in (client, phone):
        log_in(each, alice.email)
    confirm_password(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert [is_logged_in(each) for each in (client, phone)] == [True, False]
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    log_in(phone, alice.email)
    phone.post(reverse("mfa_authenticate"), {"code": codes[0]})
    client.post(reverse("mfa_generate_recovery_codes"))
    assert [is_logged_in(each) for each in (client, phone)] == [True, True]


def test_switching_on_asks_for_the_password_first(client, alice):
    log_in(client, alice.email)
    response = client.get(reverse("mfa_activate_totp"))
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_qr_code_is_a_picture_on_white_that_our_policy_allows(client, alice):
    log_in(client, alice.email)
    confirm_password(client)
    response = client.get(reverse("mfa_activate_totp"))
    uri = response.context["totp_svg_data_uri"]
    assert f'<img src="{uri}"' in response.content.decode()
    picture = ElementTree.fromstring(base64.b64decode(uri.partition(",")[2]))  # noqa: S314
    background = picture.find("{http://www.w3.org/2000/svg}rect")
    assert background.get("fill") == "white"


def test_wrong_code_does_not_switch_it_on(client, alice):
    log_in(client, alice.email)
    confirm_password(client)
    client.get(reverse("mfa_activate_totp"))
    response = client.post(reverse("mfa_activate_totp"), {"code": "abcdef"})
    assert response.status_code == 422
    assert not Authenticator.objects.exists()


def test_log_in_with_two_factors_needs_a_code_and_keeps_the_way_on(protected, alice):
    client = Client()
    response = log_in(client, alice.email, next=reverse("users:settings"))
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("diary:today")).status_code == 302

    response = client.post(reverse("mfa_authenticate"), {"code": "000000x"})
    assert response.status_code == 422
    response = client.post(reverse("mfa_authenticate"), {"code": protected[0]})
    assert response.headers["Location"] == reverse("users:settings")
    assert client.get(reverse("users:settings")).status_code == 200


def test_recovery_code_works_once(protected, alice):
    first, second = Client(), Client()
    log_in(first, alice.email)
    log_in(second, alice.email)
    assert first.post(reverse("mfa_authenticate"), {"code": protected[0]}).status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": protected[0]}).status_code == 422


def test_ten_recovery_codes_can_be_downloaded(client, protected):
    response = client.get(reverse("mfa_download_recovery_codes"))
    assert response.content.decode().split() == protected
    assert len(protected) == 10


def test_new_recovery_codes_replace_the_old(client, protected):
    client.post(reverse("mfa_generate_recovery_codes"))
    new = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert set(new).isdisjoint(protected)


def test_switching_off_leaves_the_password_alone(client, protected, alice):
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert log_in(Client(), alice.email).headers["Location"] == reverse("diary:today")


def test_address_can_be_changed_with_two_factors_on(client, protected, alice):
    client.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    client.post(link_in(mail.outbox[-1]))
    alice.refresh_from_db()
    assert alice.email == "new@example.com"


def test_code_can_confirm_that_it_is_you(client, protected, alice):
    fresh = Client()
    log_in(fresh, alice.email)
    fresh.post(reverse("mfa_authenticate"), {"code": protected[0]})
    assert fresh.get(reverse("mfa_reauthenticate")).status_code == 200
    fresh.post(reverse("mfa_reauthenticate"), {"code": protected[1]})
    assert fresh.get(reverse("mfa_generate_recovery_codes")).status_code == 200


@pytest.mark.parametrize("name", ["mfa_index", "mfa_view_recovery_codes", "mfa_deactivate_totp"])
def test_pages_have_no_inline_script_or_style(client, protected, name):
    page = client.get(reverse(name)).content.decode()
    assert "style=" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


def test_other_people_do_not_see_ones_codes(protected, charlie):
    other = Client()
    other.force_login(charlie)
    confirm_password(other)
    assert other.get(reverse("mfa_view_recovery_codes")).status_code == 404
