"""The columns of the comparison's model. No Django, no statistics.

Ratings are points of the numeric rating scale (NRS); moments are seconds since 1970 (UTC).
"""

from __future__ import annotations

import numpy as np

from apps.comparisons.engine.rows import DAY, HOUR, TINY, Bools, Floats, Ints, Rows

RECENT_WINDOW, RECENT_HALF_LIFE = 72 * HOUR, 24 * HOUR
LEAST_GAP_SPREAD = 0.15  # of the natural logarithm of the interval


def recent_levels(moments: Floats, rated_at: Floats, values: Floats) -> Floats:
    """Weighted mean rating over the 72 hours before each moment, in NRS points; NaN where none.

    Weights halve every 24 hours of age. Ratings at the moment itself are left out: that is
    where the pair's own before-rating sits. The same value at the same instant is one rating,
    whether it was written as one session's after, the next one's before, or a check-in.

    One pass of running sums instead of a window per moment. The weights grow as 2^days, so the
    sums start afresh every 200 days, long before they leave the range of a float.
    """
    levels = np.full(len(moments), np.nan)
    order = in_order(rated_at, values)
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


def in_order(rated_at: Floats, values: Floats) -> Ints:
    """By moment, then by value. They come in a few pieces that are in order already, which a
    stable sort is quick with: only what shares its moment is sorted by both."""
    order = np.argsort(rated_at, kind="stable")
    is_next_alike = np.diff(rated_at[order]) == 0
    alike = np.flatnonzero(np.append(is_next_alike, False) | np.append(False, is_next_alike))
    chosen = order[alike]
    order[alike] = chosen[np.lexsort((values[chosen], rated_at[chosen]))]
    return np.asarray(order, dtype=np.int64)


def columns_of(pairs: Rows, rated_at: Floats, values: Floats) -> Floats:
    """The model's columns beyond the treatments: 1, before, and what enters (method, section 2).

    A column that is constant is left out: it can tell nothing apart.
    """
    n, is_wait = len(pairs), pairs.is_wait
    optional: list[Floats] = [pairs.before]
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


def _gap(pairs: Rows, is_wait: Bools) -> list[Floats]:
    """Log of the interval, where it varies and no treatment differs too much in it from waits."""
    gap = np.log(pairs.interval)
    if gap.std(ddof=1) <= LEAST_GAP_SPREAD:
        return []
    treated = [gap[pairs.uses[:, index]] for index in np.flatnonzero(pairs.uses.any(axis=0))]
    return [gap] if all(_is_alike(own, gap[is_wait]) for own in treated) else []


def _is_alike(own: Floats, waits: Floats) -> bool:
    """Whether the two means differ by less than the pooled standard deviation."""
    squares = ((own - own.mean()) ** 2).sum() + ((waits - waits.mean()) ** 2).sum()
    pooled_sd = np.sqrt(squares / (len(own) + len(waits) - 2))
    return bool(abs(own.mean() - waits.mean()) < pooled_sd)


def _interaction(pairs: Rows, is_wait: Bools) -> list[Floats]:
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
