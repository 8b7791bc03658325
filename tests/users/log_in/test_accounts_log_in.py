import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD
from tests.users.pages import ask_for_reset, confirm_password, link_in, log_in

NEW_PASSWORD = "another long password"


@pytest.fixture(autouse=True)
def mode(without_mail):
    """Nobody here has to confirm an address first."""


def is_logged_in(client):
    return client.get(reverse("users:settings")).status_code == 200


def test_log_in_leads_to_today(client, alice):
    response = log_in(client, "Alice@Example.com")
    assert response.headers["Location"] == reverse("diary:today")
    assert is_logged_in(client)


def test_log_in_goes_on_where_the_person_wanted_to_be(client, alice):
    wanted = reverse("users:settings")
    response = client.get(wanted)
    assert response.headers["Location"] == f"{reverse('account_login')}?next={wanted}"
    page = client.get(response.headers["Location"])
    assert f'<input type="hidden" name="next" value="{wanted}">' in page.content.decode()
    assert log_in(client, alice.email, next=wanted).headers["Location"] == wanted


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "\0"],
)
def test_log_in_never_leads_to_another_site(client, alice, elsewhere):
    assert log_in(client, alice.email, next=elsewhere).headers["Location"] == "/today/"


def test_log_in_page_links_sign_up_and_reset(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert page.count(f'href="{reverse("account_reset_password")}"') == 1
    assert f'<a href="{reverse("account_signup")}">Sign up</a>' in page


def test_wrong_password_is_said_in_words_and_the_address_stays(client, alice):
    response = log_in(client, alice.email, "wrong")
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "This address and this password do not belong together."
    ]
    assert response.context["form"]["login"].value() == alice.email
    assert not is_logged_in(client)


def test_log_in_refuses_odd_input(client, alice):
    for login, password in [
        ("", ""),
        ("a\0@example.com", "x"),
        ("no address", "x"),
        ("a@b.c", "\0"),
    ]:
        assert log_in(client, login, password).status_code == 422


def test_log_out_happens_by_post_only(as_alice):
    assert as_alice.get(reverse("account_logout")).status_code == 200
    assert is_logged_in(as_alice)
    response = as_alice.post(reverse("account_logout"))
    assert response.headers["Location"] == reverse("home")
    assert not is_logged_in(as_alice)


def test_reset_link_works_once(client, alice):
    ask_for_reset(client, alice.email)
    (message,) = mail.outbox
    form_page = client.get(link_in(message)).headers["Location"]
    assert client.get(form_page).status_code == 200
    response = client.post(form_page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert response.headers["Location"] == reverse("account_reset_password_from_key_done")
    assert client.get(response.headers["Location"]).status_code == 200
    assert log_in(Client(), alice.email, NEW_PASSWORD).status_code == 302

    again = Client().get(link_in(message))
    assert again.context["token_fail"] is True


def test_reset_refuses_two_different_passwords(client, alice):
    ask_for_reset(client, alice.email)
    form_page = client.get(link_in(mail.outbox[0])).headers["Location"]
    response = client.post(form_page, {"password1": NEW_PASSWORD, "password2": PASSWORD})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["password2"]


@pytest.mark.parametrize("uid_and_key", ["1-x", "zzzzzzzzzzzzzzzz-set-password", "0-set-password"])
def test_made_up_reset_link_is_answered_in_words(client, db, uid_and_key):
    response = client.get(f"/accounts/password/reset/key/{uid_and_key}/")
    assert (response.status_code, response.context["token_fail"]) == (200, True)


def test_reset_ends_all_sessions(client, alice):
    log_in(client, alice.email)
    stranger = Client()
    ask_for_reset(stranger, alice.email)
    form_page = stranger.get(link_in(mail.outbox[0])).headers["Location"]
    stranger.post(form_page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not is_logged_in(client)


def test_password_change_ends_the_other_sessions_only(client, alice):
    other = Client()
    log_in(client, alice.email)
    log_in(other, alice.email)
    response = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert response.status_code == 302
    assert (is_logged_in(client), is_logged_in(other)) == (True, False)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([alice.email], "Your password was changed")


def test_password_change_asks_for_the_current_password(as_alice):
    response = as_alice.post(
        reverse("account_change_password"),
        {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "oldpassword": ["This is not your current password."]
    }


@pytest.mark.parametrize("verification", ["none", "mandatory"])
def test_email_changes_when_the_link_in_the_mail_is_opened(client, alice, settings, verification):
    log_in(client, alice.email)
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    new = {"email": "Alice.New@example.com", "action_add": ""}
    response = client.post(reverse("account_email"), new)
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    # Nothing typed is lost: after the password the change goes on.
    client.post(response.headers["Location"], {"password": PASSWORD, "next": "/accounts/email/"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    (message,) = mail.outbox
    assert message.to == ["alice.new@example.com"]

    client.post(link_in(message))
    alice.refresh_from_db()
    assert alice.email == "alice.new@example.com"
    assert list(alice.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("alice.new@example.com", True, True)
    ]
    assert [m.to for m in mail.outbox[1:]] == [["alice@example.com"]]


def test_email_change_can_be_taken_back(client, alice):
    log_in(client, alice.email)
    confirm_password(client)
    client.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    client.post(reverse("account_email"), {"email": "new@example.com", "action_remove": ""})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert list(alice.emailaddress_set.values_list("email", flat=True)) == ["alice@example.com"]


def test_email_cannot_become_one_that_another_account_uses(client, alice, charlie):
    log_in(client, alice.email)
    confirm_password(client)
    client.post(reverse("account_email"), {"email": charlie.email, "action_add": ""})
    client.post(link_in(mail.outbox[-1]))
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_email_change_refuses_what_is_no_address(client, alice):
    log_in(client, alice.email)
    response = client.post(reverse("account_email"), {"email": "nobody", "action_add": ""})
    assert response.status_code == 422
    assert response.context["form"]["email"].value() == "nobody"


@pytest.mark.parametrize(
    ("name", "limit", "data"),
    [
        ("account_signup", "signup", {"email": "x"}),
        ("account_login", "login", {"login": "x"}),
        ("account_reset_password", "reset_password", {"email": "x@example.com"}),
    ],
)
def test_too_many_attempts_get_429_in_our_look(client, db, settings, name, limit, data):
    settings.ACCOUNT_RATE_LIMITS = {limit: "2/m/ip"}
    statuses = [client.post(reverse(name), data).status_code for _ in range(3)]
    assert statuses[2] == 429
    assert 429 not in statuses[:2]
    response = client.post(reverse(name), data)
    assert "<h1>Too many attempts</h1>" in response.content.decode()
    assert response.templates[0].name == "429.html"


def test_rate_limits_are_on_without_any_setting(client, db):
    statuses = [client.post(reverse("account_signup"), {}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_rate_limit_counts_callers_behind_our_proxy_one_by_one(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def status(forwarded_for):
        return client.post(
            reverse("account_signup"), {}, headers={"X-Forwarded-For": forwarded_for}
        ).status_code

    # What the caller claims in front of the proxy's own entry changes nothing.
    assert [status(f) for f in ("203.0.113.1", "9.9.9.9, 203.0.113.1", "203.0.113.2")] == [
        422,
        429,
        422,
    ]
