"""Passkeys, with Chromium's virtual authenticator: a device that says yes, or no, at once."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from apps.users.models import User
from apps.users.security_events import SecurityEvent
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """The authenticator of one page; ``refuse`` is a finger that is not known."""

    def __init__(self, page):
        self.protocol = page.context.new_cdp_session(page)
        self.protocol.send("WebAuthn.enable")
        made = self.protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self.id = made["authenticatorId"]

    def passkeys(self):
        found = self.protocol.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return found["credentials"]

    def refuse(self, *, refuses=True):
        verified = {"authenticatorId": self.id, "isUserVerified": not refuses}
        self.protocol.send("WebAuthn.setUserVerified", verified)


@pytest.fixture
def site(live, settings):
    """The same server under a name: no browser makes a passkey for 127.0.0.1."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    settings.SITE_URL = live.replace("127.0.0.1", "localhost")
    return settings.SITE_URL


@pytest.fixture
def forgiven():
    """The guard knows the server by its number only."""
    return re.compile(r"foreign request: http://localhost:\d+/")


@pytest.fixture
def alice(transactional_db):
    return UserFactory(email="alice@example.com")


@pytest.fixture
def device(page):
    return Device(page)


def log_in(page, site, email="alice@example.com"):
    page.goto(site + reverse("account_login"))
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/today/")


def add_passkey(page, site, name):
    page.goto(site + reverse("mfa_add_webauthn"))
    if "reauthenticate" in page.url:
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Your passkey works.")).to_be_visible()


def log_out(page, site):
    page.goto(site + reverse("account_logout"))
    page.get_by_role("button", name="Log out").first.click()
    page.wait_for_url(site + "/")


def kinds(user):
    return list(SecurityEvent.objects.for_user(user).order_by("id").values_list("kind", flat=True))


def test_passkey_is_added_logs_in_is_renamed_and_removed(page, device, site, alice):
    log_in(page, site)
    add_passkey(page, site, "My phone")
    assert [each["isResidentCredential"] for each in device.passkeys()] == [True]
    assert Authenticator.objects.get(user=alice).wrap().name == "My phone"

    log_out(page, site)
    page.goto(site + reverse("account_login", query={"next": "/settings/"}))
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/settings/")

    page.get_by_role("link", name="Passkeys").click()
    page.get_by_role("link", name="Rename My phone").click()
    if "reauthenticate" in page.url:
        page.get_by_role("link", name="Use a passkey instead").click()
        page.get_by_role("button", name="Use my passkey").click()
    page.get_by_label("Name").fill("Grandmother’s tablet")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Grandmother’s tablet").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not Authenticator.objects.exists()
    happened = ["logged_in", "passkey_added", "logged_in", "passkey_removed"]
    assert kinds(alice) == happened


def test_sign_up_needs_no_password_and_the_passkey_logs_in_again(page, device, site):
    page.goto(site + reverse("account_signup"))
    page.get_by_role("link", name="Sign up with a passkey instead of a password").click()
    page.get_by_label("E-mail address").fill("new@example.com")
    page.get_by_label("I agree").check()
    page.get_by_role("button", name="Go on to the passkey").click()
    assert not User.objects.exists()
    page.get_by_role("button", name="Make it and start my diary").click()
    page.wait_for_url(site + reverse("treatments:first_run"))
    newcomer = User.objects.get()
    assert (newcomer.email, newcomer.has_usable_password()) == ("new@example.com", False)
    assert newcomer.time_zone == "Europe/London"

    log_out(page, site)
    page.goto(site + reverse("account_login"))
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/today/")


def test_removed_passkey_opens_nothing(page, device, site, alice):
    log_in(page, site)
    add_passkey(page, site, "My phone")
    Authenticator.objects.all().delete()
    log_out(page, site)
    page.goto(site + reverse("account_login"))
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("This passkey was not recognised. Try again.")).to_be_visible()
    assert reverse("account_login") in page.url


def test_device_that_does_not_know_who_it_is_sends_nothing_and_can_be_asked_again(
    page, device, site, alice
):
    log_in(page, site)
    add_passkey(page, site, "My phone")
    log_out(page, site)
    device.refuse()
    page.goto(site + reverse("account_login"))
    button = page.get_by_role("button", name="Log in with a passkey")
    button.click()
    expect(page.get_by_text("No passkey was used. You can try again.")).to_be_visible()
    device.refuse(refuses=False)
    button.click()
    page.wait_for_url("**/today/")


def test_one_device_holds_one_passkey_for_an_account(page, device, site, alice):
    log_in(page, site)
    add_passkey(page, site, "My phone")
    page.goto(site + reverse("mfa_add_webauthn"))
    page.get_by_role("button", name="Add a passkey").click()
    said = page.get_by_text("This device has a passkey for this diary already.")
    expect(said).to_be_visible()
    assert (Authenticator.objects.count(), User.objects.count()) == (1, 1)


def test_number_in_place_of_a_name_is_explained(page, device, live, site, alice, settings):
    settings.SITE_URL = live
    log_in(page, live)
    page.goto(live + reverse("mfa_add_webauthn"))
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("open the diary as http://localhost instead")).to_be_visible()
