"""The line that says how far it is to an answer, after something was saved."""

from datetime import timedelta

import pytest

from apps.comparisons.templatetags.progress import progress_after
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
    found = progress_after(entry)
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
    assert progress_after(newest) == {"entry": newest, "days": "2 days so far"}


def test_other_conditions_and_other_people_do_not_count(alice, charlie, mat):
    list(sessions(charlie, 6, [TreatmentFactory(user=charlie, name="Mat")]))
    [own] = sessions(alice, 1, [mat])
    assert line(own) == ("Mat", ["1 of about 8 sessions", "0 of 8 waits"])


def test_page_says_it_without_praise(as_alice, alice, mat):
    """The one rated now began long ago: it is saved, and does not count."""
    *_, newest = sessions(alice, 3, [mat])
    TreatmentSessionFactory(user=alice)
    newest.pain_after = newest.after_rated_at = None
    newest.save()
    data = {"client_id": newest.client_id, "version": 1, "pain_after": "4"}
    response = as_alice.post(f"/sessions/{newest.pk}/finish/", data, follow=True)
    words = " ".join(response.content.decode().split())
    assert "Towards an answer: <a" in words
    assert ">2 of about 8 sessions, 0 of 8 waits</a>" in words
