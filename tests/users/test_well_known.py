from datetime import datetime, timedelta

from django.utils import timezone


def text_of(response):
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/plain")
    return response.content.decode()


def test_robots_are_kept_from_what_opens_by_its_address(client, db):
    rules = text_of(client.get("/robots.txt")).splitlines()
    assert rules[0] == "User-agent: *"
    assert set(rules[1:]) >= {"Disallow: /s/", "Disallow: /calendar/", "Disallow: /accounts/"}


def test_security_txt_names_whom_the_host_named(client, db, settings):
    settings.SECURITY_CONTACT = "mailto:security@diary.example"
    settings.SITE_URL = "https://diary.example"
    text = text_of(client.get("/.well-known/security.txt"))
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert timedelta(days=178) < expires - timezone.now() < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:security@diary.example",
        "Preferred-Languages": "en, de",
        "Canonical": "https://diary.example/.well-known/security.txt",
    }


def test_without_a_contact_there_is_no_security_txt(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_password_managers_find_where_it_is_changed(as_alice):
    response = as_alice.get("/.well-known/change-password")
    assert response.headers["Location"] == "/accounts/password/change/"
