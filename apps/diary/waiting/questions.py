"""What is asked before a session starts: whether to wait first, and once how often to be asked.

Both pages hold everything that was typed, and send it along with the answer.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.shortcuts import render

from apps.diary.models import HowOften, TreatmentSession
from apps.diary.waiting.form import adaptive_words
from apps.diary.waiting.how_often_it_asks import DAYS_ADAPTIVE, DAYS_ONE_IN_FIVE, STAGES
from apps.treatments.pace import PACE_DAYS, is_pace_known

A_DAY = timedelta(days=1)
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Pace:
    """How many sessions and waits there were in the last ``days``, up to four weeks."""

    sessions: int
    days: int

    def weeks(self, sessions: int) -> int:
        """How many weeks so many more would take, begun weeks as whole ones."""
        return math.ceil(sessions * self.days / self.sessions / DAYS_A_WEEK)

    @property
    def weeks_adaptive(self) -> int:
        return self.weeks(DAYS_ADAPTIVE)

    @property
    def weeks_one_in_five(self) -> int:
        return self.weeks(DAYS_ONE_IN_FIVE)


def pace_of(user, condition, *, at: datetime) -> Pace | None:
    """The person's own pace with a complaint; None before two weeks have shown one. One query."""
    today = at.astimezone(user.zone).date()
    since = today - (PACE_DAYS - 1) * A_DAY
    sessions = TreatmentSession.objects.for_user(user).filter(diary_date__range=(since, today))
    if condition is not None:
        sessions = sessions.filter(condition=condition)
    counted = sessions.order_by().aggregate(all=Count("pk"), first=Min("diary_date"))
    if not counted["all"]:
        return None
    days = (today - counted["first"]).days + 1
    return Pace(counted["all"], days) if is_pace_known(days) else None


def ask_to_wait(request, form):
    """The coin asks. Both answers weigh the same, and how often it asks is changed in one tap."""
    toss, chosen = form.tossed, form.tossed.plan.chosen
    context = {
        "form": form,
        "toss": toss,
        "ends_at": form.typed_at + timedelta(minutes=toss.minutes),
        "pips": [number < toss.asked_pairs for number in range(toss.next_stage or 0)],
        "how_often": adaptive_words() if chosen is None else HowOften(chosen).label,
        "is_adaptive": chosen is None,
        "is_one_in_five": chosen == HowOften.ONE_IN_FIVE,
    }
    return render(request, "diary/waiting/wait_first.html", context)


def ask_how_often(request, form):
    """Once, before the first toss: what each answer costs and gives, at the person's own pace."""
    pace = pace_of(request.user, form.cleaned_data["condition"], at=form.at)
    context = {"form": form, "pace": pace, "until": STAGES[0][0]}
    return render(request, "diary/waiting/how_often.html", context)
