"""Every request begins and ends with nobody's rows, and with those of who is logged in between."""

from contextlib import contextmanager

import pytest
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path, reverse

from apps.users.models import User
from config.postgres import acting
from config.postgres.roles import WEB
from config.urls import urlpatterns as own_urlpatterns
from tests.factories import ConditionFactory


def said():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('app.user_id'), "
            "current_setting('statement_timeout')"
        )
        return " ".join(cursor.fetchone())


@login_not_required
def here(request):
    return HttpResponse(said())


@login_not_required
def after_log_in(request):
    login(request, User.objects.get(email="alice@example.com"))
    return HttpResponse(said())


@login_not_required
def in_pieces(request):
    return StreamingHttpResponse(f"{said()}\n" for _piece in range(2))


@login_not_required
def in_a_failing_one(request):
    with transaction.atomic():
        said()
        raise ValueError("over")


class Urls:
    urlpatterns = [
        path("here/", here),
        path("after-log-in/", after_log_in),
        path("in-pieces/", in_pieces),
        path("in-a-failing-one/", in_a_failing_one),
        *own_urlpatterns,
    ]


@pytest.fixture
def urls(settings):
    settings.ROOT_URLCONF = Urls
    settings.PATIENCE = ("15s", "5s", "60s")


def test_request_meets_the_rows_of_who_is_logged_in(urls, client, as_alice, alice):
    assert as_alice.get("/here/").content.decode() == f"{WEB} {alice.pk} 15s"
    assert Client().get("/here/").content.decode() == f"{WEB}  15s"
    assert acting.now() == acting.OUTSIDE


def test_request_that_logs_somebody_in_meets_theirs_from_then_on(urls, client, alice):
    assert client.get("/after-log-in/").content.decode() == f"{WEB} {alice.pk} 15s"
    client.logout()
    assert client.get("/here/").content.decode() == f"{WEB}  15s"


def test_stream_is_made_with_the_rows_of_the_request_and_patiently(urls, as_alice, alice):
    pieces = iter(as_alice.get("/in-pieces/").streaming_content)
    assert next(pieces).decode() == f"{WEB} {alice.pk} 10min\n"
    assert said().split()[0] == connection.settings_dict["USER"]  # between two pieces
    assert [piece.decode() for piece in pieces] == [f"{WEB} {alice.pk} 10min\n"]


def test_request_that_fails_leaves_nothing_to_the_next(urls, as_alice):
    as_alice.raise_request_exception = False
    assert as_alice.get("/in-a-failing-one/").status_code == 500
    assert Client().get("/here/").content.decode() == f"{WEB}  15s"


def test_import_may_take_longer(as_alice, monkeypatch):
    found = []
    monkeypatch.setattr(
        "apps.your_data.importing.preview.waiting", lambda *_a, **_k: found.append(said())
    )
    as_alice.get(reverse("your_data:import_preview"))
    assert [each.split()[-1] for each in found] == ["10min"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Back in a moment"), ("de", "Gleich wieder da")]
)
def test_lock_that_is_not_given_in_time_is_503_in_words(settings, alice, language, words):
    settings.PATIENCE = ("15s", "100ms", "60s")
    condition = ConditionFactory(user=alice)
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    client.force_login(alice)
    with held_by_somebody_else(condition):
        response = client.post(reverse("conditions:archive", args=[condition.pk]))
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert words in response.content.decode()
    assert client.post(reverse("conditions:archive", args=[condition.pk])).status_code == 302


@contextmanager
def held_by_somebody_else(condition):
    """Another connection has the row locked until the block ends."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM conditions_condition WHERE id = %s FOR UPDATE", [condition.pk]
            )
        yield
    finally:
        other.rollback()
        other.close()
