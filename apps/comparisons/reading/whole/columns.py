"""Whole columns out of the database as arrays: a row as an object costs ten times as much.

The columns of one query are all in the same order, whichever that is.
"""

from typing import Any

import numpy as np
from django.db.models import Aggregate, BinaryField, Value

from apps.comparisons.engine.rows import Bools, Floats, Ints

# PostgreSQL counts from 2000 on: seconds from 1970 to there, and days from the year 1.
SECONDS_BEFORE, DAYS_BEFORE = 946_684_800, 730_120
MICROSECONDS = 1_000_000


class Column(Aggregate):
    """All values in one piece of bytes, as PostgreSQL sends each; None where there is no row."""

    output_field = BinaryField()
    kind: str

    def array(self, sent: bytes | None) -> Any:
        return np.frombuffer(sent or b"", self.kind)


class Moments(Column):
    """Seconds since 1970, as exact as ``datetime.timestamp``; NaN where there is none."""

    template = "string_agg(timestamptz_send(coalesce(%(expressions)s, '-infinity')), '')"
    kind = ">i8"

    def array(self, sent: bytes | None) -> Floats:
        found = super().array(sent)
        moments = (found + SECONDS_BEFORE * MICROSECONDS) / MICROSECONDS
        return np.where(found == np.iinfo(np.int64).min, np.nan, moments)


class Days(Column):
    """Ordinals; a day is never missing."""

    template, kind = "string_agg(date_send(%(expressions)s), '')", ">i4"

    def array(self, sent: bytes | None) -> Ints:
        return np.asarray(super().array(sent).astype(np.int64) + DAYS_BEFORE)


class Numbers(Column):
    """Whole numbers from 0 to 32,767; NaN where there is none."""

    template, kind = "string_agg(int2send(coalesce(%(expressions)s, -1)::int2), '')", ">i2"

    def array(self, sent: bytes | None) -> Floats:
        found = super().array(sent).astype(np.float64)
        return np.where(found < 0, np.nan, found)


class Keys(Column):
    template, kind = "string_agg(int8send(%(expressions)s), '')", ">i8"

    def array(self, sent: bytes | None) -> Ints:
        return np.asarray(super().array(sent).astype(np.int64))


class Answers(Column):
    """Yes or no; what was not answered is no."""

    template, kind = "string_agg(boolsend(coalesce(%(expressions)s, false)), '')", "?"

    def array(self, sent: bytes | None) -> Bools:
        return np.asarray(super().array(sent))


def in_one_row(rows, columns: dict[str, Column]):
    """Of all ``rows`` one, also of none: as ``aggregate`` asks it, but not asked yet."""
    return rows.order_by().values(all_of_them=Value(True)).annotate(**columns)
