"""The connection is told for whom the program acts, whatever happens to it or to a transaction."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from config.postgres import acting
from config.postgres.roles import WEB


def told():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text, current_setting('app.user_id', true)")
        role, person = cursor.fetchone()
    return role, person or ""


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_connection_is_told_at_the_next_query_and_told_back(db):
    owner = connection.settings_dict["USER"]
    with acting.as_stranger():
        assert told() == (WEB, "")
        with acting.as_person(7):
            assert told() == (WEB, "7")
            with acting.as_person(8):
                assert told() == (WEB, "8")
            assert told() == (WEB, "7")
        assert told() == (WEB, "")
    assert told() == (owner, "")


def test_telling_is_no_query_and_nothing_is_told_twice(db, django_assert_num_queries):
    with acting.as_stranger(), acting.as_person(7), django_assert_num_queries(1):
        told()
    with acting.as_stranger(), acting.as_person(7):
        told()
        connection._tell = None  # would fail if it were told once more
        told()
        del connection._tell


def test_what_was_told_in_a_savepoint_that_is_taken_back_is_told_again(db):
    with acting.as_stranger(), acting.as_person(7):
        told()
        with taken_back(), acting.as_person(8):
            assert told() == (WEB, "8")
        assert told() == (WEB, "7")
        with acting.as_person(8):
            assert told() == (WEB, "8")


@pytest.mark.django_db(transaction=True)
def test_what_was_told_in_a_transaction_that_is_taken_back_is_told_again():
    with acting.as_stranger(), acting.as_person(7):
        told()
    with acting.as_stranger(), acting.as_person(8):
        with taken_back():
            assert told() == (WEB, "8")
        assert told() == (WEB, "8")  # the database is at 7 again


def test_statement_that_fails_as_somebody_else_is_rolled_back_as_ever(db):
    with acting.as_stranger(), transaction.atomic():
        with (
            pytest.raises(DatabaseError, match="division by zero"),
            transaction.atomic(),
            acting.as_person(8),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert told() == (WEB, "")


@pytest.mark.django_db(transaction=True)
def test_new_connection_is_told_as_the_one_that_broke():
    with acting.as_stranger(), acting.as_person(7):
        told()
        connection.close()
        assert told() == (WEB, "7")


def test_role_of_the_web_by_log_in_needs_no_change_of_role(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "USER", WEB)
    with acting.as_stranger():
        assert acting.now().role is None
