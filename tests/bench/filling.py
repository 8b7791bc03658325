"""Diaries of 100 to 50,000 entries among those of others: made up, the same in every run."""

import random
from datetime import datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, SessionTreatment, TreatmentSession
from apps.treatments.models import Kind, Treatment
from apps.users.models import CONSENT_VERSION, User
from tests.bench import exports

# 50,000 in ten years. Two in five entries are sessions: 250 entries hold 100 of them.
PER_DAY = {100: 1, 250: 1, 1_000: 2, 2_500: 2, 10_000: 5, 25_000: 14, 50_000: 14}
OTHERS, OTHERS_ENTRIES = 100, 1_000
SIDES = ("left", "left", "left", "right", "both", "")


def fill():
    """Return the users by the number of their entries, and the one who only takes files away."""
    dice = random.Random(5)
    users = {entries: keep(dice, entries, per_day) for entries, per_day in PER_DAY.items()}
    longest = keep(dice, exports.ENTRIES, exports.PER_DAY)
    for _number in range(OTHERS):
        keep(dice, OTHERS_ENTRIES, 3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # without statistics plans are up to 40 times slower
    return users, longest


def keep(dice, entries, per_day):
    user = User.objects.create_user(
        f"person{User.objects.count()}@example.com",
        set_up_at=timezone.now(),
        consent_version=CONSENT_VERSION,
        consented_at=timezone.now(),
    )
    condition = Condition.objects.create(user=user, name="Sciatica")
    treatments = [
        Treatment.objects.create(user=user, name=str(kind.label), kind=kind, minutes=20)
        for kind in (Kind.ACUPRESSURE_MAT, Kind.HEAT, Kind.STRETCHING)
    ]
    check_ins, sessions, links = [], [], []
    first_day = timezone.localdate() - timedelta(days=entries // per_day)
    for number in range(entries):
        day = first_day + timedelta(days=number // per_day)
        moment = datetime.combine(
            day, time(7 + number % per_day, dice.randrange(60)), tzinfo=user.zone
        )
        common = {
            "user": user,
            "condition": condition,
            "diary_date": day,
            "time_zone": user.time_zone,
            "entered_at": moment,
            "created_at": moment,  # a person may write 500 a day
            "side": dice.choice(SIDES),
            "note": "slept badly, long drive" if dice.random() < 0.1 else "",
        }
        pain = min(10, max(0, round(dice.gauss(5, 2))))
        if number % 5 < 3:
            check_ins.append(check_in(dice, common, moment, pain))
        else:
            sessions.append(session(dice, common, moment, pain))
            if number % 5 == 3:
                links.append((sessions[-1], dice.choice(treatments)))
    CheckIn.objects.bulk_create(check_ins, batch_size=2_000)
    TreatmentSession.objects.bulk_create(sessions, batch_size=2_000)
    SessionTreatment.objects.bulk_create(
        [
            SessionTreatment(user=user, session=session, treatment=treatment)
            for session, treatment in links
        ],
        batch_size=2_000,
    )
    return user


def check_in(dice, common, moment, pain):
    return CheckIn(
        **common, rated_at=moment, leg_pain=pain, back_pain=pain // 2, sleep=dice.randrange(11)
    )


def session(dice, common, moment, pain):
    after = moment + timedelta(minutes=45)
    return TreatmentSession(
        **common,
        started_at=moment,
        minutes=20,
        pain_before=pain,
        pain_after=max(0, pain - dice.randrange(3)),
        after_rated_at=after,
        after_entered_at=after,
    )
