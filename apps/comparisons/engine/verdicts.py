"""What one treatment's numbers allow to be said. Codes only: the words live in templates.

A verdict is no value of its own. It is read from a `Finding`, which cannot exist without the
estimate, interval and counts that the words have to stand beside, or from an `Unanswered`,
which can only say that nothing can be said, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from apps.comparisons.engine.regression import Effect

FEWEST_PAIRS = 8
FEWEST_COMPARABLE_WAITS = 5
FEWEST_ASKED_WAITS = 5
MOST_MISSING_PERCENT = 40
MISSING_THAT_MATTERS_PERCENT = 15
WORSE_IF_UNRATED = 1.25  # NRS points
FEWEST_ASKS = 10
MOST_SKIPPED_PERCENT = 30
AS_RANDOMISED_ERRORS = 1.645
NOTICEABLE, LARGE = 1.0, 2.0
KINDER = 0.5  # NRS points

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
SETTLED = ("probably_helps", "probably_worse", "no_difference")
CONDITIONS = ("pain", "hour", "interval")


def is_over(part: int, whole: int, percent: int) -> bool:
    """Whether that is over so many per cent, told from the counts: exactly as many is not."""
    return 100 * part > percent * whole


def share(part: int, whole: int) -> float:
    """0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Comparable:
    """Rated waits that meet each condition by itself, and those that meet all three."""

    pain: int
    hour: int
    interval: int
    all_three: int

    @property
    def scarcest(self) -> str:
        """The condition that the fewest waits meet, the first of those that tie."""
        return min(CONDITIONS, key=lambda condition: int(getattr(self, condition)))


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of a condition, and how often its coin asked for them.

    `rated` are those that make a pair, `asked_rated` those of them that the app asked for; `all`
    and `asked` count the others too. `asks` are the coin's questions, `skipped` those answered
    by starting at once. `recent` are the rated ones that 28 days have at the diary's latest pace;
    None in its first two weeks, when no pace is known yet.
    """

    rated: int
    all: int
    asked_rated: int
    asked: int
    asks: int = 0
    skipped: int = 0
    recent: float | None = 0

    @property
    def unrated(self) -> int:
        return self.all - self.rated

    @property
    def asked_unrated(self) -> int:
        return self.asked - self.asked_rated

    @property
    def is_often_skipped(self) -> bool:
        is_enough = self.asks >= FEWEST_ASKS
        return is_enough and is_over(self.skipped, self.asks, MOST_SKIPPED_PERCENT)


@dataclass(frozen=True, slots=True)
class Estimate(Effect):
    """Difference from waiting in NRS points, negative = less pain.

    `strict` is the same against app-asked waits alone; `as_randomised` what being asked changed,
    by the share of asks that were followed. None where they cannot be told.
    """

    strict: Effect | None = None
    as_randomised: Effect | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known of a treatment without any estimate: its counts, and its own means.

    `sessions` are all of its sessions, `pairs` those that the model uses, `unrated` its sessions
    that make no pair: never rated, too late, or with something else taken or done in between.
    Means are NRS points, None where there is nothing to take them of; `minutes_after` is the
    median from the start to the rating after it. `pairs_short` is how many pairs the model lacks
    for an estimate, as far as they alone are the reason; `recent` are the pairs that 28 days
    have at its latest pace, None under two weeks after its first session.
    """

    treatment: str
    sessions: int
    pairs: int
    unrated: int
    waiting: Waits
    comparable: Comparable
    mean_before: float | None
    raw_change: float | None
    minutes_after: float | None
    together_with: tuple[str, ...]
    is_separable: bool
    pairs_short: int
    recent: float | None

    @property
    def waits(self) -> int:
        """The rated waits that it is compared with."""
        return self.waiting.rated

    @property
    def asked_waits(self) -> int:
        return self.waiting.asked_rated

    @property
    def comparable_waits(self) -> int:
        return self.comparable.all_three

    @property
    def missing(self) -> float:
        """Share of its sessions that are unrated, 0 to 1."""
        return share(self.unrated, self.sessions)

    @property
    def missing_waits(self) -> float:
        return share(self.waiting.unrated, self.waiting.all)

    @property
    def missing_asked_waits(self) -> float:
        return share(self.waiting.asked_unrated, self.waiting.asked)

    @property
    def _is_early(self) -> bool:
        return self.pairs < FEWEST_PAIRS or self.waits < FEWEST_PAIRS

    @property
    def _is_inseparable(self) -> bool:
        return bool(self.together_with) or not self.is_separable


@dataclass(frozen=True, slots=True)
class Unanswered(Counted):
    """A treatment without an estimate: it has no numbers, and no verdict that would need them."""

    estimate: ClassVar[None] = None
    is_told: ClassVar[bool] = False

    @property
    def verdict(self) -> str:
        """`too_early` or `cannot_separate`."""
        return "cannot_separate" if self._is_inseparable and not self._is_early else "too_early"

    @property
    def why_unsure(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Finding(Counted):
    """A treatment with its estimate, and the verdict that follows from all its numbers."""

    mean_before: float
    raw_change: float
    minutes_after: float
    estimate: Estimate

    @property
    def is_told(self) -> bool:
        """Whether its number is said and drawn: not under 8 pairs, which can come to anything."""
        return not self._is_early

    @property
    def difference(self) -> float:
        """Difference from waiting at the same starting pain; negative = less pain."""
        return self.estimate.difference

    @property
    def expected_change(self) -> float:
        """What the model expects of the same sessions had the person waited.

        The prediction with this treatment's column set to 0, less the mean before. Least squares
        makes the treated residuals sum to zero, so it is exactly raw change - difference.
        """
        return self.raw_change - self.estimate.difference

    @property
    def se(self) -> float:
        return self.estimate.se

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval."""
        return self.estimate.difference - self.estimate.half_width

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval."""
        return self.estimate.difference + self.estimate.half_width

    @property
    def always_valid_half_width(self) -> float:
        return self.estimate.always_valid_half_width

    @property
    def strict(self) -> float | None:
        """The difference from app-asked waits alone; None where it cannot be told."""
        return None if self.estimate.strict is None else self.estimate.strict.difference

    @property
    def tipping_point(self) -> float | None:
        """Points of kinder (or harsher) rating that would undo the result.

        Distance from 0 to the nearer end of the interval; None where the interval holds 0.
        """
        return None if self._holds_zero else min(abs(self.low), abs(self.high))

    @property
    def would_stand_if_kinder(self) -> bool:
        """Whether it would be as sure a help if each session had been rated half a point kinder
        than it was."""
        return self._moved(self.difference) + self.always_valid_half_width < -KINDER

    @property
    def size(self) -> str:
        """`small` (under 1 point), `noticeable` (1 to 2) or `large` (2 or more), as printed."""
        points = round(abs(self.difference), 1)
        return "large" if points >= LARGE else "noticeable" if points >= NOTICEABLE else "small"

    @property
    def verdict(self) -> str:
        """One of VERDICTS: the first whose condition holds (method, section 3)."""
        if self._is_early:
            return "too_early"
        if self._is_inseparable:
            return "cannot_separate"
        if self.comparable_waits < FEWEST_COMPARABLE_WAITS:
            return "not_comparable"
        if self._too_many_missing:
            return "too_many_missing"
        return self._by_size()

    @property
    def why_unsure(self) -> str:
        """Why no more is said; "" where nothing is left open, or the interval holds 0.

        `pain`, `hour`, `interval`: there are too few waits like its sessions in that.
        `missing`, `missing_waits`: of its sessions, or of the waits, too many are not rated.
        `looking`: within the bound that holds for looking every day, it could be no difference.
        `not_asked`: too few waits that the app asked for. `asked_differ`: these alone do not say
        it clearly. `skipped`: the coin's asks were often skipped, and what it asked for does not
        bear it out.
        """
        verdict = self.verdict
        if verdict == "not_comparable":
            return self.comparable.scarcest
        if verdict == "too_many_missing":
            return self._too_many_missing
        if verdict in LEANING:
            return self._doubt()
        if verdict == "cannot_tell" and not self._holds_zero:
            reaches_zero = self._kept_of_missing <= self.estimate.half_width
            return "missing" if reaches_zero else "missing_waits"
        return ""

    @property
    def _holds_zero(self) -> bool:
        return self.low <= 0 <= self.high

    @property
    def _too_many_missing(self) -> str:
        """`missing` or `missing_waits`, the first that is over its limit; else ""."""
        if is_over(self.unrated, self.sessions, MOST_MISSING_PERCENT):
            return "missing"
        too_many = is_over(self.waiting.unrated, self.waiting.all, MOST_MISSING_PERCENT)
        return "missing_waits" if too_many else ""

    @property
    def _sign(self) -> int:
        return (self.difference > 0) - (self.difference < 0)

    def _moved(self, value: float) -> float:
        """The same if unrated sessions had ended 1.25 points worse, and unrated waits better."""
        return value - self._sign * WORSE_IF_UNRATED * (self.missing + self.missing_waits)

    @property
    def _kept_of_missing(self) -> float:
        """What its own unrated sessions leave of the size, in NRS points."""
        return abs(self.difference) - WORSE_IF_UNRATED * self.missing

    def _by_size(self) -> str:
        is_less = self.difference < 0
        if self._sign and not self._doubt():
            return "probably_helps" if is_less else "probably_worse"
        if self.low > -NOTICEABLE and self.high < NOTICEABLE:
            return "no_difference"
        if not self._holds_zero and self._leans:
            return "may_help" if is_less else "may_worsen"
        return "cannot_tell"

    def _doubt(self) -> str:
        """The first condition of "probably" that fails, as a code of `why_unsure`; else ""."""
        half_width = self.always_valid_half_width
        if abs(self.difference) <= half_width:
            return "looking"
        if self._kept_of_missing <= half_width:
            return "missing"
        if self._sign * self._moved(self.difference) <= half_width:
            return "missing_waits"
        return self._doubt_of_the_coin()

    def _doubt_of_the_coin(self) -> str:
        strict, as_randomised = self.estimate.strict, self.estimate.as_randomised
        if strict is None:
            return "not_asked"
        unrated = self.missing + self.missing_asked_waits
        if self._sign * strict.difference - WORSE_IF_UNRATED * unrated <= (
            strict.always_valid_half_width
        ):
            return "asked_differ"
        if not self.waiting.is_often_skipped:
            return ""
        if as_randomised is None:
            return "skipped"
        least = AS_RANDOMISED_ERRORS * as_randomised.se
        return "" if self._sign * as_randomised.difference > least else "skipped"

    @property
    def _leans(self) -> bool:
        """Whether the interval stays on its side of 0 where many missing ones have to be moved."""
        waiting, percent = self.waiting, MISSING_THAT_MATTERS_PERCENT
        too_many = is_over(self.unrated, self.sessions, percent) or is_over(
            waiting.unrated, waiting.all, percent
        )
        moved = self._moved(self.difference)
        return not too_many or self._sign * moved > self.estimate.half_width
