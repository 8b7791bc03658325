"""What is agreed for a day, and what was done of it.

A session that was written down counts as done, too: nobody has to say it twice. A day of which
nothing is said is neither done nor not done.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from apps.diary.models import MOST_TIMES, AgreedDay, Agreement, Exercise, Per, how_often

TICKED_UP_TO_DAYS_AGO = 6  # a page that stood open over midnight says which day it was about


@dataclass(frozen=True, slots=True)
class Agreed:
    """One agreement as a day shows it; ``done`` times that day, None where nothing is said."""

    pk: int
    name: str
    times: int
    per: str
    until_on: date | None
    exercises: list[dict]
    ticked: int | None
    done: int | None
    done_this_week: int

    @property
    def how_often(self) -> str:
        return how_often(self.times, self.per)

    @property
    def is_weekly(self) -> bool:
        return self.per == Per.WEEK

    @property
    def is_all_done(self) -> bool:
        """As often as was agreed, of the day or of its week."""
        return (self.done_this_week if self.is_weekly else self.done or 0) >= self.times

    @property
    def once_more(self) -> int:
        return min((self.done or 0) + 1, MOST_TIMES)

    @property
    def once_less(self) -> int | str:
        """What taking the last tap back leaves; empty: nothing said."""
        return self.ticked - 1 if self.ticked and self.ticked > 1 else ""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def with_agreed(treatments, user, *, day: date, monday: date):
    """Each treatment with ``agreed``: what holds on that day as plain values, or None. No query.

    ``monday`` is the first day of its week.
    """
    own = Agreement.objects.for_user(user).filter(treatment=OuterRef("pk")).begun(day)
    exercises = Exercise.objects.for_user(user).filter(agreement=OuterRef("pk")).order_by("pk")
    week = AgreedDay.objects.for_user(user).filter(
        agreement=OuterRef("pk"), diary_date__range=(monday, day)
    )
    values = JSONObject(
        pk="pk",
        condition="condition_id",
        times="times",
        per="per",
        until_on="until_on",
        exercises=ArraySubquery(
            exercises.values(json=JSONObject(name="name", repetitions="repetitions", how="how"))
        ),
        week=ArraySubquery(week.values(json=JSONObject(day="diary_date", times="times"))),
    )
    latest = Subquery(own.values(json=values)[:1], output_field=JSONField())
    return treatments.annotate(agreed=latest)


def agreed_of(treatments, sessions, *, day: date) -> list[Agreed]:
    """What is agreed for that day, in the order of the names.

    ``treatments`` as ``with_agreed`` has them; ``sessions`` with names, condition_id, diary_date.
    """
    found = [_agreed(each, sessions, day) for each in treatments if each.agreed]
    running = [each for each in found if each.until_on is None or each.until_on >= day]
    return sorted(running, key=lambda each: each.name.casefold())


def _agreed(treatment, sessions, day: date) -> Agreed:
    values = treatment.agreed
    ticked = {date.fromisoformat(each["day"]): each["times"] for each in values["week"]}
    written = Counter(
        row.diary_date
        for row in sessions
        if treatment.name in row.names and row.condition_id == values["condition"]
    )
    done = done_by_day(ticked, written, monday_of(day), day)
    until_on = values["until_on"]
    return Agreed(
        pk=values["pk"],
        name=treatment.name,
        times=values["times"],
        per=values["per"],
        until_on=until_on and date.fromisoformat(until_on),
        exercises=values["exercises"],
        ticked=ticked.get(day),
        done=done.get(day),
        done_this_week=sum(done.values()),
    )


def done_by_day(
    ticked: dict[date, int], written: dict[date, int], first_day: date, last_day: date
) -> dict[date, int]:
    """Times done on each day of which something is said: what was ticked, or sessions if more."""
    said = {each for each in (*ticked, *written) if first_day <= each <= last_day}
    return {each: max(ticked.get(each, 0), written.get(each, 0)) for each in sorted(said)}


def tick(agreement: Agreement, day: date, times: int | None) -> None:
    """Say how often it was done on that day; None takes it back."""
    own = AgreedDay.objects.for_user(agreement.user_id)
    if times is None:
        own.filter(agreement=agreement, diary_date=day).delete()
        return
    own.update_or_create(
        user_id=agreement.user_id,
        agreement=agreement,
        diary_date=day,
        defaults={"times": times},
    )


def may_tick(agreement: Agreement, day: date, *, today: date) -> bool:
    """Of the last days up to today, from the day on which it was agreed."""
    first = max(agreement.agreed_on, today - timedelta(days=TICKED_UP_TO_DAYS_AGO))
    return first <= day <= today
