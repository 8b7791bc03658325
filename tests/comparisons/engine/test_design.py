"""Rows and columns: what enters the model, and when."""

import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from apps.comparisons.engine.design import columns_of, in_order, recent_levels
from apps.comparisons.engine.rows import DAY, HOUR, Session, rows_of

START = datetime.datetime(2026, 1, 1, 9, tzinfo=datetime.UTC)
NOBODY_ELSE = np.zeros(0), np.zeros(0)


def a_session(day=0, treatments=(), before=5, after=4, minutes=45, hour=0.0, **fields):
    at = START + datetime.timedelta(days=day, hours=hour)
    later = None if after is None else at + datetime.timedelta(minutes=minutes)
    return Session(at, treatments, before, after, later, **fields)


def rows(*sessions, zone=datetime.UTC):
    return rows_of(sessions, zone)


@pytest.mark.parametrize(
    ("minutes", "due", "is_pair"),
    [
        (0, 45, False),
        (10 - 1e-5, 45, False),
        (10, 45, True),
        (90, 45, True),
        (90 + 1e-5, 45, False),
        (90, 10, True),
        (91, 45.5, True),
        (240, 120, True),
        (240 + 1e-5, 120, False),
    ],
)
def test_a_pair_takes_ten_minutes_to_twice_its_due_time_or_ninety(minutes, due, is_pair):
    assert rows(a_session(minutes=minutes, due_minutes=due)).has_pair.tolist() == [is_pair]


def test_what_had_something_else_in_between_is_no_pair():
    assert rows(a_session(had_something_else=True)).has_pair.tolist() == [False]


def test_an_unrated_session_is_no_pair():
    assert rows(a_session(after=None)).has_pair.tolist() == [False]


def test_zero_is_a_rating():
    assert rows(a_session(before=0, after=0)).has_pair.tolist() == [True]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"before": -1}, "A rating before a session must lie between 0 and 10."),
        ({"before": 10.5}, "A rating before a session must lie between 0 and 10."),
        ({"before": None}, "A rating before a session must lie between 0 and 10."),
        ({"before": float("nan")}, "A rating before a session must lie between 0 and 10."),
        ({"before": "much"}, "A rating before a session must be a number from 0 to 10."),
        ({"after": 11}, "A rating after a session must lie between 0 and 10."),
        ({"minutes": -1}, "A rating after a session lies before the session's start."),
        ({"treatments": "Mat"}, "A session's treatments must be a tuple of names, not one text."),
    ],
)
def test_what_is_no_diary_is_refused_in_words(fields, words):
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        rows(a_session(**fields))


def test_a_moment_without_a_time_zone_is_refused():
    naive = datetime.datetime(2026, 1, 1, 9)
    with pytest.raises(ValueError, match="with its time zone"):
        rows(Session(naive, (), 5))
    with pytest.raises(ValueError, match="with its time zone"):
        rows(Session(START, (), 5, 5, naive))
    with pytest.raises(ValueError, match="with its time zone"):
        rows(Session("yesterday", (), 5))


def test_an_after_without_its_moment_is_refused():
    with pytest.raises(ValueError, match="without its moment, or the reverse"):
        rows(Session(START, (), 5, 4, None))
    with pytest.raises(ValueError, match="without its moment, or the reverse"):
        rows(Session(START, (), 5, None, START))


def test_a_treatment_named_twice_in_a_session_counts_once():
    assert rows(a_session(treatments=("Mat", "Mat"))).uses.tolist() == [[True]]


def test_asked_by_app_is_read_on_waits_only():
    found = rows(
        a_session(asked_by_app=True), a_session(day=1, treatments=("Mat",), asked_by_app=True)
    )
    assert found.is_asked.tolist() == [True, False]


def test_a_session_without_a_day_has_the_local_date_of_its_start():
    late = datetime.datetime(2026, 6, 1, 23, 30, tzinfo=datetime.UTC)
    stored = Session(late, (), 5, day=datetime.date(2026, 5, 31))
    found = rows(Session(late, (), 5), stored, zone=ZoneInfo("Europe/London"))
    days = {datetime.date.fromordinal(int(day)) for day in found.day}
    assert days == {datetime.date(2026, 6, 2), datetime.date(2026, 5, 31)}


def test_the_local_hour_follows_the_clock_through_both_changes():
    zone = ZoneInfo("Europe/London")
    moments = [(2026, 3, 28, 7), (2026, 3, 29, 7), (2026, 10, 24, 7), (2026, 10, 25, 7)]
    sessions = [Session(datetime.datetime(*m, tzinfo=datetime.UTC), (), 5) for m in moments]
    assert rows(*sessions, zone=zone).hour.tolist() == [7, 8, 8, 7]


def test_a_session_s_own_zone_gives_its_hour_and_day():
    """Somebody travelled: 21:30 by the clock in London, half past ten next morning in Auckland."""
    at = datetime.datetime(2026, 1, 1, 21, 30, tzinfo=datetime.UTC)
    later = at + datetime.timedelta(days=1)
    found = rows(
        Session(at, (), 5, zone=ZoneInfo("Pacific/Auckland")),
        Session(later, (), 5),
        zone=ZoneInfo("Europe/London"),
    )
    assert found.hour.tolist() == [10.5, 21.5]
    assert len(set(found.day)) == 1


def naive_recent_level(moment, ratings):
    known = {(at, value) for at, value in ratings if moment - 72 * HOUR <= at < moment}
    weights = {pair: 0.5 ** ((moment - pair[0]) / (24 * HOUR)) for pair in known}
    total = sum(weights.values())
    return sum(w * pair[1] for pair, w in weights.items()) / total if total else np.nan


def test_ratings_of_one_moment_are_put_in_order_by_their_value():
    random = np.random.default_rng(3)
    for size in (0, 1, 2, 200):
        at, values = random.integers(0, 40, size).astype(float), random.integers(0, 11, size) / 2
        order, expected = in_order(at, values), np.lexsort((values, at))
        assert [at[order].tolist(), values[order].tolist()] == [
            at[expected].tolist(),
            values[expected].tolist(),
        ]


def test_recent_levels_equal_one_window_at_a_time():
    rng = np.random.default_rng(3)
    at = rng.choice(np.arange(0, 900 * DAY, HOUR), 1500)  # across several blocks, with ties
    at = np.where(rng.random(1500) < 0.5, at % (30 * DAY), at)
    values = rng.integers(0, 11, 1500).astype(float)
    moments = np.concatenate([at[:300], rng.uniform(-5 * DAY, 910 * DAY, 300)])
    expected = [naive_recent_level(m, zip(at, values, strict=True)) for m in moments]
    assert np.isnan(expected).any()
    assert not np.isnan(expected).all()
    np.testing.assert_allclose(recent_levels(moments, at, values), expected, atol=1e-9)


def test_a_recent_level_halves_its_weights_every_day():
    at, values = np.array([-48.0, -24.0]) * HOUR, np.array([9.0, 3.0])
    level = recent_levels(np.array([0.0]), at, values)
    assert level[0] == pytest.approx((9 * 0.25 + 3 * 0.5) / 0.75)


def test_a_recent_level_reaches_back_72_hours_and_leaves_out_the_moment_itself():
    at, values = np.array([-72.1, -72.0, 0.0]) * HOUR, np.array([1.0, 7.0, 10.0])
    assert recent_levels(np.array([0.0]), at, values).tolist() == pytest.approx([7.0])
    assert np.isnan(recent_levels(np.array([-72.1 * HOUR]), at, values)[0])


def test_a_rating_that_is_one_sessions_after_and_the_nexts_before_counts_once():
    at, values = np.array([-2.0, -1.0, -1.0]) * HOUR, np.array([2.0, 8.0, 8.0])
    once = recent_levels(np.array([0.0]), at[:2], values[:2])
    assert recent_levels(np.array([0.0]), at, values) == pytest.approx(once)
    twice = recent_levels(np.array([0.0]), at, np.array([2.0, 8.0, 7.0]))
    assert twice != pytest.approx(once)


def varied(n, waits, seed=0):
    """n pairs in which everything varies; the first `waits` are waits."""
    rng = np.random.default_rng(seed)
    return rows_of(
        [
            a_session(
                day=number,
                treatments=() if number < waits else ("Mat",),
                before=int(rng.integers(3, 9)),
                hour=float(rng.uniform(0, 10)),
                minutes=float(rng.uniform(30, 90)),
            )
            for number in range(n)
        ],
        datetime.UTC,
    )


@pytest.mark.parametrize(
    ("n", "waits", "terms"),
    [
        (13, 6, 2),  # 1, before
        (14, 6, 3),  # + recent level
        (19, 9, 3),
        (20, 9, 4),  # + trend
        (29, 9, 4),
        (30, 7, 6),  # + hour (two columns)
        (30, 8, 7),  # + gap
        (59, 40, 7),
        (60, 29, 7),
        (60, 30, 8),  # + interaction
    ],
)
def test_terms_enter_one_after_the_other(n, waits, terms):
    pairs = varied(n, waits)
    ratings = np.concatenate([pairs.started, pairs.ended]), np.r_[pairs.before, pairs.after]
    assert columns_of(pairs, *ratings).shape == (n, terms)


def test_the_recent_level_of_a_pair_without_one_is_the_mean_of_the_others():
    pairs = rows_of([a_session(day=10 * number) for number in range(14)], datetime.UTC)
    at = pairs.started[[3, 7]] - HOUR
    columns = columns_of(pairs, at, np.array([2.0, 6.0]))
    assert columns[:, 1].tolist() == pytest.approx(
        [-2.0 if n == 3 else 2.0 * (n == 7) for n in range(14)]
    )


def test_the_gap_stays_out_where_treated_and_waits_differ_too_much_in_it():
    rng = np.random.default_rng(1)

    def pairs(treated_minutes):
        return rows_of(
            [
                a_session(
                    day=number,
                    treatments=("Mat",) if number % 2 else (),
                    minutes=(treated_minutes if number % 2 else 45) * np.exp(rng.normal(0, 0.3)),
                )
                for number in range(40)
            ],
            datetime.UTC,
        )

    assert columns_of(pairs(50), *NOBODY_ELSE).shape[1] == 3  # 1, trend, gap
    assert columns_of(pairs(90), *NOBODY_ELSE).shape[1] == 2


def test_the_gap_stays_out_where_it_hardly_varies():
    pairs = rows_of([a_session(day=n, minutes=45 + n % 5) for n in range(40)], datetime.UTC)
    assert columns_of(pairs, *NOBODY_ELSE).shape[1] == 2


def test_the_interaction_is_zero_for_waits_and_in_the_mean_of_every_treatment():
    rng = np.random.default_rng(2)
    choices = [(), (), ("Heat",), ("Mat",), ("Heat", "Mat")]
    pairs = rows_of(
        [
            a_session(day=n, treatments=choices[n % 5], before=int(rng.integers(2, 10)))
            for n in range(100)
        ],
        datetime.UTC,
    )
    interaction = columns_of(pairs, *NOBODY_ELSE)[:, -1]
    interaction = interaction - interaction[pairs.is_wait][0]  # the column is centred
    assert not interaction[pairs.is_wait].any()
    assert pairs.uses.T @ interaction == pytest.approx([0, 0], abs=1e-9)
    heat_alone = pairs.uses[:, 0] & ~pairs.uses[:, 1]
    before = pairs.before[heat_alone]
    assert interaction[heat_alone] == pytest.approx(before - before.mean())


def test_the_interaction_needs_ten_waits_at_the_treated_level():
    def pairs(high_waits):
        waits = [a_session(day=n, before=8 if n < high_waits else 2 + n % 3) for n in range(40)]
        treated = [a_session(day=40 + n, treatments=("Mat",), before=6 + n % 3) for n in range(40)]
        return rows_of(waits + treated, datetime.UTC)

    assert columns_of(pairs(9), *NOBODY_ELSE).shape[1] == 3  # 1, before, trend
    assert columns_of(pairs(10), *NOBODY_ELSE).shape[1] == 4
