"""What a comparison says: each treatment's finding, and the differences between any two."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from apps.comparisons.engine.forecast import needed
from apps.comparisons.engine.verdicts import Finding, Unanswered, Waits, share

METHOD = "2"
ARITHMETIC = "2.3"  # moves with every number it gives: what an older one gave is worked out anew


@dataclass(frozen=True, slots=True)
class Difference:
    """One treatment less another, in NRS points; negative = less pain after the first.

    `low` to `high` is the 95 % interval from the joint variance of both coefficients. Told apart
    are two with 8 pairs or more each, whose difference is over the bound that holds for looking
    every day; the overlap of their own intervals says nothing, for they share the same waits.
    """

    first: str
    second: str
    estimate: float
    se: float
    low: float
    high: float
    is_told_apart: bool

    def turned(self) -> Difference:
        """The same, as `second` less `first`."""
        return replace(
            self,
            first=self.second,
            second=self.first,
            estimate=-self.estimate,
            low=-self.high,
            high=-self.low,
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "second": self.second,
            "difference": self.estimate,
            "se": self.se,
            "low": self.low,
            "high": self.high,
            "told_apart": self.is_told_apart,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every treatment's finding, sorted by name, and the counts the model stands on.

    `pairs` (with the rated waits among them) and `days` are those in the model: pairs of a
    treatment rated fewer than twice are not in it. `differences` are those between any two
    treatments that the diary can compare with each other, each once, the first by name first.
    """

    findings: tuple[Finding | Unanswered, ...]
    pairs: int
    days: int
    waiting: Waits
    differences: tuple[Difference, ...] = ()
    method: str = METHOD

    def __iter__(self) -> Iterator[Finding | Unanswered]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, treatment: str) -> Finding | Unanswered:
        for finding in self.findings:
            if finding.treatment == treatment:
                return finding
        raise KeyError(treatment)

    @property
    def waits(self) -> int:
        return self.waiting.rated

    @property
    def answered(self) -> list[Finding]:
        """Those with an estimate."""
        return [finding for finding in self.findings if isinstance(finding, Finding)]

    def difference(self, first: str, second: str) -> Difference | None:
        """`first` less `second` with its own 95 % interval; None where it cannot be told."""
        for found in self.differences:
            if (found.first, found.second) == (first, second):
                return found
            if (found.first, found.second) == (second, first):
                return found.turned()
        return None

    def not_told_apart(self) -> list[tuple[str, str]]:
        """Pairs of treatments with an estimate of which neither may be put before the other."""
        names = [finding.treatment for finding in self.answered]
        apart = {(each.first, each.second) for each in self.differences if each.is_told_apart}
        return [two for two in combinations(names, 2) if two not in apart]

    def is_none_told_apart(self) -> bool:
        """Whether there are two estimates or more and none may be put before another."""
        known = len(self.answered)
        return known > 1 and len(self.not_told_apart()) == known * (known - 1) // 2

    def as_dict(
        self,
        *,
        as_of: datetime.datetime | None = None,
        condition: str | None = None,
        kinds: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The machine-readable result (method, section 8): plain numbers, None where unknown.

        `kinds` maps a treatment's name to its kind; a name it lacks has None.
        """
        waiting = self.waiting
        return {
            "method": self.method,
            "as_of": as_of and as_of.isoformat(),
            "condition": condition,
            "pairs": self.pairs,
            "waits": waiting.rated,
            "asked_waits": waiting.asked_rated,
            "days": self.days,
            "missing_waits": share(waiting.unrated, waiting.all),
            "missing_asked_waits": share(waiting.asked_unrated, waiting.asked),
            "asks": waiting.asks,
            "skipped": waiting.skipped,
            "treatments": [_as_dict(f, (kinds or {}).get(f.treatment)) for f in self.findings],
            "differences": [difference.as_dict() for difference in self.differences],
            "self_tests": [],
        }


def _as_dict(finding: Finding | Unanswered, kind: str | None) -> dict[str, Any]:
    sessions_needed, waits_needed = needed(finding)
    return {
        "treatment": finding.treatment,
        "kind": kind,
        "pairs": finding.pairs,
        "sessions": finding.sessions,
        "missing": finding.missing,
        "comparable_waits": finding.comparable_waits,
        "mean_before": finding.mean_before,
        "raw_change": finding.raw_change,
        **_numbers(finding),
        "verdict": finding.verdict,
        "why_unsure": finding.why_unsure,
        "sessions_needed": sessions_needed,
        "waits_needed": waits_needed,
        "together_with": list(finding.together_with),
    }


_NUMBERS = ("expected_change", "difference", "se", "low", "high", "always_valid_half_width")
_BY_WAITS = ("strict", "strict_se", "strict_always_valid_half_width")
_BY_COIN = ("as_randomised", "as_randomised_se")


def _numbers(finding: Finding | Unanswered) -> dict[str, float | None]:
    """What stands on the estimate; None where there is none."""
    numbers: dict[str, float | None] = dict.fromkeys((*_NUMBERS, *_BY_WAITS, *_BY_COIN))
    if isinstance(finding, Finding):
        numbers |= {name: getattr(finding, name) for name in _NUMBERS}
        strict, by_coin = finding.estimate.strict, finding.estimate.as_randomised
        if strict is not None:
            values = (strict.difference, strict.se, strict.always_valid_half_width)
            numbers |= dict(zip(_BY_WAITS, values, strict=True))
        if by_coin is not None:
            numbers |= dict(zip(_BY_COIN, (by_coin.difference, by_coin.se), strict=True))
    return numbers
