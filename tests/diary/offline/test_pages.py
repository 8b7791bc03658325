"""The program as an installed one: what it keeps on a device, and that none of it is personal."""

import json
import re
import struct

import pytest
from django.conf import settings
from django.test import Client

from config.static.imports import modules
from tests.factories import CheckInFactory

ICONS = settings.BASE_DIR / "static" / "icons"


def shell(client):
    first_line = client.get("/sw.js").content.decode().splitlines()[0]
    return json.loads(re.fullmatch(r"const SHELL = (.*);", first_line)[1])


def test_worker_keeps_the_two_public_pages_and_what_they_load(client, db):
    said = shell(client)
    assert said["pages"] == ["/offline/", "/help-now/"]
    missing = {
        address
        for page in said["pages"]
        for address in re.findall(
            r'(?:src|href)="(/static/[^"#]+)', client.get(page).content.decode()
        )
        if address not in said["files"]
    }
    # Only asked for by the system, when it installs the program.
    assert {re.sub(r"\.\w{12}\.", ".", each) for each in missing} == {
        "/static/icons/apple-touch-icon.png"
    }


def test_worker_keeps_all_that_its_scripts_import(client, db):
    kept = {re.sub(r"\.\w{12}\.js", ".js", each) for each in shell(client)["files"]}
    shared = modules("js/app.js") - {"js/app.js"}
    assert modules("js/offline/page.js") == {"js/offline/page.js", *shared}
    later = {"js/offline/sealed.js", "js/offline/words.js"}
    assert {f"/static/{name}" for name in {"js/app.js", *shared, *later}} < kept


def test_worker_is_served_without_what_is_said_to_its_readers(client, db):
    script = client.get("/sw.js").content.decode()
    assert ("addEventListener" in script, "//" in script) == (True, False)


def test_worker_may_answer_for_the_whole_site_and_is_asked_for_each_time(client, db):
    response = client.get("/sw.js")
    assert (response["Content-Type"], response["Service-Worker-Allowed"]) == (
        "text/javascript; charset=utf-8",
        "/",
    )
    assert response["Cache-Control"] == "no-cache"
    again = client.get("/sw.js", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("page", ["/offline/", "/help-now/", "/sw.js", "/manifest.webmanifest"])
def test_what_is_kept_on_the_device_sets_no_cookie_and_asks_nothing(
    page, django_assert_num_queries, db
):
    client = Client()
    with django_assert_num_queries(0):
        response = client.get(page)
    assert (response.status_code, dict(response.cookies)) == (200, {})


def test_offline_page_is_the_same_for_everybody(client, as_alice, alice):
    CheckInFactory(user=alice, note="quince", side="left", leg_pain=7)
    page = as_alice.get("/offline/").content.decode()
    assert ("quince" in page, " checked" in page) == (False, False)
    assert "csrfmiddlewaretoken" not in Client().get("/offline/").content.decode()


def test_manifest_makes_it_installable(client, db):
    response = client.get("/manifest.webmanifest")
    said = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (said["start_url"], said["scope"], said["display"]) == ("/today/", "/", "standalone")
    assert [each["url"] for each in said["shortcuts"]] == [
        "/check-ins/new/",
        "/today/",
        "/help-now/",
    ]
    kinds = {(icon["sizes"], icon["purpose"]) for icon in said["icons"]}
    assert {("192x192", "maskable"), ("512x512", "maskable"), ("512x512", "any")} < kinds
    names = {re.sub(r"\.\w{12}\.", ".", icon["src"]).split("/")[-1] for icon in said["icons"]}
    assert names <= {path.name for path in ICONS.iterdir()}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("icon-192.png", 192),
        ("icon-512.png", 512),
        ("maskable-192.png", 192),
        ("maskable-512.png", 512),
        ("apple-touch-icon.png", 180),
    ],
)
def test_icons_are_as_large_as_the_manifest_says(name, size):
    width, height = struct.unpack(">II", (ICONS / name).read_bytes()[16:24])
    assert (width, height) == (size, size)
