"""All that the engine compares of a condition's diary: columns of the database, joined to arrays.

Not one row becomes an object. A rating typed in more than 4 hours after its moment
(``IS_AFTER_LATE``) is shown, but to every comparison its session was never rated again.
"""

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Subquery, When
from django.db.models.functions import Greatest

from apps.comparisons.engine.local_hours import local_hours
from apps.comparisons.engine.rows import Floats, Ratings, Rows, Toss, in_order
from apps.comparisons.reading.chosen import Part
from apps.comparisons.reading.pairs import unsealed, with_treatment_ids
from apps.comparisons.reading.whole.columns import (
    Answers,
    Column,
    Days,
    Keys,
    Moments,
    Numbers,
    in_one_row,
)
from apps.conditions.models import Condition
from apps.diary.models import (
    IS_AFTER_LATE,
    CheckIn,
    Outcome,
    PlannedTreatment,
    SessionTreatment,
    TreatmentSession,
    WaitDraw,
)
from apps.treatments.models import Treatment
from apps.treatments.rate_again import USUAL_MINUTES
from config.postgres.compiled import compiled

OF_SESSIONS = {
    "key": Keys("pk"),
    "started": Moments("started_at"),
    "ended": Moments(Case(When(IS_AFTER_LATE, then=None), default="after_rated_at")),
    "before": Numbers("pain_before"),
    "after": Numbers(Case(When(IS_AFTER_LATE, then=None), default="pain_after")),
    "is_asked": Answers("asked_by_app"),
    "day": Days("diary_date"),
    "own_due": Numbers("due_minutes"),
    "something_else": Answers("had_something_else"),
}
OF_LINKS = {"session_key": Keys("session_id"), "treatment_key": Keys("treatment_id")}
OF_RATINGS = {"at": Moments("rated_at"), "value": Numbers("worse")}
NOTHING = {"time_zone": "UTC", **dict.fromkeys(OF_SESSIONS)}


class WholeDiary(NamedTuple):
    """As ``compare`` takes it."""

    sessions: Rows
    ratings: Ratings
    tosses: list[Toss]


class Known(NamedTuple):
    """A treatment: its name, and after how many minutes it is to be rated again."""

    name: str
    minutes: int


def whole_diary(
    user,
    condition: Condition,
    *,
    side: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> WholeDiary:
    """Every session and rating of a condition, and the coin's eligible tosses. Five queries.

    Sessions of a running self-test are sealed: they join at its end.
    """
    part = Part.of(user, condition, first_day, last_day, side)
    columns, links = _columns(_by_zone(part=part)), _arrays(OF_LINKS, _links(user=user.pk))
    known = {pk: Known(*named) for pk, *named in _treatments(user=user.pk)}
    ratings = Ratings(*_arrays(OF_RATINGS, _rated(part=part)).values())
    return WholeDiary(rows(columns, links, known), ratings, _tosses(_draws(part=part), known))


@compiled
def _by_zone(*, part: Part):
    """A row for each time zone that somebody was in."""
    sessions = unsealed(part.entries(TreatmentSession), part.user)
    return sessions.order_by().values("time_zone").annotate(**OF_SESSIONS)


@compiled
def _links(*, user: int):
    """Of all sessions of the person: to choose them would cost more than to read them."""
    return in_one_row(SessionTreatment.objects.for_user(user), OF_LINKS)


@compiled
def _treatments(*, user: int):
    treatments = Treatment.objects.for_user(user).order_by()
    return treatments.values_list("pk", "name", "rate_again_after_minutes")


@compiled
def _rated(*, part: Part):
    """Of every check-in that rated pain its moment and the worse of both places.

    Only check-ins: the engine adds the ratings before and after sessions itself.
    """
    check_ins = part.entries(CheckIn).annotate(worse=Greatest("leg_pain", "back_pain"))
    return in_one_row(check_ins.filter(worse__isnull=False), OF_RATINGS)


def _arrays(columns: dict[str, Column], sent: list[dict]) -> dict[str, np.ndarray]:
    return {name: column.array(sent[0][name]) for name, column in columns.items()}


def _columns(by_zone: list[dict]) -> dict[str, np.ndarray]:
    parts = [_in_one_zone(**values) for values in by_zone] or [_in_one_zone(**NOTHING)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _in_one_zone(time_zone, **sent):
    found = {name: column.array(sent[name]) for name, column in OF_SESSIONS.items()}
    return found | {"hour": local_hours(found["started"], ZoneInfo(time_zone))}


def rows(columns: dict, links: dict, known: dict[int, Known]) -> Rows:
    """``columns`` of the sessions, and ``links`` to what was used in them and in others."""
    session, treatment = _linked(columns["key"], known, **links)
    names = tuple(sorted({known[pk].name for pk in np.unique(treatment).tolist()}))
    place = {pk: names.index(each.name) for pk, each in known.items() if each.name in names}
    used = np.array([place[pk] for pk in treatment.tolist()], dtype=np.int64)
    minutes = np.array([known[pk].minutes for pk in treatment.tolist()], dtype=np.float64)
    uses = np.zeros((len(columns["key"]), len(names)), dtype=np.bool_)
    uses[session, used] = True
    return in_order(
        Rows(
            names=names,
            uses=uses,
            started=columns["started"],
            ended=columns["ended"],
            before=columns["before"],
            after=columns["after"],
            is_asked=columns["is_asked"] & ~uses.any(axis=1),
            day=columns["day"],
            hour=columns["hour"],
            due=_due(columns["own_due"], session, minutes),
            had_something_else=columns["something_else"],
        )
    )


def _linked(keys, known, session_key, treatment_key):
    """Of each link to one of these sessions: the place of the session, and the treatment's key.

    Each query sees a moment of its own: a treatment deleted between two of them is left out.
    """
    order = np.argsort(keys)
    found = np.searchsorted(keys, session_key, sorter=order)
    place = np.append(order, -1)[found]
    is_own = (place >= 0) & (np.append(keys, -1)[place] == session_key)
    is_own &= np.isin(treatment_key, list(known))
    return place[is_own], treatment_key[is_own]


def _due(own: Floats, session, minutes: Floats) -> Floats:
    """``TreatmentSession.due`` of each: its own, else of what was used the longest."""
    longest = np.zeros(len(own))
    np.maximum.at(longest, session, minutes)
    usual = np.where(longest > 0, longest, USUAL_MINUTES)
    return np.where(np.isnan(own), usual, own)


@compiled
def _draws(*, part: Part):
    """The coin's eligible tosses that led to one of these sessions."""
    own = part.entries(TreatmentSession).filter(client_id=OuterRef("client_id"))
    own = with_treatment_ids(own).order_by()
    planned = PlannedTreatment.objects.filter(draw=OuterRef("pk")).order_by("treatment_id")
    return (
        WaitDraw.objects.for_user(part.user)
        .exclude(outcome=Outcome.NOT_ELIGIBLE)
        .annotate(
            started_at=Subquery(own.values("started_at")),
            done=Subquery(own.values("treatment_ids")),
            planned_ids=ArraySubquery(planned.values("treatment_id")),
        )
        .filter(started_at__isnull=False)
        .order_by("started_at", "pk")
        .values_list("started_at", "done", "planned_ids", "outcome", "one_in")
    )


def _tosses(draws: list[tuple], known: dict[int, Known]) -> list[Toss]:
    """A toss that did not ask, or that was skipped, led to the session of the treatments itself;
    only for a wait is it stored what was planned instead.
    """
    return [
        Toss(
            at,
            tuple(known[pk].name for pk in planned or done if pk in known),
            outcome in (Outcome.ACCEPTED, Outcome.SKIPPED),
            outcome == Outcome.ACCEPTED,
            one_in,
        )
        for at, done, planned, outcome, one_in in draws
    ]
