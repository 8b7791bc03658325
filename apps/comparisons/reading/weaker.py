"""What version 1 of the method said "probably" of and version 2 does not: said once, on Compare.

What version 1 had worked out for a whole diary when version 2 came is kept under filters of its
own (migration 0002), with the day on which it was looked at first.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from apps.comparisons.engine.regression import always_valid_half_width
from apps.comparisons.engine.stats import Comparison
from apps.comparisons.models import BY_VERSION_1, KeptComparison
from config.postgres.compiled import compiled

HELPS, WORSE = "probably_helps", "probably_worse"
FEWEST_PAIRS, FEWEST_COMPARABLE_WAITS, MOST_MISSING = 8, 5, 0.40


def weaker_since_version_1(user, condition, comparison: Comparison, *, at: datetime) -> list[str]:
    """Names of the treatments of which less is said now; empty from the day after the first look.

    Only of those that the comparison tells of: what a running self-test seals stays sealed.
    """
    rows = _by_version_1(user=user.pk, condition=condition.pk)
    row, today = next(iter(rows), None), at.astimezone(user.zone).date().isoformat()
    if row is None or row.values.setdefault("seen_on", today) != today:
        return []
    KeptComparison.objects.for_user(user).filter(pk=row.pk).update(values=row.values)
    now = {finding.treatment: finding.verdict for finding in comparison.findings}
    before = probably_by_version_1(row.values["findings"])
    return [name for name, verdict in before if now.get(name, verdict) != verdict]


@compiled
def _by_version_1(*, user: int, condition: int):
    return KeptComparison.objects.for_user(user).filter(condition=condition, filters=BY_VERSION_1)


def probably_by_version_1(findings: Iterable[dict]) -> Iterator[tuple[str, str]]:
    """Name and verdict of the findings of which version 1 said "probably", as it is kept."""
    for finding in findings:
        if (found := finding["estimate"]) and _has_enough(finding):
            half = always_valid_half_width(found["se"], found["degrees"])
            if found["difference"] * (1 - _missing(finding)) + half < 0:
                yield finding["treatment"], HELPS
            elif found["difference"] - half > 0 and (found["strict"] or 0) > 0:
                yield finding["treatment"], WORSE


def _has_enough(finding: dict) -> bool:
    return (
        min(finding["pairs"], finding["waits"]) >= FEWEST_PAIRS
        and finding["is_separable"]
        and not finding["together_with"]
        and finding["comparable_waits"] >= FEWEST_COMPARABLE_WAITS
        and _missing(finding) <= MOST_MISSING
    )


def _missing(finding: dict) -> float:
    return finding["unrated"] / finding["sessions"]
