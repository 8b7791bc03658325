"""What was agreed: one form, what Today shows of it, and done or not done by one tap."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.diary.models import AgreedDay, Agreement, Exercise
from apps.treatments.models import Treatment
from tests.factories import (
    NOON,
    AgreedDayFactory,
    AgreementFactory,
    ConditionFactory,
    ExerciseFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

NEW, LIST = "/agreed/new/", "/agreed/"
TODAY = date(2026, 3, 10)  # a Tuesday
A_DAY = timedelta(days=1)
NO_EXERCISES = {"exercises-TOTAL_FORMS": "0", "exercises-INITIAL_FORMS": "0"}
TWICE_A_DAY = {"times": "2", "per": "day", "agreed_on": "2026-03-10", **NO_EXERCISES}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def tick(browser, agreement, times, day=TODAY):
    path = reverse("diary:agreed_tick", args=[agreement.pk])
    return browser.post(path, {"day": day.isoformat(), "times": str(times)})


def shown(browser):
    return [
        (each.name, each.how_often, each.done)
        for each in browser.get("/today/").context["page"].agreed
    ]


def ticked(user):
    return list(AgreedDay.objects.for_user(user).values_list("diary_date", "times"))


def test_agreement_about_a_treatment_of_one_s_own_is_kept_with_its_exercises(as_alice, alice):
    condition, mat = ConditionFactory(user=alice), TreatmentFactory(user=alice, name="Core")
    exercises = {
        "exercises-TOTAL_FORMS": "3",
        "exercises-0-name": "Bridge",
        "exercises-0-repetitions": "3 × 10",
        "exercises-0-how": "slowly",
        "exercises-1-name": "Plank",
    }
    more = {"until_on": "2026-05-03", "review_on": "2026-04-21", "agreed_with": "Sam"}
    sent = TWICE_A_DAY | {"what": f"own:{mat.pk}"} | more | exercises
    assert as_alice.post(NEW, sent).url == LIST
    kept = Agreement.objects.get()
    assert (kept.user, kept.condition, kept.treatment) == (alice, condition, mat)
    assert (kept.how_often, kept.until_on, kept.agreed_with) == (
        "2 times a day",
        date(2026, 5, 3),
        "Sam",
    )
    rows = kept.exercises.values_list("user", "name", "repetitions", "how")
    assert list(rows) == [(alice.pk, "Bridge", "3 × 10", "slowly"), (alice.pk, "Plank", "", "")]
    mat.refresh_from_db()
    assert mat.review_on == date(2026, 4, 21)


def test_something_new_becomes_a_treatment_of_its_kind(as_alice, alice):
    as_alice.post(NEW, TWICE_A_DAY | {"what": "new:exercise", "name": "Nerve glides"})
    as_alice.post(NEW, TWICE_A_DAY | {"what": "new:stretching"})
    kept = Treatment.objects.for_user(alice).values_list("name", "kind")
    assert sorted(kept) == [("Nerve glides", "exercise"), ("Stretching", "stretching")]
    assert Agreement.objects.for_user(alice).count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": "new:injection"}, "what"),
        ({"what": "new:other"}, "name"),
        ({"what": "new:exercise", "name": "CORE"}, "name"),
        ({"times": "0"}, "times"),
        ({"times": "21"}, "times"),
        ({"per": "year"}, "per"),
        ({"until_on": "2026-03-09"}, "until_on"),
        ({"agreed_on": "2026-03-11"}, "agreed_on"),
        ({"review_on": "1066-10-14"}, "review_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_stored(
    as_alice, alice, wrong, field
):
    core = TreatmentFactory(user=alice, name="Core")
    response = as_alice.post(NEW, TWICE_A_DAY | {"what": f"own:{core.pk}"} | wrong)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert (Agreement.objects.count(), Treatment.objects.count()) == (0, 1)


def test_treatment_of_somebody_else_cannot_be_agreed_on(as_alice, charlie):
    theirs = TreatmentFactory(user=charlie)
    response = as_alice.post(NEW, TWICE_A_DAY | {"what": f"own:{theirs.pk}"})
    assert list(response.context["form"].errors) == ["what"]


def test_second_tap_on_save_makes_no_second_agreement(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    sent = TWICE_A_DAY | {"what": f"own:{mat.pk}"}
    as_alice.post(NEW, sent)
    response = as_alice.post(NEW, sent)
    assert list(response.context["form"].errors) == ["agreed_on"]
    assert Agreement.objects.count() == 1


def test_exercise_without_a_name_is_refused_and_the_agreement_is_not_stored(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    sent = {"what": f"own:{mat.pk}", "exercises-TOTAL_FORMS": "1", "exercises-0-how": "slowly"}
    response = as_alice.post(NEW, TWICE_A_DAY | sent)
    assert response.context["exercises"].errors == [{"name": ["This field is required."]}]
    assert Agreement.objects.count() == 0


def test_agreement_is_changed_and_an_exercise_removed(as_alice, alice):
    agreement = AgreementFactory(user=alice)
    bridge = ExerciseFactory(user=alice, agreement=agreement)
    path = reverse("diary:agreed_edit", args=[agreement.pk])
    sent = TWICE_A_DAY | {
        "times": "3",
        "per": "week",
        "exercises-TOTAL_FORMS": "1",
        "exercises-INITIAL_FORMS": "1",
        "exercises-0-id": str(bridge.pk),
        "exercises-0-name": "Bridge",
        "exercises-0-DELETE": "on",
    }
    assert as_alice.post(path, sent).url == LIST
    agreement.refresh_from_db()
    assert (agreement.how_often, Exercise.objects.count()) == ("3 times a week", 0)


def test_exercise_of_somebody_else_cannot_be_reached_through_the_form(as_alice, alice):
    theirs, agreement = ExerciseFactory(), AgreementFactory(user=alice)
    sent = TWICE_A_DAY | {
        "exercises-TOTAL_FORMS": "1",
        "exercises-INITIAL_FORMS": "1",
        "exercises-0-id": str(theirs.pk),
        "exercises-0-name": "mine now",
    }
    assert as_alice.post(reverse("diary:agreed_edit", args=[agreement.pk]), sent).status_code == 422
    theirs.refresh_from_db()
    assert theirs.name == "Bridge"


def test_today_shows_what_holds_today_and_nothing_else(as_alice, alice):
    core = TreatmentFactory(user=alice, name="Core")
    AgreementFactory(user=alice, treatment=core, agreed_on=TODAY - 9 * A_DAY, times=5)
    AgreementFactory(user=alice, treatment=core, agreed_on=TODAY, times=1)
    over = TreatmentFactory(user=alice, name="Over")
    AgreementFactory(
        user=alice, treatment=over, agreed_on=TODAY - 9 * A_DAY, until_on=TODAY - A_DAY
    )
    AgreementFactory(user=alice, treatment=TreatmentFactory(user=alice, archived_at=NOON))
    assert shown(as_alice) == [("Core", "once a day", None)]


def test_done_not_done_and_taken_back_take_one_tap_each(as_alice, alice):
    agreement = AgreementFactory(user=alice)
    said = []
    for times in (0, "", 1, 1, 2, 1):
        assert tick(as_alice, agreement, times).url == "/today/#agreed"
        said.append(ticked(alice))
    assert said == [[(TODAY, 0)], [], *([(TODAY, n)] for n in (1, 1, 2, 1))]


def test_session_that_was_written_down_counts_as_done(as_alice, alice):
    condition, core = ConditionFactory(user=alice), TreatmentFactory(user=alice, name="Core")
    agreement = AgreementFactory(user=alice, treatment=core, condition=condition)
    for ago in (0, 0, 1):
        started_at = NOON - ago * A_DAY
        TreatmentSessionFactory(
            user=alice, condition=condition, treatments=[core], started_at=started_at
        )
    tick(as_alice, agreement, 1)
    assert shown(as_alice) == [("Core", "2 times a day", 2)]
    (each,) = as_alice.get("/today/").context["page"].agreed
    assert (each.is_all_done, each.done_this_week) == (True, 3)


def test_what_is_agreed_by_the_week_counts_from_monday(as_alice, alice):
    agreement = AgreementFactory(user=alice, per="week", agreed_on=TODAY - 9 * A_DAY)
    for ago in (1, 2):
        AgreedDayFactory(user=alice, agreement=agreement, diary_date=TODAY - ago * A_DAY, times=1)
    (each,) = as_alice.get("/today/").context["page"].agreed
    assert (each.how_often, each.done, each.done_this_week) == ("2 times a week", None, 1)


@pytest.mark.parametrize(
    ("day", "times", "status"),
    [
        ("2026-03-10", "1", 302),
        ("2026-03-06", "1", 302),
        ("2026-03-05", "1", 400),  # before it was agreed
        ("2026-03-11", "1", 400),
        ("2026-03-10", "21", 400),
        ("2026-03-10", "-1", 400),
        ("2026-03-10", "many", 400),
        ("yesterday", "1", 400),
    ],
)
def test_only_a_few_times_on_one_of_the_last_days_can_be_ticked(
    as_alice, alice, day, times, status
):
    agreement = AgreementFactory(user=alice, agreed_on=date(2026, 3, 6))
    path = reverse("diary:agreed_tick", args=[agreement.pk])
    assert as_alice.post(path, {"day": day, "times": times}).status_code == status
    assert AgreedDay.objects.exists() == (status == 302)


def test_a_day_long_past_is_not_ticked_any_more(as_alice, alice):
    agreement = AgreementFactory(user=alice, agreed_on=TODAY - 30 * A_DAY)
    days = [TODAY - ago * A_DAY for ago in (6, 7)]
    assert [tick(as_alice, agreement, 1, day).status_code for day in days] == [302, 400]


def test_agreement_of_somebody_else_is_not_there(as_alice, charlie):
    theirs = AgreementFactory(user=charlie)
    assert tick(as_alice, theirs, 1).status_code == 404
    for name in ("agreed_edit", "agreed_delete"):
        path = reverse(f"diary:{name}", args=[theirs.pk])
        assert as_alice.post(path, TWICE_A_DAY).status_code == 404
    assert (shown(as_alice), Agreement.objects.count()) == ([], 1)


def test_deleting_takes_what_was_done_of_it_along_and_leaves_the_treatment(as_alice, alice):
    day = AgreedDayFactory(user=alice)
    ExerciseFactory(user=alice, agreement=day.agreement)
    as_alice.post(reverse("diary:agreed_delete", args=[day.agreement_id]))
    left = [model.objects.count() for model in (Agreement, AgreedDay, Exercise, Treatment)]
    assert left == [0, 0, 0, 1]


@pytest.mark.parametrize("path", ["/today/", LIST])
def test_number_of_queries_does_not_grow(as_alice, alice, path, django_assert_num_queries):
    def agree(treatment):
        agreement = AgreementFactory(user=alice, treatment=treatment, condition=condition)
        ExerciseFactory(user=alice, agreement=agreement)
        AgreedDayFactory(user=alice, agreement=agreement)

    condition = ConditionFactory(user=alice)
    first, *others = (TreatmentFactory(user=alice, name=f"Core {n}") for n in range(3))
    as_alice.get(path)
    with CaptureQueriesContext(connection) as none:
        as_alice.get(path)
    agree(first)
    with CaptureQueriesContext(connection) as one:
        as_alice.get(path)
    for treatment in others:
        agree(treatment)
    with django_assert_num_queries(len(one)):
        as_alice.get(path)
    assert path != "/today/" or len(one) == len(none)
