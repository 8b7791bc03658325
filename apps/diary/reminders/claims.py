"""Which process takes it upon itself to send a reminder, and what becomes of one not delivered."""

from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Exists, F
from django.db.models.expressions import RawSQL

from apps.diary.models import TreatmentSession
from apps.diary.models.reminders import Plan
from apps.diary.reminders.due import MAIL, Due, Kind, Way, loud

# Whose and of which session the reminder is, in a question that is put into SQL once for all.
WHOSE = RawSQL("(SELECT user_id FROM asked)", ())
WHICH = RawSQL("(SELECT client_id FROM asked)", ())
CLAIM = """
    WITH asked (user_id, client_id) AS (VALUES (%s::bigint, %s::uuid)),
    wanted AS MATERIALIZED ({wanting} FOR UPDATE OF {plans}),
    claimed AS (
        INSERT INTO {rows} (user_id, {names}) SELECT user_id, {values} FROM wanted
        ON CONFLICT DO NOTHING RETURNING user_id
    )
    UPDATE {plans} SET revision = wanted.number, unanswered = {counted} +
        CASE {plans}.revision WHEN wanted.number THEN {plans}.unanswered ELSE 0 END
    FROM wanted, claimed WHERE {plans}.id = wanted.id RETURNING {plans}.*
"""


def claim(reminder: Due, *, at: datetime, way: Way = MAIL) -> Plan | None:
    """Take a reminder, if nobody has: the row is stored for good before this returns.

    Returns the plan, its count of unanswered reminders raised by this one. None where another
    process has it, where the plan or the diary has changed since, and after three unanswered
    ones. Processes that ask at the same time queue up for the row of the plan.

    One statement: ten thousand may be due in a minute.
    """
    question = way, reminder.kind, reminder.diary_date, reminder.zone, at
    statement, wanting = _statement(*question)
    row = (at, reminder.client_id, reminder.diary_date, *way.marks.values())
    params = (reminder.user_id, reminder.client_id, *wanting, *row)
    return next(iter(way.plans(at=at).model.objects.raw(statement, params)), None)


def give_back(reminder: Due, plan: Plan, *, way: Way = MAIL) -> None:
    """What was certainly not delivered is due again, as long as it is due at all."""
    with transaction.atomic():
        way.rows().filter(user=reminder.user_id, **reminder.what).delete()
        if way.counts:
            not_delivered(plan)


def not_delivered(plan: Plan) -> None:
    """What nobody can have read does not count as unanswered."""
    counted = type(plan).objects.filter(pk=plan.pk, unanswered__gt=0)
    counted.update(unanswered=F("unanswered") - 1)


@lru_cache(maxsize=8)
def _statement(way, kind, day, zone, at) -> tuple[str, tuple]:
    """The same for all reminders of a kind that are due at a moment; and its parameters."""
    plans = loud(_wanting(way, kind, day, zone, at)).filter(user=WHOSE)
    wanting, params = plans.order_by().values("id", "user_id", "number").query.sql_with_params()
    names = ["claimed_at", "client_id", "diary_date", *way.marks]
    statement = CLAIM.format(
        wanting=wanting,
        plans=plans.model._meta.db_table,
        rows=way.sent._meta.db_table,
        names=", ".join(names),
        values=", ".join(["%s"] * len(names)),
        counted=int(way.counts),
    )
    return statement, params


def _wanting(way, kind, day, zone, at):
    """The plan, if the reminder still holds: since the list was made, minutes may have passed."""
    if kind == Kind.SESSION:
        unrated = TreatmentSession.objects.for_user(WHOSE).unrated().filter(client_id=WHICH)
        return way.plans(at=at).filter(Exists(unrated), for_sessions=True)
    plans = way.plans(at=at).filter(user__time_zone=zone.key)
    return dict(way.days(plans, day, zone, at))[kind]
