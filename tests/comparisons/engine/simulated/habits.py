"""Ordinary habits that make a useless treatment look helpful: each a case of its own.

In each nothing works. What a person does, answers or rates depends on something that the
before-rating does not hold: mostly on where the pain is about to go, which people feel coming
with some error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.comparisons.engine.simulated.courses import PER_DAY, PER_HOUR
from tests.comparisons.engine.simulated.people import NOTHING, Case
from tests.comparisons.engine.simulated.simulator import START, Diary, Person, simulate

AHEAD = 45 // 5  # points of the course that people feel coming
FEELING_ERROR = 0.6  # sd, NRS points
SURE = 0.5  # NRS points that must be coming for people to act on it
RELIEF_OF_REST = -1.2
TABLET = -2.0


class Feeling(Person):
    """Somebody who feels whether the pain is about to rise or to ease."""

    def coming(self, at: int) -> float:
        """Change of pain over the next 45 minutes as it is felt, NRS points."""
        return self.pain[at + AHEAD] - self.pain[at] + self.rng.normal(0, FEELING_ERROR)


class LeavesOutEasedWaits(Person):
    def is_unrated(self, used: tuple[str, ...], before: int, after: int) -> bool:
        if used:
            return super().is_unrated(used, before, after)
        return self.rng.random() < (0.70 if after < before else 0.05)


class LeavesOutBoth(Person):
    """Treated sessions that did not ease, and waits that did."""

    def is_unrated(self, used: tuple[str, ...], before: int, after: int) -> bool:
        if used:
            return self.rng.random() < (0.45 if after >= before else 0.05)
        return self.rng.random() < (0.60 if after < before else 0.05)


class RestsAtWeekend(Person):
    """Lies down whenever something is done about it at a weekend, and treats only then."""

    def is_weekend(self, at: int) -> bool:
        return (START.weekday() + at // PER_DAY) % 7 >= 5

    def chances(self, before: int, at: int) -> tuple[float, float]:
        treats, waits = super().chances(before, at)
        return (treats, 0.0) if self.is_weekend(at) else (0.0, waits)

    def start(self, at: int, before: int) -> int:
        self.relieve(at, at + AHEAD, RELIEF_OF_REST)
        return super().start(at, before)


class TreatsWhenEasing(Feeling):
    def chances(self, before: int, at: int) -> tuple[float, float]:
        treats, waits = super().chances(before, at)
        return treats * (1.3 if self.coming(at) < -SURE else 0.1), waits


class TreatsAndSkipsWhenEasing(TreatsWhenEasing):
    def says_yes(self, at: int) -> bool:
        return self.rng.random() < (0.2 if self.coming(at) < -SURE else 0.9)


class SkipsWhenEasing(Feeling):
    """Two in five of the coin's asks, mostly those at which it is about to ease."""

    def says_yes(self, at: int) -> bool:
        return self.rng.random() < (0.2 if self.coming(at) < -SURE else 0.88)


class WaitsWhileRising(Feeling):
    def chances(self, before: int, at: int) -> tuple[float, float]:
        treats, waits = super().chances(before, at)
        return treats, waits * (2.5 if self.coming(at) > 0 else 0.05)


class RatesLateWhenItHurts(Person):
    """Treated sessions: 2 to 4 hours later where it has not eased by then."""

    def rated_at(self, at: int, used: tuple[str, ...], before: int, due: float) -> int:
        usual = super().rated_at(at, used, before, due)
        if used and self.rate(usual) >= before and self.rng.random() < 0.75:
            return at + int(self.rng.integers(2 * PER_HOUR, 4 * PER_HOUR + 1))
        return usual


class RatesMatAtNinety(Person):
    """The mat after 90 minutes, all else and every wait after 45."""

    def due_of(self, used: tuple[str, ...]) -> float:
        return 90.0 if "Mat" in used else 45.0

    def wait(self, at: int, before: int, due: float, *, is_asked: bool = False) -> int:
        return super().wait(at, before, 45.0, is_asked=is_asked)


class SaysYesWhenRising(Feeling):
    def says_yes(self, at: int) -> bool:
        return self.rng.random() < (0.95 if self.coming(at) > 0 else 0.15)


class TreatsMorningsWaitsEvenings(Person):
    """Stiff on waking, easing by itself: treats then, and waits only from five o'clock on."""

    def chances(self, before: int, at: int) -> tuple[float, float]:
        treats, waits = super().chances(before, at)
        hour = at % PER_DAY / PER_HOUR
        return treats * (hour < 11), waits * (hour >= 17)


class TakesTablet(Person):
    """In three of ten treated sessions, without a word of it in the diary."""

    def treat(self, at: int, before: int, used: tuple[str, ...]) -> int:
        if self.rng.random() < 0.30:
            self.relieve(at, at + AHEAD, TABLET)
        return super().treat(at, before, used)


class RatesKinder(Person):
    """Half a point lower after doing something than the pain is."""

    def rate_again(self, at: int, used: tuple[str, ...]) -> int:
        return self.rate(at, kindness=0.5)


@dataclass(frozen=True)
class Habit:
    """A way of keeping a diary for a year, of three treatments that do nothing."""

    name: str
    person: type[Person]
    changes: dict = field(default_factory=dict)

    def case(self, coin: int | None, days: int = 365) -> Case:
        usual = Case(self.name, days=days, effects=dict(NOTHING), coin=coin)
        return replace(usual, **self.changes)

    def diary(self, coin: int | None, seed: int, days: int = 365) -> Diary:
        return simulate(self.case(coin, days), seed, self.person)


FEW_MISSING = {"missing": 0.05, "missing_waits": 0.05}
WAITS_LITTLE = {"wait_share": 0.05}  # unasked: then the coin's waits are nearly all there are

HABITS = (
    Habit("waits that eased are not rated", LeavesOutEasedWaits),
    Habit("both kinds rated selectively", LeavesOutBoth),
    Habit("rests at the weekend and treats only then", RestsAtWeekend, {"treat_most": 0.9}),
    Habit("treats when it is about to ease", TreatsWhenEasing),
    Habit("treats when it is about to ease and skips the coin then", TreatsAndSkipsWhenEasing),
    Habit("waits unasked while it rises", WaitsWhileRising),
    Habit("rates late when it still hurts", RatesLateWhenItHurts, FEW_MISSING),
    Habit(
        "rates one treatment after 90 minutes and waits after 45",
        RatesMatAtNinety,
        {"fast_sd": 1.8, "fast_hours": 1.0},
    ),
    Habit("says yes to the coin mostly when it will rise", SaysYesWhenRising, WAITS_LITTLE),
    Habit(
        "treats only mornings and waits only evenings",
        TreatsMorningsWaitsEvenings,
        {"stiffness": 4.0, "treat_most": 0.95},
    ),
    Habit(
        "treats when it is about to ease and skips then, 5 % missing",
        TreatsAndSkipsWhenEasing,
        FEW_MISSING,
    ),
    Habit(
        "40 % skipped, mostly when it will ease, 5 % missing",
        SkipsWhenEasing,
        FEW_MISSING | WAITS_LITTLE,
    ),
    Habit(
        "says yes mostly when it will rise, 5 % missing",
        SaysYesWhenRising,
        FEW_MISSING | WAITS_LITTLE,
    ),
)

UNSEEN = (
    Habit("a tablet in 30 % of treated sessions, not written down", TakesTablet),
    Habit("rates half a point kinder after doing something", RatesKinder),
)
