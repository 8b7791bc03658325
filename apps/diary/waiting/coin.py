"""Waits by coin flip: at some started sessions the app asks whether to wait first.

People treat when it is bad. A wait that a coin chose has no such reason behind it, and shows
what would have happened anyway. So the coin knows neither the pain nor the treatment; these
only decide whether it may be tossed.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Q, TextChoices

from apps.diary.models import (
    Outcome,
    PlannedTreatment,
    SelfTestMoment,
    TreatmentSession,
    WaitDraw,
    WaitPlan,
)
from apps.diary.red_flags import flags
from apps.treatments.catalogue import CATALOGUE
from apps.treatments.intervals import USUAL_MINUTES
from apps.treatments.models import Setting

WAIT_MINUTES = USUAL_MINUTES
RATING_GROWS_OLD_AFTER = timedelta(minutes=15)
OFFER_PLAN_FOR = timedelta(hours=8)
TOSSES = 2**64

_signer = signing.TimestampSigner(salt="diary.waiting")


class Answer(TextChoices):
    WAIT = "wait"
    NOW = "now"


class WaitFirstError(Exception):
    """The coin says: ask whether to wait first. Nothing is stored until that is answered."""


def coin_says_wait(seed: uuid.UUID, ordinal: int, one_in: int) -> bool:
    """Whether toss number ``ordinal`` asks, which one in ``one_in`` does; at 0 none does.

    The same every time: SHA-256 of seed and ordinal, its first eight bytes taken as a share of
    their range.
    """
    toss = hashlib.sha256(seed.bytes + ordinal.to_bytes(8, "big")).digest()[:8]
    return one_in > 0 and int.from_bytes(toss, "big") * one_in < TOSSES


def is_eligible(
    treatments,
    pain_before: int,
    *,
    pain_limit: int,
    has_waited_lately: bool,
    has_red_flag: bool,
    is_in_self_test: bool = False,
) -> bool:
    """Whether a person about to use ``treatments`` may be asked to wait first.

    Never while a red flag is open: then nothing may be put off. Nor while a self-test of one of
    them runs: its own draw decides when to wait.
    """
    return (
        bool(treatments)
        and pain_before <= pain_limit
        and not has_waited_lately
        and not has_red_flag
        and not is_in_self_test
        and all(may_be_put_off(treatment) for treatment in treatments)
    )


def may_be_put_off(treatment) -> bool:
    """Not what was prescribed, nor an appointment, nor what is done once."""
    return not (
        treatment.is_prescribed
        or treatment.setting == Setting.APPOINTMENT
        or CATALOGUE[treatment.kind].is_one_off
    )


@dataclass(frozen=True, slots=True)
class Toss:
    """The person's next toss, for one session that is about to start."""

    plan: WaitPlan
    is_eligible: bool

    @property
    def asks(self) -> bool:
        plan = self.plan
        return self.is_eligible and coin_says_wait(plan.seed, plan.next_ordinal, plan.one_in)

    def outcome(self, answer) -> Outcome:
        if not self.is_eligible:
            return Outcome.NOT_ELIGIBLE
        if not self.asks:
            return Outcome.NOT_ASKED
        return Outcome.ACCEPTED if answer == Answer.WAIT else Outcome.SKIPPED

    def resolve(self, session, planned, answer, *, at):
        """Store the outcome now that ``session`` came of it, and go on to the next toss."""
        draw = WaitDraw.objects.create(
            user=session.user,
            ordinal=self.plan.next_ordinal if self.is_eligible else None,
            one_in=self.plan.one_in,
            outcome=self.outcome(answer),
            drawn_at=at,
            client_id=session.client_id,
        )
        if self.asks:
            PlannedTreatment.objects.bulk_create(
                PlannedTreatment(user=session.user, draw=draw, treatment=treatment)
                for treatment in planned
            )
        if self.is_eligible:
            self.plan.next_ordinal += 1
            self.plan.save(update_fields=["next_ordinal"])


def keep_plan(user) -> None:
    """Store the person's plan and its seed, before any toss: a toss that asks is rolled back,
    and the answer must meet the same coin."""
    WaitPlan.objects.for_user(user).get_or_create(defaults={"user": user})


def toss(
    session, planned, *, at: datetime, may_ask: bool = True, is_in_self_test: bool = False
) -> Toss | None:
    """The toss for ``session``, not stored yet; None where nothing is put off or asked.

    Without ``may_ask`` it was started where the coin was out of reach. That knows as little of
    the coin as an appointment does: not eligible, and the next toss stays as it was.

    Call it in a transaction: until that ends, no other session of this person starts, so that
    two tabs cannot use the same toss.
    """
    plan = WaitPlan.objects.for_user(session.user).select_for_update().get()
    if not (planned and plan.one_in) or is_resolved(session):
        return None
    waits = TreatmentSession.objects.for_user(session.user).waited_lately(at=at)
    has_waited_lately = waits.exists()
    return Toss(
        plan=plan,
        is_eligible=may_ask
        and is_eligible(
            planned,
            session.pain_before,
            pain_limit=plan.pain_limit,
            has_waited_lately=has_waited_lately,
            has_red_flag=flags.has_open(session.user, at=at),
            is_in_self_test=is_in_self_test,
        ),
    )


def is_resolved(session) -> bool:
    """Whether a session of this form was started before; it may have been deleted since."""
    draws = WaitDraw.objects.for_user(session.user)
    return draws.filter(client_id=session.client_id).exists()


def question_token(client_id) -> str:
    """Goes with the question and comes back with the answer: which form, and since when."""
    return _signer.sign(str(client_id))


def is_fresh(token: str, client_id, *, kept_for: timedelta = timedelta()) -> bool:
    """Whether the pain that comes with the answer was rated just before the answer was typed."""
    try:
        return _signer.unsign(token, max_age=RATING_GROWS_OLD_AFTER + kept_for) == str(client_id)
    except signing.BadSignature:
        return False


def planned_after_wait(user, newest, *, at: datetime) -> list:
    """The treatments put off for the wait that is the person's ``newest`` session, asked for by
    the coin or by a self-test.

    ``newest`` is as in ``today.recent_sessions``. Empty while the wait goes on, after anything
    else was started, and once the wait lies eight hours back.
    """
    if newest is None or newest.names or newest.started_at <= at - OFFER_PLAN_FOR:
        return []
    ended = Q(pain_after__isnull=False) | Q(is_closed_unrated=True)
    wait = TreatmentSession.objects.for_user(user).filter(ended, started_at=newest.started_at)
    planned = PlannedTreatment.objects.for_user(user).filter(
        draw__outcome=Outcome.ACCEPTED,
        draw__client_id__in=wait.values("client_id"),
        treatment__archived_at=None,
    )
    put_off = [link.treatment for link in planned.select_related("treatment")]
    return put_off or _put_off_by_self_test(user, wait)


def _put_off_by_self_test(user, wait) -> list:
    drawn = SelfTestMoment.objects.for_user(user).filter(
        client_id__in=wait.values("client_id"), self_test__treatment__archived_at=None
    )
    return [moment.self_test.treatment for moment in drawn.select_related("self_test__treatment")]


def start_query(treatments) -> str:
    """For the address of the page that starts a session of these."""
    return urlencode([("treatment", treatment.pk) for treatment in treatments])
