"""Passkeys as the server sees them; with a real browser: tests/browser/test_passkeys.py."""

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.users.models import User
from apps.users.security_events import SecurityEvent
from tests.factories import UserFactory
from tests.users.log_in.authenticator import (
    HOST,
    Device,
    add,
    confirm_with,
    log_in_with,
    options_to_log_in,
    stored,
)
from tests.users.log_in.test_accounts_two_factor import code_of
from tests.users.pages import confirm_password, log_in

TODAY, LOG_IN = reverse("diary:today"), reverse("account_login")


@pytest.fixture(autouse=True)
def mode(without_mail):
    """Nobody here has to confirm an address first."""


@pytest.fixture
def device():
    return Device()


@pytest.fixture
def at_home(client, alice):
    """Alice, logged in, who has just given her password."""
    log_in(client, alice.email)
    confirm_password(client)
    return client


@pytest.fixture
def with_passkey(at_home, device):
    add(at_home, device)
    return at_home


def is_logged_in(client):
    return client.get(reverse("users:settings")).status_code == 200


def names(user):
    return [each.wrap().name for each in Authenticator.objects.filter(user=user)]


def test_passkey_logs_in_without_a_password_and_goes_where_one_wanted_to_be(with_passkey, device):
    client = Client()
    response = log_in_with(client, device, next="/settings/")
    assert response.headers["Location"] == "/settings/"
    assert is_logged_in(client)
    assert Authenticator.objects.get().last_used_at is not None


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_passkey_never_leads_to_another_site(with_passkey, device, elsewhere):
    assert log_in_with(Client(), device, next=elsewhere).headers["Location"] == TODAY


def test_adding_one_asks_for_the_password_first(client, alice):
    log_in(client, alice.email)
    response = client.get(reverse("mfa_add_webauthn"))
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_one_is_named_by_its_browser_where_nobody_names_it(at_home, alice, device):
    chrome = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/126.0.0.0 Mobile Safari/537.36"
    for agent in (chrome, "curl/8"):
        at_home.defaults["HTTP_USER_AGENT"] = agent
        add(at_home, Device(), name="")
    assert names(alice) == ["Chrome, Android", "Passkey"]


def test_adding_one_makes_no_recovery_codes_and_tells_by_mail(with_passkey, alice):
    assert [each.type for each in Authenticator.objects.all()] == ["webauthn"]
    message = mail.outbox[-1]
    assert (message.to, message.subject) == ([alice.email], "A passkey was added")


@pytest.mark.django_db(transaction=True)
def test_adding_one_logs_all_other_devices_out(client):
    alice, phone = UserFactory(), Client()
    for each in (client, phone):
        log_in(each, alice.email)
    confirm_password(client)
    add(client, Device())
    assert [is_logged_in(each) for each in (client, phone)] == [True, False]


def test_password_alone_still_logs_in_beside_it(with_passkey, alice):
    assert log_in(Client(), alice.email).headers["Location"] == TODAY


def test_with_codes_on_the_password_needs_a_code_or_the_passkey(with_passkey, alice, device):
    secret = with_passkey.get(reverse("mfa_activate_totp")).context["form"].secret
    with_passkey.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    client = Client()
    assert log_in(client, alice.email).headers["Location"] == reverse("mfa_authenticate")
    page = client.get(reverse("mfa_authenticate"), headers={"Host": HOST})
    assert 'data-passkey="get"' in page.content.decode()
    credential = json.dumps(device.show(page.context["js_data"]["request_options"]))
    shown = {"credential": credential}
    response = client.post(reverse("mfa_authenticate"), shown, headers={"Host": HOST})
    assert (response.headers["Location"], is_logged_in(client)) == (TODAY, True)
    assert log_in_with(Client(), device).headers["Location"] == TODAY


def test_switching_codes_off_takes_their_recovery_codes_and_leaves_the_passkey(with_passkey):
    secret = with_passkey.get(reverse("mfa_activate_totp")).context["form"].secret
    with_passkey.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    with_passkey.post(reverse("mfa_deactivate_totp"))
    assert [each.type for each in Authenticator.objects.all()] == ["webauthn"]


def test_renaming_and_removing(with_passkey, alice):
    pk = Authenticator.objects.get().pk
    edit, remove = (reverse(f"mfa_{what}_webauthn", args=[pk]) for what in ("edit", "remove"))
    assert with_passkey.post(edit, {"name": ""}).status_code == 422
    assert with_passkey.post(edit, {"name": "x" * 61}).status_code == 422
    with_passkey.post(edit, {"name": "Tablet <b>"})
    assert names(alice) == ["Tablet <b>"]
    assert "Tablet &lt;b&gt;" in with_passkey.get(reverse("mfa_list_webauthn")).content.decode()
    assert "Tablet &lt;b&gt;" in with_passkey.get(remove).content.decode()
    with_passkey.post(remove)
    assert names(alice) == []


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_somebody_elses_passkey_is_not_found(with_passkey, alice, charlie, name):
    stranger = Client()
    log_in(stranger, charlie.email)
    confirm_password(stranger)
    url = reverse(name, args=[Authenticator.objects.get().pk])
    assert [stranger.get(url).status_code, stranger.post(url, {"name": "x"}).status_code] == [
        404
    ] * 2
    assert "My phone" not in stranger.get(reverse("mfa_list_webauthn")).content.decode()
    assert names(alice) == ["My phone"]


def test_list_takes_as_many_queries_with_three(with_passkey, alice):
    def number():
        with CaptureQueriesContext(connection) as queries:
            with_passkey.get(reverse("mfa_list_webauthn"))
        return len(queries)

    number()
    one = number()
    for name in ("Tablet", "Key"):
        stored(alice, name)
    assert number() == one


def test_at_most_twenty(with_passkey, alice):
    [first] = Authenticator.objects.all()
    Authenticator.objects.bulk_create(
        Authenticator(user=alice, type="webauthn", data=first.data) for _ in range(19)
    )
    response = add(with_passkey, Device())
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "You have 20 passkeys. Remove one first."
    ]
    assert Authenticator.objects.count() == 20


def test_device_that_does_not_ask_who_it_is_is_refused(at_home, with_passkey, device):
    assert add(at_home, Device(verifies=False)).status_code == 422
    device.flags = 1
    assert log_in_with(Client(), device).headers["Location"] == LOG_IN


def test_answer_is_good_once(with_passkey, device):
    client = Client()
    shown = {"credential": json.dumps(device.show(options_to_log_in(client)))}
    post = lambda: client.post(reverse("mfa_login_webauthn"), shown, headers={"Host": HOST})  # noqa: E731
    assert post().headers["Location"] == TODAY
    client.logout()
    assert post().headers["Location"] == LOG_IN


def test_key_of_another_device_is_refused_in_words(with_passkey, device):
    stolen = Device()
    stolen.id, stolen.user_handle = device.id, device.user_handle
    client = Client()
    page = client.get(log_in_with(client, stolen).headers["Location"])
    said = [str(each) for each in page.context["messages"]]
    assert said == ["This passkey was not recognised. Try again."]
    assert not is_logged_in(client)


def test_passkey_confirms_that_it_is_you(with_passkey, device, alice):
    with time_machine.travel(10**9 * 2, tick=False) as clock:
        client = Client()
        log_in_with(client, device)
        clock.shift(3601)
        asked = client.get("/your-data/export.json")
        page = client.get(asked.headers["Location"])
        assert "Use a passkey instead" in page.content.decode()
        shown = confirm_with(client, device, next="/your-data/")
        assert shown.headers["Location"] == "/your-data/"
        assert client.get("/your-data/export.json").status_code == 200


def test_refused_confirmation_stays_on_the_page_and_loses_nothing(with_passkey, device):
    client = Client()
    log_in_with(client, device)
    response = confirm_with(client, Device(), next="/your-data/")
    assert response.status_code == 422
    assert response.context["redirect_field_value"] == "/your-data/"
    assert response.context["form"].non_field_errors() == [
        "This passkey was not recognised. Try again."
    ]


def test_everything_can_be_deleted_with_a_passkey_in_place_of_the_password(
    client, with_passkey, device
):
    erase = reverse("your_data:erase")
    with time_machine.travel(10**9 * 2, tick=False) as clock:
        client = Client()
        log_in_with(client, device)
        clock.shift(301)
        assert client.post(erase, {"is_sure": "on"}).status_code == 422
        assert "Use a passkey instead" in client.get(erase).content.decode()
        confirm_with(client, device, next=erase)
        client.post(erase, {"is_sure": "on"})
    assert (User.objects.count(), Authenticator.objects.count()) == (0, 0)


def test_account_without_a_password_is_deleted_with_its_passkey_only(with_passkey, device, alice):
    erase = reverse("your_data:erase")
    alice.set_unusable_password()
    alice.save()
    with time_machine.travel(10**9 * 2, tick=False) as clock:
        client = Client()
        log_in_with(client, device)
        clock.shift(301)
        asked = client.post(erase, {"is_sure": "on"})
        assert asked.headers["Location"].startswith(reverse("mfa_reauthenticate_webauthn"))
        confirm_with(client, device)
        client.post(erase, {"is_sure": "on"})
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("goes", "way_back"),
    [("out", "only “Forgot your password?” lets"), ("nowhere", "only whoever runs it can let")],
)
def test_whoever_has_passkeys_alone_is_told_the_way_back(
    with_passkey, device, alice, settings, goes, way_back
):
    settings.MAILS_GO = goes
    remove = reverse("mfa_remove_webauthn", args=[Authenticator.objects.get().pk])
    assert way_back not in with_passkey.get(remove).content.decode()
    alice.set_unusable_password()
    alice.save()
    log_in_with(with_passkey, device)
    confirm_with(with_passkey, device)
    for page in (reverse("mfa_list_webauthn"), remove):
        assert way_back in with_passkey.get(page).content.decode()


def test_events_tell_of_passkeys_by_name(with_passkey, alice):
    pk = Authenticator.objects.get().pk
    with_passkey.post(reverse("mfa_remove_webauthn", args=[pk]))
    kinds = SecurityEvent.objects.for_user(alice).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["logged_in", "passkey_added", "passkey_removed"]
    page = with_passkey.get(reverse("users:security")).content.decode()
    assert "A passkey was added" in page


def mutations(good):
    """What no browser sends; each must be refused in words."""
    yield from ("", "x", "null", "[]", "{}", "1", '"a"', '{"response": null}', '{"id": 1}')
    for path in ([key] for key in good):
        for wrong in (None, 1, [], {}, "", "\0", "!", "é" * 5000):
            yield json.dumps(good | {path[0]: wrong})
    for key in good["response"]:
        for wrong in (None, 1, [], {}, "", "\0", "AAAA", "é" * 5000, good["response"][key][:-8]):
            yield json.dumps(good | {"response": good["response"] | {key: wrong}})


def test_whatever_is_sent_for_a_new_passkey_is_never_an_error_of_ours(at_home, alice):
    page = at_home.get(reverse("mfa_add_webauthn"), headers={"Host": HOST})
    good = Device().make(page.context["options"])
    statuses = set()
    for bad in mutations(good):
        at_home.get(reverse("mfa_add_webauthn"), headers={"Host": HOST})
        data = {"name": "x", "credential": bad}
        statuses.add(
            at_home.post(reverse("mfa_add_webauthn"), data, headers={"Host": HOST}).status_code
        )
    assert (statuses, names(alice)) == ({422}, [])


def test_whatever_a_stranger_sends_to_log_in_is_never_an_error_of_ours(
    with_passkey, device, settings
):
    settings.MFA_RATE_LIMITS = {"webauthn_login": "100000/m/ip"}
    client = Client()
    statuses, huge = set(), "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"
    good = device.show(options_to_log_in(client))
    handles = [good | {"response": good["response"] | {"userHandle": h}} for h in (huge, "LTE")]
    for bad in (*mutations(good), *map(json.dumps, handles)):
        options_to_log_in(client)
        response = client.post(
            reverse("mfa_login_webauthn"), {"credential": bad}, headers={"Host": HOST}
        )
        statuses.add((response.status_code, response.headers["Location"]))
    assert statuses == {(302, LOG_IN)}
    assert not is_logged_in(client)


def test_only_what_was_proven_is_stored(at_home, alice):
    page = at_home.get(reverse("mfa_add_webauthn"), headers={"Host": HOST})
    credential = Device().make(page.context["options"]) | {"more": "\0 a diary in disguise"}
    credential["clientExtensionResults"] = {"x": "y" * 1000}
    data = {"name": "x", "credential": json.dumps(credential)}
    at_home.post(reverse("mfa_add_webauthn"), data, headers={"Host": HOST})
    stored = Authenticator.objects.get().data["credential"]
    assert stored["clientExtensionResults"] == {"credProps": {"rk": True}}
    assert set(stored) == {"id", "rawId", "type", "response", "clientExtensionResults"}
    assert set(stored["response"]) == {"clientDataJSON", "attestationObject"}


def test_export_holds_no_key(with_passkey):
    text = b"".join(with_passkey.get("/your-data/export.json")).decode()
    assert "My phone" not in text
    assert "attestationObject" not in text


def test_demo_has_none(client, db):
    client.post(reverse("demo"))
    for name in ("mfa_list_webauthn", "mfa_add_webauthn"):
        assert client.get(reverse(name)).headers["Location"] == TODAY
