import uuid

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.urls import path

from apps.diary.models import CheckIn
from config import urls

NEW = "/check-ins/new/"


def ends_meanwhile(request):
    """Saved and answered, but another device has ended all log-ins by then."""
    request.session["said"] = "saved"
    Session.objects.all().delete()
    return HttpResponse("saved")


urlpatterns = [path("ends/", ends_meanwhile), *urls.urlpatterns]
handler400 = urls.handler400


@pytest.fixture
def locked_session(as_alice):
    """Somebody else holds the row of the log-in, as a database that is ending lets nobody write."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_session FOR UPDATE")
    yield
    other.close()


@pytest.mark.django_db(transaction=True)
def test_failing_database_is_no_deleted_log_in(as_alice, locked_session, settings):
    """The entry is saved, its message is not: what is sent again then is answered as saved."""
    settings.PATIENCE = ("15s", "100ms", "60s")
    as_alice.raise_request_exception = False
    fields = {"client_id": str(uuid.uuid4()), "leg_pain": "3"}
    assert as_alice.post(NEW, fields).status_code == 503
    assert CheckIn.objects.count() == 1


@pytest.mark.django_db
def test_log_in_that_was_deleted_meanwhile_is_not_made_anew(as_alice):
    session = as_alice.session
    as_alice.session.delete()
    with pytest.raises(UpdateError):
        session.save()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("headers", "status", "then"),
    [({"X-Kept-Form": "1"}, 401, None), ({}, 302, "/accounts/login/")],
)
def test_log_in_that_ends_while_something_is_saved_is_asked_for_again(
    as_alice, headers, status, then
):
    """Not 400: what was sent may be saved already, and a device would take that for a refusal."""
    response = as_alice.post("/ends/", headers=headers)
    assert (response.status_code, response.headers.get("Location")) == (status, then)
    assert response["X-Did-It-Work"] == "1"
