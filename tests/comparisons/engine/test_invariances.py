"""What must not change the numbers, and what no diary may bring about."""

import datetime
import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.comparisons.engine.stats import Session, compare
from apps.comparisons.engine.verdicts import VERDICTS
from tests.comparisons.engine.simulated.certainties import (
    apart,
    in_another_zone,
    renamed,
    shuffled,
    turned_round,
)
from tests.comparisons.engine.simulated.measures import against_waiting
from tests.comparisons.engine.simulated.simulator import CASES, simulate

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="module", params=[case.name for case in CASES])
def diary(request):
    (case,) = (case for case in CASES if case.name == request.param)
    return simulate(case, seed=4)


@pytest.mark.parametrize("change", [shuffled, in_another_zone, renamed])
def test_compare_does_not_depend_on(change, diary):
    """Order, the zone the same instants are written in, the names of the treatments."""
    assert apart(against_waiting(diary), against_waiting(change(diary))) <= 1e-9


def test_compare_does_not_depend_on_where_the_clock_has_a_fixed_lead(diary):
    """The hour enters as a circle: turning it, as a fixed offset does, changes nothing."""
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    here = compare(diary.sessions, diary.ratings)
    there = compare(diary.sessions, diary.ratings, tokyo)
    for one, other in zip(here, there, strict=True):
        assert one.verdict == other.verdict
        if one.estimate:
            assert one.difference == pytest.approx(other.difference, abs=1e-9)
            assert one.se == pytest.approx(other.se, abs=1e-9)


def test_ratings_turned_round_change_the_sign_under_sixty_pairs(diary):
    few = diary.sessions[:55]
    other_way = turned_round(diary)
    here = compare(few, diary.ratings)
    there = compare(other_way.sessions[:55], other_way.ratings)
    assert here.pairs < 60
    for one, other in zip(here, there, strict=True):
        assert (one.estimate is None) == (other.estimate is None)
        if one.estimate:
            assert one.difference == pytest.approx(-other.difference, abs=1e-9)
            assert (one.low, one.high) == pytest.approx((-other.high, -other.low), abs=1e-9)


def test_shuffling_sessions_that_start_at_one_moment_changes_nothing():
    """All at the same instant: nothing but the ratings can put them in order."""
    later = START + datetime.timedelta(hours=1)
    sessions = [
        Session(
            START, ("Mat",) * (n % 2), 4 + n % 3, n % 5, later, day=datetime.date(2026, 1, 1 + n)
        )
        for n in range(24)
    ]
    here, there = compare(sessions), compare(sessions[::-1])
    assert here["Mat"].difference == pytest.approx(there["Mat"].difference, abs=1e-9)
    assert here["Mat"].se == pytest.approx(there["Mat"].se, abs=1e-9)


points = st.one_of(st.integers(0, 10), st.floats(0, 10), st.just(5))
names = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=3).map(tuple)
moments = st.one_of(
    st.integers(0, 40).map(lambda day: START + datetime.timedelta(days=day)),
    st.integers(0, 60_000).map(lambda minutes: START + datetime.timedelta(minutes=minutes)),
    st.datetimes(
        datetime.datetime(1900, 1, 1),
        datetime.datetime(2199, 1, 1),
        timezones=st.timezones(),
        allow_imaginary=False,
    ),
)


@st.composite
def sessions(draw):
    at = draw(moments)
    minutes = draw(st.one_of(st.none(), st.just(45), st.integers(0, 600)))
    later = None if minutes is None else at.astimezone(datetime.UTC)
    later = later and later + datetime.timedelta(minutes=minutes)
    day = draw(st.one_of(st.none(), st.just(at.date())))
    after = None if later is None else draw(points)
    return Session(at, draw(names), draw(points), after, later, draw(st.booleans()), day)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(sessions(), max_size=90), st.lists(st.tuples(moments, points), max_size=8))
def test_compare_takes_every_valid_diary_and_gives_finite_numbers(diary, ratings):
    result = compare(diary, ratings)
    found = result.as_dict()
    json.dumps(found, allow_nan=False)
    assert [each["treatment"] for each in found["treatments"]] == sorted(
        {name for s in diary for name in s.treatments}
    )
    for each, finding in zip(found["treatments"], result, strict=True):
        check_finding(each, finding)
    for first, second in itertools.permutations(result, 2):
        check_difference(result, first.treatment, second.treatment)


def check_finding(each, finding):
    assert each["verdict"] in VERDICTS
    assert 0 <= each["missing"] <= 1
    assert 0 <= each["pairs"] <= each["sessions"]
    for name in ("sessions_needed", "waits_needed"):
        assert each[name] is None or each[name] >= 0
    numbers = ("difference", "se", "low", "high", "always_valid_half_width", "expected_change")
    assert len({each[name] is None for name in numbers}) == 1
    if finding.estimate is None:
        assert each["verdict"] in ("too_early", "cannot_separate")
    else:
        assert each["low"] <= each["difference"] <= each["high"]
        assert each["raw_change"] == pytest.approx(
            each["expected_change"] + each["difference"], abs=1e-9
        )


def check_difference(result, first, second):
    found = result.difference(first, second)
    assert (found is None) == (result[first].estimate is None or result[second].estimate is None)
    if found is not None:
        assert found.low <= found.estimate <= found.high
        assert found.se >= 0
