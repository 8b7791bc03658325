"""What the coin's own tosses say: whether being asked to wait changed the rating after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.comparisons.engine.regression import Effect, fit, independent
from apps.comparisons.engine.rows import DAY, TINY, Bools, Floats, Ints, Rows, Toss, seconds_of

FEWEST_TOSSES, FEWEST_ASKS, FEWEST_FOLLOWED = 10, 3, 1


@dataclass(frozen=True, slots=True)
class Tosses:
    """Tosses as arrays of equal length, those whose session makes a pair; the rest is counted."""

    asks: int
    skipped: int
    uses: dict[str, Bools]  # by treatment: the tosses of its sessions
    is_asked: Bools
    is_accepted: Bools
    one_in: Floats
    session: Ints  # its row


def tosses_of(tosses: Sequence[Toss], rows: Rows) -> Tosses:
    """The tosses, each with its session's row. Raises ValueError, in words, for what none can be.

    A toss at the start of two sessions, or of none, is counted and not used.
    """
    if any(toss.one_in < 1 or (toss.accepted and not toss.asked) for toss in tosses):
        raise ValueError("A toss asks one time in 1 or more, and only what it asks is accepted.")
    starts = seconds_of([toss.at for toss in tosses], "The moment of a toss")
    first, last = (np.searchsorted(rows.started, starts, side=side) for side in ("left", "right"))
    has_pair = np.append(rows.has_pair, False)
    is_used = (last - first == 1) & has_pair[first]
    used = [toss for toss, is_used in zip(tosses, is_used, strict=True) if is_used]
    asked = [toss for toss in tosses if toss.asked]
    names = {name for toss in used for name in toss.treatments}
    return Tosses(
        asks=len(asked),
        skipped=sum(not toss.accepted for toss in asked),
        uses={name: np.array([name in toss.treatments for toss in used]) for name in names},
        is_asked=np.array([toss.asked for toss in used], dtype=np.bool_),
        is_accepted=np.array([toss.accepted for toss in used], dtype=np.bool_),
        one_in=np.array([toss.one_in for toss in used], dtype=np.float64),
        session=first[is_used],
    )


def as_randomised(tosses: Tosses, rows: Rows, treatment: str) -> Effect | None:
    """The treatment against waiting by what the coin said, whatever was done then.

    What being asked changed in the rating after, turned round and divided by the share of asks
    that were followed. None under 10 tosses, 3 asks or 1 followed, or where it cannot be told.
    """
    own = tosses.uses.get(treatment)
    if own is None or own.sum() < FEWEST_TOSSES:
        return None
    is_asked, followed = tosses.is_asked[own], int(tosses.is_accepted[own].sum())
    if is_asked.sum() < FEWEST_ASKS or followed < FEWEST_FOLLOWED:
        return None
    chosen = rows[tosses.session[own]]
    others = [column for column in (chosen.before, chosen.started / DAY) if np.ptp(column) > TINY]
    columns = [is_asked - 1 / tosses.one_in[own], np.ones(len(chosen))]
    columns += [column - column.mean() for column in others]
    required = len(columns) - int(np.ptp(chosen.started) > TINY)
    design = independent(np.column_stack(columns), required)
    effect = fit(design, chosen.after, chosen.day).effect(0)
    share = followed / is_asked.sum()
    return effect and Effect(-effect.difference / share, effect.se / share, effect.degrees)
