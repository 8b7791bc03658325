"""The demo, written down as the diary of an account, in the language of who asked for it."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.conditions.models import Cause, CauseKind, Certainty, Condition, UsualSide
from apps.demo import person
from apps.demo.entries import RATE_AGAIN, DemoCheckIn, DemoDiary, DemoSession
from apps.demo.function import keep_function
from apps.demo.person import demo_diary
from apps.demo.self_test_rows import keep_self_tests
from apps.diary.models import (
    CheckIn,
    Outcome,
    SessionTreatment,
    TreatmentSession,
    WaitDraw,
    WaitPlan,
)
from apps.treatments.models import Kind, Setting, Treatment, TreatmentPeriod
from apps.users.models import User

KINDS = {
    person.MAT: Kind.ACUPRESSURE_MAT,
    person.HEAT: Kind.HEAT,
    person.STRETCHING: Kind.STRETCHING,
    person.ACUPUNCTURE: Kind.ACUPUNCTURE,
    person.INJECTION: Kind.INJECTION,
    person.WALKING: Kind.EXERCISE,
}
DETAILS = {
    person.MAT: {"upfront_cost": Decimal("24.90"), "expectation": 4},
    person.HEAT: {"upfront_cost": Decimal("14.50"), "expectation": 5},
    person.STRETCHING: {"expectation": 8},
    person.ACUPUNCTURE: {
        "cost_per_session": Decimal("45.00"),
        "expectation": 6,
        "setting": Setting.APPOINTMENT,
        "rate_again_after_minutes": RATE_AGAIN[person.ACUPUNCTURE],
    },
    person.INJECTION: {"expectation": 7, "setting": Setting.APPOINTMENT},
    person.WALKING: {"expectation": 6},
}


@transaction.atomic
def keep_diary(user: User, *, at: datetime) -> None:
    """Write down half a year that ends on the day before ``at``; the same for everybody."""
    today = at.astimezone(user.zone).date()
    diary = demo_diary(today - timedelta(days=1), user.zone)
    condition = _keep_condition(user, diary)
    treatments = _keep_treatments(user, diary)
    shared = {"user": user, "condition": condition, "time_zone": user.time_zone}
    CheckIn.objects.bulk_create(_check_in(entry, shared) for entry in diary.check_ins)
    sessions = TreatmentSession.objects.bulk_create(
        _session(entry, shared) for entry in diary.sessions
    )
    done = list(zip(diary.sessions, sessions, strict=True))
    SessionTreatment.objects.bulk_create(
        SessionTreatment(user=user, session=session, treatment=treatments[name])
        for entry, session in done
        for name in entry.treatments
    )
    _keep_draws(user, done)
    keep_self_tests(condition, treatments, diary, done)
    keep_function(condition, diary)


def _keep_condition(user: User, diary: DemoDiary) -> Condition:
    condition = Condition.objects.create(
        user=user,
        name=_("Sciatica"),
        usual_side=UsualSide.LEFT,
        since_on=diary.first_day - timedelta(days=75),
    )
    disc = Cause(
        user=user,
        condition=condition,
        kind=CauseKind.SLIPPED_DISC,
        certainty=Certainty.DIAGNOSED,
        diagnosed_by=_("MRI scan"),
        diagnosed_on=diary.first_day - timedelta(days=20),
    )
    Cause.objects.bulk_create([disc, Cause(user=user, condition=condition, kind=CauseKind.SPASM)])
    return condition


def _keep_treatments(user: User, diary: DemoDiary) -> dict[str, Treatment]:
    rows = [
        Treatment(
            user=user, name=_(name), kind=kind, minutes=person.MINUTES.get(name), **DETAILS[name]
        )
        for name, kind in KINDS.items()
    ]
    treatments = dict(zip(KINDS, rows, strict=True))
    treatments[person.MAT].review_on = diary.day(person.DAYS + 9)
    Treatment.objects.bulk_create(rows)
    TreatmentPeriod.objects.bulk_create(
        TreatmentPeriod(user=user, treatment=treatments[name], **period)
        for name, period in _periods(diary).items()
    )
    return treatments


def _periods(diary: DemoDiary) -> dict[str, dict]:
    return {
        person.MAT: {"started_on": diary.day(person.MAT_FROM)},
        person.ACUPUNCTURE: {
            "started_on": diary.day(person.APPOINTMENTS[0]),
            "ended_on": diary.day(person.APPOINTMENTS[-1]),
            "why_stopped": _("The course was over."),
        },
        # Done once: nothing to compare session by session, so it is a day and no session.
        person.INJECTION: {
            "started_on": diary.day(person.INJECTION_ON),
            "ended_on": diary.day(person.INJECTION_ON),
        },
    }


def _check_in(entry: DemoCheckIn, shared: dict) -> CheckIn:
    return CheckIn(
        **shared,
        rated_at=entry.rated_at,
        entered_at=entry.entered_at,
        diary_date=entry.day,
        side=entry.side,
        leg_pain=entry.leg_pain,
        back_pain=entry.back_pain,
        note=entry.note and _(entry.note),
        **entry.more,
    )


def _session(entry: DemoSession, shared: dict) -> TreatmentSession:
    return TreatmentSession(
        **shared,
        started_at=entry.started_at,
        entered_at=entry.entered_at,
        diary_date=entry.day,
        side=entry.side,
        minutes=person.MINUTES[entry.treatments[-1]] if entry.treatments else None,
        pain_before=entry.pain_before,
        pain_after=entry.pain_after,
        after_rated_at=entry.after_rated_at,
        after_entered_at=entry.after_entered_at,
        is_closed_unrated=entry.pain_after is None,
        asked_by_app=entry.is_asked_wait or None,
        due_minutes=entry.due_minutes,
        adverse_effect=entry.adverse_effect and _(entry.adverse_effect),
        position=entry.position,
    )


def _keep_draws(user: User, done: list[tuple[DemoSession, TreatmentSession]]) -> None:
    """When the app asked to wait first, and what became of it."""
    tossed = [(entry, session) for entry, session in done if entry.was_asked is not None]
    WaitPlan.objects.create(
        user=user,
        one_in=person.ASKED_ONE_IN,
        pain_limit=person.ASKED_UP_TO,
        next_ordinal=len(tossed),
    )
    WaitDraw.objects.bulk_create(
        WaitDraw(
            user=user,
            ordinal=ordinal,
            one_in=person.ASKED_ONE_IN,
            outcome=_outcome(entry),
            drawn_at=entry.started_at,
            client_id=session.client_id,
        )
        for ordinal, (entry, session) in enumerate(tossed)
    )


def _outcome(entry: DemoSession) -> Outcome:
    if not entry.was_asked:
        return Outcome.NOT_ASKED
    return Outcome.SKIPPED if entry.treatments else Outcome.ACCEPTED
