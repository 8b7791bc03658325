"""From a diary to the rows and columns of the comparison. No Django, no statistics.

Units: ratings are points of the numeric rating scale (NRS), 0 = no pain to 10 = the worst
imaginable; moments are seconds since 1970 (UTC); lengths are named where they are used.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
SHORTEST_INTERVAL, LONGEST_INTERVAL = 10 * MINUTE, 8 * HOUR
RECENT_WINDOW, RECENT_HALF_LIFE = 72 * HOUR, 24 * HOUR
FEWEST_RATED_SESSIONS = 2
# Below this a column counts as constant, and an estimate or standard error as zero: far under
# anything a rating can show, far above the rounding of the arithmetic.
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Session:
    """One session as the person recorded it; without treatments it is a wait.

    `before` and `after` are NRS points of the worse side, 0 to 10. `after` and `after_at` are
    both None when the person never rated again (never 0, never "no change"). `asked_by_app`
    marks a wait that the app's coin flip asked for; on a session with treatments it means
    nothing and is not read. `zone` is where the person was: it gives the local hour; None stands
    for the zone that `compare` is given. `day` is the stored diary date; None stands for the
    local date of `started_at` in that zone.
    """

    started_at: datetime.datetime
    treatments: tuple[str, ...]
    before: float
    after: float | None = None
    after_at: datetime.datetime | None = None
    asked_by_app: bool = False
    day: datetime.date | None = None
    zone: datetime.tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Sessions as arrays of equal length, in order of time; `after` is NaN where unrated."""

    names: tuple[str, ...]
    uses: np.ndarray  # sessions x names, bool
    started: np.ndarray  # seconds since 1970
    ended: np.ndarray  # seconds since 1970, NaN where unrated
    before: np.ndarray
    after: np.ndarray
    is_asked: np.ndarray
    day: np.ndarray  # ordinal of the diary date
    hour: np.ndarray  # local, 0 to 24 with fraction

    def __len__(self) -> int:
        return len(self.before)

    def __getitem__(self, chosen: np.ndarray) -> Rows:
        arrays = {name: getattr(self, name)[chosen] for name in _ARRAYS}
        return replace(self, **arrays)

    @property
    def is_wait(self) -> np.ndarray:
        return ~self.uses.any(axis=1)

    @property
    def has_pair(self) -> np.ndarray:
        """Rated again after 10 minutes to 8 hours, both ends included."""
        interval = self.ended - self.started
        return (interval >= SHORTEST_INTERVAL) & (interval <= LONGEST_INTERVAL)


_ARRAYS = ("uses", "started", "ended", "before", "after", "is_asked", "day", "hour")


def rows_of(sessions: Iterable[Session], zone: datetime.tzinfo) -> Rows:
    """The sessions as arrays. Raises ValueError, in words, for what cannot be a diary.

    A treatment named twice in one session counts once. Sessions that start at the same moment
    keep the order of their ratings and names, so shuffled input gives the same rows.
    """
    sessions = list(sessions)
    started = _seconds([s.started_at for s in sessions], "A session's start")
    is_rated = np.array([s.after is not None for s in sessions], dtype=bool)
    if any((s.after is None) != (s.after_at is None) for s in sessions):
        raise ValueError("A session has a rating after it without its moment, or the reverse.")
    ended, after = np.full(len(sessions), np.nan), np.full(len(sessions), np.nan)
    rated = [s for s in sessions if s.after is not None]
    ended[is_rated] = _seconds([s.after_at for s in rated], "The moment of a rating after")
    after[is_rated] = _points([s.after for s in rated], "A rating after a session")
    if np.any(ended < started):
        raise ValueError("A rating after a session lies before the session's start.")
    names, uses = _uses(sessions)
    days = [_day(s, zone) for s in sessions]
    rows = Rows(
        names=names,
        uses=uses,
        started=started,
        ended=ended,
        before=_points([s.before for s in sessions], "A rating before a session"),
        after=after,
        is_asked=np.array([bool(s.asked_by_app) for s in sessions], dtype=bool) & ~uses.any(axis=1),
        day=np.array(days, dtype=np.int64),
        hour=_local_hours(sessions, started, zone),
    )
    return rows[np.lexsort((*uses.T, rows.after, rows.before, rows.day, started))]


def _seconds(moments: Sequence[datetime.datetime], what: str) -> np.ndarray:
    try:
        if any(at.tzinfo is None for at in moments):
            raise TypeError
        return np.array([at.timestamp() for at in moments], dtype=float)
    except (AttributeError, TypeError):
        raise ValueError(f"{what} must be a date and time with its time zone.") from None


def _points(values: Sequence[float], what: str) -> np.ndarray:
    try:
        points = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be a number from 0 to 10.") from None
    if not np.all((points >= 0) & (points <= 10)):
        raise ValueError(f"{what} must lie between 0 and 10.")
    return points


def _uses(sessions: Sequence[Session]) -> tuple[tuple[str, ...], np.ndarray]:
    if any(isinstance(s.treatments, str) for s in sessions):
        raise ValueError("A session's treatments must be a tuple of names, not one text.")
    names = tuple(sorted({name for s in sessions for name in s.treatments}))
    column = {name: index for index, name in enumerate(names)}
    uses = np.zeros((len(sessions), len(names)), dtype=bool)
    where = [(row, column[name]) for row, s in enumerate(sessions) for name in s.treatments]
    if where:
        uses[tuple(np.array(where).T)] = True
    return names, uses


def _day(session: Session, zone: datetime.tzinfo) -> int:
    day = session.day or session.started_at.astimezone(session.zone or zone).date()
    return day.toordinal()


def _local_hours(
    sessions: Sequence[Session], started: np.ndarray, zone: datetime.tzinfo
) -> np.ndarray:
    """Hours since local midnight, by the clock (so both autumn half past ones are 1.5)."""
    offset = 0.0
    if zone is not datetime.UTC or any(s.zone for s in sessions):
        offsets = [s.started_at.astimezone(s.zone or zone).utcoffset() for s in sessions]
        offset = np.array([length.total_seconds() for length in offsets], dtype=float)
    return ((started + offset) % DAY) / HOUR


def without_rare(pairs: Rows) -> tuple[Rows, np.ndarray]:
    """Pairs without those of treatments that have fewer than 2 of them, and who stays.

    Repeated, because leaving out a session with two treatments can make the other one rare.
    """
    while True:
        counts = pairs.uses.sum(axis=0)
        is_rare = (counts > 0) & (counts < FEWEST_RATED_SESSIONS)
        if not is_rare.any():
            return pairs, counts >= FEWEST_RATED_SESSIONS
        pairs = pairs[~pairs.uses[:, is_rare].any(axis=1)]


def recent_levels(moments: np.ndarray, rated_at: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted mean rating over the 72 hours before each moment, in NRS points; NaN where none.

    Weights halve every 24 hours of age. Ratings at the moment itself are left out: that is
    where the pair's own before-rating sits. The same value at the same instant is one rating,
    whether it was written as one session's after, the next one's before, or a check-in.

    One pass of running sums instead of a window per moment. The weights grow as 2^days, so the
    sums start afresh every 200 days, long before they leave the range of a float.
    """
    levels = np.full(len(moments), np.nan)
    order = np.lexsort((values, rated_at))
    rated_at, values = rated_at[order], values[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (np.diff(rated_at) > 0) | (np.diff(values) > 0)
    rated_at, values = rated_at[is_new], values[is_new]
    first = np.searchsorted(rated_at, moments - RECENT_WINDOW, side="left")
    last = np.searchsorted(rated_at, moments, side="left")
    block_of = np.floor_divide(moments, 200 * DAY)
    for block in np.unique(block_of[last > first]):
        chosen = np.flatnonzero((block_of == block) & (last > first))
        start, stop = first[chosen].min(), last[chosen].max()
        age = (rated_at[start:stop] - block * 200 * DAY) / RECENT_HALF_LIFE
        weights = np.exp2(age)
        total = np.concatenate([[0.0], np.cumsum(weights)])
        weighted = np.concatenate([[0.0], np.cumsum(weights * values[start:stop])])
        low, high = first[chosen] - start, last[chosen] - start
        levels[chosen] = (weighted[high] - weighted[low]) / (total[high] - total[low])
    return levels


def all_ratings(
    rows: Rows, ratings: Iterable[tuple[datetime.datetime, float]]
) -> tuple[np.ndarray, np.ndarray]:
    """Moments and values of every rating: check-ins, before, after (also of unused pairs)."""
    ratings = list(ratings)
    is_rated = ~np.isnan(rows.after)
    at = _seconds([at for at, _ in ratings], "The moment of a check-in")
    value = _points([value for _, value in ratings], "A check-in's rating")
    return (
        np.concatenate([at, rows.started, rows.ended[is_rated]]),
        np.concatenate([value, rows.before, rows.after[is_rated]]),
    )


def columns_of(pairs: Rows, rated_at: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The model's columns beyond the treatments: 1, before, and what enters (method, section 2).

    A column that is constant is left out: it can tell nothing apart.
    """
    n, is_wait = len(pairs), pairs.is_wait
    optional: list[np.ndarray] = [pairs.before]
    if n >= 14:
        levels = recent_levels(pairs.started, rated_at, values)
        is_known = ~np.isnan(levels)
        if is_known.any():
            optional.append(np.where(is_known, levels, levels[is_known].mean()))
    if n >= 20:
        optional.append((pairs.started - pairs.started.mean()) / (30 * DAY))
    if n >= 30:
        angle = 2 * np.pi * pairs.hour / 24
        optional += [np.cos(angle), np.sin(angle)]
        if is_wait.sum() >= 8:
            optional += _gap(pairs, is_wait)
    if n >= 60 and is_wait.sum() >= 30:
        optional += _interaction(pairs, is_wait)
    varying = [column - column.mean() for column in optional if np.ptp(column) > TINY]
    return np.column_stack([np.ones(n), *varying])


def _gap(pairs: Rows, is_wait: np.ndarray) -> list[np.ndarray]:
    """Log of the interval, where it varies and treated and waits do not differ too much in it."""
    gap = np.log(pairs.ended - pairs.started)
    treated, waits = gap[~is_wait], gap[is_wait]
    if len(treated) < 2 or gap.std(ddof=1) <= 0.15:
        return []
    squares = ((treated - treated.mean()) ** 2).sum() + ((waits - waits.mean()) ** 2).sum()
    pooled_sd = np.sqrt(squares / (len(gap) - 2))
    return [gap] if abs(treated.mean() - waits.mean()) < pooled_sd else []


def _interaction(pairs: Rows, is_wait: np.ndarray) -> list[np.ndarray]:
    """How the effect leans on the starting pain; 0 for waits and at each treatment's own mean.

    Treatments used together count here as one of their own, so that the column sums to zero
    over every treatment's pairs and its coefficient stays the effect at its usual pain.
    """
    treated = pairs.before[~is_wait]
    if not len(treated) or (pairs.before[is_wait] >= treated.mean()).sum() < 10:
        return []
    packed = np.ascontiguousarray(np.packbits(pairs.uses, axis=1))
    _, group = np.unique(packed.view(f"V{packed.shape[1]}")[:, 0], return_inverse=True)
    means = np.bincount(group, weights=pairs.before) / np.bincount(group)
    return [np.where(is_wait, 0.0, pairs.before - means[group])]
