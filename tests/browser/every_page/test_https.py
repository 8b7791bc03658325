"""The program as it is hosted: over TLS, with the cookies that only TLS allows."""

import os
from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from apps.diary.models import CheckIn
from apps.sharing.links.keys import hash_of
from tests.browser import chromium
from tests.browser.guard import Guard
from tests.factories import PASSWORD, CheckInFactory, ShareLinkFactory, UserFactory
from tests.servers import SERVE, running

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "9hVq2Lw7Zc4Xn1Rb6Tm8Ys3Kd5Fg0Jp7Uo2Ae4Ni6Bx"
CODE = "042137"


@pytest.fixture
def hosted(transactional_db, tmp_path, monkeypatch):
    """The production server on the tests' database: its address and its certificate."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    given = authority.issue_cert("127.0.0.1")
    given.private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=connection.settings_dict["NAME"])
    settings = {
        "DATABASE_URL": database.geturl(),
        "HTTPS": "1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "GUNICORN_CMD_ARGS": f"--certfile={tmp_path / 'own.pem'} --keyfile={tmp_path / 'own.pem'}",
    }
    with running(SERVE, scheme="https", **settings) as (root, _process):
        yield root, given.cert_chain_pems[0].bytes()


@pytest.fixture
def page(playwright, hosted):
    """Of a browser that trusts this one certificate."""
    root, certificate = hosted
    key = load_pem_x509_certificate(certificate).public_key()
    known = sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    trust = f"--ignore-certificate-errors-spki-list={b64encode(known).decode()}"
    browser = chromium.launch(playwright, trust)
    page = browser.new_page(base_url=root, locale="en-GB")
    guard = Guard(page, root)
    yield page
    assert guard.complaints == []
    browser.close()


def cookies(page):
    """What protects each, by its name."""
    return {
        each["name"]: (each["secure"], each["httpOnly"], each["sameSite"], each["path"])
        for each in page.context.cookies()
    }


def test_diary_is_kept_over_https(page):
    user = UserFactory()
    answer = page.goto("/accounts/login/")
    assert answer.header_value("strict-transport-security") == "max-age=31536000"
    page.get_by_label("E-mail address").fill(user.email)
    page.locator('input[type="password"]').fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/today/")
    page.get_by_role("button", name="No pain today").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert CheckIn.objects.for_user(user).get().leg_pain == 0
    assert cookies(page) == {
        "__Host-csrftoken": (True, True, "Lax", "/"),
        "__Host-known_device": (True, True, "Lax", "/"),
        "__Host-sessionid": (True, True, "Lax", "/"),
    }
    scope = page.evaluate("async () => (await navigator.serviceWorker.ready).scope")
    assert urlsplit(scope).scheme == "https"


def test_link_opens_with_a_cookie_that_is_bound_to_this_host(page):
    user, now = UserFactory(), timezone.now()
    CheckInFactory(user=user, rated_at=now, leg_pain=7)
    link = ShareLinkFactory(
        user=user, created_at=now, secret_hash=hash_of(SECRET), code_hash=make_password(CODE)
    )
    page.goto(f"/s/{link.public_id}#{SECRET}")
    page.get_by_label("Six digits").fill(CODE)
    page.get_by_role("button", name="Open").click()
    page.locator("header >> text=Shared with Sam, physiotherapist · read-only").wait_for()
    assert cookies(page) == {f"__Host-share-{link.public_id}": (True, True, "Strict", "/")}
