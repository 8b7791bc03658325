"""Who is due a call at a moment: by the rules of mails, and these of its own."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from apps.diary.models import Call, CallPlan, PushSubscription
from apps.diary.reminders import due as reminders
from apps.diary.reminders.due import Days, Due, Kind, Way, due_sessions
from apps.treatments.models import Treatment
from apps.users.models import Rhythm

AGAIN_AFTER = timedelta(minutes=30)


class ByCall(Way):
    """For people with a device that may be called now; of a session as long as a rating counts."""

    sent, marks = Call, {"is_again": False}
    of_days = Way.of_days | Q(for_reviews=True)

    def plans(self, *, at: datetime):
        devices = PushSubscription.objects.ready(at=at).filter(user=OuterRef("user"))
        return CallPlan.objects.wanted().filter(Exists(devices))

    def is_over(self, waiting) -> bool:
        return waiting.is_past_counting

    def days(self, plans, day: date, zone: ZoneInfo, at: datetime) -> Days:
        looking_back = Treatment.objects.current().filter(user=OuterRef("user"), review_on=day)
        asked = self.unsaid(plans, day).filter(Exists(looking_back), for_reviews=True)
        asked = asked.exclude(user__rhythm=Rhythm.PAUSED)
        yield Kind.REVIEW, asked
        yield from super().days(plans, day, zone, at)


class Again(ByCall):
    """The second call of a session, where it was chosen, half an hour after the first."""

    marks = {"is_again": True}
    after = AGAIN_AFTER
    counts = False  # the first of the two has been counted

    def plans(self, *, at: datetime):
        return super().plans(at=at).filter(calls_again=True)

    def sessions(self, unrated, *, at: datetime):
        first = Call.objects.filter(
            user=OuterRef("user"),
            client_id=OuterRef("client_id"),
            is_again=False,
            claimed_at__lte=at - AGAIN_AFTER,
        )
        return super().sessions(unrated, at=at).filter(Exists(first))


CALL, AGAIN = ByCall(), Again()


def due(*, at: datetime) -> Iterator[tuple[Way, Due]]:
    for reminder in reminders.due(at=at, way=CALL):
        yield CALL, reminder
    for reminder in due_sessions(AGAIN, at):
        yield AGAIN, reminder
