from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from apps.conditions.models import Condition
from apps.treatments.catalogue import CATALOGUE
from apps.treatments.models import Kind, Treatment, TreatmentPeriod
from tests.factories import ConditionFactory, TreatmentFactory, TreatmentPeriodFactory

URL, USE = "/treatments/first-run/", "/treatments/first-run/use/"
END = "/compare/what-it-can-tell/"
ANSWERS = {"condition": "Sciatica", "usual_side": "left"}


def since(treatment):
    return reverse("treatments:first_run_since", args=[treatment.pk])


@pytest.fixture
def newcomer(as_alice, alice):
    alice.set_up_at = None
    alice.save()
    return as_alice


def is_set_up(alice):
    alice.refresh_from_db()
    return alice.set_up_at is not None


def test_what_hurts_makes_the_condition_and_leads_to_what_is_used(newcomer, alice):
    assert newcomer.post(URL, ANSWERS).headers["Location"] == USE
    assert list(Condition.objects.values_list("user", "name", "usual_side")) == [
        (alice.pk, "Sciatica", "left")
    ]
    assert not is_set_up(alice)


def test_what_hurts_suggests_sciatica_and_chooses_no_side(newcomer):
    form = newcomer.get(URL).context["form"]
    assert (form["condition"].value(), form["usual_side"].value()) == ("Sciatica", None)


def test_what_hurts_needs_only_the_condition(newcomer):
    newcomer.post(URL, {"condition": "Trapped nerve"})
    assert list(Condition.objects.values_list("name", "usual_side")) == [("Trapped nerve", "")]


def test_what_hurts_can_be_skipped(newcomer, alice):
    response = newcomer.post(URL, {"skip": "1", "condition": ""})
    assert response.headers["Location"] == USE
    assert (Condition.objects.count(), is_set_up(alice)) == (0, False)


def test_all_can_be_put_off(newcomer, alice):
    response = newcomer.post(URL, {"later": "1"})
    assert response.headers["Location"] == reverse("diary:today")
    assert (Condition.objects.count(), is_set_up(alice)) == (0, True)


def test_what_hurts_twice_makes_one_condition(newcomer):
    newcomer.post(URL, ANSWERS)
    newcomer.post(URL, ANSWERS | {"usual_side": ""})
    assert list(Condition.objects.values_list("name", "usual_side")) == [("Sciatica", "left")]


def test_what_hurts_takes_the_exact_one_of_two_that_differ_in_capitals(newcomer, alice):
    for twin, name in enumerate(("NECK", "Neck")):
        ConditionFactory(user=alice, name=name, twin=twin)
    newcomer.post(URL, ANSWERS | {"condition": "Neck"})
    assert set(Condition.objects.values_list("name", "usual_side")) == {
        ("NECK", ""),
        ("Neck", "left"),
    }


def test_what_hurts_finds_what_is_there_in_other_capitals(newcomer, alice):
    ConditionFactory(user=alice, name="Trapped Nerve")
    newcomer.post(URL, ANSWERS | {"condition": "trapped nerve"})
    assert list(Condition.objects.values_list("name", "usual_side")) == [("Trapped Nerve", "left")]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("condition", ""),
        ("condition", "x" * 81),
        ("condition", "a\0b"),
        ("usual_side", "up"),
    ],
)
def test_what_hurts_refuses_bad_input_and_keeps_what_was_typed(newcomer, field, typed):
    response = newcomer.post(URL, ANSWERS | {field: typed})
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert form[field].value() == typed
    assert not Condition.objects.exists()


def test_use_makes_treatments_of_kinds_and_ones_own(newcomer, alice):
    response = newcomer.post(USE, {"kinds": ["acupressure_mat", "heat"], "own": "Cupping"})
    own = Treatment.objects.for_user(alice)
    assert list(own.values_list("name", "kind", "minutes")) == [
        ("Acupressure mat", "acupressure_mat", CATALOGUE[Kind.ACUPRESSURE_MAT].minutes),
        ("Cupping", "other", None),
        ("Heat pack", "heat", CATALOGUE[Kind.HEAT].minutes),
    ]
    assert response.headers["Location"] == since(own.get(kind="acupressure_mat"))


def test_use_offers_every_kind_but_other_by_name_and_none_is_chosen(newcomer):
    form = newcomer.get(USE).context["form"]
    offered = form.fields["kinds"].choices
    names = [label for _, label in offered]
    assert {value for value, _ in offered} == set(Kind) - {Kind.OTHER}
    assert names == sorted(names, key=str.casefold)
    assert form["kinds"].value() is None


def test_use_offers_them_open(newcomer):
    assert "<details" not in newcomer.get(USE).content.decode().split("<main")[1].split("</main")[0]


def test_use_adds_ones_own_one_after_the_other(newcomer):
    response = newcomer.post(USE, {"kinds": ["heat"], "own": "Cupping", "add": "1"})
    assert response.headers["Location"] == USE
    form = newcomer.get(USE).context["form"]
    assert [treatment.name for treatment in form.there] == ["Cupping", "Heat pack"]
    assert "heat" not in dict(form.fields["kinds"].choices)


def test_use_leaves_a_treatment_of_the_same_name_alone(newcomer, alice):
    TreatmentFactory(user=alice, name="HEAT pack", kind=Kind.OTHER, minutes=7)
    newcomer.post(USE, {"kinds": ["heat"]})
    assert list(Treatment.objects.values_list("name", "minutes")) == [("HEAT pack", 7)]


def test_use_makes_one_treatment_where_the_own_name_is_that_of_a_kind(newcomer):
    newcomer.post(USE, {"kinds": ["heat"], "own": "heat PACK"})
    assert list(Treatment.objects.values_list("name", "kind")) == [("Heat pack", "heat")]


def test_use_is_not_held_up_by_what_others_have(newcomer, alice, charlie):
    TreatmentFactory(user=charlie)
    newcomer.post(USE, {"kinds": ["acupressure_mat"]})
    assert Treatment.objects.for_user(alice).count() == 1


@pytest.mark.parametrize("sent", [{"skip": "1", "own": "x"}, {}])
def test_use_can_be_skipped_and_then_all_is_asked(newcomer, alice, sent):
    assert newcomer.post(USE, sent).headers["Location"] == END
    assert (Treatment.objects.count(), is_set_up(alice)) == (0, True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("kinds", ["heat", "magic"]), ("kinds", ["other"]), ("own", "x" * 81), ("own", "a\0b")],
)
def test_use_refuses_bad_input_and_keeps_what_was_typed(newcomer, field, typed):
    response = newcomer.post(USE, {"kinds": ["heat"], field: typed})
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert form[field].value() == typed
    assert not Treatment.objects.exists()


def test_since_asks_of_each_by_name_and_then_says_what_it_can_tell(newcomer, alice):
    mat, heat = (TreatmentFactory(user=alice, name=name) for name in ("mat", "Heat"))
    TreatmentPeriodFactory(user=alice, treatment=TreatmentFactory(user=alice, name="Known"))
    TreatmentFactory(user=alice, name="Gone", archived_at=timezone.now())
    assert newcomer.post(USE, {}).headers["Location"] == since(heat)
    assert newcomer.get(since(heat)).context["then"] == mat
    assert newcomer.post(since(heat), {"skip": "1"}).headers["Location"] == since(mat)
    assert not is_set_up(alice)
    assert newcomer.post(since(mat), {}).headers["Location"] == END
    assert is_set_up(alice)
    assert TreatmentPeriod.objects.count() == 1


TODAY = date(2026, 3, 10)


@pytest.fixture
def today():
    with time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False):
        yield


@pytest.mark.parametrize(
    ("said", "started_on"),
    [
        ({"since": "not_yet"}, None),
        ({"since": "not_yet", "started_on": "2026-01-05"}, None),
        ({"since": "this_week"}, TODAY),
        ({"since": "this_week", "started_on": "2999-01-01"}, TODAY),
        ({"since": "longer", "started_on": "2026-01-05"}, date(2026, 1, 5)),
        ({"started_on": "2026-01-05"}, date(2026, 1, 5)),
        ({}, None),
    ],
)
def test_since_keeps_from_which_day_on(newcomer, alice, today, said, started_on):
    mat = TreatmentFactory(user=alice)
    newcomer.post(since(mat), said)
    days = TreatmentPeriod.objects.values_list("user", "treatment", "started_on", "ended_on")
    assert list(days) == ([(alice.pk, mat.pk, started_on, None)] if started_on else [])


def test_since_keeps_the_month_before_from_memory_and_presets_nothing(newcomer, alice):
    mat = TreatmentFactory(user=alice)
    form = newcomer.get(since(mat)).context["form"]
    asked = ("since", "started_on", "pain_before_from_memory")
    assert [form[name].value() for name in asked] == [None, None, None]
    newcomer.post(since(mat), {"pain_before_from_memory": "0"})
    mat.refresh_from_db()
    assert mat.pain_before_from_memory == 0


def test_since_sent_twice_makes_one_period(newcomer, alice):
    mat = TreatmentFactory(user=alice)
    for _time in range(2):
        newcomer.post(since(mat), {"since": "longer", "started_on": "2026-01-05"})
    assert TreatmentPeriod.objects.count() == 1


def test_since_asks_a_one_off_for_its_day_alone(newcomer, alice):
    injection = TreatmentFactory(user=alice, kind=Kind.INJECTION)
    assert "since" not in newcomer.get(since(injection)).context["form"].fields
    newcomer.post(since(injection), {"started_on": "2026-01-05"})
    day = date(2026, 1, 5)
    assert list(TreatmentPeriod.objects.values_list("started_on", "ended_on")) == [(day, day)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"since": "longer"}, "started_on"),
        ({"since": "ages"}, "since"),
        ({"since": "longer", "started_on": "2999-01-01"}, "started_on"),
        ({"started_on": "1899-12-31"}, "started_on"),
        ({"started_on": "yesterday"}, "started_on"),
        ({"pain_before_from_memory": "11"}, "pain_before_from_memory"),
    ],
)
def test_since_refuses_bad_input_and_keeps_what_was_typed(newcomer, alice, typed, field):
    mat = TreatmentFactory(user=alice)
    response = newcomer.post(since(mat), typed)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert {name: form[name].value() for name in typed} == typed
    assert not TreatmentPeriod.objects.exists()


def test_first_run_left_by_the_navigation_stays_on_today_until_put_off(newcomer):
    link = f'href="{URL}"'
    assert link in newcomer.get("/today/").content.decode()
    newcomer.post(URL, {"later": "1"})
    assert link not in newcomer.get("/today/").content.decode()


def test_today_offers_to_add_what_is_used_until_something_is(newcomer, alice):
    link = f'href="{USE}"'
    assert newcomer.get("/today/").content.decode().count(link) == 1
    TreatmentFactory(user=alice)
    assert newcomer.get("/today/").content.decode().count(link) == 0


def test_first_run_keeps_the_moment_of_the_first_time(as_alice, alice):
    then = timezone.now() - timedelta(days=9)
    alice.set_up_at = then
    alice.save()
    as_alice.post(USE, {"skip": "1"})
    alice.refresh_from_db()
    assert alice.set_up_at == then
