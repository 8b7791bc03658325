"""What Today shows: unfinished sessions, what was used lately, the last days at a glance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max

from apps.conditions.models import Condition
from apps.diary.models import LATE_AFTER, CheckIn, TreatmentSession
from apps.diary.waiting import WAIT_MINUTES, planned_after_wait, start_query
from apps.treatments.models import Treatment

RECENT_SESSIONS = 40
DAYS_AT_A_GLANCE = 7


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session to be rated again; ``due_at`` by its treatments, or 45 minutes for a wait."""

    session: TreatmentSession
    due_at: datetime
    is_due: bool
    is_late: bool
    minutes_ago: int


@dataclass(frozen=True, slots=True)
class DayAtAGlance:
    """A day's worst rated leg and back pain (None: not rated) and the number of its entries."""

    date: date
    leg_pain: int | None = None
    back_pain: int | None = None
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that the page needs, in a number of queries that never grows."""

    conditions: list
    treatments: list
    open_sessions: list
    side: str
    days: list
    to_review: list
    planned: list

    @property
    def planned_query(self) -> str:
        return start_query(self.planned)


def today(user, *, at: datetime) -> Today:
    day = at.astimezone(user.zone).date()
    treatments = list(Treatment.objects.for_user(user).current())
    recent = recent_sessions(user)
    return Today(
        conditions=list(Condition.objects.for_user(user)),
        treatments=recents_first(treatments, recent),
        open_sessions=open_sessions(user, treatments, at=at),
        side=last_side(user, recent),
        days=days_at_a_glance(user, day),
        to_review=[t for t in treatments if t.review_on and t.review_on <= day],
        planned=planned_after_wait(user, next(iter(recent), None), at=at),
    )


def recent_sessions(user):
    """``(names, started_at, side)`` of the latest sessions, the newest first."""
    sessions = TreatmentSession.objects.for_user(user).with_names()
    return list(sessions.values_list("names", "started_at", "side")[:RECENT_SESSIONS])


def recents_first(treatments, recent):
    """Own recents, the latest first, then the others by name: never "popular", never "best"."""
    used = [name for names, _started_at, _side in recent for name in names]
    place = {name: index for index, name in reversed(list(enumerate(used)))}
    return sorted(treatments, key=lambda t: (place.get(t.name, len(used)), t.name.casefold()))


def open_sessions(user, treatments, *, at):
    """The unfinished ones, the oldest first."""
    minutes = {treatment.name: treatment.rate_again_after_minutes for treatment in treatments}
    unfinished = TreatmentSession.objects.for_user(user).unfinished(at=at).with_names()
    return [_open_session(s, minutes, at) for s in unfinished.order_by("started_at", "id")]


def _open_session(session, minutes, at):
    wait = max((minutes.get(name, WAIT_MINUTES) for name in session.names), default=WAIT_MINUTES)
    due_at = session.started_at + timedelta(minutes=wait)
    return OpenSession(
        session=session,
        due_at=due_at,
        is_due=at >= due_at,
        is_late=at - session.started_at > LATE_AFTER,
        minutes_ago=int((at - session.started_at).total_seconds() // 60),
    )


def last_side(user, recent) -> str:
    """The side of the newest entry that names one; shown, and one tap to change."""
    check_ins = CheckIn.objects.for_user(user).exclude(side="").values_list("rated_at", "side")
    sessions = [(started_at, side) for _names, started_at, side in recent if side]
    return max([*check_ins[:1], *sessions[:1]], default=(None, ""))[1]


def days_at_a_glance(user, day):
    """The last seven diary days, the oldest first; a day without an entry stays empty."""
    first = day - timedelta(days=DAYS_AT_A_GLANCE - 1)
    last_days = {"first_day": first, "last_day": day}
    check_ins = CheckIn.objects.for_user(user).filtered(**last_days)
    rated = check_ins.order_by().values_list("diary_date")
    pains = {d: rest for d, *rest in rated.annotate(Max("leg_pain"), Max("back_pain"), Count("id"))}
    sessions = TreatmentSession.objects.for_user(user).filtered(**last_days).order_by()
    counts = dict(sessions.values_list("diary_date").annotate(Count("id")))
    return [_glance(first + timedelta(days=n), pains, counts) for n in range(DAYS_AT_A_GLANCE)]


def _glance(day, pains, counts):
    leg_pain, back_pain, check_ins = pains.get(day, (None, None, 0))
    return DayAtAGlance(day, leg_pain, back_pain, check_ins + counts.get(day, 0))
