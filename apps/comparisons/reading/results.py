"""Comparisons for the pages: worked out once per change of the diary, then kept.

A result is kept with the number of the diary's revision (counted by the database) and the
version of the arithmetic; where either has moved on, it is worked out again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, replace
from datetime import date

from django.db.models import OuterRef, Subquery
from psycopg.types.json import Jsonb

from apps.comparisons.engine.regression import Effect
from apps.comparisons.engine.stats import ARITHMETIC, Comparison, Difference, compare
from apps.comparisons.engine.verdicts import Comparable, Estimate, Finding, Unanswered, Waits
from apps.comparisons.models import BY_VERSION_1, KeptComparison
from apps.comparisons.reading.whole.diary import whole_diary
from apps.conditions.models import Condition
from apps.diary.models import Revision
from apps.diary.self_tests.sealing import sealed_names
from config.postgres.compiled import compiled
from config.postgres.read_only import write_if_possible

# In one statement: two by Django's models take ten times as long to be put into SQL.
NEWER = """
    WITH newer AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(newer)s) AS each (
            user_id bigint, condition_id bigint, filters text, method text, revision bigint,
            values jsonb
        )
    ), older AS (
        DELETE FROM comparisons_keptcomparison AS kept USING newer
        WHERE (kept.user_id, kept.condition_id) = (newer.user_id, newer.condition_id)
            AND kept.revision <> newer.revision AND kept.filters <> %(by_version_1)s
            AND kept.filters NOT IN (SELECT filters FROM newer)
    )
    INSERT INTO comparisons_keptcomparison
        (user_id, condition_id, filters, method, revision, values)
    SELECT user_id, condition_id, filters, method, revision, values FROM newer
    ON CONFLICT (user_id, condition_id, filters) DO UPDATE
        SET (method, revision, values) = (excluded.method, excluded.revision, excluded.values)
"""
_newer: ContextVar[dict[tuple, dict] | None] = ContextVar("newer", default=None)


def comparison_of(
    user,
    condition: Condition,
    *,
    side: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    keep: bool = True,
) -> Comparison:
    """Each treatment against waiting, for the sessions of one condition, side and range of days.

    One query where it is kept; else those for the diary's rows and those that keep it, too.
    ``keep=False`` only reads: what is kept is used, what is not is worked out and not kept.
    """
    limits = {"side": side, "first_day": first_day, "last_day": last_day}

    def work_out():
        sessions, ratings, tosses = whole_diary(user, condition, **limits)
        found = compare(sessions, ratings, tosses=tosses)
        return to_values(without(found, sealed_names(user, condition)))

    filters = f"{side}|{first_day or ''}|{last_day or ''}"
    return from_values(kept(user, condition, filters, ARITHMETIC, work_out, keep=keep))


def without(comparison: Comparison, names: set[str]) -> Comparison:
    """A comparison that says nothing of these treatments."""
    return replace(
        comparison,
        findings=tuple(f for f in comparison.findings if f.treatment not in names),
        differences=tuple(d for d in comparison.differences if not {d.first, d.second} & names),
    )


def kept(
    user,
    condition: Condition,
    filters: str,
    method: str,
    work_out: Callable[[], dict],
    *,
    keep: bool = True,
) -> dict:
    """What ``work_out`` gave at this revision of the diary, else what it gives now."""
    asked = {"condition": condition.pk, "filters": filters, "method": method}
    revision, values = next(iter(_kept(user=user.pk, **asked)), (0, None))
    if values is not None:
        return values
    with _written_together() as newer:
        values = work_out()
        if keep:
            key = {"user_id": user.pk, "condition_id": condition.pk, "filters": filters}
            row = key | {"method": method, "revision": revision, "values": values}
            newer[tuple(key.values())] = row
    return values


@contextmanager
def _written_together() -> Iterator[dict[tuple, dict]]:
    """What is worked out for something else that is kept is written with it, at its end."""
    outer = _newer.get()
    if outer is not None:
        yield outer
        return
    newer: dict[tuple, dict] = {}
    token = _newer.set(newer)
    try:
        yield newer
    finally:
        _newer.reset(token)
    if newer:
        rows = {"newer": Jsonb([*newer.values()]), "by_version_1": BY_VERSION_1}
        write_if_possible(NEWER, rows)


@compiled
def _kept(*, user: int, condition: int, filters: str, method: str):
    """The diary's revision, and what is kept at it; none where nothing was ever written."""
    rows = KeptComparison.objects.for_user(user).filter(revision=OuterRef("number"))
    rows = rows.filter(condition=condition, filters=filters, method=method)
    revisions = Revision.objects.filter(user=user)
    return revisions.values_list("number", Subquery(rows.values("values")[:1]))


def to_values(comparison: Comparison) -> dict:
    """As plain values that JSON can hold, to the last digit."""
    return asdict(comparison)


def from_values(values: dict) -> Comparison:
    findings = tuple(_finding(**finding) for finding in values["findings"])
    differences = tuple(Difference(**difference) for difference in values["differences"])
    waiting = Waits(**values["waiting"])
    known = {"findings": findings, "differences": differences, "waiting": waiting}
    return Comparison(**values | known)


def _finding(
    *, together_with, waiting, comparable, estimate=None, **values
) -> Finding | Unanswered:
    counted = values | {
        "together_with": tuple(together_with),
        "waiting": Waits(**waiting),
        "comparable": Comparable(**comparable),
    }
    return Finding(**counted, estimate=_estimate(**estimate)) if estimate else Unanswered(**counted)


def _estimate(*, strict, as_randomised, **values) -> Estimate:
    by_waits, by_coin = (each and Effect(**each) for each in (strict, as_randomised))
    return Estimate(**values, strict=by_waits, as_randomised=by_coin)
