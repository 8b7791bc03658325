"""What one treatment's numbers allow to be said. Codes only: the words live in templates.

A verdict is no value of its own. It is read from a `Finding`, which cannot exist without the
estimate, interval and counts that the words have to stand beside.
"""

from __future__ import annotations

from dataclasses import dataclass

from apps.comparisons.engine.regression import always_valid_half_width, t_975

FEWEST_PAIRS = 8
FEWEST_COMPARABLE_WAITS = 5
FEWEST_ASKED_WAITS = 5
MOST_MISSING = 0.40
MISSING_THAT_MATTERS = 0.15
NOTICEABLE, LARGE = 1.0, 2.0

VERDICTS = (
    "too_early",
    "cannot_separate",
    "not_comparable",
    "too_many_missing",
    "probably_helps",
    "probably_worse",
    "no_difference",
    "may_help",
    "may_worsen",
    "cannot_tell",
)
LEANING = ("may_help", "may_worsen")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Difference from waiting in NRS points, negative = less pain, with what it stands on.

    `strict` is the same difference against app-asked waits alone, None under 5 of those.
    `se` is 0 where the ratings leave no spread at all (whole points can do that); the interval
    and the always-valid bound then have no width, and the counts are what stands against it.
    """

    difference: float
    se: float
    degrees: int
    strict: float | None

    @property
    def half_width(self) -> float:
        return self.se * t_975(self.degrees)


@dataclass(frozen=True, slots=True)
class Finding:
    """One treatment: counts, means, estimate and the verdict that follows from them.

    `sessions` are all of its sessions, `pairs` those with a rating 10 minutes to 8 hours later
    that the model uses, `waits` the waits it is compared with, `comparable_waits` those within
    1 point of the median before-rating of its sessions, `unrated` its sessions without such a
    rating after (never rated, or so late that it no longer says what the session did).
    Means and differences are NRS points, None where there is nothing to take them of.
    """

    treatment: str
    sessions: int
    pairs: int
    unrated: int
    waits: int
    comparable_waits: int
    asked_waits: int
    missing_waits: float
    mean_before: float | None
    raw_change: float | None
    together_with: tuple[str, ...]
    is_separable: bool
    pairs_short: int
    estimate: Estimate | None

    @property
    def missing(self) -> float:
        """Share of its sessions without a usable rating after, 0 to 1."""
        return self.unrated / self.sessions

    @property
    def difference(self) -> float | None:
        """Difference from waiting at the same starting pain; negative = less pain."""
        return self.estimate and self.estimate.difference

    @property
    def expected_change(self) -> float | None:
        """What the model expects of the same sessions had the person waited.

        The prediction with this treatment's column set to 0, less the mean before. Least squares
        makes the treated residuals sum to zero, so it is exactly raw change - difference.
        """
        return self.estimate and self.raw_change - self.estimate.difference

    @property
    def se(self) -> float | None:
        return self.estimate and self.estimate.se

    @property
    def low(self) -> float | None:
        """Lower end of the 95 % interval."""
        return self.estimate and self.estimate.difference - self.estimate.half_width

    @property
    def high(self) -> float | None:
        """Upper end of the 95 % interval."""
        return self.estimate and self.estimate.difference + self.estimate.half_width

    @property
    def always_valid_half_width(self) -> float | None:
        return self.estimate and always_valid_half_width(self.estimate.se, self.estimate.degrees)

    @property
    def strict(self) -> float | None:
        """The difference from app-asked waits alone; None under 5 of those."""
        return self.estimate and self.estimate.strict

    @property
    def tipping_point(self) -> float | None:
        """Points of kinder (or harsher) rating that would undo the result.

        Distance from 0 to the nearer end of the interval; None where the interval holds 0.
        """
        if self.estimate is None or self.low <= 0 <= self.high:
            return None
        return min(abs(self.low), abs(self.high))

    @property
    def size(self) -> str | None:
        """`small` (under 1 point), `noticeable` (1 to 2) or `large` (2 or more)."""
        if self.estimate is None:
            return None
        points = abs(self.estimate.difference)
        return "large" if points >= LARGE else "noticeable" if points >= NOTICEABLE else "small"

    @property
    def verdict(self) -> str:
        """One of VERDICTS: the first whose condition holds (method, section 3).

        Without an estimate (too few days or degrees of freedom, or all on one day) it is
        `too_early` too, whatever the counts.
        """
        if self.pairs < FEWEST_PAIRS or self.waits < FEWEST_PAIRS:
            return "too_early"
        if self.together_with or not self.is_separable:
            return "cannot_separate"
        if self.estimate is None:
            return "too_early"
        if self.comparable_waits < FEWEST_COMPARABLE_WAITS:
            return "not_comparable"
        if self.missing > MOST_MISSING:
            return "too_many_missing"
        return self._by_size()

    @property
    def why_unsure(self) -> str:
        """Why no more is said although the 95 % interval lies wholly on one side of 0; else "".

        `looking`: within the bound that holds for looking every day, it could be no difference.
        `missing`: it would not hold if the sessions that were not rated had made no difference.
        `not_asked`: the strict estimate is missing. `asked_differ`: it is not above 0.
        """
        if self.tipping_point is None:
            return ""
        verdict = self.verdict
        if verdict == "cannot_tell":
            return "missing"
        if verdict not in LEANING:
            return ""
        if abs(self.difference) <= self.always_valid_half_width:
            return "looking"
        if verdict == "may_help":
            return "missing"
        return "not_asked" if self.strict is None else "asked_differ"

    def _by_size(self) -> str:
        if self._clearly_below(self.always_valid_half_width, always_damped=True):
            return "probably_helps"
        is_clearly_worse = self.difference - self.always_valid_half_width > 0
        if is_clearly_worse and self.strict is not None and self.strict > 0:
            return "probably_worse"
        if self.low > -NOTICEABLE and self.high < NOTICEABLE:
            return "no_difference"
        return self._leaning()

    def _clearly_below(self, half_width: float, *, always_damped: bool) -> bool:
        damped = self._damped if always_damped else self.difference
        return self.difference + half_width < 0 and damped + half_width < 0

    @property
    def _damped(self) -> float:
        """The difference if unrated sessions had shown none."""
        return self.difference * (1 - self.missing)

    def _leaning(self) -> str:
        half = self.estimate.half_width
        centre = self._damped if self.missing > MISSING_THAT_MATTERS else self.difference
        if self.high < 0 and centre + half < 0:
            return "may_help"
        if self.low > 0 and centre - half > 0:
            return "may_worsen"
        return "cannot_tell"
