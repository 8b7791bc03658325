"""Storing an import's rows, beside what Django does to store them, in turns and in this process."""

import statistics
import time
from datetime import UTC, datetime, timedelta

ROWS, ROUNDS = (5_000, 100_000), {5_000: 5, 100_000: 1}
AT_MOST = 0.33  # of the time
FIRST = datetime(1990, 1, 1, tzinfo=UTC)


def limits(user):
    """What was measured in words, the value, and at most."""
    from apps.conditions.models import Condition
    from apps.diary.models import CheckIn
    from config.postgres.copying import copy_rows

    condition = Condition.objects.for_user(user).first()

    def in_bulk(rows):
        CheckIn.objects.bulk_create(rows, batch_size=1_000)

    for number in ROWS:
        turns = [
            [seconds(store, check_ins(user, condition, number)) for store in (copy_rows, in_bulk)]
            for _round in range(ROUNDS[number])
        ]
        ours, bare = (statistics.median(each) for each in zip(*turns, strict=True))
        said = f"storing {number:,} rows of an import: {ours:.2f} s"
        yield f"{said}, {ours / bare:.2f} of a bulk insert", ours / bare, AT_MOST


def check_ins(user, condition, number):
    from apps.diary.models import CheckIn

    moments = (FIRST + timedelta(minutes=30 * each) for each in range(number))
    return [
        CheckIn(
            user=user,
            condition=condition,
            rated_at=at,
            diary_date=at.date(),
            time_zone="UTC",
            leg_pain=each % 11,
            note="slept badly, long drive",
        )
        for each, at in enumerate(moments)
    ]


def seconds(store, rows) -> float:
    """Until all is stored; then it is taken back."""
    from django.db import transaction

    with transaction.atomic():
        started = time.perf_counter()
        store(rows)
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    return taken
