"""A complaint with places of its own is asked, said and listed in its own words."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.diary.models import CheckIn
from tests.factories import CheckInFactory, ConditionFactory, TreatmentSessionFactory

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LEG_OR_BACK = re.compile(r"(leg|back) pain|Bein-? ?(schmerz)|Rückenschmerz", re.IGNORECASE)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def arm(alice):
    return ConditionFactory(user=alice, name="Arm", first_place="shoulder", second_place="hand")


@pytest.fixture
def knee(alice):
    return ConditionFactory(user=alice, name="Knee", first_place="knee")


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice, name="Sciatica")


def labels(form):
    return {name: str(form[name].label) for name in form.scales}


def sent(**fields):
    return {"client_id": str(uuid.uuid4()), **fields}


def post(client, **fields):
    return client.post(reverse("diary:checkin_create"), sent(**fields))


@pytest.mark.parametrize("page", ["diary:today", "diary:checkin_create"])
def test_a_form_asks_in_the_words_of_the_chosen_condition(as_alice, arm, knee, sciatica, page):
    for condition, expected in [
        (arm, {"leg_pain": "Shoulder pain", "back_pain": "Hand pain"}),
        (knee, {"leg_pain": "Knee pain"}),
        (sciatica, {"leg_pain": "Leg pain", "back_pain": "Back pain"}),
    ]:
        form = as_alice.get(reverse(page), {"condition": condition.pk}).context["form"]
        assert labels(form) == expected
        assert form.conditions == {condition.pk: condition}
        assert set(form.elsewhere) == {arm, knee, sciatica} - {condition}


def test_without_a_choice_it_is_the_first(as_alice, arm, sciatica):
    form = as_alice.get(reverse("diary:today")).context["form"]
    assert (labels(form)["leg_pain"], form.elsewhere) == ("Shoulder pain", (sciatica,))


def test_conditions_rated_alike_are_still_one_choice(as_alice, alice, arm, sciatica):
    back = ConditionFactory(user=alice, name="Old back")
    page = as_alice.get(reverse("diary:today"), {"condition": back.pk})
    assert page.context["form"].conditions == {back.pk: back, sciatica.pk: sciatica}
    assert f'<a href="?condition={arm.pk}">Arm</a>' in page.content.decode()


@pytest.mark.parametrize("condition", ["0", "x", "99999999999999999999"])
def test_an_unknown_condition_in_the_address_is_passed_over(as_alice, arm, condition):
    page = as_alice.get(reverse("diary:today"), {"condition": condition})
    assert labels(page.context["form"])["leg_pain"] == "Shoulder pain"


def test_a_rating_is_stored_and_said_in_its_own_words(as_alice, arm, sciatica):
    post(as_alice, condition=arm.pk, leg_pain="3", back_pain="0", side="left")
    saved = CheckIn.objects.get()
    assert (saved.condition, saved.leg_pain, saved.back_pain) == (arm, 3, 0)
    assert saved.summary() == "Shoulder pain 3, hand pain 0, left"


def test_one_place_is_one_rating(as_alice, knee):
    post(as_alice, condition=knee.pk, leg_pain="3", back_pain="5")
    saved = CheckIn.objects.get()
    assert (saved.leg_pain, saved.back_pain, saved.summary()) == (3, None, "Knee pain 3")


def test_no_pain_is_one_tap_in_one_place_too(as_alice, knee):
    post(as_alice, condition=knee.pk, no_pain="1")
    saved = CheckIn.objects.get()
    assert (saved.leg_pain, saved.back_pain) == (0, None)
    assert (saved.is_painless, saved.summary()) == (True, "No pain")


def test_what_was_asked_of_leg_and_back_goes_to_no_other_complaint(as_alice, arm):
    """The page for use without a connection names no condition and asks of leg and back."""
    response = post(as_alice, leg_pain="3", typed_ago="60")
    assert response.context["form"].errors == {
        "condition": ["This rates leg and back. Rate this on a page of its own: Arm."]
    }
    assert (response.status_code, CheckIn.objects.count()) == (422, 0)


def test_without_a_condition_it_is_the_first_that_is_rated_so(as_alice, arm, sciatica):
    post(as_alice, leg_pain="3", typed_ago="60")
    assert CheckIn.objects.get().condition == sciatica


@pytest.mark.parametrize(("name", "asked"), [("arm", False), ("knee", True), ("sciatica", True)])
def test_how_far_it_reaches_is_asked_from_the_back_down(as_alice, request, name, asked):
    condition = request.getfixturevalue(name)
    page = as_alice.get(reverse("diary:checkin_create"), {"condition": condition.pk})
    assert ('name="furthest"' in page.content.decode()) is asked


def test_both_shoulders_are_not_both_legs(as_alice, arm, sciatica):
    response = post(as_alice, condition=arm.pk, leg_pain="3", side="both")
    assert response.url == reverse("diary:today")
    response = post(as_alice, condition=sciatica.pk, leg_pain="3", side="both")
    assert response.url == reverse("diary:both_legs", args=[sciatica.pk])


def test_a_change_keeps_to_the_places_of_the_entry(as_alice, alice, arm, sciatica):
    entry = CheckInFactory(user=alice, condition=arm, leg_pain=3, back_pain=2)
    url = reverse("diary:checkin_edit", args=[entry.pk])
    form = as_alice.get(url).context["form"]
    assert (labels(form)["leg_pain"], list(form.conditions)) == ("Shoulder pain", [arm.pk])
    fields = {"client_id": str(entry.client_id), "version": "1", "rated_at": "2026-03-10T12:00"}
    response = as_alice.post(url, {**fields, "condition": sciatica.pk, "leg_pain": "4"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["condition"])


@pytest.mark.parametrize("page", ["today", "checkin_create", "session_start", "session_create"])
def test_a_form_begins_with_the_complaint_written_about_last(as_alice, alice, arm, sciatica, page):
    """By name the arm comes first: nobody's leg becomes one by a tap."""
    CheckInFactory(user=alice, condition=arm, rated_at=NOW - timedelta(days=4))
    for days, factory, moment, last in [
        (3, CheckInFactory, "rated_at", sciatica),
        (2, TreatmentSessionFactory, "started_at", arm),
        (1, TreatmentSessionFactory, "started_at", sciatica),
    ]:
        factory(user=alice, condition=last, **{moment: NOW - timedelta(days=days)})
        form = as_alice.get(reverse(f"diary:{page}")).context["form"]
        assert form["condition"].value() == last.pk


@pytest.mark.parametrize("page", ["today", "session_start"])
def test_after_a_session_for_both_it_is_the_complaint_that_was_there_first(as_alice, alice, page):
    first, second = (ConditionFactory(user=alice, name=name) for name in ("Sciatica", "Arm"))
    for condition in (first, second):
        TreatmentSessionFactory(user=alice, condition=condition, started_at=NOW)
    form = as_alice.get(reverse(f"diary:{page}")).context["form"]
    assert form["condition"].value() == first.pk


def test_days_at_a_glance_are_those_of_one_complaint(as_alice, alice, arm, sciatica):
    now = timezone.now()
    CheckInFactory(user=alice, condition=arm, leg_pain=9, back_pain=8, rated_at=now)
    CheckInFactory(user=alice, condition=sciatica, leg_pain=2, back_pain=1, rated_at=now)
    for condition, rated in ((arm, (9, 8)), (sciatica, (2, 1))):
        page = as_alice.get(reverse("diary:today"), {"condition": condition.pk}).context["page"]
        assert (page.days[-1].leg_pain, page.days[-1].back_pain) == rated
        assert page.places == condition.places


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("page", ["today", "checkin_create", "list", "session_start", "saved"])
def test_a_page_of_another_complaint_never_says_leg_or_back(as_alice, alice, arm, language, page):
    rated_at = NOW if page == "saved" else datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
    CheckInFactory(user=alice, condition=arm, leg_pain=9, back_pain=8, rated_at=rated_at)
    url = reverse("diary:today" if page == "saved" else f"diary:{page}")
    shown = as_alice.get(url, headers={"accept-language": language}).content.decode()
    assert LEG_OR_BACK.findall(shown) == []
    words = {"en": ("houlder", "and"), "de": ("chulter", "Hand")}[language]
    assert page == "session_start" or all(word in shown for word in words)


def test_the_list_names_places_without_a_query_more(as_alice, alice, arm, sciatica):
    counts = []
    for _times in range(3):
        for condition in (arm, sciatica):
            CheckInFactory(user=alice, condition=condition)
        with CaptureQueriesContext(connection) as queries:
            as_alice.get(reverse("diary:list"))
        counts.append(len(queries))
    assert counts == counts[:1] * 3


@pytest.mark.parametrize("page", ["diary:today", "diary:checkin_create"])
def test_the_side_to_begin_with_is_that_of_the_complaint(as_alice, alice, arm, sciatica, page):
    earlier = NOW - timedelta(days=2)
    CheckInFactory(user=alice, condition=arm, rated_at=earlier, side="left")
    CheckInFactory(user=alice, condition=sciatica, rated_at=NOW - timedelta(days=1), side="right")
    for condition, side in ((arm, "left"), (sciatica, "right")):
        form = as_alice.get(reverse(page), {"condition": condition.pk}).context["form"]
        assert form["side"].value() == side
