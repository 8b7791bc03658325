import uuid

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from apps.diary.models import CheckIn
from apps.users.models import User
from config import urls
from config.web.kept_for_speed import SessionStore

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


@pytest.fixture
def waits(as_alice):
    """Whether the last change of a session was waited for on the disk; None: there was none."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")  # the tests' server never waits
        cursor.execute(
            "CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM set_config('app.waited', current_setting('synchronous_commit'), false);"
            " RETURN new; END $$;"
            "CREATE TRIGGER noted BEFORE INSERT OR UPDATE ON django_session"
            " FOR EACH ROW EXECUTE FUNCTION note_it()"
        )

    def last():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.waited', true)")
            said = cursor.fetchone()[0]
            cursor.execute("RESET app.waited")
        return {"on": True, "off": False}.get(said)

    yield last
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION note_it() CASCADE; RESET synchronous_commit")


def stored_again(browser):
    return Session.objects.get(pk=browser.session.session_key).get_decoded()


@pytest.mark.django_db(transaction=True)
def test_only_messages_do_not_wait_for_the_disk(as_alice, waits):
    session = as_alice.session
    session["_messages"] = "Saved."
    session.save()
    assert (waits(), stored_again(as_alice)["_messages"]) == (False, "Saved.")
    session = as_alice.session
    del session["_messages"]
    session.save()
    assert (waits(), "_messages" in stored_again(as_alice)) == (False, False)


@pytest.mark.django_db(transaction=True)
def test_all_else_in_a_session_waits_for_the_disk(as_alice, waits):
    """What was typed, how somebody has shown who they are: also deep inside, or in a new row."""
    session = as_alice.session
    session["typed"] = {"fields": [["note", "slept badly"]]}
    session.save()
    assert waits()
    session = as_alice.session
    session["typed"]["fields"].append(["leg_pain", "3"])
    session.save()
    assert (waits(), len(stored_again(as_alice)["typed"]["fields"])) == (True, 2)
    session = as_alice.session
    session.cycle_key()
    assert waits()
    session.save()
    assert waits()
    session.flush()
    session["_messages"] = "You have logged out."
    session.save()
    assert waits()


@pytest.mark.django_db(transaction=True)
def test_message_in_a_transaction_takes_nothing_from_the_disk(as_alice, waits):
    session = as_alice.session
    session["_messages"] = "Saved."
    with transaction.atomic():
        session.save()
        assert waits()


@pytest.mark.django_db(transaction=True)
def test_message_does_not_bring_a_deleted_log_in_back(as_alice):
    session = as_alice.session
    session["_messages"] = "Saved."
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        session.save()


@pytest.mark.django_db(transaction=True)
def test_message_makes_no_second_log_in_of_one_key(as_alice):
    session = as_alice.session
    session["_messages"] = "Saved."
    with pytest.raises(CreateError):
        session.save(must_create=True)


@pytest.mark.django_db(transaction=True)
def test_message_is_left_out_where_nothing_can_be_written(as_alice):
    session = as_alice.session
    session["_messages"] = "Saved."
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        session.save()
        cursor.execute("RESET default_transaction_read_only")
    assert "_messages" not in stored_again(as_alice)


@pytest.mark.django_db
def test_log_in_of_another_key_or_past_its_time_is_none(as_alice):
    """What finds it is put into SQL once, and finds each by its own key and time."""
    key = as_alice.session.session_key
    assert SessionStore(key).get("_auth_user_id")
    assert not SessionStore(key[::-1]).get("_auth_user_id")
    Session.objects.filter(pk=key).update(expire_date=timezone.now())
    assert not SessionStore(key).get("_auth_user_id")


def test_everybody_is_found_by_their_own_key(alice, charlie):
    found = [User.objects.get(pk=each.pk) for each in (alice, charlie)]
    assert found == [alice, charlie]
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=alice.pk + charlie.pk)
