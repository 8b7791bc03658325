"""From a diary to arrays: which sessions make a pair, and when they were. No Django.

Units: ratings are points of the numeric rating scale (NRS), 0 = no pain to 10 = the worst
imaginable; moments are seconds since 1970 (UTC); lengths are named where they are used.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.treatments.rate_again import (
    LEAST_LONGEST_MINUTES,
    LONGEST_IN_DUES,
    SHORTEST_MINUTES,
    USUAL_MINUTES,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
FEWEST_RATED_SESSIONS = 2
# Below this a column counts as constant, and an estimate or standard error as zero: far under
# anything a rating can show, far above the rounding of the arithmetic.
TINY = 1e-9
# What seconds since 1970 can be off by, so that an interval that ends on a limit is inside it.
ROUNDING = 5e-7


@dataclass(frozen=True, slots=True)
class Session:
    """One session as the person recorded it; without treatments it is a wait.

    `before` and `after` are NRS points of the worse side, 0 to 10. `after` and `after_at` are
    both None when the person never rated again (never 0, never "no change"). `asked_by_app`
    marks a wait that the app's coin flip asked for; on a session with treatments it means
    nothing and is not read. `zone` is where the person was: it gives the local hour; None stands
    for the zone that `compare` is given. `day` is the stored diary date; None stands for the
    local date of `started_at` in that zone. `due_minutes` is when the session itself was to be
    rated again; `had_something_else` that the person took or did something else in between.
    """

    started_at: datetime.datetime
    treatments: tuple[str, ...]
    before: float
    after: float | None = None
    after_at: datetime.datetime | None = None
    asked_by_app: bool = False
    day: datetime.date | None = None
    zone: datetime.tzinfo | None = None
    due_minutes: float = USUAL_MINUTES
    had_something_else: bool = False


@dataclass(frozen=True, slots=True)
class Toss:
    """One eligible toss of the coin, for the session that came of it and starts at `at`.

    `treatments` are those that the person was about to use; `asked` whether the coin asked to
    wait first, which it does one time in `one_in`; `accepted` whether the person then waited.
    """

    at: datetime.datetime
    treatments: tuple[str, ...]
    asked: bool
    accepted: bool
    one_in: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Sessions as arrays of equal length, in order of time; `after` is NaN where unrated."""

    names: tuple[str, ...]
    uses: Bools  # sessions x names
    started: Floats  # seconds since 1970
    ended: Floats  # seconds since 1970, NaN where unrated
    before: Floats
    after: Floats
    is_asked: Bools
    day: Ints  # ordinal of the diary date
    hour: Floats  # local, 0 to 24 with fraction
    due: Floats  # minutes
    had_something_else: Bools

    def __len__(self) -> int:
        return len(self.before)

    def __getitem__(self, chosen: Bools | Ints) -> Rows:
        return Rows(self.names, *[array[chosen] for array in _arrays(self)])

    @property
    def is_wait(self) -> Bools:
        return np.asarray(~self.uses.any(axis=1))

    @property
    def interval(self) -> Floats:
        """Seconds from the start to the rating after it; NaN where unrated."""
        return self.ended - self.started

    @property
    def has_pair(self) -> Bools:
        """Rated again after the shortest interval to the longest that its own due time allows
        (``treatments.rate_again``), both ends included, with nothing else taken or done between."""
        longest = np.maximum(LEAST_LONGEST_MINUTES, LONGEST_IN_DUES * self.due) * MINUTE
        interval = self.interval
        is_in_window = interval >= SHORTEST_MINUTES * MINUTE - ROUNDING
        is_in_window &= interval <= longest + ROUNDING
        return np.asarray(is_in_window & ~self.had_something_else)


class Ratings(NamedTuple):
    """Ratings as arrays of equal length: seconds since 1970, and NRS points."""

    at: Floats
    value: Floats


_arrays = attrgetter(*[field.name for field in fields(Rows) if field.name != "names"])


def rows_of(sessions: Iterable[Session], zone: datetime.tzinfo) -> Rows:
    """The sessions as arrays. Raises ValueError, in words, for what cannot be a diary.

    A treatment named twice in one session counts once. Sessions that start at the same moment
    keep the order of their ratings and names, so shuffled input gives the same rows.
    """
    columns = _columns(sessions)
    started = seconds_of(columns.started_at, "A session's start")
    ended, after = _ratings_after(columns)
    if np.any(ended < started):
        raise ValueError("A rating after a session lies before the session's start.")
    names, uses = _uses(columns.treatments)
    rows = Rows(
        names=names,
        uses=uses,
        started=started,
        ended=ended,
        before=_points(columns.before, "A rating before a session"),
        after=after,
        is_asked=np.array(columns.asked_by_app, dtype=np.bool_) & ~uses.any(axis=1),
        day=_days(columns, zone),
        hour=_local_hours(columns, started, zone),
        due=_due(columns.due_minutes),
        had_something_else=np.array(columns.had_something_else, dtype=np.bool_),
    )
    return in_order(rows)


class _Columns(NamedTuple):
    """The fields of all sessions, one sequence each: every session is looked at once."""

    started_at: Sequence[datetime.datetime]
    treatments: Sequence[tuple[str, ...]]
    before: Sequence[float]
    after: Sequence[float | None]
    after_at: Sequence[datetime.datetime | None]
    asked_by_app: Sequence[bool]
    day: Sequence[datetime.date | None]
    zone: Sequence[datetime.tzinfo | None]
    due_minutes: Sequence[float]
    had_something_else: Sequence[bool]


_fields = attrgetter(*_Columns._fields)


def _columns(sessions: Iterable[Session]) -> _Columns:
    found = list(zip(*map(_fields, sessions), strict=True))
    return _Columns(*found) if found else _Columns(*[()] * len(_Columns._fields))


def in_order(rows: Rows) -> Rows:
    """By time; those that start at the same moment in an order that their values give."""
    order = np.argsort(rows.started)
    if np.any(np.diff(rows.started[order]) == 0):
        order = _order(rows)
    return rows[order]


def _order(rows: Rows) -> Ints:
    others = (rows.had_something_else, rows.due, rows.is_asked, rows.hour, rows.ended)
    by = (*others, *rows.uses.T, rows.after, rows.before, rows.day, rows.started)
    return np.asarray(np.lexsort(by), dtype=np.int64)


def _ratings_after(columns: _Columns) -> tuple[Floats, Floats]:
    """Moments and values of the ratings after, NaN where there is none."""
    moments = [at for at in columns.after_at if at is not None]
    values = [after for after in columns.after if after is not None]
    is_rated = np.array([after is not None for after in columns.after], dtype=np.bool_)
    if [at is not None for at in columns.after_at] != is_rated.tolist():
        raise ValueError("A session has a rating after it without its moment, or the reverse.")
    ended, after = np.full(len(is_rated), np.nan), np.full(len(is_rated), np.nan)
    ended[is_rated] = seconds_of(moments, "The moment of a rating after")
    after[is_rated] = _points(values, "A rating after a session")
    return ended, after


def _due(minutes: Sequence[float]) -> Floats:
    due = np.array(minutes, dtype=np.float64)
    if not np.all(due > 0):
        raise ValueError("The minutes until a session is to be rated again must be over 0.")
    return due


def seconds_of(moments: Sequence[datetime.datetime], what: str) -> Floats:
    try:
        if None in [at.tzinfo for at in moments]:
            raise TypeError
        return np.array([at.timestamp() for at in moments], dtype=np.float64)
    except (AttributeError, TypeError):
        raise ValueError(f"{what} must be a date and time with its time zone.") from None


def _points(values: Sequence[float], what: str) -> Floats:
    try:
        points = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a number from 0 to 10.") from None
    if not np.all((points >= 0) & (points <= 10)):
        raise ValueError(f"{what} must lie between 0 and 10.")
    return points


def _uses(treatments: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], Bools]:
    if any(isinstance(used, str) for used in treatments):
        raise ValueError("A session's treatments must be a tuple of names, not one text.")
    names = tuple(sorted({name for used in treatments for name in used}))
    column = {name: index for index, name in enumerate(names)}
    uses = np.zeros((len(treatments), len(names)), dtype=np.bool_)
    where = [(row, column[name]) for row, used in enumerate(treatments) for name in used]
    if where:
        uses[tuple(np.array(where).T)] = True
    return names, uses


def _days(columns: _Columns, zone: datetime.tzinfo) -> Ints:
    """Ordinals of the diary dates; where none is stored, of the local date of the start."""
    starts = zip(columns.day, columns.started_at, columns.zone, strict=True)
    days = [day or at.astimezone(own or zone).date() for day, at, own in starts]
    return np.array([day.toordinal() for day in days], dtype=np.int64)


def _local_hours(columns: _Columns, started: Floats, zone: datetime.tzinfo) -> Floats:
    """Hours since local midnight, by the clock (so both autumn half past ones are 1.5)."""
    if zone is datetime.UTC and not any(columns.zone):
        return (started % DAY) / HOUR
    starts = zip(columns.started_at, columns.zone, strict=True)
    lengths = [at.astimezone(own or zone).utcoffset() for at, own in starts]
    offsets = [0.0 if length is None else length.total_seconds() for length in lengths]
    return ((started + np.array(offsets, dtype=np.float64)) % DAY) / HOUR


def all_ratings(
    rows: Rows, ratings: Iterable[tuple[datetime.datetime, float]] | Ratings
) -> Ratings:
    """Every rating: check-ins, before, after (also of sessions that make no pair)."""
    given = ratings if isinstance(ratings, Ratings) else _ratings(list(ratings))
    is_rated = ~np.isnan(rows.after)
    return Ratings(
        np.concatenate([given.at, rows.started, rows.ended[is_rated]]),
        np.concatenate([given.value, rows.before, rows.after[is_rated]]),
    )


def _ratings(ratings: Sequence[tuple[datetime.datetime, float]]) -> Ratings:
    return Ratings(
        seconds_of([at for at, _ in ratings], "The moment of a check-in"),
        _points([value for _, value in ratings], "A check-in's rating"),
    )


def without_rare(pairs: Rows) -> tuple[Rows, Bools]:
    """Pairs without those of treatments that have fewer than 2 of them, and who stays.

    Repeated, because leaving out a session with two treatments can make the other one rare.
    """
    while True:
        counts = pairs.uses.sum(axis=0)
        is_rare = (counts > 0) & (counts < FEWEST_RATED_SESSIONS)
        if not is_rare.any():
            return pairs, counts >= FEWEST_RATED_SESSIONS
        pairs = pairs[np.asarray(~pairs.uses[:, is_rare].any(axis=1))]
