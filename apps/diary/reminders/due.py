"""Who is due a reminder at a moment, and which process takes it upon itself to send it.

The clock times that people choose are made into instants in Python, in their own zone. A time
that the clocks skip in spring comes as much later as they were put forward; of one that comes
twice in autumn, it is the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, models, transaction
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
from apps.diary.models.reminders import Plan
from apps.diary.reminders import self_tests
from apps.diary.today import page, rhythm
from apps.treatments.models import Treatment

DAILY_FOR = timedelta(hours=1)  # where nothing was sent at the time, it still is for so long


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
    email: str = field(default="", compare=False)
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


def claim(reminder: Due, *, at: datetime, way: Way = MAIL) -> Plan | None:
    """Take a reminder, if nobody has: the row is stored for good before this returns.

    Returns the plan, its count of unanswered reminders raised by this one. None where another
    process has it, where the plan or the diary has changed since, and after three unanswered
    ones. Processes that ask at the same time queue up for the row of the plan.
    """
    with transaction.atomic():
        plan = _wanting(way, reminder, at).select_for_update(of=["self"]).first()
        if plan is None or plan.is_quiet_at(plan.number) or not _is_first(way, reminder, at):
            return None
        plan.unanswered = plan.unanswered_at(plan.number) + way.counts
        plan.revision = plan.number
        plan.save(update_fields=["unanswered", "revision"])
        return plan


def with_number(plans):
    """Each with the number of its diary's changes."""
    of_diary = Revision.objects.filter(user=OuterRef("user")).values("number")
    return plans.annotate(number=Coalesce(Subquery(of_diary), 0))


def loud(plans):
    """Those that have not gone quiet (``Plan.is_quiet_at``)."""
    return with_number(plans).exclude(unanswered=QUIET_AFTER, revision=F("number"))


def not_delivered(plan: Plan) -> None:
    """What nobody can have read does not count as unanswered."""
    counted = type(plan).objects.filter(pk=plan.pk, unanswered__gt=0)
    counted.update(unanswered=F("unanswered") - 1)


def give_back(reminder: Due, plan: Plan, *, way: Way = MAIL) -> None:
    """What was certainly not delivered is due again, as long as it is due at all."""
    with transaction.atomic():
        way.rows().filter(user=reminder.user_id, **reminder.what).delete()
        if way.counts:
            not_delivered(plan)


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
    plans = plans.select_related("user")
    for plan in plans.order_by("pk"):
        for client_id, waiting in _to_rate_again(way, plan, at):
            what = {"client_id": client_id, "waiting": waiting, "kind": Kind.SESSION}
            yield Due(plan.user_id, email=plan.user.email, **what)


def _to_rate_again(way, plan, at) -> Iterator[tuple[UUID, page.OpenSession]]:
    """Due by the rules of the page Today, since the plan was made, and not over."""
    treatments = list(Treatment.objects.for_user(plan.user).current())
    recent = page.recent_sessions(user=plan.user_id, at=at)
    waiting = {
        each.session.pk: each
        for each in page.open_sessions(treatments, recent, at=at)
        if at >= each.due_at + way.after and not way.is_over(each) and each.due_at >= plan.since
    }
    sessions = TreatmentSession.objects.for_user(plan.user).filter(pk__in=waiting)
    unsent = way.sessions(sessions, at=at).order_by("started_at")
    for pk, client_id in unsent.values_list("pk", "client_id"):
        yield client_id, waiting[pk]


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
    asked: dict[int, tuple[Kind, str]] = {}
    for kind, found in way.days(plans, day, zone, at):
        for user_id, email in found.values_list("user", "user__email"):
            asked.setdefault(user_id, (kind, email))
    for user_id, (kind, email) in sorted(asked.items()):
        yield Due(user_id, diary_date=day, kind=kind, email=email, zone=zone)


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


def _wanting(way, reminder, at):
    """The plan, if the reminder still holds: since the list was made, minutes may have passed."""
    if reminder.kind != Kind.SESSION:
        plans = _wanting_day(way, reminder.kind, reminder.diary_date, reminder.zone, at)
        return plans.filter(user=reminder.user_id)
    plans = with_number(way.plans(at=at)).filter(user=reminder.user_id, for_sessions=True)
    unrated = TreatmentSession.objects.for_user(reminder.user_id).unrated()
    of_session = unrated.filter(client_id=reminder.client_id)
    return plans.filter(Exists(of_session)).select_related("user")


@lru_cache(maxsize=8)
def _wanting_day(way, kind, day, zone, at):
    """The question only, put together once for all that are due at a moment."""
    plans = with_number(way.plans(at=at)).filter(user__time_zone=zone.key)
    return dict(way.days(plans, day, zone, at))[kind].order_by().select_related("user")


def _is_first(way, reminder, at) -> bool:
    """Whether the row is new. One statement: ten thousand may be due in a minute."""
    row = {"user_id": reminder.user_id, "claimed_at": at, **reminder.what, **way.marks}
    table, names = way.sent._meta.db_table, ", ".join(row)
    values = ", ".join(["%s"] * len(row))
    insert = f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608 (names of ours)
    with connection.cursor() as cursor:
        cursor.execute(insert, list(row.values()))
        return cursor.rowcount == 1
