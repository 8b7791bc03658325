"""What the demo's person wrote down: check-ins, sessions and waits, and the whole diary."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_noop as _

from apps.demo.self_tests import DemoTest

ACUPUNCTURE = _("Acupuncture")
RATE_AGAIN = {ACUPUNCTURE: 60}  # minutes, where it is not 45


@dataclass(frozen=True, slots=True)
class DemoCheckIn:
    rated_at: datetime
    entered_at: datetime
    day: date
    side: str
    leg_pain: int
    back_pain: int | None
    note: str = ""
    more: dict = field(default_factory=dict)  # what is folded away in the form

    @property
    def worse_pain(self) -> int:
        return max(self.leg_pain, self.back_pain or 0)


@dataclass(frozen=True, slots=True)
class DemoSession:
    """``treatments`` is empty for a wait; ``pain_after`` and its moments are None if missing.

    ``was_asked``: the app asked to wait first; None where it does not ask.
    """

    started_at: datetime
    day: date
    side: str
    treatments: tuple[str, ...]
    pain_before: int
    pain_after: int | None
    after_rated_at: datetime | None
    after_entered_at: datetime | None
    was_asked: bool | None
    entered_at: datetime
    adverse_effect: str = ""
    position: str = ""
    test: DemoTest | None = None  # whose letter it used

    @property
    def due_minutes(self) -> int:
        return max((RATE_AGAIN.get(name, 45) for name in self.treatments), default=45)

    @property
    def is_asked_wait(self) -> bool:
        return bool((self.was_asked or self.test) and not self.treatments)

    @property
    def is_sealed(self) -> bool:
        return bool(self.test and self.test.is_running)


@dataclass(frozen=True, slots=True)
class DemoDiary:
    first_day: date
    check_ins: tuple[DemoCheckIn, ...]
    sessions: tuple[DemoSession, ...]

    def day(self, number: int) -> date:
        return self.first_day + timedelta(days=number)
