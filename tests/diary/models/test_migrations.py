"""What the migrations of the second method do to rows that were there before."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from apps.diary.models import TreatmentSession, WaitPlan
from tests.factories import NOON, TreatmentFactory, TreatmentSessionFactory

DUE = import_module("apps.diary.migrations.0009_due_minutes_of_sessions")


def given_due(**fields):
    """What a session of before has once the migration has run."""
    session = TreatmentSessionFactory(**fields)
    with connection.schema_editor() as editor:
        DUE.take_what_their_treatments_say(apps, editor)
    session.refresh_from_db()
    return session


@pytest.mark.parametrize(
    ("minutes", "due"), [([], 45), ([45], 45), ([90], 90), ([90, 240, 45], 240), ([20], 20)]
)
def test_session_of_before_takes_what_its_treatments_say(alice, minutes, due):
    treatments = [
        TreatmentFactory(user=alice, name=f"Tablet {each}", rate_again_after_minutes=each)
        for each in minutes
    ]
    session = given_due(user=alice, treatments=treatments, pain_after=3, after_rated_at=NOON)
    assert (session.due_minutes, session.due, session.pain_after) == (due, due, 3)
    assert session.had_something_else is False


def test_what_a_session_says_itself_stays(alice):
    tablet = TreatmentFactory(user=alice, rate_again_after_minutes=90)
    assert given_due(user=alice, treatments=[tablet], due_minutes=30).due_minutes == 30


def test_sessions_of_others_take_what_their_own_treatments_say(alice, charlie):
    for user, minutes in ((alice, 90), (charlie, 240)):
        tablet = TreatmentFactory(user=user, rate_again_after_minutes=minutes)
        TreatmentSessionFactory(user=user, treatments=[tablet], due_minutes=None)
    given_due(user=alice)
    due = {
        user: [
            (len(session.names), session.due_minutes)
            for session in TreatmentSession.objects.for_user(user).with_names().order_by("pk")
        ]
        for user in (alice, charlie)
    }
    assert due == {alice: [(1, 90), (0, 45)], charlie: [(1, 240)]}


@pytest.mark.parametrize(
    ("one_in", "chosen", "has_chosen"), [(5, None, False), (3, 3, True), (0, 0, True)]
)
def test_plan_of_before_keeps_its_number_and_only_the_default_was_not_chosen(
    alice, one_in, chosen, has_chosen
):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO diary_waitplan (user_id, one_in, pain_limit, seed, next_ordinal)"
            " VALUES (%s, %s, 6, gen_random_uuid(), 9)",
            [alice.pk, one_in],
        )
    plan = WaitPlan.objects.get()
    assert (plan.one_in, plan.pain_limit, plan.next_ordinal) == (one_in, 6, 9)
    assert (plan.chosen, plan.has_chosen) == (chosen, has_chosen)
