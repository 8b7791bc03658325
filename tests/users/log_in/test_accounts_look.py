"""allauth's pages are drawn by our templates only: its own hold scripts our policy forbids."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from tests.users.pages import ask_for_reset, confirm_password, link_in, sign_up

FOR_ANYBODY = [
    "account_inactive",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_signup",
]
FOR_MEMBERS = [
    "account_change_password",
    "account_email",
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_index",
    "usersessions_list",
]


def assert_looks_like_ours(response):
    ours = Path(settings.BASE_DIR, "templates")
    foreign = {
        template.name
        for template in response.templates
        if ours not in Path(template.origin.name).parents
        and not template.name.startswith(("bootstrap5/", "django/forms/"))
    }
    page = response.content.decode()
    assert foreign == set()
    assert response.templates[-1].name
    assert "base.html" in [template.name for template in response.templates]
    assert ("style=" in page, "onclick=" in page) == (False, False)
    assert page.count("<script") == page.count('<script type="module" src=')


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_page_for_anybody_looks_like_ours(client, db, name):
    assert_looks_like_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_page_for_members_looks_like_ours(as_alice, name):
    confirm_password(as_alice)
    assert_looks_like_ours(as_alice.get(reverse(name)))


def test_page_for_who_has_no_password_yet_looks_like_ours(client, alice):
    alice.set_unusable_password()
    alice.save()
    client.force_login(alice)
    assert_looks_like_ours(client.get(reverse("account_set_password")))


def test_pages_behind_mailed_links_look_like_ours(client, alice, with_mail):
    ask_for_reset(client, alice.email)
    form_page = client.get(link_in(mail.outbox[-1])).headers["Location"]
    assert_looks_like_ours(client.get(form_page))
    assert_looks_like_ours(client.get(form_page.replace("set-password", "bad")))
    sign_up(client)
    assert_looks_like_ours(client.get(link_in(mail.outbox[-1])))


def test_mails_are_plain_and_name_the_diary(client, alice, with_mail):
    ask_for_reset(client, alice.email)
    ask_for_reset(client, "nobody@example.com")
    sign_up(client, alice.email)
    sign_up(client)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert message.alternatives == []
        assert message.body.splitlines()[-2:] == ["Did it work?", "localhost:8000"]
