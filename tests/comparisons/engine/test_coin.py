"""What the coin's own tosses say, and when they say nothing."""

import dataclasses
import datetime

import numpy as np
import pytest

from apps.comparisons.engine.stats import Toss, compare
from tests.comparisons.engine.test_design import a_session


def a_diary(outcomes, *, change=-2):
    """A toss a day for the mat: "n" not asked, "s" skipped, "a" accepted."""
    sessions, tosses = [], []
    for day, outcome in enumerate(outcomes):
        before, is_wait = 5 + day % 3, outcome == "a"
        after = before + day * day % 2 + (0 if is_wait else change)
        session = a_session(
            day=day,
            treatments=() if is_wait else ("Mat",),
            before=before,
            after=after,
            asked_by_app=is_wait,
        )
        sessions.append(session)
        tosses.append(Toss(session.started_at, ("Mat",), outcome != "n", is_wait, 2))
    return sessions, tosses


def as_randomised(sessions, tosses):
    return compare(sessions, tosses=tosses)["Mat"].estimate.as_randomised


def test_it_is_what_being_asked_changed_by_the_share_that_followed():
    sessions, tosses = a_diary("nnasn" * 6)
    found = as_randomised(sessions, tosses)
    before, after = (np.array([getattr(s, name) for s in sessions]) for name in ("before", "after"))
    asked = np.array([toss.asked - 0.5 for toss in tosses])
    columns = np.column_stack([asked, np.ones(30), before, np.arange(30)])
    expected = -np.linalg.lstsq(columns, after, rcond=None)[0][0] / 0.5
    assert found.difference == pytest.approx(expected, abs=1e-9)
    assert found.degrees == 29


@pytest.mark.parametrize(
    ("outcomes", "used", "is_known"),
    [
        ("nnnnnnnsaannaa", 10, True),
        ("nnnnnnnsaannaa", 9, False),
        ("nnnnnnnnsannaa", 10, False),
        ("nnnnnnnsssnaaa", 11, False),
        ("nnnnnnnsssanaa", 11, True),
    ],
)
def test_it_needs_ten_tosses_three_asks_and_one_that_was_followed(outcomes, used, is_known):
    sessions, tosses = a_diary(outcomes)
    assert (as_randomised(sessions, tosses[:used]) is not None) == is_known


def test_tosses_of_sessions_that_make_no_pair_or_begin_at_one_instant_are_not_used():
    sessions, tosses = a_diary("nnasn" * 6)
    unrated = a_session(day=40, treatments=("Mat",), after=None)
    twice = [a_session(day=41, treatments=("Mat",)), a_session(day=41, before=7)]
    more = [*sessions, unrated, *twice]
    further = [Toss(s.started_at, ("Mat",), True, False, 2) for s in more[30:32]]
    nowhere = Toss(unrated.started_at + datetime.timedelta(days=9), ("Mat",), True, False, 2)
    known = as_randomised(more, tosses)
    result = compare(more, tosses=[*tosses, *further, nowhere])
    assert result["Mat"].estimate.as_randomised == known
    assert (result.waiting.asks, result.waiting.skipped) == (15, 9)


def test_it_is_the_same_in_whatever_order():
    sessions, tosses = a_diary("nnasn" * 6)
    backwards = as_randomised(sessions[::-1], tosses[::-1])
    assert dataclasses.astuple(backwards) == pytest.approx(
        dataclasses.astuple(as_randomised(sessions, tosses)), abs=1e-9
    )


@pytest.mark.parametrize("fields", [{"one_in": 0}, {"asked": False, "accepted": True}])
def test_what_is_no_toss_is_refused_in_words(fields):
    sessions, tosses = a_diary("nnasn")
    wrong = dataclasses.replace(tosses[0], **fields)
    with pytest.raises(ValueError, match="A toss asks one time in 1 or more"):
        compare(sessions, tosses=[wrong])
