"""What Today shows: unfinished sessions, what was used lately, the last days at a glance."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper
from django.utils.translation import gettext_lazy as _

from apps.conditions.models import Condition
from apps.conditions.places import Places
from apps.diary.agreed.days import agreed_of, monday_of, with_agreed
from apps.diary.entries.last_condition import of_the_latest
from apps.diary.entries.last_side import last_side
from apps.diary.entries.undo import JustSaved
from apps.diary.function.activities import due_in, may_ask, with_due_activities
from apps.diary.models import (
    CallPlan,
    CheckIn,
    FromItsStart,
    SelfTest,
    TreatmentSession,
    is_unfinished,
)
from apps.diary.red_flags.flags import OpenFlags, open_flags
from apps.diary.red_flags.new_signs import NewToOwner, new_to_owner
from apps.diary.self_tests.days import letters_of_today
from apps.diary.today import rhythm
from apps.diary.today.strip import Strip, strip
from apps.diary.waiting.coin import planned_after_wait, start_query
from apps.treatments.catalogue import is_one_off
from apps.treatments.models import Treatment
from apps.treatments.rate_again import USUAL_MINUTES
from config.postgres.compiled import compiled

RECENT_SESSIONS = 40
DAYS_AT_A_GLANCE = 7
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
FOLDED_FOR = timedelta(minutes=60)
OFFERED_FIRST = 4
OFFERED_IN_ONE_ROW = 1
# Also the words of open_sessions.js, which goes on counting.
MINUTES_AGO = _("{minutes} min ago")
HOURS_AGO = _("{hours} h {minutes} min ago")


@dataclass(frozen=True, slots=True)
class OpenSession(FromItsStart):
    """A session to be rated again, as ``recent_sessions`` has it; ``due`` in minutes."""

    session: tuple
    at: datetime
    due: int

    @property
    def due_at(self) -> datetime:
        return self.started_at + timedelta(minutes=self.due)

    @property
    def started_at(self) -> datetime:
        return self.session.started_at

    @property
    def is_due(self) -> bool:
        return self.at >= self.due_at

    @property
    def is_late(self) -> bool:
        return self.at > self.late_at

    @property
    def is_past_counting(self) -> bool:
        return self.at > self.counts_until

    @property
    def minutes_ago(self) -> int:
        return int((self.at - self.started_at).total_seconds() // 60)

    @property
    def minutes_left(self) -> int:
        """Until it is due, begun minutes as whole ones; 0 from then on."""
        return max(0, ceil((self.due_at - self.at) / A_MINUTE))

    @property
    def percent_past(self) -> int:
        """How much of the time from the start until it is due is over, 0 to 100."""
        past = (self.at - self.started_at) / (self.due_at - self.started_at)
        return min(100, int(past * 100))

    @property
    def ago(self) -> str:
        """The time since the start, in few words: "41 min ago", "2 h 5 min ago"."""
        hours, minutes = divmod(self.minutes_ago, 60)
        return (HOURS_AGO if hours else MINUTES_AGO).format(hours=hours, minutes=minutes)


@dataclass(frozen=True, slots=True)
class DayAtAGlance:
    """A day's worst rating of each place; None: not rated."""

    date: date
    leg_pain: int | None
    back_pain: int | None


@dataclass(frozen=True, slots=True)
class SavedLately:
    """The check-in of the last hour: it takes the form's place, with what it gives back."""

    entry: CheckIn
    token: str
    strip: Strip


@dataclass(frozen=True, slots=True)
class Today:
    """Everything that the page needs, in a number of queries that never grows."""

    at: datetime
    conditions: list
    treatments: list
    one_offs: list
    open_sessions: list
    side: str
    days: list
    saved: SavedLately | None
    to_review: list
    planned: list
    agreed: list
    self_tests: list
    red_flags: OpenFlags | None
    new_signs: list[NewToOwner]
    function_due: list
    offers_weekly: bool
    tells_home_screen: bool
    shown: Condition | None  # whose days are at a glance: only where places differ, else any

    minutes_ago, hours_ago = MINUTES_AGO, HOURS_AGO

    @property
    def places(self) -> Places:
        """Where the days at a glance are rated."""
        return self.shown.places if self.shown else Places.of()

    @property
    def is_apart(self) -> bool:
        """Whether another condition is rated in other places: its days are not among these."""
        return len({condition.places for condition in self.conditions}) > 1

    @property
    def shows_last_days(self) -> bool:
        """Not beside the strip, which draws them, and no row of dashes."""
        rated = [day for day in self.days if (day.leg_pain, day.back_pain) != (None, None)]
        return bool(rated) and self.saved is None

    @property
    def is_crowded(self) -> bool:
        """Whether much comes first: a red flag or new sign, several sessions to rate again, or one
        and a form that names places of its own."""
        has_notice = self.red_flags is not None or bool(self.new_signs)
        is_long = self.is_apart or not self.places.is_usual
        return has_notice or len(self.open_sessions) > (0 if is_long else 1)

    @property
    def offered_first(self) -> list:
        """Own recents, as many as fit beside waiting without scrolling: two rows, or one."""
        return self.treatments[: self._n_first]

    @property
    def offered_below(self) -> list:
        """Those for which there was no room there."""
        return self.treatments[self._n_first :]

    @property
    def _n_first(self) -> int:
        return OFFERED_IN_ONE_ROW if self.is_crowded else OFFERED_FIRST

    @property
    def is_asking(self) -> bool:
        """Whether a session is due, and its rating would still count."""
        return any(open.is_due and not open.is_past_counting for open in self.open_sessions)

    @property
    def planned_query(self) -> str:
        return start_query(self.planned)


def today(user, *, at: datetime, about: str | None = None) -> Today:
    """``about`` is the number of the condition that the address names."""
    day = at.astimezone(user.zone).date()
    treatments = current_treatments(user=user.pk, day=day, monday=monday_of(day))
    recent = recent_sessions(user=user.pk, at=at)
    check_ins = latest_check_ins(user=user.pk, day=day)
    conditions = all_conditions(user=user.pk, day=day, at=at, may_ask=may_ask(user, day=day))
    shown = shown_of(conditions, about, written_about_last(check_ins, recent))
    days = days_at_a_glance(rated_alike(check_ins, conditions, shown), day)
    worst = worst_by_day(check_ins, recent)
    flags = open_flags(user, at=at) if any(c.has_open_flags for c in conditions) else None
    is_testing = any(condition.is_testing for condition in conditions)
    return Today(
        at=at,
        conditions=conditions,
        treatments=recents_first([t for t in treatments if not is_one_off(t)], recent),
        one_offs=[t for t in treatments if is_one_off(t)],
        open_sessions=open_sessions(treatments, recent, at=at),
        side=side_of(user, check_ins, recent, conditions, shown, since=days[0].date),
        days=days,
        saved=saved_lately(user, check_ins, day, at=at, about=about),
        to_review=to_review(treatments, user, day),
        agreed=agreed_of(treatments, recent, day=day),
        self_tests=self_tests_of(user, day) if is_testing else [],
        planned=planned_after_wait(user, next(iter(recent), None), at=at),
        red_flags=flags,
        new_signs=new_to_owner(user, conditions, check_ins, recent, day),
        function_due=due_in(conditions),
        offers_weekly=not flags and rhythm.offers_weekly(user, worst, day),
        tells_home_screen=tells_home_screen(user, at=at),
        shown=shown,
    )


@compiled
def current_treatments(*, user: int, day: date, monday: date):
    return with_agreed(Treatment.objects.for_user(user).current(), user, day=day, monday=monday)


@compiled
def all_conditions(*, user: int, day: date, at: datetime, may_ask: bool):
    """And with each whether there is what few have, of all of them: only then it is asked for."""
    flags = CheckIn.objects.for_user(user).with_open_red_flags(at=at)
    running = SelfTest.objects.for_user(user).running()
    own = Condition.objects.for_user(user).annotate(
        has_open_flags=Exists(flags.order_by()), is_testing=Exists(running)
    )
    return with_due_activities(own, user, day=day, may_ask=may_ask)


def shown_of(conditions, about: str | None, last: int | None = None) -> Condition | None:
    """The condition that the address names, else the one written about last; of those that are
    not archived, the first where neither is among them.
    """
    current = [condition for condition in conditions if condition.archived_at is None]
    named = [condition for condition in current if str(condition.pk) == about]
    latest = [condition for condition in current if condition.pk == last]
    return next(iter(named + latest + current), None)


def written_about_last(check_ins, recent) -> int | None:
    """The number of the newest entry's condition, of what was read already."""
    written = [(row.rated_at, row.condition_id) for row in check_ins]
    written += [(row.started_at, row.condition_id) for row in recent]
    return of_the_latest(written)


def rated_alike(entries, conditions, shown: Condition | None) -> list:
    """Those of conditions that are rated in the same places: a shoulder is no leg."""
    others = {c.pk for c in conditions if shown and c.places != shown.places}
    return [row for row in entries if row.condition_id not in others]


def side_of(user, check_ins, recent, conditions, shown: Condition | None, *, since: date) -> str:
    """The side to begin with: where it last hurt, of what is rated in the same places."""
    same = rated_alike(check_ins, conditions, shown), rated_alike(recent, conditions, shown)
    if side := newest_side(*same, since=since):
        return side
    alike = [c.pk for c in conditions if shown and c.places == shown.places]
    return last_side(user, of=alike if len(alike) < len(conditions) else ())


def to_review(treatments, user, day: date) -> list:
    """Those whose day of looking back has come, the longest waiting first."""
    due = [treatment for treatment in treatments if treatment.is_due_for_review(day)]
    for treatment in due:
        treatment.user = user
    return sorted(due, key=lambda each: (each.review_on, each.name))


def tells_home_screen(user, *, at: datetime) -> bool:
    """Whether to say how to put it on the home screen: from the second day, until it was told."""
    is_told = user.home_screen_told_at is not None or user.demo_until is not None
    return not is_told and at - user.joined_at >= A_DAY


def self_tests_of(user, day: date) -> list[SelfTest]:
    """Those that run, each with how many letters were drawn: ``so_far``; and with ``letter_today``,
    what it says of the whole day. One query, and one more where a self-test is by days."""
    found = _running(user=user.pk)
    letters = letters_of_today(user, found, day)
    for each in found:
        each.letter_today = letters.get(each.pk)
    return found


@compiled
def _running(*, user: int):
    running = SelfTest.objects.for_user(user).running()
    running = running.select_related("treatment", "other").annotate(so_far=Count("drawn"))
    return running.order_by(*SelfTest._meta.ordering)


@compiled
def recent_sessions(*, user: int, at: datetime):
    """The latest sessions, the newest first; ``is_open`` those that wait to be rated again.

    ``is_called``: see ``CallPlanQuerySet.called``.
    """
    is_open = ExpressionWrapper(is_unfinished(at), output_field=BooleanField())
    is_called = CallPlan.objects.called(user)
    sessions = TreatmentSession.objects.for_user(user).with_names()
    sessions = sessions.annotate(is_open=is_open, is_called=is_called).with_side_again()
    columns = ["names", "started_at", "diary_date", "side_again", "pk", "is_open"]
    columns += ["pain_before", "pain_after", "due_minutes", "together", "condition_id"]
    columns += ["created_at", "is_called"]
    return sessions.values_list(*columns, named=True)[:RECENT_SESSIONS]


@compiled
def latest_check_ins(*, user: int, day: date):
    """Those of the last three weeks up to ``day``, the newest first."""
    first = day - timedelta(days=rhythm.LOOKED_AT_DAYS - 1)
    check_ins = CheckIn.objects.for_user(user).filtered(first_day=first, last_day=day)
    columns = ["diary_date", "rated_at", "side_again", "leg_pain", "back_pain"]
    columns += ["pk", "condition_id", "symptoms", "furthest", "created_at"]
    return check_ins.with_side_again().values_list(*columns, named=True)


def saved_lately(user, check_ins, day: date, *, at: datetime, about=None) -> SavedLately | None:
    """The newest check-in, where it was rated within the last hour, and of the condition that the
    address names, if it names one: else the form stands open for that one.
    """
    row = max(check_ins, key=lambda each: (each.rated_at, each.pk), default=None)
    if row is None or not at - FOLDED_FOR < row.rated_at <= at or row.diary_date != day:
        return None
    if about and str(row.condition_id) != about:
        return None
    entry = CheckIn.objects.for_user(user).select_related("condition").get(pk=row.pk)
    same = [each for each in check_ins if each.condition_id == row.condition_id]
    drawn = strip(same, day, now=row.leg_pain)
    return SavedLately(entry, JustSaved.new(entry).token, drawn)


def recents_first(treatments, recent):
    """Own recents, the latest first, then the others by name: never "popular", never "best"."""
    used = [name for session in recent for name in session.names]
    place = {name: index for index, name in reversed(list(enumerate(used)))}
    return sorted(treatments, key=lambda t: (place.get(t.name, len(used)), t.name.casefold()))


def open_sessions(treatments, recent, *, at):
    """Those to be rated again, the oldest first."""
    unfinished = [session for session in reversed(recent) if session.is_open]
    return to_rate_again(treatments, unfinished, at=at)


def to_rate_again(treatments, unfinished: list, *, at):
    """Of unfinished sessions, the oldest first: each act once, and when it is due."""
    minutes = {treatment.name: treatment.rate_again_after_minutes for treatment in treatments}
    return [_open_session(session, minutes, at) for session in one_of_each(unfinished)]


def one_of_each(sessions: list) -> list:
    """One of those that were the same act for several complaints: they are rated on one page."""
    acts = {session.together or session.pk: session for session in reversed(sessions)}
    return [each for each in sessions if acts[each.together or each.pk] is each]


def running(session, *, at: datetime) -> OpenSession:
    """One session, read ``with_names`` and ``is_called``, as Today has it."""
    return OpenSession(session, at, session.due)


def _open_session(session, minutes, at):
    due = session.due_minutes
    if due is None:
        named = (minutes.get(name, USUAL_MINUTES) for name in session.names)
        due = max(named, default=USUAL_MINUTES)
    return OpenSession(session, at, due)


def newest_side(check_ins, recent, *, since: date) -> str:
    """As ``last_side``, of what was read already; empty where no entry since then names one."""
    rated = [(row.rated_at, row) for row in check_ins] + [(row.started_at, row) for row in recent]
    sided = [
        (at, row.side_again) for at, row in rated if row.side_again and row.diary_date >= since
    ]
    return max(sided, default=(None, ""))[1]


def worst_by_day(check_ins, recent) -> dict[date, int]:
    """The worst pain of each diary day with a rating, of check-ins, sessions and waits.

    Days before the oldest of ``recent`` are left out where there may be more sessions than it
    holds: they may hide a worse one.
    """
    worst: dict[date, int] = {}
    rated = [(row.diary_date, row.leg_pain, row.back_pain) for row in check_ins]
    rated += [(row.diary_date, row.pain_before, row.pain_after) for row in recent]
    since = recent[-1].diary_date if len(recent) == RECENT_SESSIONS else date.min
    for day, *pains in rated:
        known = [pain for pain in pains if pain is not None]
        if known and day >= since:
            worst[day] = max(*known, worst.get(day, 0))
    return worst


def days_at_a_glance(check_ins, day: date) -> list[DayAtAGlance]:
    """The last seven diary days, the oldest first; a day without a check-in stays empty."""
    days = [day - timedelta(days=n) for n in reversed(range(DAYS_AT_A_GLANCE))]
    return [_glance(each, [row for row in check_ins if row.diary_date == each]) for each in days]


def _glance(day, rows):
    leg = [row.leg_pain for row in rows if row.leg_pain is not None]
    back = [row.back_pain for row in rows if row.back_pain is not None]
    return DayAtAGlance(day, max(leg, default=None), max(back, default=None))
