"""Which started session of a running self-test may use the next letter, and what that says.

A letter is read in the transaction that stores the session, after its before-rating: nobody,
the person included, can know it when they rate, or start again until they like it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from apps.diary.models import CheckIn, Entry, SelfTest, SelfTestMoment, TreatmentSession, WaitPlan
from apps.diary.red_flags import flags
from apps.diary.waiting.coin import may_be_put_off
from apps.treatments.models import Treatment

APART = timedelta(minutes=180)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The next letter of a self-test, not used before ``use`` stores it with its session."""

    self_test: SelfTest
    ordinal: int

    @property
    def letter(self) -> str:
        return self.self_test.order[self.ordinal]

    @property
    def done(self) -> list[Treatment]:
        """What the letter says to do; nothing is to wait."""
        return self.self_test.done(self.letter)

    def use(self, entry: Entry, *, at: datetime) -> SelfTestMoment:
        return SelfTestMoment.objects.create(
            user=entry.user,
            self_test=self.self_test,
            ordinal=self.ordinal,
            client_id=entry.client_id,
            drawn_at=at,
        )


def running(user, planned) -> list[SelfTest]:
    """The running self-tests of any of these. Until the transaction ends no other session can
    use a letter of theirs."""
    tests = SelfTest.objects.for_user(user).testing(planned)
    return list(tests.select_for_update()) if planned else []


def draw(session, condition, planned, tests, *, at: datetime) -> Drawn | None:
    """The next letter, if this session of ``planned`` may use it; None: an ordinary session.

    ``tests`` are those that are ``running`` of it; one by days has its letters from check-ins.
    """
    own = (each for each in tests if each.condition == condition and not each.is_by_days)
    self_test = next(own, None)
    if self_test is None or len(planned) != 1 or not may_be_put_off(planned[0]):
        return None
    ordinal = self_test.drawn.count()
    if ordinal >= self_test.moments or self_test.is_past(at):
        return None
    if is_drawn(session) or not _is_free(self_test, session, at=at):
        return None
    return Drawn(self_test, ordinal)


def is_drawn(session) -> bool:
    """Whether a session of this form used a letter before; it may have been deleted since."""
    drawn = SelfTestMoment.objects.for_user(session.user)
    return drawn.filter(client_id=session.client_id).exists()


def _is_free(self_test, session, *, at: datetime) -> bool:
    """Up to the pain limit, three hours after anything else, with no wait and no red flag open.

    A wait is open for as long as its rating would count.
    """
    plan = WaitPlan.objects.for_user(session.user).get()
    own = TreatmentSession.objects.for_user(session.user)
    lately = own.filter(diary_date__gte=(at - 2 * A_DAY).date(), started_at__gt=at - APART)
    waits = own.unfinished(at=at).waits()
    return not (
        session.pain_before > plan.pain_limit
        or lately.exists()
        or waits.filter(started_at__gt=at - self_test.rated_within).exists()
        or flags.has_open(session.user, at=at)
    )


def moment_of(session) -> SelfTestMoment | None:
    """The letter that this session used, if its self-test is still running."""
    drawn = SelfTestMoment.objects.for_user(session.user).filter(self_test__ended_at=None)
    return drawn.select_related("self_test").filter(client_id=session.client_id).first()


def asking_about(session) -> SelfTest | None:
    """The running self-test that this session belongs to: by its letter, or by what was done."""
    own = SelfTest.objects.for_user(session.user).running()
    done = session.treatments.order_by().values("pk")
    its = Q(drawn__client_id=session.client_id) | Q(treatment__in=done) | Q(other__in=done)
    return own.filter(its, condition=session.condition_id).first()


def side_effect_lately(self_test: SelfTest) -> str:
    """What was written down as a side effect of its latest session; empty without one.

    By days it is that of the latest check-in, or else of the latest session of the same.
    """
    if self_test.is_by_days and (said := _side_effect_of_latest_check_in(self_test)):
        return said
    own = TreatmentSession.objects.for_user(self_test.user).filter(
        condition=self_test.condition_id, started_at__gte=self_test.started_at
    )
    drawn = self_test.drawn.order_by().values("client_id")
    its = own.filter(Q(client_id__in=drawn) | Q(treatments__in=self_test.treatments))
    latest = its.order_by("-started_at", "-pk").values_list("adverse_effect", flat=True)
    return latest.first() or ""


def _side_effect_of_latest_check_in(self_test: SelfTest) -> str:
    own = CheckIn.objects.for_user(self_test.user).filter(
        condition=self_test.condition_id, rated_at__gte=self_test.started_at
    )
    latest = own.order_by("-rated_at", "-pk").values_list("adverse_effect", flat=True)
    return latest.first() or ""
