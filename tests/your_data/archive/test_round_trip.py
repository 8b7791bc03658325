"""The complete JSON file, imported into an empty account and exported again: nothing differs."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.conditions.models import CauseKind, Certainty, Condition, UsualSide
from apps.diary.models import HowOften, PlannedTreatment
from apps.treatments.models import Decision, Setting, Treatment
from apps.your_data.archive import tables
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from tests.factories import (
    NOON,
    ActivityFactory,
    CauseFactory,
    FunctionRatingFactory,
    RedFlagReviewFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentReviewFactory,
    UserFactory,
    WaitDrawFactory,
    WaitPlanFactory,
)
from tests.your_data.table.test_round_trip import CHECK_INS, SESSIONS, TEXTS, placed, spelt, stored

SHORT = TEXTS.map(lambda text: text[:100])
DAYS = st.dates(date(1900, 1, 1), date(2030, 1, 1))
MAYBE_DAY = st.none() | DAYS
PAST = st.datetimes(NOON.replace(year=1950, tzinfo=None), NOON.replace(tzinfo=None)).map(
    lambda moment: moment.replace(tzinfo=NOON.tzinfo)
)
COSTS = st.none() | st.decimals(0, Decimal("9999999.99"), places=2)
CAUSES = st.one_of(
    st.fixed_dictionaries({"kind": st.sampled_from(CauseKind.values), "description": SHORT}),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(CauseKind.values),
            "certainty": st.just(Certainty.DIAGNOSED),
            "diagnosed_by": SHORT,
            "diagnosed_on": MAYBE_DAY,
        }
    ),
)
CONDITIONS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Sciatica", "Trapped nerve", "=Neck", "Rücken"]),
        "usual_side": st.sampled_from(["", *UsualSide.values]),
        "since_on": MAYBE_DAY,
        "note": TEXTS,
        "archived_at": st.none() | PAST,
        "causes": st.lists(CAUSES, max_size=3),
    }
)
PERIODS = st.fixed_dictionaries(
    {
        "started_on": DAYS,
        "length": st.none() | st.integers(0, 400),
        "why_stopped": SHORT,
        "place": SHORT,
        "cost": COSTS,
    }
)
REVIEWS = st.fixed_dictionaries({"decided_on": DAYS, "decision": st.sampled_from(Decision.values)})
TREATMENTS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Mat", "Orthotics", "=Pills", "Massage; warm"]),
        "setting": st.sampled_from(Setting.values),
        "rate_again_after_minutes": st.integers(10, 480),
        "upfront_cost": COSTS,
        "cost_per_session": COSTS,
        "expectation": st.none() | st.integers(0, 10),
        "pain_before_from_memory": st.none() | st.integers(0, 10),
        "review_on": MAYBE_DAY,
        "weekday": st.none() | st.integers(0, 6),
        "is_prescribed": st.booleans(),
        "archived_at": st.none() | PAST,
        "periods": st.lists(PERIODS, max_size=3),
        "reviews": st.lists(REVIEWS, max_size=2),
    }
)
ENTRIES = st.tuples(
    CHECK_INS | SESSIONS,
    st.fixed_dictionaries(
        {
            "entered_at": st.none() | PAST,
            "version": st.integers(1, 9),
            "created_at": PAST,
        }
    ),
    st.none() | st.booleans(),
)
ACTIVITIES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["sit through a film", "=lift the little one", "Gehen"]),
        "archived_at": st.none() | PAST,
        "ratings": st.dictionaries(DAYS, st.integers(0, 10), max_size=3),
    }
)
PREFERENCES = st.fixed_dictionaries(
    {
        "time_zone": st.sampled_from(["Europe/London", "Asia/Kathmandu"]),
        "currency": st.sampled_from(["GBP", "EUR"]),
        "language": st.sampled_from(["en-gb", "de"]),
        "emergency_number": st.sampled_from(["999", "112"]),
        "theme": st.sampled_from(["", "light", "dark"]),
    }
)


def keep(user, conditions, treatments, entries, plan):
    for condition in conditions:
        causes = condition.pop("causes")
        condition["name"] = spelt(Condition, user, condition["name"])
        row = placed(user, condition["name"])
        Condition.objects.filter(pk=row.pk).update(**condition)
        for cause in causes:
            CauseFactory(user=user, condition=row, **cause)
    for treatment in treatments:
        periods, reviews = treatment.pop("periods"), treatment.pop("reviews")
        treatment["name"] = spelt(Treatment, user, treatment["name"])
        row = TreatmentFactory(user=user, **treatment)
        for period in periods:
            keep_period(user, row, **period)
        for review in reviews:
            TreatmentReviewFactory(user=user, treatment=row, **review)
    for number, (fields, typed, is_closed) in enumerate(entries):
        keep_entry(user, number, fields, typed, is_closed)
    if plan:
        WaitPlanFactory(user=user, next_ordinal=len(entries), **plan)


def keep_period(user, treatment, started_on, length, why_stopped, **fields):
    ended_on = None if length is None else started_on + timedelta(days=length)
    TreatmentPeriodFactory(
        user=user,
        treatment=treatment,
        started_on=started_on,
        ended_on=ended_on,
        why_stopped=why_stopped if ended_on else "",
        **fields,
    )


def keep_activities(user, activities):
    for place, activity in enumerate(activities, 1):
        ratings = activity.pop("ratings")
        row = ActivityFactory(user=user, place=place, **activity)
        for day, rating in ratings.items():
            FunctionRatingFactory(
                user=user, activity=row, diary_date=day, rating=rating, rated_at=NOON
            )


def keep_entry(user, number, fields, typed, is_closed):
    entry = stored(user, fields | typed)
    if not entry.is_session:
        return
    if entry.pain_after is None:
        entry.is_closed_unrated = bool(is_closed)
    elif is_closed is not None:
        entry.after_entered_at = entry.after_rated_at + timedelta(hours=5 * is_closed)
    entry.save()
    draw = WaitDrawFactory(user=user, ordinal=number, client_id=entry.client_id)
    for link in entry.links.all():
        PlannedTreatment.objects.create(user=user, draw=draw, treatment=link.treatment)


def kept(user):
    return said_in(b"".join(export_archive(user)))


def said_in(file):
    """What the file says of the diary and of the preferences."""
    document = json.loads(file)
    preferences = {name: document["person"][name] for name in tables.PREFERENCES}
    return preferences | {label: document["tables"][label] for label in tables.brought_back()}


@pytest.fixture
def whole_answers(monkeypatch):
    """Few rows, and forty tables: to open a cursor on the server for each takes twice as long."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)


@pytest.mark.django_db
@pytest.mark.usefixtures("whole_answers")
@settings(
    max_examples=100,  # half a second each: forty tables, three times
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    preferences=PREFERENCES,
    conditions=st.lists(CONDITIONS, max_size=3, unique_by=lambda row: row["name"]),
    treatments=st.lists(TREATMENTS, max_size=3, unique_by=lambda row: row["name"]),
    entries=st.lists(ENTRIES, max_size=10, unique_by=lambda entry: entry[0]["client_id"]),
    activities=st.lists(ACTIVITIES, max_size=3, unique_by=lambda row: row["name"]),
    reviews=st.lists(PAST, max_size=2),
    plan=st.none()
    | st.fixed_dictionaries(
        {
            "one_in": st.none() | st.sampled_from(HowOften.values),
            "chosen_at": st.none() | PAST,
            "pain_limit": st.integers(0, 10),
        }
    ),
)
def test_everything_comes_back(
    preferences, conditions, treatments, entries, activities, reviews, plan
):
    user, empty = UserFactory(**preferences), UserFactory()
    if any("started_at" in fields for fields, *_ in entries):
        plan = plan or {"one_in": 5}
    keep(user, conditions, treatments, entries, plan)
    keep_activities(user, activities)
    for seen_at in reviews:
        RedFlagReviewFactory(user=user, seen_at=seen_at)
    file = b"".join(export_archive(user))
    outcome = import_diary(empty, file, at=timezone.now())
    assert outcome.problems.shown == []
    assert outcome.new == len(entries)
    assert kept(empty) == said_in(file)
    again = import_diary(empty, file, at=timezone.now())
    assert (again.new, again.known, again.others) == (0, len(entries), 0)
    assert kept(empty) == said_in(file)
