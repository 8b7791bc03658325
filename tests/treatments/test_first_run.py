from datetime import UTC, datetime

import pytest
from django.urls import reverse

from apps.conditions.models import Condition
from apps.treatments.catalogue import CATALOGUE
from apps.treatments.models import Kind, Treatment
from tests.factories import ConditionFactory, TreatmentFactory

URL = "/treatments/first-run/"


@pytest.fixture
def newcomer(as_alice, alice):
    alice.set_up_at = None
    alice.save()
    return as_alice


def answers(**changed):
    return {"condition": "Sciatica", "usual_side": "left", "kinds": ["acupressure_mat"], **changed}


def test_first_run_makes_the_condition_and_the_treatments(newcomer, alice):
    response = newcomer.post(URL, answers(kinds=["acupressure_mat", "heat"]))
    assert response.headers["Location"] == reverse("diary:today")
    assert list(Condition.objects.values_list("user", "name", "usual_side")) == [
        (alice.pk, "Sciatica", "left")
    ]
    assert list(Treatment.objects.for_user(alice).values_list("name", "kind", "minutes")) == [
        ("Acupressure mat", "acupressure_mat", CATALOGUE[Kind.ACUPRESSURE_MAT].minutes),
        ("Heat pack", "heat", CATALOGUE[Kind.HEAT].minutes),
    ]
    alice.refresh_from_db()
    assert alice.set_up_at is not None


def test_first_run_suggests_sciatica_and_chooses_nothing_else(newcomer):
    form = newcomer.get(URL).context["form"]
    assert form["condition"].value() == "Sciatica"
    assert (form["usual_side"].value(), form["kinds"].value()) == (None, None)


def test_first_run_offers_every_kind_but_other_by_name(newcomer):
    offered = newcomer.get(URL).context["form"].fields["kinds"].choices
    names = [label for _, label in offered]
    assert {value for value, _ in offered} == set(Kind) - {Kind.OTHER}
    assert names == sorted(names, key=str.casefold)


def test_first_run_needs_only_the_condition(newcomer, alice):
    newcomer.post(URL, {"condition": "Trapped nerve"})
    assert list(Condition.objects.values_list("name", "usual_side")) == [("Trapped nerve", "")]
    assert not Treatment.objects.exists()


def test_first_run_twice_makes_no_duplicates(newcomer):
    newcomer.post(URL, answers())
    newcomer.post(URL, answers(kinds=["acupressure_mat", "heat"], usual_side=""))
    assert list(Condition.objects.values_list("name", "usual_side")) == [("Sciatica", "left")]
    assert sorted(Treatment.objects.values_list("kind", flat=True)) == ["acupressure_mat", "heat"]


def test_first_run_leaves_a_treatment_of_the_same_name_alone(newcomer, alice):
    TreatmentFactory(user=alice, name="Heat pack", kind=Kind.OTHER, minutes=7)
    newcomer.post(URL, answers(kinds=["heat"]))
    assert list(Treatment.objects.values_list("name", "minutes")) == [("Heat pack", 7)]


def test_first_run_finds_what_is_there_in_other_capitals(newcomer, alice):
    ConditionFactory(user=alice, name="Trapped Nerve")
    TreatmentFactory(user=alice, name="HEAT PACK", kind=Kind.OTHER)
    newcomer.post(URL, answers(condition="trapped nerve", kinds=["heat"]))
    assert list(Condition.objects.values_list("name", "usual_side")) == [("Trapped Nerve", "left")]
    assert list(Treatment.objects.values_list("name", flat=True)) == ["HEAT PACK"]


def test_first_run_takes_the_exact_one_of_two_that_differ_in_capitals(newcomer, alice):
    for name in ("NECK", "Neck"):
        ConditionFactory(user=alice, name=name)
    newcomer.post(URL, answers(condition="Neck"))
    assert set(Condition.objects.values_list("name", "usual_side")) == {
        ("NECK", ""),
        ("Neck", "left"),
    }


def test_first_run_is_not_held_up_by_what_others_have(newcomer, alice, charlie):
    TreatmentFactory(user=charlie)
    newcomer.post(URL, answers())
    assert Treatment.objects.for_user(alice).count() == 1


def test_first_run_can_be_put_off(newcomer, alice):
    response = newcomer.post(URL, {"later": "1", "condition": ""})
    assert response.headers["Location"] == reverse("diary:today")
    alice.refresh_from_db()
    assert alice.set_up_at is not None
    assert not Condition.objects.exists()


def test_first_run_left_by_the_navigation_stays_on_today_until_put_off(newcomer):
    link = f'href="{URL}"'
    assert link in newcomer.get("/today/").content.decode()
    newcomer.post(URL, {"later": "1"})
    assert link not in newcomer.get("/today/").content.decode()


def test_first_run_answered_leaves_today(newcomer):
    newcomer.post(URL, answers())
    assert f'href="{URL}"' not in newcomer.get("/today/").content.decode()


def test_first_run_folds_the_treatments_until_some_are_ticked(newcomer):
    fold = '<details class="fold"{}>'
    assert fold.format("") in newcomer.get(URL).content.decode()
    refused = newcomer.post(URL, answers(condition=""))
    assert fold.format(" open") in refused.content.decode()


def test_first_run_keeps_the_moment_of_the_first_time(as_alice, alice):
    alice.set_up_at = datetime(2026, 1, 1, tzinfo=UTC)
    alice.save()
    as_alice.post(URL, answers())
    alice.refresh_from_db()
    assert alice.set_up_at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("condition", ""),
        ("condition", "x" * 81),
        ("condition", "a\0b"),
        ("usual_side", "up"),
        ("kinds", ["heat", "magic"]),
        ("kinds", ["other"]),
    ],
)
def test_first_run_refuses_bad_input_and_keeps_what_was_typed(newcomer, alice, field, typed):
    response = newcomer.post(URL, answers(**{field: typed}))
    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert form[field].value() == typed
    assert not Condition.objects.exists()
    alice.refresh_from_db()
    assert alice.set_up_at is None
