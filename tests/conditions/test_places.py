"""Where a condition is rated, in words; asked for, renamed, and never taken from a rating."""

import pytest
from django.urls import reverse
from django.utils import translation

from apps.conditions.models import Condition
from apps.conditions.places import Places, code_of, in_order
from tests.factories import CheckInFactory, ConditionFactory

NO_CAUSES = {"causes-TOTAL_FORMS": "0", "causes-INITIAL_FORMS": "0"}


def words(places):
    return [place.pain for place in places]


def stored(condition):
    condition.refresh_from_db()
    return condition.first_place, condition.second_place


def typed(**fields):
    return {"name": "Arm", **fields, **NO_CAUSES}


@pytest.mark.parametrize(
    ("codes", "english", "german"),
    [
        (("", ""), ["leg pain", "back pain"], ["Beinschmerz", "Rückenschmerz"]),
        (("shoulder", "hand"), ["shoulder pain", "hand pain"], ["Schulterschmerz", "Handschmerz"]),
        (("knee", ""), ["knee pain"], ["Knieschmerz"]),
        (("jaw", ""), ["jaw pain"], ["Schmerz (jaw)"]),
    ],
)
def test_places_are_named_in_the_language_of_the_page(codes, english, german):
    assert words(Places.of(*codes)) == english
    with translation.override("de"):
        assert words(Places.of(*codes)) == german


def test_both_are_named_together():
    assert str(Places.of("shoulder", "hand")) == "shoulder and hand"
    assert Places.of("shoulder", "hand").pains == "shoulder pain and hand pain"
    assert Places.of("shoulder", "hand").either_pain == "shoulder pain or hand pain"
    assert str(Places.of("knee")) == Places.of("knee").pains.removesuffix(" pain") == "knee"


def test_leg_and_back_are_stored_as_nothing():
    assert Places.of("leg", "back").stored == Places.of().stored == ("", "")
    assert Places.of("leg").stored == ("leg", "")
    assert Places.of("leg", "back") == Places.of()


@pytest.mark.parametrize(
    ("codes", "asks"),
    [
        (("", ""), True),
        (("foot", ""), True),
        (("shoulder", "hip"), True),
        (("shoulder", "hand"), False),
        (("jaw", ""), False),
    ],
)
def test_what_is_asked_of_legs_is_asked_from_the_back_down(codes, asks):
    assert Places.of(*codes).is_from_the_back_down is asks


def test_a_built_in_place_is_known_by_its_word():
    assert [code_of(word) for word in ("Hand", " neck ", "Jaw")] == ["hand", "neck", "Jaw"]
    with translation.override("de"):
        assert [code_of(word) for word in ("schulter", "hand", "Kiefer")] == [
            "shoulder",
            "hand",
            "Kiefer",
        ]


@pytest.mark.parametrize(
    ("before", "chosen", "after"),
    [
        (("shoulder", ""), ["neck", "shoulder"], ("shoulder", "neck")),
        (("shoulder", "hand"), ["hand", "jaw"], ("jaw", "hand")),
        (("", ""), ["shoulder", "hand"], ("shoulder", "hand")),
        (("", ""), ["back", "leg"], ("", "")),
        (("shoulder", "hand"), ["hand"], ("hand", "")),
    ],
)
def test_a_place_keeps_its_scale(before, chosen, after):
    assert in_order(Places.of(*before), chosen).stored == after


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({}, ("", "")),
        ({"places": ["leg", "back"]}, ("", "")),
        ({"places": ["shoulder", "hand"]}, ("shoulder", "hand")),
        ({"places": ["shoulder"], "own_places": "Jaw"}, ("shoulder", "Jaw")),
        ({"own_places": "jaw , temple"}, ("jaw", "temple")),
        ({"own_places": "Knee"}, ("knee", "")),
    ],
)
def test_a_new_condition_says_where_it_is_rated(as_alice, fields, places):
    as_alice.post(reverse("conditions:create"), typed(**fields))
    assert stored(Condition.objects.get()) == places


def test_another_complaint_is_asked_where_and_becomes_no_leg_by_silence(as_alice, alice):
    url = reverse("conditions:create")
    assert as_alice.get(url).context["form"]["places"].value() == ["leg", "back"]
    ConditionFactory(user=alice, name="Sciatica")
    assert as_alice.get(url).context["form"]["places"].value() is None
    response = as_alice.post(url, typed())
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"places": ["Say where you rate it: one place or two."]},
    )
    as_alice.post(url, typed(places=["leg", "back"]))
    assert stored(Condition.objects.get(name="Arm")) == ("", "")


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"places": ["leg", "back", "hand"]}, "places"),
        ({"places": ["leg", "back"], "own_places": "jaw"}, "places"),
        ({"own_places": "a, b, c"}, "places"),
        ({"own_places": "n" * 25}, "own_places"),
        ({"places": ["moon"]}, "places"),
    ],
)
def test_three_places_and_long_words_are_refused(as_alice, fields, refused):
    response = as_alice.post(reverse("conditions:create"), typed(**fields))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [refused])


def test_changing_something_else_leaves_the_places(as_alice, alice):
    arm = ConditionFactory(user=alice, name="Arm", first_place="shoulder", second_place="Jaw")
    page = as_alice.get(reverse("conditions:edit", args=[arm.pk]))
    form = page.context["form"]
    assert (form["places"].value(), form["own_places"].value()) == (["shoulder"], "Jaw")
    as_alice.post(reverse("conditions:edit", args=[arm.pk]), typed(note="since May"))
    assert stored(arm) == ("shoulder", "Jaw")


def edited(client, condition, **fields):
    return client.post(reverse("conditions:edit", args=[condition.pk]), typed(**fields))


def test_a_rated_place_is_renamed_only_where_that_is_meant(as_alice, alice):
    arm = ConditionFactory(user=alice, name="Arm")
    CheckInFactory(user=alice, condition=arm, leg_pain=0, back_pain=None)
    response = edited(as_alice, arm, places=["shoulder", "hand"])
    assert response.status_code == 422
    assert response.context["form"].errors["places"] == [
        "What you rated so far gets the new words: leg (rated 1 times) becomes shoulder. Tick "
        "that below if it was meant all along. For another pain, add a condition of its own."
    ]
    assert stored(arm) == ("", "")
    assert 'name="is_renamed"' in response.content.decode()
    edited(as_alice, arm, places=["shoulder", "hand"], is_renamed="on")
    assert stored(arm) == ("shoulder", "hand")


def test_a_rated_place_is_not_taken_away(as_alice, alice):
    arm = ConditionFactory(user=alice, name="Arm")
    CheckInFactory(user=alice, condition=arm, leg_pain=None, back_pain=3)
    response = edited(as_alice, arm, places=["leg"], is_renamed="on")
    assert response.context["form"].errors == {
        "places": ["You have rated back here (1 times): it stays."]
    }
    assert stored(arm) == ("", "")


def test_an_unrated_condition_takes_any_places(as_alice, alice):
    arm = ConditionFactory(user=alice, name="Arm")
    CheckInFactory(user=alice, condition=ConditionFactory(user=alice), leg_pain=5)
    edited(as_alice, arm, places=["shoulder"])
    assert stored(arm) == ("shoulder", "")


def test_the_page_of_a_condition_says_where_it_is_rated(as_alice, alice):
    arm = ConditionFactory(user=alice, name="Arm", first_place="shoulder", second_place="hand")
    page = as_alice.get(arm.get_absolute_url()).content.decode()
    assert "shoulder and hand" in page


def test_first_run_says_where_it_is_rated(as_alice, alice):
    alice.set_up_at = None
    alice.save()
    as_alice.post(reverse("treatments:first_run"), {"condition": "Arm", "places": ["arm", "hand"]})
    assert stored(Condition.objects.get()) == ("arm", "hand")
