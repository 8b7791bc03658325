import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config.postgres import connections


@pytest.fixture
def allowed(db):
    with connection.cursor() as cursor:
        cursor.execute(connections.ALLOWED)
        return cursor.fetchone()[0]


def test_threads_the_question_about_health_and_the_regular_work_are_counted():
    assert connections.needed(2, 4) == 13


def test_as_many_as_the_server_allows_are_enough(allowed):
    connections.check_enough(1, allowed - 4)
    with pytest.raises(ImproperlyConfigured) as refused:
        connections.check_enough(1, allowed - 3)
    assert str(refused.value) == connections.TOO_MANY.format(
        workers=1, threads=allowed - 3, needed=allowed + 1, allowed=allowed
    )


def test_connections_of_their_own_are_well(db):
    connections.check_own_sessions()
