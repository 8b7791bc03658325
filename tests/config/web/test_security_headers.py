"""Every response, whatever went wrong, tells the browser to load nothing but ours."""

import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from config import urls
from config.web.middleware import CONTENT_SECURITY_POLICY
from tests.factories import PASSWORD, SECRET, ShareLinkFactory

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": "accelerometer=(), autoplay=(), camera=(), "
    "display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), "
    "idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "picture-in-picture=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Did-It-Work": "1",
}
NOT_FOR_FILES = {"Permissions-Policy", "Cross-Origin-Embedder-Policy", "X-Did-It-Work"}
NOT_FOR_PARTS = {"Content-Security-Policy", "X-Frame-Options"}
SHARED = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
# In markup, styles and scripts; a plain link that somebody may follow is no load.
LOADED = r"""(?:\bsrc(?:set)?=|<link[^>]*href=|<use[^>]*href=|url\(|from |import\(?)\s*["']?(?:https?:)?//"""


@login_not_required
def fails(request):
    raise RuntimeError("on purpose")


urlpatterns = [
    path("fails/", fails, name="fails"),
    path("s/<slug:public_id>/fails", fails),
    *urls.urlpatterns,
]
handler500 = urls.handler500


def headers_of(response):
    return {name: response.headers.get(name) for name in HEADERS}


def may_be_kept(response):
    """Whether a browser or a proxy may store it; allauth's pages say so in words of their own."""
    return "no-store" not in response.headers.get("Cache-Control", "")


def test_policy_allows_this_site_and_nothing_else():
    parts = (part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert dict(parts) == POLICY


@pytest.mark.parametrize("name", ["home", "help_now", "account_login", "account_signup", "healthz"])
def test_public_page_carries_every_header(client, db, name):
    response = client.get(reverse(name))
    assert (response.status_code, may_be_kept(response)) == (200, False)
    assert headers_of(response) == HEADERS


def test_private_page_and_the_way_to_it_carry_every_header(client, alice):
    assert headers_of(client.get(reverse("diary:today"))) == HEADERS
    client.force_login(alice)
    response = client.get(reverse("diary:today"))
    assert (response.status_code, may_be_kept(response)) == (200, False)
    assert headers_of(response) == HEADERS


def test_missing_page_carries_every_header(client, db):
    response = client.get("/no-such-page/")
    assert (response.status_code, may_be_kept(response)) == (404, False)
    assert headers_of(response) == HEADERS


def test_unreadable_request_carries_every_header(client, db):
    response = client.get("/", headers={"host": "another.example"})
    assert (response.status_code, may_be_kept(response)) == (400, False)
    assert headers_of(response) == HEADERS


def test_expired_form_carries_every_header(alice):
    response = Client(enforce_csrf_checks=True).post(
        reverse("account_login"), {"login": alice.email, "password": PASSWORD}
    )
    assert (response.status_code, may_be_kept(response)) == (403, False)
    assert headers_of(response) == HEADERS


def test_refused_form_carries_every_header(client, db):
    response = client.post(reverse("account_login"), {"login": "nobody", "password": ""})
    assert (response.status_code, may_be_kept(response)) == (422, False)
    assert headers_of(response) == HEADERS


@pytest.mark.urls(__name__)
def test_failure_carries_every_header(client, db):
    client.raise_request_exception = False
    response = client.get(reverse("fails"))
    assert (response.status_code, may_be_kept(response)) == (500, False)
    assert headers_of(response) == HEADERS


def test_maintenance_carries_every_header_and_when_to_come_back(client, db, settings):
    settings.IS_IN_MAINTENANCE = True
    response = client.get(reverse("home"))
    assert (response.status_code, may_be_kept(response)) == (503, False)
    assert headers_of(response) == HEADERS
    assert response["Retry-After"] == "60"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("status", "method", "url", "host"),
    [
        (200, "get", "/s/abc", "testserver"),
        (302, "post", "/s/{}/open", "testserver"),
        (400, "get", "/s/abc", "another.example"),
        (302, "get", "/s/abc/", "testserver"),
        (404, "get", "/s/abc/no-such-page", "testserver"),
        (404, "post", "/s/abc/open", "testserver"),
        (405, "delete", "/s/abc", "testserver"),
        (405, "get", "/s/abc/open", "testserver"),
        (500, "get", "/s/abc/fails", "testserver"),
    ],
)
def test_every_answer_about_a_shared_link_says_to_keep_and_tell_nothing(
    client, db, status, method, url, host
):
    client.raise_request_exception = False
    link = ShareLinkFactory(created_at=timezone.now())
    data = {"secret": SECRET} if method == "post" else {}
    response = getattr(client, method)(url.format(link.public_id), data, headers={"host": host})
    assert response.status_code == status
    assert headers_of(response) == HEADERS | {"Referrer-Policy": "no-referrer"}
    assert {name: response.headers[name] for name in SHARED} == SHARED


def test_shared_link_says_so_in_maintenance_and_on_the_way_to_https(client, settings):
    settings.IS_IN_MAINTENANCE = True
    unavailable = client.get("/s/abc")
    settings.SECURE_SSL_REDIRECT = True
    moved = Client().get("/s/abc")
    assert (unavailable.status_code, moved.status_code) == (503, 301)
    for response in (unavailable, moved):
        assert headers_of(response) == HEADERS | {"Referrer-Policy": "no-referrer"}
        assert {name: response.headers[name] for name in SHARED} == SHARED


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("plain.svg", NOT_FOR_FILES),
        ("plain.css", NOT_FOR_FILES | NOT_FOR_PARTS),
    ],
)
def test_static_file_carries_the_headers_of_its_kind_and_may_be_kept(
    settings, tmp_path, name, left_out
):
    (tmp_path / name).write_text("plain")
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH = tmp_path, False
    response = Client().get(f"/static/{name}")
    assert (response.status_code, b"".join(response)) == (200, b"plain")
    assert headers_of(response) == HEADERS | dict.fromkeys(left_out)
    assert response["Cache-Control"] == "max-age=60, public"


def test_every_script_and_what_it_imports_has_the_digest_of_what_we_collected(as_alice):
    page = as_alice.get(reverse("treatments:list")).content.decode()
    named = r'<(?:script[^>]* src|link rel="modulepreload" href)="/static/([^"]+)" integrity="sha256-([^"]+)"'
    scripts = re.findall(named, page)
    assert len(scripts) == page.count("<script") + page.count('"modulepreload"') > 1
    for name, digest in scripts:
        collected = Path(settings.STATIC_ROOT, name).read_bytes()
        assert b64decode(digest) == sha256(collected).digest()


def test_every_script_in_the_templates_has_a_digest():
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    scripts = [
        s for file in templates for s in re.findall("<script[^>]* src=.*?>", file.read_text())
    ]
    assert [script for script in scripts if "{% integrity " not in script] == []
    assert len(scripts) > 5


def test_nothing_is_loaded_from_elsewhere():
    folders = [settings.BASE_DIR / "templates", settings.BASE_DIR / "static"]
    sources = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".html", ".css", ".js", ".svg"}
    ]
    assert [path.name for path in sources if re.search(LOADED, path.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        '<script src="https://example.com/a.js">',
        '<link rel="stylesheet" href="//example.com/a.css">',
        "background: url(https://example.com/a.png)",
        'import { a } from "https://example.com/a.js";',
        "@import 'https://example.com/a.css'",
    ],
)
def test_loads_from_elsewhere_would_be_found(source):
    assert re.search(LOADED, source)
