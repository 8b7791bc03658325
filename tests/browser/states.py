"""The states that pages have in a young diary, which the demo's half year does not show."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from apps.demo.rows import keep_diary
from apps.diary.waiting.coin import coin_says_wait
from apps.treatments.models import Treatment
from apps.users.models import User
from apps.your_data.importing.store import import_diary
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
    WaitPlanFactory,
    used_twice,
)

A_DAY = timedelta(days=1)
FILES = Path(__file__).parents[1] / "comparisons"
TIMELINES = ("range=2w", "range=1y", "range=all", "range=3m&pain=both")
ASKS = next(
    seed for seed in map(uuid.UUID, map("{:032x}".format, range(99))) if coin_says_wait(seed, 0, 5)
)


@dataclass(frozen=True, slots=True)
class State:
    """``tap`` is a pain to tap there first: what is asked then has no address of its own."""

    name: str
    user: User
    path: str
    tap: int | None = None


def states(at: datetime) -> Iterator[State]:
    yield from _first_day()
    for name, minutes in (("just_started", 3), ("running", 20), ("due", 50)):
        yield from _session(name, at - timedelta(minutes=minutes))
    yield from _saved(at)
    yield from _rated_again(at)
    yield from _asked()
    yield from _looking_back(at)
    yield from _two_complaints(at)
    for letter in "ab":
        yield from _few_sessions(letter, at)
    yield from _half_a_year(at)


def _first_day():
    user = UserFactory()
    yield State("today_first", user, "/today/")
    yield State("answers_empty", user, "/compare/")
    yield State("timeline_empty", user, "/timeline/")


def _session(name, started_at):
    mat = TreatmentFactory()
    session = TreatmentSessionFactory(user=mat.user, started_at=started_at, treatments=[mat])
    yield State(f"today_{name}", mat.user, "/today/")
    yield State(f"session_{name}", mat.user, f"/sessions/{session.pk}/")
    yield State(f"session_{name}_rate_again", mat.user, f"/sessions/{session.pk}/finish/")


def _saved(at):
    user = UserFactory()
    for days, pain in enumerate((5, 6, 4, 7, 6, 3)):
        CheckInFactory(user=user, rated_at=at - days * A_DAY, leg_pain=pain, back_pain=3)
    yield State("today_saved", user, "/today/")


def _rated_again(at):
    mat = TreatmentFactory()
    rated = {"started_at": at - timedelta(minutes=46), "pain_after": 3, "after_rated_at": at}
    session = TreatmentSessionFactory(user=mat.user, treatments=[mat], **rated)
    yield State("after_no_waits_yet", mat.user, f"/sessions/{session.pk}/after/")


def _asked():
    for name, fields in (("how_often", None), ("coin", {"one_in": None, "seed": ASKS})):
        mat = TreatmentFactory()
        used_twice(mat)
        if fields:
            WaitPlanFactory(user=mat.user, **fields)
        yield State(name, mat.user, f"/sessions/start/?treatment={mat.pk}", tap=6)


def _looking_back(at):
    mat = TreatmentFactory(review_on=at.date(), expectation=7, upfront_cost=35)
    for days in range(1, 30, 3):
        _rated(mat, at - days * A_DAY)
    yield State("today_looking_back", mat.user, "/today/")
    yield State("self_test_agree", mat.user, f"/treatments/{mat.pk}/self-test/")


def _rated(mat, started_at):
    rated = {"pain_after": 4, "after_rated_at": started_at + timedelta(minutes=45)}
    TreatmentSessionFactory(user=mat.user, started_at=started_at, treatments=[mat], **rated)


def _two_complaints(at):
    mat = TreatmentFactory()
    arm = {"name": "Arm", "first_place": "shoulder", "second_place": "hand"}
    leg, arm = ConditionFactory(user=mat.user), ConditionFactory(user=mat.user, **arm)
    ends_on = at.date() + 60 * A_DAY
    SelfTestFactory(
        user=mat.user, condition=leg, treatment=mat, started_at=at - A_DAY, ends_on=ends_on
    )
    yield State("today_two_complaints", mat.user, f"/today/?condition={leg.pk}")
    yield State("today_other_complaint", mat.user, f"/today/?condition={arm.pk}")
    together = f"/sessions/start/together/?treatment={mat.pk}"
    yield State("session_start_two_complaints", mat.user, together)


def _few_sessions(letter, at):
    user = UserFactory()
    import_diary(user, (FILES / f"few_sessions_{letter}.csv").read_bytes(), at=at)
    yield State(f"answers_few_{letter}", user, "/compare/?range=all")
    mat = Treatment.objects.get(user=user)
    yield State(f"card_few_{letter}", user, f"/treatments/{mat.pk}/card/?range=all")


def _half_a_year(at):
    user = UserFactory()
    keep_diary(user, at=at)
    yield State("answers_filtered", user, "/compare/?range=3m&side=left")
    for query in TIMELINES:
        yield State(
            f"timeline_{query.replace('=', '_').replace('&', '_')}", user, f"/timeline/?{query}"
        )
    for own in Treatment.objects.for_user(user):
        yield State(f"card_{own.kind}", user, f"/treatments/{own.pk}/card/")
