"""Who is due a reminder at a moment.

The clock times that people choose are made into instants in Python, in their own zone. A time
that the clocks skip in spring comes as much later as they were put forward; of one that comes
twice in autumn, it is the first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.diary.models import (
    QUIET_AFTER,
    CheckIn,
    Reminder,
    ReminderPlan,
    Revision,
    TreatmentSession,
)
from apps.diary.reminders import self_tests
from apps.diary.today import page, rhythm
from apps.treatments.models import Treatment
from apps.users.models import User

DAILY_FOR = timedelta(hours=1)  # where nothing was sent at the time, it still is for so long
AT_A_TIME = 50  # people whose rows are read together: ten thousand may be due in a minute


class Kind(StrEnum):
    """What a reminder is of."""

    SESSION = "session"  # to be rated again
    DAY = "day"  # on which nothing was written yet
    SELF_TEST = "self_test"  # that runs, and has something left to do on the day
    REVIEW = "review"  # the day on which a person wanted to look back


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder that somebody is due: of a session (``client_id`` is its), or of a day."""

    user_id: int
    client_id: UUID | None = None
    diary_date: date | None = None
    kind: Kind = Kind.DAY
    user: User | None = field(default=None, compare=False)
    zone: ZoneInfo = field(default=ZoneInfo("UTC"), compare=False)  # by whose clock the day is
    waiting: page.OpenSession | None = field(default=None, compare=False)  # of ``client_id``

    @property
    def what(self) -> dict:
        return {"client_id": self.client_id, "diary_date": self.diary_date}


Days = Iterator[tuple[Kind, models.QuerySet]]


class Way:
    """How people are reminded: here by mail. Another way has plans and a table of its own."""

    sent: type[models.Model] = Reminder  # a row for each, made before it is sent
    marks: dict[str, Any] = {}  # what else the rows of this way say
    after = timedelta(0)  # a session is due so long after its moment
    counts = True  # as unanswered
    of_days = Q(is_daily=True) | Q(for_self_tests=True)  # plans that ring at an hour

    def plans(self, *, at: datetime):
        return addressed()

    def rows(self):
        return self.sent.objects.filter(**self.marks)

    def sessions(self, unrated, *, at: datetime):
        """Of sessions that are not rated again, those that may be reminded of."""
        own = self.rows().filter(user=OuterRef("user"), client_id=OuterRef("client_id"))
        return unrated.exclude(Exists(own))

    def is_over(self, waiting: page.OpenSession) -> bool:
        return waiting.is_late

    def unsaid(self, plans, day: date):
        own = self.rows().filter(user=OuterRef("user"), diary_date=day)
        return plans.exclude(Exists(own)).order_by("pk")

    def days(
        self, plans, day: date, zone: ZoneInfo, at: datetime
    ) -> Iterator[tuple[Kind, models.QuerySet]]:
        """Of plans, those whose person is due a reminder of the day, the first kind first.

        ``zone`` is that of all of them.
        """
        plans = self.unsaid(plans, day)
        yield Kind.DAY, _without_entry(plans.filter(is_daily=True), self.rows(), day, at)
        yield Kind.SELF_TEST, self_tests.with_something_to_do(plans, day, zone)


MAIL = Way()


def due(*, at: datetime, way: Way = MAIL) -> Iterator[Due]:
    """All that are due at ``at`` and were not sent yet; some may turn out to be kept quiet."""
    yield from due_sessions(way, at)
    yield from _due_days(way, at)


def with_number(plans):
    """Each with the number of its diary's changes."""
    of_diary = Revision.objects.filter(user=OuterRef("user")).values("number")
    return plans.annotate(number=Coalesce(Subquery(of_diary), 0))


def loud(plans):
    """Those that have not gone quiet (``Plan.is_quiet_at``)."""
    return with_number(plans).exclude(unanswered=QUIET_AFTER, revision=F("number"))


def addressed():
    """The plans of those to whom mail may go; where addresses are verified, to such only."""
    plans = ReminderPlan.objects.wanted()
    if settings.ACCOUNT_EMAIL_VERIFICATION == "none":
        return plans
    owner = {"user": OuterRef("user"), "email": OuterRef("user__email")}
    return plans.filter(Exists(EmailAddress.objects.filter(**owner, verified=True)))


def daily_due_at(day: date, daily_at: time, zone: ZoneInfo) -> datetime:
    """The instant of a day's reminder; the same rule as calendars have (RFC 5545, 3.3.5)."""
    return datetime.combine(day, daily_at, tzinfo=zone).astimezone(UTC)


def due_sessions(way: Way, at: datetime) -> Iterator[Due]:
    unrated = TreatmentSession.objects.unfinished(at=at)
    open_ones = way.sessions(unrated, at=at).filter(user=OuterRef("user"))
    plans = loud(way.plans(at=at)).filter(Exists(open_ones), for_sessions=True)
    for some in in_turns(plans.select_related("user").order_by("pk")):
        yield from _of_sessions(way, some, at)


def in_turns(rows: Iterable) -> Iterator[list]:
    """As many at a time as are read together."""
    rest = iter(rows)
    while some := list(islice(rest, AT_A_TIME)):
        yield some


def _of_sessions(way, plans, at):
    """Due by the rules of the page Today, since the plan was made, and not over."""
    people = [plan.user_id for plan in plans]
    treatments, sessions = _by_user(_treatments(people)), _by_user(_unfinished(way, people, at))
    for plan in plans:
        own = treatments[plan.user_id], sessions[plan.user_id]
        for each in page.to_rate_again(*own, at=at):
            is_due = at >= each.due_at + way.after and each.due_at >= plan.since
            if is_due and each.session.is_unsaid and not way.is_over(each):
                what = {"client_id": each.session.client_id, "kind": Kind.SESSION}
                yield Due(plan.user_id, user=plan.user, waiting=each, **what)


def _treatments(people):
    current = Treatment.objects.current().filter(user__in=people)
    return current.values_list("user_id", "name", "rate_again_after_minutes", named=True)


def _unfinished(way, people, at):
    """The oldest first, those that were reminded of as well: one act is reminded of once."""
    itself = TreatmentSession.objects.filter(pk=OuterRef("pk"))
    sessions = TreatmentSession.objects.filter(user__in=people).unfinished(at=at).with_names()
    sessions = sessions.annotate(is_unsaid=Exists(way.sessions(itself, at=at)))
    columns = ["user_id", "pk", "client_id", "started_at", "due_minutes", "together"]
    ordered = sessions.order_by("diary_date", "started_at", "pk")
    return ordered.values_list(*columns, "names", "is_unsaid", named=True)


def _by_user(rows) -> defaultdict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found


def _due_days(way, at):
    """The same clock in the same zone rings at the same instant: each is worked out once."""
    plans = loud(way.plans(at=at)).filter(way.of_days)
    clocks = plans.order_by().values_list("user__time_zone", "daily_at").distinct()
    for name, daily_at in clocks:
        zone = ZoneInfo(name)
        day = at.astimezone(zone).date()
        due_at = daily_due_at(day, daily_at, zone)
        if timedelta(0) <= at - due_at < DAILY_FOR:
            here = plans.filter(user__time_zone=name, daily_at=daily_at, since__lte=due_at)
            yield from _of_day(way, here, day, zone, at)


def _of_day(way, plans, day, zone, at):
    """At most one to each person."""
    asked: dict[int, Kind] = {}
    for kind, found in way.days(plans, day, zone, at):
        for user_id in found.values_list("user", flat=True):
            asked.setdefault(user_id, kind)
    for some in in_turns(sorted(asked)):
        for user in User.objects.filter(pk__in=some).order_by("pk"):
            yield Due(user.pk, diary_date=day, kind=asked[user.pk], user=user, zone=zone)


def _without_entry(plans, reminders, day, at):
    """Of these, the ones who have written nothing in the day.

    An entry of a later day counts: the person wrote it today, in a zone further east. Who is
    asked once a week, or has paused the diary, is left in peace (``rhythm.awake``).
    """
    plans = rhythm.awake(plans, reminders, day=day, at=at)
    for model in (CheckIn, TreatmentSession):
        plans = plans.exclude(
            Exists(model.objects.filter(user=OuterRef("user"), diary_date__gte=day))
        )
    return plans
