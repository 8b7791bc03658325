"""Rows for tests, read as a sentence: ``CheckInFactory(user=alice, leg_pain=0)``."""

import gzip
import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import factory
from django.conf import settings
from django.contrib.auth.hashers import make_password

from apps.comparisons.engine.sealed_order import letters
from apps.conditions.models import Cause, CauseKind, Condition
from apps.diary.models import (
    Activity,
    AgreedDay,
    Agreement,
    CalendarFeed,
    Call,
    CallPlan,
    CheckIn,
    DayMeasure,
    DeletedEntry,
    DutiesAnswer,
    Exercise,
    FunctionRating,
    HowOften,
    ImportedFile,
    PendingImport,
    PushSubscription,
    RedFlagReview,
    Reminder,
    ReminderPlan,
    Seal,
    SelfTest,
    SelfTestMoment,
    SessionTreatment,
    TreatmentSession,
    Unit,
    WaitDraw,
    WaitPlan,
)
from apps.sharing.models import Section, ShareLink, ShareVisit
from apps.treatments.models import Kind, Treatment, TreatmentPeriod, TreatmentReview
from apps.users.models import CONSENT_VERSION, User

PASSWORD = "long enough to be a password"
SECRET = "s" * 43
LONG_AGO = datetime(2020, 1, 1, 12, tzinfo=UTC)
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def hashed(password):
    """As it is stored now: a test may go back to the hasher of the settings."""
    return _hashed(password, settings.PASSWORD_HASHERS[0])


@cache
def _hashed(password, _hasher):
    """Argon2 is slow on purpose: once is enough for all who share the password."""
    return make_password(password)


def day_of(moment, time_zone):
    """The day there: in a London summer it is the next one for an hour that is none in UTC."""
    return moment.astimezone(ZoneInfo(time_zone or "UTC")).date()


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = factory.LazyFunction(lambda: hashed(PASSWORD))
    time_zone = "Europe/London"
    set_up_at = NOON
    consent_version = CONSENT_VERSION
    consented_at = NOON


class OwnedFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    user = factory.SubFactory(UserFactory)


class ConditionFactory(OwnedFactory):
    class Meta:
        model = Condition
        django_get_or_create = ("user", "name")

    name = "Sciatica"


class CauseFactory(OwnedFactory):
    class Meta:
        model = Cause

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    kind = CauseKind.SLIPPED_DISC


class TreatmentFactory(OwnedFactory):
    class Meta:
        model = Treatment
        django_get_or_create = ("user", "name")

    name = "Acupressure mat"
    kind = Kind.ACUPRESSURE_MAT
    minutes = 20


class TreatmentPeriodFactory(OwnedFactory):
    class Meta:
        model = TreatmentPeriod

    treatment = factory.SubFactory(TreatmentFactory, user=factory.SelfAttribute("..user"))
    started_on = NOON.date()


class TreatmentReviewFactory(OwnedFactory):
    class Meta:
        model = TreatmentReview

    treatment = factory.SubFactory(TreatmentFactory, user=factory.SelfAttribute("..user"))
    decided_on = NOON.date()
    decision = "go_on"


class EntryFactory(OwnedFactory):
    class Meta:
        abstract = True

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    time_zone = "Europe/London"


class CheckInFactory(EntryFactory):
    class Meta:
        model = CheckIn

    rated_at = NOON
    diary_date = factory.LazyAttribute(lambda entry: day_of(entry.rated_at, entry.time_zone))
    leg_pain = 4
    red_flags_ticked_at = factory.LazyAttribute(
        lambda entry: entry.rated_at if getattr(entry, "red_flags", None) else None
    )


class RedFlagReviewFactory(OwnedFactory):
    class Meta:
        model = RedFlagReview

    seen_at = NOON


class ActivityFactory(OwnedFactory):
    class Meta:
        model = Activity

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    name = "Sit through a film"
    place = 1


class FunctionRatingFactory(OwnedFactory):
    class Meta:
        model = FunctionRating

    activity = factory.SubFactory(ActivityFactory, user=factory.SelfAttribute("..user"))
    rating = 4
    rated_at = NOON
    diary_date = factory.LazyAttribute(lambda rating: day_of(rating.rated_at, rating.time_zone))
    time_zone = "Europe/London"


class DutiesAnswerFactory(OwnedFactory):
    class Meta:
        model = DutiesAnswer

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    duties = "adapted"
    diary_date = NOON.date()


class AgreementFactory(OwnedFactory):
    """Twice a day since noon of the first day; ``per="week"``, ``until_on=…``."""

    class Meta:
        model = Agreement

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    treatment = factory.SubFactory(TreatmentFactory, user=factory.SelfAttribute("..user"))
    times = 2
    agreed_on = NOON.date()


class ExerciseFactory(OwnedFactory):
    class Meta:
        model = Exercise

    agreement = factory.SubFactory(AgreementFactory, user=factory.SelfAttribute("..user"))
    name = "Bridge"
    repetitions = "3 × 10"
    how = "slowly"


class AgreedDayFactory(OwnedFactory):
    class Meta:
        model = AgreedDay

    agreement = factory.SubFactory(AgreementFactory, user=factory.SelfAttribute("..user"))
    diary_date = NOON.date()
    times = 1


class TreatmentSessionFactory(EntryFactory):
    """``treatments=[mat, heat]`` links them; none makes it a wait and see."""

    class Meta:
        model = TreatmentSession
        skip_postgeneration_save = True

    started_at = NOON
    diary_date = factory.LazyAttribute(lambda entry: day_of(entry.started_at, entry.time_zone))
    pain_before = 6

    @factory.post_generation
    def treatments(self, create, treatments):
        for treatment in treatments or []:
            SessionTreatment.objects.create(user=self.user, session=self, treatment=treatment)


def used_twice(*treatments):
    """The next session of each is its third: the first before which the coin may ask."""
    for treatment in treatments:
        for day in (1, 2):
            TreatmentSessionFactory(
                user=treatment.user,
                started_at=LONG_AGO + timedelta(days=day),
                treatments=[treatment],
            )


class WaitPlanFactory(OwnedFactory):
    """One in five at most, as the person chose. ``one_in=HowOften.NEVER``: their sessions start
    without a question; ``one_in=None``: the counts decide, and without ``chosen_at`` they say
    first how often.
    """

    class Meta:
        model = WaitPlan

    one_in = HowOften.ONE_IN_FIVE
    chosen_at = NOON


class WaitDrawFactory(OwnedFactory):
    class Meta:
        model = WaitDraw

    ordinal = 0
    one_in = HowOften.ONE_IN_FIVE
    outcome = "not_asked"
    drawn_at = NOON
    client_id = factory.LazyFunction(uuid.uuid4)


class SelfTestFactory(OwnedFactory):
    """Of 24 sessions of a treatment against waiting, running since noon of the first day.

    ``other=heat`` tests two treatments; ``ended_at=…, why_ended="whole"`` ends it.
    """

    class Meta:
        model = SelfTest

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    treatment = factory.SubFactory(TreatmentFactory, user=factory.SelfAttribute("..user"))
    moments = 24
    minutes = 45
    expectation = 6
    ends_on = NOON.date() + timedelta(days=72)
    seed = uuid.UUID(int=1)
    order = "TWTWWTTWTWWTTWWTTWTWTWWT"
    started_at = NOON


class DayTestFactory(SelfTestFactory):
    """Of 60 days with insoles or without, running since noon of the first day."""

    treatment = factory.SubFactory(
        TreatmentFactory,
        user=factory.SelfAttribute("..user"),
        name="Insoles",
        kind=Kind.ORTHOTICS,
        minutes=None,
    )
    unit = Unit.DAY
    moments = 60
    minutes = 240
    ends_on = NOON.date() + timedelta(days=90)
    order = letters(uuid.UUID(int=1), 60)


class SealFactory(OwnedFactory):
    """Of a self-test that runs where a file came from; none of its sessions is here."""

    class Meta:
        model = Seal

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    treatment = factory.SubFactory(TreatmentFactory, user=factory.SelfAttribute("..user"))
    moments = 24
    minutes = 45
    started_at = NOON
    client_ids = factory.LazyFunction(list)


class SelfTestMomentFactory(OwnedFactory):
    class Meta:
        model = SelfTestMoment

    self_test = factory.SubFactory(SelfTestFactory, user=factory.SelfAttribute("..user"))
    ordinal = 0
    client_id = factory.LazyFunction(uuid.uuid4)
    drawn_at = NOON


class ShareLinkFactory(OwnedFactory):
    """The last three months, without notes and side effects; opened by ``SECRET``."""

    class Meta:
        model = ShareLink

    condition = factory.SubFactory(ConditionFactory, user=factory.SelfAttribute("..user"))
    for_whom = "Sam, physiotherapist"
    sections = [Section.SUMMARY, Section.CHARTS, Section.SESSIONS, Section.CHECK_INS]
    secret_hash = hashlib.sha256(SECRET.encode()).hexdigest()
    created_at = NOON
    expires_at = factory.LazyAttribute(lambda link: link.created_at + timedelta(days=14))


class ShareVisitFactory(OwnedFactory):
    class Meta:
        model = ShareVisit

    link = factory.SubFactory(ShareLinkFactory, user=factory.SelfAttribute("..user"))
    opening = factory.LazyFunction(uuid.uuid4)
    visited_at = NOON


class ReminderPlanFactory(OwnedFactory):
    """``is_daily=True, daily_at=time(20)`` or ``for_sessions=True``; both are off by default."""

    class Meta:
        model = ReminderPlan

    since = NOON - timedelta(days=30)


class ReminderFactory(OwnedFactory):
    class Meta:
        model = Reminder

    diary_date = NOON.date()
    claimed_at = NOON


class CallPlanFactory(OwnedFactory):
    """``for_sessions=True`` and so on; all are off by default."""

    class Meta:
        model = CallPlan

    since = NOON - timedelta(days=30)


class CallFactory(OwnedFactory):
    class Meta:
        model = Call

    diary_date = NOON.date()
    claimed_at = NOON


class DayMeasureFactory(OwnedFactory):
    class Meta:
        model = DayMeasure

    day = NOON.date()
    sleep_minutes = 432
    steps = 5120


class PushSubscriptionFactory(OwnedFactory):
    """A device of nobody's: ``tests/diary/calls/push_service.py`` has some that can be called."""

    class Meta:
        model = PushSubscription

    endpoint = factory.Sequence(lambda n: f"https://fcm.googleapis.com/fcm/send/{n}")
    p256dh = "B" + "A" * 86
    auth = "A" * 22
    device = "Firefox, Android"
    added_at = NOON


class CalendarFeedFactory(OwnedFactory):
    class Meta:
        model = CalendarFeed

    secret_sha256 = factory.Sequence(lambda n: f"{n:064x}")
    made_at = NOON


FILE = b"kind,at,leg_pain\ncheckin,2026-03-10T12:00:00+00:00,4\n"
FOUND = {"number": 0, "first": None, "last": None, "examples": []}


class DeletedEntryFactory(OwnedFactory):
    """Of nothing, which comes back as nothing."""

    class Meta:
        model = DeletedEntry

    deleted_at = NOON
    rows = []
    beside = []


class ImportedFileFactory(OwnedFactory):
    """Of a file that brought nothing."""

    class Meta:
        model = ImportedFile

    name = "diary.csv"
    imported_at = NOON
    entries = 0
    rows = {}
    filled = []
    content_sha256 = hashlib.sha256().hexdigest()


class PendingImportFactory(OwnedFactory):
    """A file with one check-in; ``content=gzip.compress(…)`` for another."""

    class Meta:
        model = PendingImport

    name = "diary.csv"
    content = gzip.compress(FILE)
    found = {
        "new": {"number": 1, "first": "2026-03-10", "last": "2026-03-10", "examples": []},
        "known": FOUND,
        "conditions": {"shown": [], "more": 0},
        "treatments": {"shown": [], "more": 0},
        "others": 0,
    }
    uploaded_at = NOON
