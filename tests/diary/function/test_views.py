"""Up to three activities of one's own, rated about once a week."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from apps.diary.models import Activity, FunctionRating
from tests.factories import NOON, ActivityFactory, ConditionFactory, FunctionRatingFactory

PAGE, SKIP, TAKE_BACK = "/function/", "/function/skip/", "/function/take-back/"
NEW = "/function/activities/new/"
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def answer(*ratings):
    """The form's fields for activities and what was tapped for each."""
    return {f"activity_{activity.pk}": str(rating) for activity, rating in ratings}


def kept(user):
    ratings = FunctionRating.objects.for_user(user).order_by("activity__place", "diary_date")
    return list(ratings.values_list("activity__name", "diary_date", "rating"))


def due(browser):
    return browser.get("/today/").context["page"].function_due


def url(name, activity):
    return reverse(f"diary:activity_{name}", args=[activity.pk])


@pytest.mark.parametrize("rating", [0, 10])
def test_rating_is_kept_and_what_was_left_out_stays_missing(as_alice, alice, rating):
    film, _lift = ActivityFactory(user=alice), ActivityFactory(user=alice, name="Lift", place=2)
    response = as_alice.post(PAGE, answer((film, rating)))
    assert (response.url, said(response)) == ("/today/", [f"Saved. Sit through a film {rating}"])
    assert kept(alice) == [("Sit through a film", date(2026, 3, 10), rating)]


def test_second_rating_of_a_day_takes_the_first_one_s_place(as_alice, alice):
    film = ActivityFactory(user=alice)
    for rating in (3, 7):
        as_alice.post(PAGE, answer((film, rating)))
    with time_machine.travel(NOON + A_DAY, tick=False):
        as_alice.post(PAGE, answer((film, 8)))
    assert [(day.day, rating) for _name, day, rating in kept(alice)] == [(10, 7), (11, 8)]


def test_nothing_rated_is_nothing_saved_and_11_is_refused(as_alice, alice):
    film = ActivityFactory(user=alice)
    assert as_alice.post(PAGE, {}).status_code == 422
    response = as_alice.post(PAGE, answer((film, 11)))
    assert response.context["form"].errors == {
        f"activity_{film.pk}": ["Choose a whole number from 0 to 10."]
    }
    assert kept(alice) == []


def test_form_presets_nothing(as_alice, alice):
    FunctionRatingFactory(activity=ActivityFactory(user=alice), user=alice)
    assert " checked" not in as_alice.get(PAGE).content.decode()


def test_somebody_else_s_activity_cannot_be_rated(as_alice, alice, charlie):
    ActivityFactory(user=alice)
    assert as_alice.post(PAGE, answer((ActivityFactory(user=charlie), 5))).status_code == 422
    assert FunctionRating.objects.count() == 0


@pytest.mark.parametrize("name", ["edit", "archive", "unarchive", "delete"])
def test_activity_of_somebody_else_is_missing(as_alice, charlie, name):
    hers = ActivityFactory(user=charlie)
    assert as_alice.post(url(name, hers), {"name": "Mine"}).status_code == 404
    assert Activity.objects.values_list("name", "archived_at").get() == (hers.name, None)


def test_today_asks_once_a_week_and_not_for_a_week_after_no(as_alice, alice, charlie):
    ActivityFactory(user=charlie)
    film = ActivityFactory(user=alice)
    assert due(as_alice) == ["Sit through a film"]
    FunctionRatingFactory(user=alice, activity=film, rated_at=NOON - 6 * A_DAY)
    assert due(as_alice) == []
    with time_machine.travel(NOON + A_DAY, tick=False):
        assert due(as_alice) == ["Sit through a film"]
        assert as_alice.post(SKIP).url == "/today/"
        assert due(as_alice) == []
    with time_machine.travel(NOON + 7 * A_DAY, tick=False):
        assert due(as_alice) == []
    with time_machine.travel(NOON + 8 * A_DAY, tick=False):
        assert due(as_alice) == ["Sit through a film"]


def test_nothing_is_due_of_what_is_archived_or_while_paused(as_alice, alice):
    ActivityFactory(user=alice, archived_at=NOON)
    resolved = ConditionFactory(user=alice, name="Old", archived_at=NOON)
    ActivityFactory(user=alice, name="Lift", condition=resolved)
    assert due(as_alice) == []
    ActivityFactory(user=alice, name="Run")
    assert due(as_alice) == ["Run"]
    as_alice.post("/rhythm/", {"rhythm": "paused"})
    assert due(as_alice) == []


def test_activities_take_the_free_places_and_the_fourth_is_refused(as_alice, alice):
    ConditionFactory(user=alice)
    for name in ("Film", "Lift", "Run"):
        assert as_alice.post(NEW, {"name": name}).url == PAGE
    as_alice.post(url("archive", Activity.objects.get(name="Lift")))
    as_alice.post(NEW, {"name": "Garden"})
    current = Activity.objects.for_user(alice).current().order_by("place")
    assert list(current.values_list("name", "place")) == [("Film", 1), ("Garden", 2), ("Run", 3)]
    response = as_alice.post(NEW, {"name": "Swim"})
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "__all__": ["Three activities are enough for one condition. Archive one of them first."]
    }


def test_activity_of_the_first_entry_makes_the_condition(as_alice, alice):
    as_alice.post(NEW, {"name": "Film"})
    assert Activity.objects.get().condition.name == "Sciatica"


def test_each_condition_has_three_of_its_own(as_alice, alice):
    back, arm = (ConditionFactory(user=alice, name=name) for name in ("Back", "Arm"))
    for place, name in enumerate(("Film", "Lift", "Run"), 1):
        ActivityFactory(user=alice, condition=back, name=name, place=place)
    as_alice.post(NEW, {"name": "Throw", "condition": arm.pk})
    assert Activity.objects.get(name="Throw").condition == arm
    labels = [field.label for field in as_alice.get(PAGE).context["form"].visible_fields()]
    duties = {f"Work or usual duties ({name})" for name in ("Back", "Arm")}
    assert set(labels) - duties == {"Film (Back)", "Lift (Back)", "Run (Back)", "Throw (Arm)"}


def test_somebody_else_s_condition_is_no_choice(as_alice, alice, charlie):
    for name in ("Back", "Arm"):
        ConditionFactory(user=alice, name=name)
    theirs = ConditionFactory(user=charlie)
    assert as_alice.post(NEW, {"name": "Film", "condition": theirs.pk}).status_code == 422


def test_name_is_taken_once_in_any_capitals(as_alice, alice):
    ActivityFactory(user=alice)
    response = as_alice.post(NEW, {"name": "SIT through a film"})
    assert response.context["form"].errors == {"name": ["You already have “SIT through a film”."]}


def test_activity_is_renamed(as_alice, alice):
    film = ActivityFactory(user=alice)
    as_alice.post(url("edit", film), {"name": "Sit through a play"})
    film.refresh_from_db()
    assert (film.name, film.place) == ("Sit through a play", 1)


def test_archived_activity_comes_back_to_a_free_place_only(as_alice, alice):
    old = ActivityFactory(user=alice, archived_at=NOON)
    film, *_ = [
        ActivityFactory(user=alice, name=name, place=place)
        for place, name in enumerate(("Film", "Lift", "Run"), 1)
    ]
    response = as_alice.post(url("unarchive", old))
    old.refresh_from_db()
    assert (len(said(response)), old.archived_at) == (1, NOON)
    as_alice.post(url("archive", film))
    as_alice.post(url("unarchive", old))
    old.refresh_from_db()
    assert (old.archived_at, old.place) == (None, 1)


def test_activity_with_ratings_is_not_deleted(as_alice, alice):
    film, lift = ActivityFactory(user=alice), ActivityFactory(user=alice, name="Lift", place=2)
    FunctionRatingFactory(user=alice, activity=film)
    for activity in (film, lift):
        as_alice.post(url("delete", activity))
    assert list(Activity.objects.all()) == [film]


def test_ratings_of_today_can_be_taken_back(as_alice, alice, charlie):
    film = ActivityFactory(user=alice)
    FunctionRatingFactory(user=alice, activity=film)
    FunctionRatingFactory(user=alice, activity=film, rated_at=NOON - A_DAY, rating=2)
    FunctionRatingFactory(user=charlie, activity=ActivityFactory(user=charlie))
    as_alice.post(TAKE_BACK)
    assert kept(alice) == [("Sit through a film", date(2026, 3, 9), 2)]
    assert len(kept(charlie)) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for place in range(1, rows + 1):
        film = ActivityFactory(user=alice, name=f"Film {place}", place=place)
        FunctionRatingFactory(user=alice, activity=film)
    for path, queries in {PAGE: 5, NEW: 3, url("edit", film): 4}.items():
        with django_assert_num_queries(queries):
            assert as_alice.get(path).status_code == 200
