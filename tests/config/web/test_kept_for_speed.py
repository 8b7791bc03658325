import uuid

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection

from apps.diary.models import CheckIn

NEW = "/check-ins/new/"


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
