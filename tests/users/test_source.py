"""Where the source of what runs here is to be had: for whoever uses it, over the network or not."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import errors
from tests.factories import ShareLinkFactory
from tests.sharing.reading import page, reader

ELSEWHERE = "https://source.example.org/did-it-work?a=1&b=2"
PAGES = ["home", "help_now", "offline", "account_login"]


@pytest.fixture
def elsewhere(settings):
    settings.SOURCE_URL = ELSEWHERE


def source_line(response):
    """Where the foot's link leads, and the words beside it."""
    pattern = r'<p class="source-line"><a href="(.*?)">(.*?)</a> <span>(.*?)</span></p>'
    (found,) = re.findall(pattern, response.content.decode())
    return found


def version():
    text = Path(settings.BASE_DIR, "pyproject.toml").read_text()
    return tomllib.loads(text)["project"]["version"]


@pytest.mark.parametrize("name", PAGES)
def test_foot_of_each_page_leads_to_the_source_and_says_the_version(client, db, name):
    response = client.get(reverse(name))
    assert source_line(response) == (reverse("source"), "Source code", f"Version {version()}")


@pytest.mark.parametrize("name", PAGES)
def test_foot_leads_to_the_address_that_the_host_has_named(client, db, elsewhere, name):
    assert source_line(client.get(reverse(name)))[0] == ELSEWHERE.replace("&", "&amp;")


def test_foot_of_an_error_page_leads_to_the_source(rf, elsewhere):
    assert source_line(errors.server_error(rf.get("/")))[0] == ELSEWHERE.replace("&", "&amp;")


def test_reader_of_a_shared_report_is_offered_the_source_too(db, elsewhere):
    link = ShareLinkFactory(created_at=timezone.now())
    assert source_line(reader(link).get(page(link)))[0] == ELSEWHERE.replace("&", "&amp;")


def test_page_leads_on_to_the_address_that_the_host_has_named(client, db, elsewhere):
    response = client.get(reverse("source"))
    assert (response.status_code, response["Location"]) == (302, ELSEWHERE)


def test_page_names_the_licence_and_the_version(client, db):
    words = client.get(reverse("source")).content.decode()
    assert words.count("GNU Affero General Public License, version 3 or later") == 1
    assert words.count(f"Runs here: version {version()}") == 1


def test_foot_and_page_speak_german(db):
    german = Client(headers={"accept-language": "de"})
    response = german.get(reverse("source"))
    assert source_line(response) == (reverse("source"), "Quellcode", f"Version {version()}")
    assert "<h1>Quellcode</h1>" in response.content.decode()
