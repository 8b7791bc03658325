"""Each file that leaves the house is the diary as it was at one moment."""

import pytest
from django.db import connection
from django.utils import timezone

from apps.users.models import User
from apps.your_data.formats import EXPORTS
from tests.factories import CheckInFactory, TreatmentFactory, TreatmentSessionFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("file_format", EXPORTS),
]
DELETE_ALL = """
    DELETE FROM diary_sessiontreatment;
    DELETE FROM diary_treatmentsession;
    DELETE FROM diary_checkin
"""


def elsewhere(connection_of_its_own, statement):
    """As another request does it, while a file is being written."""
    with connection_of_its_own.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def other_connection():
    other = connection.copy()
    yield other
    other.close()


def a_diary(user):
    now = timezone.now()
    CheckInFactory(user=user, rated_at=now)
    TreatmentSessionFactory(user=user, started_at=now, treatments=[TreatmentFactory(user=user)])


def without_its_own_time(text):
    """The HTML page says when it was made."""
    return [line for line in text.splitlines() if b"Made on" not in line]


def test_what_is_deleted_meanwhile_is_in_it(alice, file_format, other_connection):
    a_diary(alice)
    before = b"".join(EXPORTS[file_format].write(alice))
    pieces = EXPORTS[file_format].write(alice)
    first = next(pieces)
    elsewhere(other_connection, DELETE_ALL)
    rest = b"".join(pieces)
    assert without_its_own_time(first + rest) == without_its_own_time(before)
    assert not connection.in_atomic_block


def test_nothing_can_be_written_meanwhile(alice, file_format):
    a_diary(alice)
    pieces = EXPORTS[file_format].write(alice)
    next(pieces)
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        isolation = cursor.fetchone()
        cursor.execute("SHOW transaction_read_only")
        assert (isolation, cursor.fetchone()) == (("repeatable read",), ("on",))
    pieces.close()


def test_whoever_stops_reading_leaves_no_transaction(alice, file_format):
    a_diary(alice)
    pieces = EXPORTS[file_format].write(alice)
    next(pieces)
    assert connection.in_atomic_block
    pieces.close()
    assert not connection.in_atomic_block
    User.objects.filter(pk=alice.pk).update(language="de")
