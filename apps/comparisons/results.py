"""Comparisons for the pages: worked out once per change of the diary, then kept.

A result is kept with the number of the diary's revision (counted by the database) and the
method's version; where either has moved on, it is worked out again.
"""

from dataclasses import asdict
from datetime import date

from apps.comparisons import pairs
from apps.comparisons.models import KeptComparison
from apps.comparisons.stats import METHOD, Comparison, Difference, compare
from apps.comparisons.verdicts import Estimate, Finding
from apps.conditions.models import Condition
from apps.diary.models import Revision


def comparison_of(
    user,
    condition: Condition,
    *,
    side: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> Comparison:
    """Each treatment against waiting, for the sessions of one condition, side and range of days.

    Two queries where it is kept; else two more for the diary's rows and one to keep it.
    """
    filters = f"{side}|{first_day or ''}|{last_day or ''}"
    revision = Revision.number_of(user)
    kept = KeptComparison.objects.for_user(user).filter(condition=condition)
    row = kept.filter(filters=filters).first()
    if row and (row.revision, row.method) == (revision, METHOD):
        return from_values(row.values)
    limits = {"side": side, "first_day": first_day, "last_day": last_day}
    comparison = compare(
        pairs.sessions_of(user, condition, **limits),
        pairs.ratings_of(user, condition, **limits),
        user.zone,
    )
    kept.exclude(revision=revision).delete()
    KeptComparison.objects.update_or_create(
        user=user,
        condition=condition,
        filters=filters,
        defaults={"revision": revision, "method": METHOD, "values": to_values(comparison)},
    )
    return comparison


def to_values(comparison: Comparison) -> dict:
    """As plain values that JSON can hold, to the last digit."""
    return asdict(comparison)


def from_values(values: dict) -> Comparison:
    findings = tuple(_finding(**finding) for finding in values["findings"])
    differences = tuple(Difference(**difference) for difference in values["differences"])
    return Comparison(**{**values, "findings": findings, "differences": differences})


def _finding(*, estimate, together_with, **values) -> Finding:
    return Finding(
        **values,
        together_with=tuple(together_with),
        estimate=Estimate(**estimate) if estimate else None,
    )
