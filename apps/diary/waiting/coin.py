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
from django.db.models import Exists, OuterRef, Q, TextChoices

from apps.diary.models import (
    Outcome,
    PlannedTreatment,
    SelfTestMoment,
    SessionTreatment,
    TreatmentSession,
    WaitDraw,
    WaitPlan,
)
from apps.diary.models.session import due_minutes_of
from apps.diary.red_flags import flags
from apps.diary.waiting import how_often_it_asks as how_often
from apps.treatments.catalogue import CATALOGUE
from apps.treatments.models import Setting, Treatment
from config.postgres.compiled import compiled

FIRST_SESSION_ASKED = 3  # of a treatment in a diary
RATING_GROWS_OLD_AFTER = timedelta(minutes=15)
OFFER_PLAN_FOR = timedelta(hours=8)
TOSSES = 2**64

_signer = signing.TimestampSigner(salt="diary.waiting")


class Answer(TextChoices):
    WAIT = "wait"
    NOW = "now"


class AskFirstError(Exception):
    """Something is asked before the session starts. Nothing is stored until it is answered."""


class WaitFirstError(AskFirstError):
    """The coin says: ask whether to wait first."""


class HowOftenError(AskFirstError):
    """Before the first toss of all: how often may the coin ask?"""


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
    are_known: bool,
    is_in_self_test: bool = False,
) -> bool:
    """Whether a person about to use ``treatments`` may be asked to wait first.

    Never while a red flag is open: then nothing may be put off. Nor while a self-test of one of
    them runs: its own draw decides when to wait. Nor before the third session of each
    (``are_known``): a diary begins with what one wants to do.
    """
    return (
        bool(treatments)
        and pain_before <= pain_limit
        and not has_waited_lately
        and not has_red_flag
        and are_known
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


def are_known(user, treatments) -> bool:
    """Whether this would be at least the third session of each of them in the diary."""
    links = SessionTreatment.objects.filter(user=OuterRef("user"), treatment=OuterRef("pk"))
    before = links.order_by()[FIRST_SESSION_ASKED - 2 : FIRST_SESSION_ASKED - 1]
    own = Treatment.objects.for_user(user).filter(pk__in=[each.pk for each in treatments])
    return own.filter(Exists(before)).count() == len(treatments)


def asked_pairs(user, condition) -> int:
    """How many waits of this complaint, asked for by the app, make a pair."""
    if condition is None:
        return 0
    waits = TreatmentSession.objects.for_user(user).filter(condition=condition, asked_by_app=True)
    return waits.waits().pairs().count()


@dataclass(frozen=True, slots=True)
class Toss:
    """The person's next toss, for one session that is about to start.

    ``one_in`` is its chance: that with which it asked, where it asked before.
    """

    plan: WaitPlan
    is_eligible: bool
    asked_pairs: int
    one_in: int
    planned: list[Treatment]

    @property
    def asks(self) -> bool:
        plan = self.plan
        return self.may_ask and coin_says_wait(plan.seed, plan.next_ordinal, self.one_in)

    @property
    def may_ask(self) -> bool:
        return self.is_eligible and not self.must_choose

    @property
    def must_choose(self) -> bool:
        """Whether the person says first how often: once, before anything is tossed for them."""
        return self.is_eligible and not self.plan.has_chosen

    @property
    def asks_with(self) -> int:
        """Its chance where it asks; 0 where it was not tossed."""
        return self.one_in if self.asks else 0

    @property
    def minutes(self) -> int:
        """How long a wait would be: as long as what it puts off."""
        return due_minutes_of(self.planned)

    @property
    def next_stage(self) -> int | None:
        """With how many such waits it asks less; None where it does not go by them any more."""
        return None if self.plan.chosen else how_often.next_stage(self.asked_pairs)

    def outcome(self, answer) -> Outcome:
        if not self.may_ask:
            return Outcome.NOT_ELIGIBLE
        if not self.asks:
            return Outcome.NOT_ASKED
        return Outcome.ACCEPTED if answer == Answer.WAIT else Outcome.SKIPPED

    def resolve(self, session, answer, *, at):
        """Store the outcome now that ``session`` came of it, and go on to the next toss."""
        draw = WaitDraw.objects.create(
            user=session.user,
            ordinal=self.plan.next_ordinal if self.may_ask else None,
            one_in=self.one_in,
            outcome=self.outcome(answer),
            drawn_at=at,
            client_id=session.client_id,
        )
        if self.asks:
            PlannedTreatment.objects.bulk_create(
                PlannedTreatment(user=session.user, draw=draw, treatment=treatment)
                for treatment in self.planned
            )
        if self.may_ask:
            self.plan.next_ordinal += 1
            self.plan.save(update_fields=["next_ordinal"])


def keep_plan(user) -> None:
    """Store the person's plan and its seed, before any toss: a toss that asks is rolled back,
    and the answer must meet the same coin."""
    WaitPlan.objects.for_user(user).get_or_create(defaults={"user": user})


def choose(user, one_in: int | None, *, at: datetime) -> None:
    """How often the coin may ask from the next toss on; 0 never, None by the counts alone."""
    plans = WaitPlan.objects.for_user(user)
    chosen = {"one_in": one_in, "chosen_at": at}
    plans.update_or_create(defaults=chosen, create_defaults={**chosen, "user": user})


def toss(
    session,
    condition,
    planned,
    *,
    at: datetime,
    may_ask: bool = True,
    asked_with: int | None = None,
    is_in_self_test: bool = False,
) -> Toss | None:
    """The toss for ``session``, not stored yet; None where nothing is put off or asked.

    Without ``may_ask`` it was started where the coin was out of reach. That knows as little of
    the coin as an appointment does: not eligible, and the next toss stays as it was.
    ``asked_with`` is the chance with which it asked before; an answer does not change that.

    Call it in a transaction: until that ends, no other session of this person starts, so that
    two tabs cannot use the same toss.
    """
    user = session.user
    plan = WaitPlan.objects.for_user(user).select_for_update().get()
    is_off = plan.chosen == how_often.NEVER and not asked_with
    if not planned or is_off or is_resolved(session):
        return None
    counted = asked_pairs(user, condition)
    waits = TreatmentSession.objects.for_user(user).waited_lately(at=at)
    is_allowed = may_ask and is_eligible(
        planned,
        session.pain_before,
        pain_limit=plan.pain_limit,
        has_waited_lately=waits.exists(),
        has_red_flag=flags.has_open(user, at=at),
        are_known=are_known(user, planned),
        is_in_self_test=is_in_self_test,
    )
    one_in = asked_with or how_often.one_in(counted, plan.chosen)
    return Toss(plan, is_allowed, counted, one_in, planned)


def is_resolved(session) -> bool:
    """Whether a session of this form was started before; it may have been deleted since."""
    draws = WaitDraw.objects.for_user(session.user)
    return draws.filter(client_id=session.client_id).exists()


def question_token(client_id, one_in: int) -> str:
    """Goes with a question and comes back with its answer: which form, since when, and the
    chance with which the coin asked, 0 where it was not tossed yet."""
    return _signer.sign(f"{client_id} {one_in}")


def asked_with(token: str, client_id, *, kept_for: timedelta = timedelta()) -> int | None:
    """The chance in a token of this form; None unless the pain that comes with the answer was
    rated just before the answer was typed."""
    try:
        signed = _signer.unsign(token, max_age=RATING_GROWS_OLD_AFTER + kept_for)
    except signing.BadSignature:
        return None
    form, _space, one_in = signed.rpartition(" ")
    return int(one_in) if form == str(client_id) else None


def planned_after_wait(user, newest, *, at: datetime) -> list:
    """The treatments put off for the wait that is the person's ``newest`` session, asked for by
    the coin or by a self-test.

    ``newest`` is as in ``today.recent_sessions``. Empty while the wait goes on, after anything
    else was started, and once the wait lies eight hours back.
    """
    if newest is None or newest.names or newest.started_at <= at - OFFER_PLAN_FOR:
        return []
    asked = {"user": user.pk, "started_at": newest.started_at}
    put_off = [link.treatment for link in _put_off_by_coin(**asked)]
    return put_off or [moment.self_test.treatment for moment in _put_off_by_self_test(**asked)]


@compiled
def _put_off_by_coin(*, user: int, started_at: datetime):
    planned = PlannedTreatment.objects.for_user(user).filter(
        draw__outcome=Outcome.ACCEPTED,
        draw__client_id__in=_ended(user, started_at),
        treatment__archived_at=None,
    )
    return planned.select_related("treatment")


@compiled
def _put_off_by_self_test(*, user: int, started_at: datetime):
    drawn = SelfTestMoment.objects.for_user(user).filter(
        client_id__in=_ended(user, started_at), self_test__treatment__archived_at=None
    )
    return drawn.select_related("self_test__treatment")


def _ended(user: int, started_at: datetime):
    ended = Q(pain_after__isnull=False) | Q(is_closed_unrated=True)
    wait = TreatmentSession.objects.for_user(user).filter(ended, started_at=started_at)
    return wait.values("client_id")


def start_query(treatments) -> str:
    """For the address of the page that starts a session of these."""
    return urlencode([("treatment", treatment.pk) for treatment in treatments])
