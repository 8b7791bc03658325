"""An account to look around in, with about six weeks of an invented diary."""

import random
import secrets
from datetime import datetime, time, timedelta

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from apps.conditions.models import Cause, CauseKind, Condition, Side, UsualSide
from apps.diary.models import CheckIn, Position, SessionTreatment, TreatmentSession
from apps.treatments.models import Kind, Treatment, TreatmentPeriod
from apps.users.models import User

EMAIL = "demo@example.com"
DAYS = 42
SEED = 7
MAT_CHANGE, WAIT_CHANGE = -1.6, -0.9  # NRS points; pain falls while waiting, too


class Command(BaseCommand):
    help = "Create the demo account, if there is no account yet, and print its password once."

    def handle(self, *args, **options):
        if User.objects.exists():
            return
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            user = User.objects.create_user(EMAIL, password, set_up_at=timezone.now())
            keep_diary(user, now=timezone.now())
        self.stdout.write(
            f"A demo diary is ready. Log in as {EMAIL} with the password {password}\n"
            "The password is stored nowhere else: write it down."
        )


def keep_diary(user, *, now):
    """Write down six weeks that end yesterday; the same ones on every machine."""
    dice = random.Random(SEED)  # noqa: S311
    today = now.astimezone(user.zone).date()
    days = [today - timedelta(days=DAYS - number) for number in range(DAYS)]
    condition = make_condition(user, since_on=days[0] - timedelta(days=60))
    mat, heat = make_treatments(user, started_on=days[10])
    sessions, used = [], []
    check_ins = []
    for number, day in enumerate(days):
        entry = day_entry(user, condition, day, side=Side.RIGHT if 18 <= number < 24 else Side.LEFT)
        pain = clamp(6.5 - number / 16 + dice.gauss(0, 1.2))
        if dice.random() < 0.1:
            continue  # a day on which nothing was written down
        check_ins.append(morning(entry, day, pain, dice))
        if dice.random() < 0.7:
            treatment = dice.choice([None, mat, heat] if number >= 10 else [None, heat])
            sessions.append(evening(entry, day, clamp(pain + dice.gauss(0.5, 1)), treatment, dice))
            used.append(treatment)
    CheckIn.objects.bulk_create(check_ins)
    TreatmentSession.objects.bulk_create(sessions)
    SessionTreatment.objects.bulk_create(
        SessionTreatment(user=user, session=session, treatment=treatment)
        for session, treatment in zip(sessions, used, strict=True)
        if treatment
    )


def make_condition(user, *, since_on):
    condition = Condition.objects.create(
        user=user, name="Sciatica", usual_side=UsualSide.LEFT, since_on=since_on
    )
    Cause.objects.create(user=user, condition=condition, kind=CauseKind.SLIPPED_DISC)
    return condition


def make_treatments(user, *, started_on):
    mat = Treatment.objects.create(
        user=user,
        name="Acupressure mat",
        kind=Kind.ACUPRESSURE_MAT,
        minutes=20,
        upfront_cost="24.90",
        expectation=6,
    )
    heat = Treatment.objects.create(user=user, name="Heat pack", kind=Kind.HEAT, minutes=15)
    TreatmentPeriod.objects.create(user=user, treatment=mat, started_on=started_on)
    return mat, heat


def day_entry(user, condition, day, *, side):
    """What all entries of a day have in common."""
    return {
        "user": user,
        "condition": condition,
        "diary_date": day,
        "time_zone": user.time_zone,
        "side": side,
    }


def morning(entry, day, pain, dice):
    rated_at = at(entry, day, hour=8, minute=dice.randrange(60))
    return CheckIn(
        **entry,
        rated_at=rated_at,
        entered_at=rated_at,
        leg_pain=pain,
        back_pain=clamp(pain - 2 + dice.gauss(0, 1)),
        sleep=clamp(8 - pain / 2 + dice.gauss(0, 1)),
    )


def evening(entry, day, pain, treatment, dice):
    """A session of the treatment, or a wait and see; one in ten is never rated again."""
    started_at = at(entry, day, hour=19, minute=dice.randrange(60))
    is_mat = treatment is not None and treatment.kind == Kind.ACUPRESSURE_MAT
    session = TreatmentSession(
        **entry,
        started_at=started_at,
        entered_at=started_at,
        pain_before=pain,
        minutes=treatment.minutes if treatment else None,
        position=Position.LOWER_BACK if is_mat else "",
    )
    if dice.random() < 0.9:
        change = MAT_CHANGE if is_mat else WAIT_CHANGE
        session.pain_after = clamp(pain + change + dice.gauss(0, 1))
        session.after_rated_at = session.after_entered_at = started_at + timedelta(minutes=45)
    else:
        session.is_closed_unrated = True
    return session


def at(entry, day, *, hour, minute):
    return datetime.combine(day, time(hour, minute), tzinfo=entry["user"].zone)


def clamp(pain):
    return max(0, min(10, round(pain)))
