"""Light, dark, or as the device has it: kept with the account, or in a cookie of one word."""

import re

import pytest
from django.test import Client

URL = "/appearance/"
LINKED = re.compile(r'dark\.\w*\.?css"\s+media="([^"]*)"')


def shown(client, path="/help-now/"):
    """The theme on the root of the page, and for which devices the dark one is linked."""
    page = client.get(path).content.decode()
    root = re.search(r'<html lang="[^"]*"(?: data-theme="(\w+)")?>', page)
    return root[1], LINKED.findall(page)


SHOWN = {
    "": (None, ["screen and (prefers-color-scheme: dark)"]),
    "light": ("light", []),
    "dark": ("dark", ["screen"]),
}


@pytest.mark.parametrize("theme", SHOWN)
def test_theme_is_kept_with_the_account(as_alice, alice, theme):
    response = as_alice.post(URL, {"theme": theme})
    as_alice.cookies.pop("theme", None)  # another device of hers has none
    alice.refresh_from_db()
    assert (response.headers["Location"], alice.theme) == (URL, theme)
    assert shown(as_alice, "/today/") == SHOWN[theme]
    assert shown(Client()) == SHOWN[""]


@pytest.mark.parametrize("theme", SHOWN)
def test_theme_of_a_visitor_is_kept_in_a_cookie_of_one_word(db, theme):
    client = Client()
    client.post(URL, {"theme": "dark"})
    client.post(URL, {"theme": theme})
    kept = {name: cookie.value for name, cookie in client.cookies.items() if cookie.value}
    kept.pop("csrftoken", None)
    assert kept == ({"theme": theme} if theme else {})
    assert shown(client) == SHOWN[theme]


def test_theme_of_the_account_comes_before_the_cookie(as_alice, alice):
    as_alice.cookies["theme"] = "dark"
    assert shown(as_alice) == SHOWN["dark"]
    as_alice.post(URL, {"theme": ""})
    assert shown(as_alice) == SHOWN[""]


@pytest.mark.parametrize("cookie", ["pink", '"><script>', ""])
def test_a_cookie_of_another_word_counts_as_none(db, cookie):
    client = Client()
    client.cookies["theme"] = cookie
    assert shown(client) == SHOWN[""]


def test_a_page_that_is_not_there_has_the_theme_too(as_alice):
    as_alice.post(URL, {"theme": "dark"})
    assert shown(as_alice, "/nowhere/") == SHOWN["dark"]


def test_an_unknown_theme_is_refused(as_alice, alice):
    response = as_alice.post(URL, {"theme": "pink"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["theme"])
    alice.refresh_from_db()
    assert alice.theme == ""
