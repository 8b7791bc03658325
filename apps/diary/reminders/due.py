"""Who is due a reminder by mail at a moment, and which process takes it upon itself to send it.

The clock times that people choose are made into instants in Python, in their own zone. A time
that the clocks skip in spring comes as much later as they were put forward; of one that comes
twice in autumn, it is the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.diary.models import (
    LATE_AFTER,
    CheckIn,
    Reminder,
    ReminderPlan,
    Revision,
    SelfTest,
    SelfTestMoment,
    TreatmentSession,
)
from apps.diary.today import page, rhythm
from apps.treatments.models import Treatment
from apps.users.models import Rhythm

DAILY_FOR = timedelta(hours=1)  # where nothing was sent at the time, it still is for so long


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder that somebody is due: of a session (``client_id`` is its), or of a day.

    ``is_of_self_test``: of a day on which a running self-test had no session yet.
    """

    user_id: int
    client_id: UUID | None = None
    diary_date: date | None = None
    is_of_self_test: bool = False

    @property
    def is_of_session(self) -> bool:
        return self.client_id is not None


def due(*, at: datetime) -> Iterator[Due]:
    """All that are due at ``at`` and were not sent yet; some may turn out to be kept quiet."""
    yield from _due_sessions(at)
    yield from _due_days(at)


def claim(reminder: Due, *, at: datetime) -> ReminderPlan | None:
    """Take a reminder, if nobody has: the row is stored for good before this returns.

    Returns the plan, its count of unanswered reminders raised by this one. None where another
    process has it, where the plan or the diary has changed since, and after three unanswered
    ones. Processes that ask at the same time queue up for the row of the plan.
    """
    with transaction.atomic():
        plans = addressed().filter(user=reminder.user_id).select_related("user")
        plan = plans.select_for_update(of=["self"]).first()
        if plan is None or not _still_holds(reminder, plan, at):
            return None
        revision = Revision.number_of(reminder.user_id)
        if plan.is_quiet_at(revision) or not _is_first(reminder, at):
            return None
        plan.unanswered, plan.revision = plan.unanswered_at(revision) + 1, revision
        plan.save(update_fields=["unanswered", "revision"])
        return plan


def not_delivered(plan: ReminderPlan) -> None:
    """A mail that nobody can have read does not count as unanswered."""
    counted = ReminderPlan.objects.filter(pk=plan.pk, unanswered__gt=0)
    counted.update(unanswered=F("unanswered") - 1)


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


def _due_sessions(at):
    begun = TreatmentSession.objects.unfinished(at=at).filter(started_at__gte=at - LATE_AFTER)
    open_ones = begun.filter(user=OuterRef("user")).exclude(_reminded("client_id"))
    plans = addressed().filter(Exists(open_ones), for_sessions=True).select_related("user")
    for plan in plans.order_by("pk"):
        for client_id in _to_rate_again(plan, at):
            yield Due(plan.user_id, client_id=client_id)


def _to_rate_again(plan, at):
    """Due by the rules of the page Today, since the plan was made, and not late."""
    treatments = list(Treatment.objects.for_user(plan.user).current())
    recent = page.recent_sessions(plan.user, at=at)
    waiting = [
        each.session.pk
        for each in page.open_sessions(treatments, recent, at=at)
        if each.is_due and not each.is_late and each.due_at >= plan.since
    ]
    sessions = TreatmentSession.objects.for_user(plan.user).filter(pk__in=waiting)
    unsent = sessions.exclude(_reminded("client_id"))
    return unsent.order_by("started_at").values_list("client_id", flat=True)


def _due_days(at):
    """The same clock in the same zone rings at the same instant: each is worked out once."""
    plans = addressed().filter(Q(is_daily=True) | Q(for_self_tests=True))
    clocks = plans.order_by().values_list("user__time_zone", "daily_at").distinct()
    for name, daily_at in clocks:
        zone = ZoneInfo(name)
        day = at.astimezone(zone).date()
        due_at = daily_due_at(day, daily_at, zone)
        if timedelta(0) <= at - due_at < DAILY_FOR:
            here = plans.filter(user__time_zone=name, daily_at=daily_at, since__lte=due_at)
            yield from _of_day(here, day, at)


def _of_day(plans, day, at):
    """At most one to each person: of the day, else of their self-test."""
    asked = set(_without_entry(plans, day, at).values_list("user", flat=True))
    tested = set(_without_letter(plans, day).values_list("user", flat=True))
    for user_id in sorted(asked | tested):
        yield Due(user_id, diary_date=day, is_of_self_test=user_id not in asked)


def _without_entry(plans, day, at):
    """Of those not reminded of the day yet, the ones who have written nothing in it.

    An entry of a later day counts: the person wrote it today, in a zone further east. Who is
    asked once a week, or has paused the diary, is left in peace (``rhythm.awake``).
    """
    plans = rhythm.awake(plans.filter(is_daily=True), day=day, at=at).exclude(_has_had_one(day))
    for model in (CheckIn, TreatmentSession):
        plans = plans.exclude(
            Exists(model.objects.filter(user=OuterRef("user"), diary_date__gte=day))
        )
    return plans.order_by("pk")


def _without_letter(plans, day):
    """Of those not reminded of the day yet, the ones who asked to be, and whose running self-test
    has letters left and used none on it. Who has paused the diary is left in peace."""
    letters = SelfTestMoment.objects.filter(self_test=OuterRef("pk"))
    today = TreatmentSession.objects.filter(
        user=OuterRef("user"), client_id=OuterRef("client_id"), diary_date__gte=day
    )
    drawn = letters.order_by().values("self_test").annotate(n=Count("pk")).values("n")
    tests = SelfTest.objects.running().filter(user=OuterRef("user"), ends_on__gte=day)
    tests = tests.annotate(drawn_so_far=Coalesce(Subquery(drawn), 0))
    tests = tests.filter(drawn_so_far__lt=F("moments")).exclude(
        Exists(letters.filter(Exists(today)))
    )
    plans = plans.filter(Exists(tests), for_self_tests=True).exclude(_has_had_one(day))
    return plans.exclude(user__rhythm=Rhythm.PAUSED).order_by("pk")


def _has_had_one(day):
    return Exists(Reminder.objects.filter(user=OuterRef("user"), diary_date=day))


def _reminded(column):
    own = {"user": OuterRef("user"), column: OuterRef(column)}
    return Exists(Reminder.objects.filter(**own))


def _still_holds(reminder, plan, at):
    """Asked again under the lock: since the list was made, minutes may have passed."""
    if not reminder.is_of_session:
        plans, day = ReminderPlan.objects.filter(pk=plan.pk), reminder.diary_date
        if reminder.is_of_self_test:
            return _without_letter(plans, day).exists()
        return _without_entry(plans, day, at).exists()
    sessions = TreatmentSession.objects.for_user(plan.user)
    is_open = {"pain_after": None, "is_closed_unrated": False}
    return plan.for_sessions and sessions.filter(client_id=reminder.client_id, **is_open).exists()


def _is_first(reminder, at):
    _row, is_new = Reminder.objects.for_user(reminder.user_id).get_or_create(
        client_id=reminder.client_id,
        diary_date=reminder.diary_date,
        defaults={"user_id": reminder.user_id, "claimed_at": at},
    )
    return is_new
