"""The kinds of invented people and diaries, all with a known truth."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

WORKS = {"Mat": -1.5, "Heat": -0.7, "Stretching": 0.0}
NOTHING = {"Mat": 0.0, "Heat": 0.0, "Stretching": 0.0}
FIVE = {"Mat": -1.5, "Heat": -0.7, "Stretching": 0.0, "Massage": -1.0, "Gel": 0.0}


@dataclass(frozen=True)
class Case:
    """One kind of person and diary. Pain in NRS points; effects negative = less pain."""

    name: str
    days: int = 91
    effects: dict[str, float] = field(default_factory=lambda: dict(WORKS))
    is_proportional: bool = False  # effects are then per 5 points of the pain of the moment
    relief_half_life: float = 2.0  # hours, after the rating
    level: float = 4.6
    level_sd: float = 0.6  # between people
    slow_sd: float = 1.2
    slow_days: float = 7.0
    fast_sd: float = 1.4
    fast_hours: float = 2.0
    noise_sd: float = 0.5
    trend: float = 0.0  # per 30 days
    recovery: float = 0.0  # height of the peak at the start, gone by 1/e every 30 days
    flares: float = 0.0  # per 30 days, 3 points high, half gone after 8 hours
    rhythm: float = 0.0  # amplitude over the day, highest at 20:00
    stiffness: float = 0.0  # at 7:00, gone by 1/e every hour and a half
    is_evening_user: bool = False
    has_sides: bool = False
    treat_from: float = 5.5  # rating at which treating is as likely as it is not
    treat_steepness: float = 0.9  # per point
    treat_most: float = 0.75
    wait_share: float = 0.25  # of moments when nothing is done otherwise
    wait_fades: float = 0.0  # how much rarer waiting gets per point above 3
    coin: int | None = None  # asks one in so many; None: adaptive
    skipped: float = 0.20  # of the coin's asks
    looks: float = 2.8  # a day
    missing: float = 0.15
    missing_waits: float = 0.15
    is_missing_if_no_help: bool = False
    treated_minutes: tuple[float, float] = (45.0, 0.25)  # median: rate-again time; sd of its log
    wait_minutes: tuple[float, float] = (45.0, 0.25)  # the same of a wait that nobody asked for
    second_treatment: float = 0.0  # share of sessions with two
    always_together: tuple[str, ...] = ()
    gives_up: bool = False  # about half of the voluntary waits

    @property
    def with_nothing_working(self) -> Case:
        nothing = dict.fromkeys(self.effects, 0.0)
        return replace(self, name=f"{self.name}, nothing works", effects=nothing)


CASES = (
    Case("default"),
    Case(
        "strong treat-when-bad",
        treat_from=6.2,
        treat_steepness=2.0,
        treat_most=0.9,
        wait_fades=0.3,
    ),
    Case("recovery from a peak", level=2.8, recovery=4.5),
    Case("rising trend", trend=1.0),
    Case("flares", level=3.8, flares=6),
    Case("evening users", rhythm=1.0, is_evening_user=True),
    Case("slow heavy swings", slow_sd=2.3, slow_days=10),
    Case("side switching", has_sides=True),
    Case("floor (mild pain)", level=2.0, treat_from=3.5, level_sd=0.4),
    Case("effect proportional to pain", is_proportional=True),
    Case("carry-over of a day", relief_half_life=12.0),
    Case("40 % missing at random", missing=0.40, missing_waits=0.40),
    Case("40 % missing, not at random", is_missing_if_no_help=True),
    Case("unequal intervals", treated_minutes=(60.0, 0.45), wait_minutes=(45.0, 0.45)),
    Case("one month", days=30),
    Case("two months", days=61),
    Case("six months", days=182),
    Case("twelve months", days=365),
    Case("two treatments per session", second_treatment=0.5),
    Case("five treatments", effects=dict(FIVE), treat_most=0.9),
    Case("half the waits given up early", gives_up=True),
)
