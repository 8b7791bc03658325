"""What is there twice under one look is made one with a tap, and nothing of it is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, FunctionRating, SessionTreatment
from apps.diary.models.function import Activity
from apps.treatments.models import Treatment, TreatmentPeriod
from tests.factories import (
    NOON,
    ActivityFactory,
    CheckInFactory,
    ConditionFactory,
    FunctionRatingFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)

FIRST, SECOND = "Wärmekissen", "Wa\u0308rmekissen"


def twins(factory, user, **fields):
    return factory(user=user, name=FIRST, **fields), factory(
        user=user, name=SECOND, twin=1, **fields
    )


def made_one(client, url_name, row):
    response = client.post(reverse(url_name, args=[row.pk]), follow=True)
    return [str(message) for message in response.context["messages"]]


def test_list_offers_to_make_them_one_and_sessions_follow(as_alice, alice):
    first, second = twins(TreatmentFactory, alice)
    Treatment.objects.filter(pk=second.pk).update(upfront_cost=Decimal("24.90"), minutes=9)
    Treatment.objects.filter(pk=first.pk).update(minutes=20)
    TreatmentPeriodFactory(user=alice, treatment=second)
    for hours, done in enumerate(([first], [second], [first, second])):
        at = NOON - timedelta(hours=hours)
        TreatmentSessionFactory(user=alice, treatments=done, started_at=at)
    url = reverse("treatments:make_one", args=[first.pk])
    page = as_alice.get(reverse("treatments:list")).content.decode()
    assert (page.count(f'action="{url}"'), page.count("is there 2 times")) == (1, 1)
    said = made_one(as_alice, "treatments:make_one", first)
    assert said == [f"“{FIRST}” is one now, with what belonged to each."]
    kept = Treatment.objects.get()
    assert (kept.pk, kept.minutes, kept.upfront_cost) == (first.pk, 20, Decimal("24.90"))
    assert list(SessionTreatment.objects.values_list("treatment", flat=True)) == [first.pk] * 3
    assert TreatmentPeriod.objects.get().treatment == first
    assert "is there" not in as_alice.get(reverse("treatments:list")).content.decode()


def test_nothing_is_offered_where_no_two_look_the_same(as_alice, alice):
    TreatmentFactory(user=alice, name="Mat")
    TreatmentFactory(user=alice, name="Mats")
    page = as_alice.get(reverse("treatments:list")).content.decode()
    assert "make-one" not in page


def test_conditions_become_one(as_alice, alice):
    first, second = twins(ConditionFactory, alice)
    CheckInFactory(user=alice, condition=second)
    assert "is there 2 times" in as_alice.get(reverse("conditions:list")).content.decode()
    made_one(as_alice, "conditions:make_one", first)
    assert (Condition.objects.get(), CheckIn.objects.get().condition) == (first, first)


def test_ratings_that_mean_different_things_stay_apart(as_alice, alice):
    first, second = twins(ConditionFactory, alice)
    Condition.objects.filter(pk=second.pk).update(first_place="knee")
    CheckInFactory(user=alice, condition=second)
    assert made_one(as_alice, "conditions:make_one", first) == [
        f"The ratings of both “{FIRST}” mean different things. Rename one of them."
    ]
    assert CheckIn.objects.get().condition == second


def test_activities_become_one_and_a_day_has_one_rating(as_alice, alice):
    condition = ConditionFactory(user=alice)
    first = ActivityFactory(user=alice, condition=condition, name=FIRST, place=1)
    second = ActivityFactory(user=alice, condition=condition, name=SECOND, place=2, twin=1)
    for activity in (first, second):
        FunctionRatingFactory(user=alice, activity=activity)
    FunctionRatingFactory(
        user=alice, activity=second, diary_date=NOON.date() - timedelta(days=7), rating=0
    )
    assert "is there 2 times" in as_alice.get(reverse("diary:function")).content.decode()
    made_one(as_alice, "diary:activity_make_one", first)
    assert Activity.objects.get() == first
    assert FunctionRating.objects.filter(activity=first).count() == 2


def test_self_test_of_both_keeps_them_apart(as_alice, alice):
    first, second = twins(TreatmentFactory, alice)
    SelfTestFactory(user=alice, treatment=first, other=second)
    assert made_one(as_alice, "treatments:make_one", first) == [
        f"Something is about both “{FIRST}”. Rename one of them."
    ]
    assert Treatment.objects.count() == 2


@pytest.mark.parametrize("name", ["conditions:make_one", "treatments:make_one"])
def test_only_one_s_own(as_alice, charlie, name):
    factory = ConditionFactory if name.startswith("conditions") else TreatmentFactory
    row, _twin = twins(factory, charlie)
    assert as_alice.post(reverse(name, args=[row.pk])).status_code == 404
    assert type(row).objects.count() == 2
