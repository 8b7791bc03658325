"""The demo: half a year of an invented diary, whose truth is known.

The mat helps, heat helps a little, stretching does nothing. But the person stretches when it is
worst, and such pain falls by itself: before and after alone, stretching looks as if it worked.
They have tested the mat against waiting, by sealed letters, and are testing short walks.
Plain values only, in English; ``demo_rows`` writes them down in the visitor's language.
The same seed gives the same diary.
"""

import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as _

from apps.demo.entries import ACUPUNCTURE, DemoCheckIn, DemoDiary, DemoSession
from apps.demo.pain import Pain, whole
from apps.demo.self_tests import DemoTest

SEED = 207
DAYS = 182
GAP = range(112, 126)  # a fortnight in which nothing was written down
OTHER_SIDE = range(62, 84)
MAT, HEAT, STRETCHING = _("Acupressure mat"), _("Heat pack"), _("Stretching")
INJECTION, WALKING = _("Steroid injection"), _("Short walk")
EFFECTS = {MAT: -1.7, HEAT: -0.6, STRETCHING: 0.0, ACUPUNCTURE: -0.3, WALKING: -0.5}
MINUTES = {MAT: 25, HEAT: 20, STRETCHING: 10, ACUPUNCTURE: 40, WALKING: 15}
MAT_FROM = 42
APPOINTMENTS = range(45, 110, 7)
INJECTION_ON = 140

# How likely the person does something about it, by how bad it is.
TREATS = (0.0, 0.04, 0.15, 0.3, 0.5, 0.7, 0.85, 0.9, 0.95, 0.95, 0.95)
BAD = 6
WAITS_UNASKED, WAITS_WHEN_ASKED = 0.1, 0.75
ASKED_ONE_IN, ASKED_UP_TO = 3, 8
MISSING, MISSING_WAITS = 0.14, 0.08
FROM_MEMORY = 0.05
LOOKS = (11.5, 17.0, 20.0)  # about these hours of the day
NOTES = (
    _("A long drive today."),
    _("Slept badly."),
    _("Gardening in the morning."),
    _("Sat at the desk all day."),
    _("A quiet day."),
    _("Long walk, took it slowly."),
)
SIDE_EFFECTS = {
    MAT: _("Red marks on the skin for an hour."),
    ACUPUNCTURE: _("A small bruise."),
}
TESTS = (
    DemoTest(
        treatment=MAT,
        from_day=49,
        seed=uuid.UUID("5ea1ed00-0000-4000-8000-000000000361"),
        order="TWWTWTWTTWWTWTTWTWWTWTWT",
        is_running=False,
    ),
    DemoTest(
        treatment=WALKING,
        from_day=163,
        seed=uuid.UUID("5ea1ed00-0000-4000-8000-000000000002"),
        order="WTTWWWTTTTWWWWTTWTWTTTWWTWWTTTWW",
        is_running=True,
    ),
)
TESTED_AT = (8.9, 14.8)  # about these hours, where no other session is near
APART_HOURS, WAITS_OPEN_HOURS = 3, 1.6
LEAST_TESTED = 3  # points: below that the person does nothing about it


@cache
def demo_diary(last_day: date, zone: ZoneInfo) -> DemoDiary:
    """The half year that ends with ``last_day``, by the clocks of ``zone``."""
    first_day = last_day - timedelta(days=DAYS - 1)
    person = _Person(first_day, zone)
    entries = [entry for number in range(DAYS) for entry in person.entries_of(number)]
    sessions = [entry for entry in entries if isinstance(entry, DemoSession)]
    for test in TESTS:
        sessions += _Tester(first_day, zone, test).sessions_of(sessions)
    return DemoDiary(
        first_day,
        tuple(entry for entry in entries if isinstance(entry, DemoCheckIn)),
        tuple(sorted(sessions, key=lambda session: session.started_at)),
    )


class _Person:
    """Looks at the pain a few times a day, and decides what to do about it."""

    def __init__(self, first_day: date, zone: ZoneInfo, seed: int = SEED):
        self.first_day, self.zone = first_day, zone
        self.dice = random.Random(seed)  # noqa: S311
        self.pain = Pain(self.dice, days=DAYS)

    def entries_of(self, number: int) -> Iterator[DemoCheckIn | DemoSession]:
        if number in GAP or self.dice.random() < 0.04:
            return
        if number == INJECTION_ON or self.dice.random() < 0.85:
            yield self.check_in(number, self.dice.uniform(6.8, 9), is_morning=True)
        if number in APPOINTMENTS:
            before = self.pain.rate(number * 24 + 9.5)
            yield self.session(number, 9.5, (ACUPUNCTURE,), before, rest=70)
        for hour in self.looks():
            before = self.pain.rate(number * 24 + hour)
            if self.dice.random() < TREATS[before]:
                yield self.act(number, hour, before)
            elif self.dice.random() < 0.12:
                yield self.check_in(number, hour, is_morning=False)

    def looks(self) -> Iterable[float]:
        return [hour + self.dice.uniform(0, 1.5) for hour in LOOKS if self.dice.random() < 0.8]

    def act(self, number: int, hour: float, before: int) -> DemoSession:
        if self.dice.random() < WAITS_UNASKED:
            return self.session(number, hour, (), before)
        is_asked = before <= ASKED_UP_TO and self.dice.random() < 1 / ASKED_ONE_IN
        if is_asked and self.dice.random() < WAITS_WHEN_ASKED:
            return self.session(number, hour, (), before, asked=True)
        return self.session(number, hour, self.choose(number, before), before, asked=is_asked)

    def choose(self, number: int, before: int) -> tuple[str, ...]:
        """Stretching when it is bad; the mat and the heat pack at any time."""
        if self.dice.random() < (0.75 if before >= BAD else 0.08):
            return (STRETCHING,)
        if self.dice.random() < 0.05 and number >= MAT_FROM:
            return (HEAT, MAT)
        return (MAT,) if number >= MAT_FROM and self.dice.random() < 0.55 else (HEAT,)

    def session(
        self, number, hour, treatments, before, *, asked=None, rest=45, test=None
    ) -> DemoSession:
        """Something done, or a wait; the rating after about ``rest`` minutes may be missing."""
        minutes = round(max(30, min(100, self.dice.gauss(rest, 6))))
        after_hour = number * 24 + hour + minutes / 60
        self.pain.relieve(after_hour, sum(EFFECTS[name] for name in treatments))
        after = self.pain.rate(after_hour)
        started_at = self.moment(number, hour)
        after_at = started_at + timedelta(minutes=minutes)
        is_missing = self.dice.random() < (MISSING if treatments else MISSING_WAITS)
        is_missing &= number < DAYS - 2  # or the diary would still ask for it
        has_effect = bool(treatments) and self.dice.random() < 0.04
        return DemoSession(
            started_at=started_at,
            day=self.first_day + timedelta(days=number),
            side=self.side(number),
            treatments=treatments,
            pain_before=before,
            pain_after=None if is_missing else after,
            after_rated_at=None if is_missing else after_at,
            after_entered_at=None if is_missing else self.typed(after_at),
            was_asked=asked,
            entered_at=self.typed(started_at),
            adverse_effect=SIDE_EFFECTS.get(treatments[-1], "") if has_effect else "",
            position=self.position() if MAT in treatments else "",
            test=test,
        )

    def position(self) -> str:
        return "buttocks" if self.dice.random() < 0.2 else "lower_back"

    def check_in(self, number: int, hour: float, *, is_morning: bool) -> DemoCheckIn:
        leg = self.pain.rate(number * 24 + hour)
        rated_at = self.moment(number, hour)
        note = self.dice.choice(NOTES) if self.dice.random() < 0.06 else ""
        if number == INJECTION_ON:
            note = _("The injection, this morning at the clinic.")
        return DemoCheckIn(
            rated_at=rated_at,
            entered_at=self.typed(rated_at),
            day=self.first_day + timedelta(days=number),
            side=self.side(number) if leg else "neither",
            leg_pain=leg,
            back_pain=None if self.dice.random() < 0.2 else self.below(leg),
            note=note,
            more=dict(self.details(number, leg)) if is_morning else {},
        )

    def below(self, leg: int) -> int:
        return min(leg, whole(leg - 2 + self.dice.gauss(0, 1)))

    def details(self, number: int, leg: int) -> Iterator[tuple[str, object]]:
        """Of what the form folds away, what the person filled in today."""
        dice = self.dice
        if dice.random() < 0.6:
            yield "sleep", whole(7.5 - leg / 3 + dice.gauss(0, 1.5))
        if dice.random() < 0.3:
            yield "stress", whole(3.5 + leg / 5 + dice.gauss(0, 2))
            yield "energy", whole(6.5 - leg / 3 + dice.gauss(0, 1.5))
        if dice.random() < 0.15:
            yield "headache", whole(dice.gauss(1, 2))
            yield "muscle_tension", whole(3 + leg / 3 + dice.gauss(0, 1.5))
        if dice.random() < 0.5:
            yield "painkillers", leg >= 6 and dice.random() < 0.6
        if leg and dice.random() < 0.35:
            yield "furthest", ("buttock", "thigh", "calf", "calf", "foot")[min(4, leg // 2)]
        if leg > 4 and dice.random() < 0.3:
            felt = dice.choice(("tingling", "numbness", "burning"))
            is_gone = felt == "numbness" and number > INJECTION_ON
            yield "symptoms", ["tingling" if is_gone else felt]

    def side(self, number: int) -> str:
        return "right" if number in OTHER_SIDE else "left"

    def typed(self, moment: datetime) -> datetime:
        """When it was entered: within the minute, sometimes an hour or two later from memory."""
        if self.dice.random() < FROM_MEMORY:
            return moment + timedelta(minutes=self.dice.randrange(40, 150))
        return moment + timedelta(seconds=self.dice.randrange(5, 55))

    def moment(self, number: int, hour: float) -> datetime:
        """In UTC. By day only, when no clock is ever put forward or back."""
        midnight = datetime.combine(self.first_day + timedelta(days=number), time())
        local = midnight + timedelta(minutes=round(hour * 60))
        return local.replace(tzinfo=self.zone).astimezone(ZoneInfo("UTC"))


class _Tester(_Person):
    """The same person in a self-test, at hours of its own: the rest of the diary stays as it is."""

    def __init__(self, first_day: date, zone: ZoneInfo, test: DemoTest):
        super().__init__(first_day, zone, seed=test.seed.int)
        self.test = test

    def sessions_of(self, others: list[DemoSession]) -> Iterator[DemoSession]:
        """One a day at most, as its letters say, until all are used or the diary ends."""
        letters = iter(self.test.order)
        for number in range(self.test.from_day, DAYS):
            hour = self.free_hour(number, others)
            if number in GAP or hour is None:
                continue
            before = self.pain.rate(number * 24 + hour)
            if not LEAST_TESTED <= before <= ASKED_UP_TO:
                continue
            letter = next(letters, None)
            if letter is None:
                return
            treatments = (self.test.treatment,) if letter == "T" else ()
            yield self.session(number, hour, treatments, before, test=self.test)

    def free_hour(self, number: int, others: list[DemoSession]) -> float | None:
        """Three hours after anything else, and with time to rate again before the next."""
        for about in TESTED_AT:
            hour = about + self.dice.uniform(0, 0.4)
            at = self.moment(number, hour)
            first = at - timedelta(hours=APART_HOURS)
            last = at + timedelta(hours=WAITS_OPEN_HOURS)
            if not any(first < other.started_at < last for other in others):
                return hour
        return None
