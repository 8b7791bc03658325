"""Every address, for everybody, by every method, with what nobody should send: never a 5xx.

`make fuzz` sends 100,000 (REQUESTS=…, SEED=…); without it a few hundred are sent, by a fixed seed.
Each is taken back, so that one does not need another. A failure names the seed of its request.
"""

import os
import random
from itertools import cycle

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import ShareLinkFactory
from tests.fuzz.mutating import fields_of, mutated
from tests.sharing.reading import reader
from tests.test_who_may import addresses, alice, logged_in

__all__ = ["alice"]  # with one of each thing that an address can name
REQUESTS, SEED = int(os.environ.get("REQUESTS") or 400), int(os.environ.get("SEED") or 12)
# Parts, so that several processes can share the work.
PARTS = range(2)


class Somebody:
    """Who asks, and the fields of the forms that they are shown, by address."""

    def __init__(self, client: Client) -> None:
        self.cookies = client.cookies
        self.fields: dict[str, dict] = {}

    def fields_at(self, path: str) -> dict[str, list[str]]:
        if path not in self.fields:
            response = self.browser().get(path)
            is_page = not response.streaming and response["Content-Type"].startswith("text/html")
            self.fields[path] = fields_of(response.content.decode()) if is_page else {}
        return self.fields[path]

    def browser(self) -> Client:
        browser = Client(raise_request_exception=False)
        browser.cookies = self.cookies.copy()
        return browser

    def send(self, *, method, path, headers=None, form=None, data=b"", content_type="text/plain"):
        headers = headers or {}
        if form is not None:
            fields = {}
            for name, value in form:
                fields.setdefault(name, []).append(value)
            return self.browser().post(path, _storable(fields), **headers)
        return self.browser().generic(method, path, data, content_type, **headers)


def _storable(fields):
    """What the client itself could not put into a body stays out of it."""
    return {
        name: [v if not isinstance(v, str) else v.encode(errors="replace").decode() for v in values]
        for name, values in fields.items()
    }


def everybody(alice, charlie):
    link = ShareLinkFactory(user=alice, created_at=timezone.now())
    paths = [reverse(name, kwargs=kwargs) for name, kwargs in addresses(alice)]
    paths += [reverse("sharing:shared", args=[link.public_id]), "/", "/nowhere/"]
    clients = [Client(), logged_in(alice), logged_in(charlie), reader(link)]
    return paths, list(map(Somebody, clients))


def status(somebody, request) -> int:
    """What it is answered with, to the last byte; whatever it changed is taken back."""
    cache.clear()
    with transaction.atomic():
        response = somebody.send(**request)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_answered_with_an_error_of_the_program(alice, charlie, part, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    paths, people = everybody(alice, charlie)
    pairs = [(path, somebody) for path in paths for somebody in people]
    random.Random(f"{SEED} {part}").shuffle(pairs)
    failed = []
    numbers = range(part, REQUESTS, len(PARTS))
    for number, (path, somebody) in zip(numbers, cycle(pairs), strict=False):
        request = mutated(random.Random(f"{SEED} {number}"), path, somebody.fields_at(path))
        if (code := status(somebody, request)) >= 500:
            failed.append((number, code, str(request)[:1000]))
    assert failed == []
