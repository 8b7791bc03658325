"""Where the database takes no changes, as a standby does, whatever can be read is shown."""

import time
import uuid

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import MessageEncoder
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.comparisons.models import KeptComparison
from apps.users.sessions import USED_AT
from apps.your_data.formats import EXPORTS
from config.postgres.read_only import write_if_possible, written_if_possible
from tests.factories import ShareLinkFactory
from tests.sharing.reading import reader
from tests.test_who_may import addresses, alice, logged_in, other_device_of

__all__ = ["alice"]  # with one of each thing that an address can name


def close():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")


def answer(client, method, path, data=None):
    """Its status; whatever it changed is taken back, and the database takes changes again."""
    copy = Client(raise_request_exception=False)
    copy.cookies = client.cookies.copy()
    with transaction.atomic():
        close()
        response = getattr(copy, method)(path, data or {})
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response.status_code


def worn(client):
    """A log-in that the next page would prolong, and a message that it would show."""
    session = client.session
    session[USED_AT] = int(time.time()) - 7200
    session["_messages"] = MessageEncoder().encode([Message(20, "Saved.")])
    session.save()
    return client


@pytest.fixture
def on_two_devices(alice):
    """Two log-ins that are there, and an address that is listed: packages mend what is missing."""
    alice.emailaddress_set.create(email=alice.email, verified=True, primary=True)
    other_device_of(alice)
    phone = worn(logged_in(alice))
    UserSession.objects.filter(user=alice).update(session_key=phone.session.session_key)
    return worn(logged_in(alice))


def all_pages(alice, own):
    link = ShareLinkFactory(user=alice, created_at=timezone.now())
    yield reader(link), reverse("sharing:shared", args=[link.public_id])
    for name, kwargs in list(addresses(alice)):
        yield own, reverse(name, kwargs=kwargs)
        yield Client(), reverse(name, kwargs=kwargs)
    for file_format in EXPORTS:
        yield own, reverse("your_data:export", args=[file_format])


def test_every_page_reads(alice, on_two_devices):
    cache.set("had-its-time", 1, timeout=-1)
    failed = {
        (path, code)
        for client, path in all_pages(alice, on_two_devices)
        if (code := answer(client, "get", path)) >= 400
    }
    assert {code for _path, code in failed} == {404, 405}


def test_nothing_was_written_and_all_is_written_where_it_can_be(alice, as_alice):
    compare = reverse("comparisons:compare")
    assert (answer(as_alice, "get", compare), KeptComparison.objects.count()) == (200, 0)
    as_alice.get(compare)
    assert KeptComparison.objects.count() > 0


def test_what_cannot_be_saved_is_answered_in_words(alice, as_alice):
    """Never with “error of the program”, nor as if it had been saved."""
    fields = {"leg_pain": "3", "back_pain": "0", "side": "left", "client_id": str(uuid.uuid4())}
    path = reverse("diary:checkin_create")
    assert answer(as_alice, "post", path, fields) == 503
    assert connection.close_at == 0  # the next request may find one that takes it
    connection.close_at = None
    assert answer(as_alice, "post", reverse("account_logout")) == 503


def test_cache_gives_nothing_out_that_has_had_its_time(db):
    cache.set("had-its-time", 1, timeout=-1)
    close()
    assert (cache.get("had-its-time"), cache.add("new", 1)) == (None, False)


def test_other_refusals_are_not_swallowed(db):
    with pytest.raises(DatabaseError), written_if_possible(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.django_db(transaction=True)
def test_what_can_be_worked_out_again_waits_for_no_disk():
    how = "CREATE TEMP TABLE how AS SELECT current_setting('synchronous_commit') <> %(not)s"

    def waits():
        write_if_possible(f"{how} AS waits", {"not": "off"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT waits FROM how")
            (waited,) = cursor.fetchone()
            cursor.execute("DROP TABLE how")
        return waited

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")  # the tests' server never waits
    assert not waits()
    with transaction.atomic():
        assert waits()  # it holds more than this
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("RESET synchronous_commit")


@pytest.mark.django_db(transaction=True)
def test_a_refused_statement_leaves_nothing_behind():
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    write_if_possible("DELETE FROM diary_revision WHERE number = %(number)s", {"number": -1})
    with pytest.raises(DatabaseError):
        write_if_possible("SELECT 1 / %(number)s", {"number": 0})
    with connection.cursor() as cursor:
        cursor.execute("RESET default_transaction_read_only")
