"""The line that says how far it is to an answer, after something was saved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.comparisons.progress import brought_by
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)


def sessions(user, number, treatments=(), first=0, is_rated=True):
    for day in range(first, first + number):
        at = NOON - timedelta(days=day)
        rated = {"pain_after": 3, "after_rated_at": at + timedelta(minutes=45)} if is_rated else {}
        yield TreatmentSessionFactory(user=user, started_at=at, treatments=treatments, **rated)


def line(entry):
    """The treatment it tells of, and what it says about the way to an answer."""
    found = brought_by(entry)
    finding = found.get("finding")
    return finding and finding.treatment, found.get("progress", [])


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice, name="Mat")


@pytest.fixture
def heat(alice):
    return TreatmentFactory(user=alice, name="Heat")


def test_session_tells_of_its_own_treatment(alice, mat, heat):
    list(sessions(alice, 5, [heat]))
    *_, newest = sessions(alice, 3, [mat], first=10)
    list(sessions(alice, 2, first=20))
    assert line(newest) == ("Mat", ["3 of about 8 sessions", "2 of 8 waits"])


def test_first_session_begins_at_none(alice, mat):
    [only] = sessions(alice, 1, [mat], is_rated=False)
    assert line(only) == ("Mat", ["0 of about 8 sessions", "0 of 8 waits"])


def test_wait_tells_of_the_waits(alice, mat, heat):
    list(sessions(alice, 5, [heat]))
    list(sessions(alice, 3, [mat], first=10))
    *_, wait = sessions(alice, 2, first=20)
    assert line(wait) == (None, ["2 of 8 waits"])


def test_wait_has_nothing_to_tell_before_the_first_session(alice):
    [wait] = sessions(alice, 1)
    assert line(wait) == (None, [])


def test_check_in_tells_of_the_days_with_one_and_of_no_treatment(alice, charlie, mat):
    list(sessions(alice, 3, [mat]))
    CheckInFactory(user=charlie)
    for days in (0, 0, 1):
        newest = CheckInFactory(user=alice, rated_at=NOON - timedelta(days=days))
    CheckInFactory(user=alice, condition=ConditionFactory(user=alice, name="Neck"))
    assert brought_by(newest) == {"entry": newest, "days": "2 days so far"}


def test_other_conditions_and_other_people_do_not_count(alice, charlie, mat):
    list(sessions(charlie, 6, [TreatmentFactory(user=charlie, name="Mat")]))
    [own] = sessions(alice, 1, [mat])
    assert line(own) == ("Mat", ["1 of about 8 sessions", "0 of 8 waits"])


def rated_again(client, session):
    data = {"client_id": session.client_id, "version": 1, "pain_after": "4"}
    response = client.post(f"/sessions/{session.pk}/finish/", data, follow=True)
    return " ".join(response.content.decode().split())


def test_page_says_it_without_praise(as_alice, alice, mat):
    list(sessions(alice, 2, [mat], first=1))
    at = timezone.now() - timedelta(minutes=45)
    words = rated_again(
        as_alice, TreatmentSessionFactory(user=alice, started_at=at, treatments=[mat])
    )
    assert "<dt>Rated sessions</dt> <dd>3 of about 8</dd>" in words
    assert "<dt>Waits</dt> <dd>0 of about 8</dd>" in words


def test_page_says_that_a_rating_so_late_is_not_compared(as_alice, alice, mat):
    at = NOON - timedelta(days=2)
    words = rated_again(
        as_alice, TreatmentSessionFactory(user=alice, started_at=at, treatments=[mat])
    )
    assert "Rated again over 90 minutes after the start: kept, but not compared." in words
    assert "Towards an answer" not in words


@pytest.mark.parametrize(
    ("minutes", "typed_after", "said"),
    [
        (9, 0, "Rated again under 10 minutes after the start: kept, but not compared."),
        (10, 0, None),
        (90, 0, None),
        (91, 0, "Rated again over 90 minutes after the start: kept, but not compared."),
        (45, 240, None),
        (45, 241, "Typed over 4 hours later: kept, but not compared."),
    ],
)
def test_rating_that_is_not_compared_says_so_at_once(alice, mat, minutes, typed_after, said):
    after = NOON + timedelta(minutes=minutes)
    session = TreatmentSessionFactory(
        user=alice,
        started_at=NOON,
        treatments=[mat],
        pain_after=0,
        after_rated_at=after,
        after_entered_at=after + timedelta(minutes=typed_after),
    )
    assert brought_by(session).get("why_not") == said
