"""A form asks what fits its kind, and nothing else."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.treatments.models import Kind, Setting, Treatment, TreatmentPeriod
from tests.factories import TreatmentFactory, TreatmentPeriodFactory

INJECTION = {"name": "Injection", "kind": "injection", "setting": "appointment"}
OF_SESSIONS = {"minutes", "rate_again_after_minutes", "upfront_cost", "cost_per_session"}
GIVEN = {"started_on": "2026-03-01", "place": "L5, left", "cost": "180.50"}


def url(name, *args):
    return reverse(f"treatments:{name}", args=args)


def fields_of(client, kind):
    return set(client.get(url("create"), {"kind": kind}).context["form"].fields)


def test_a_one_off_is_asked_nothing_of_sessions(as_alice):
    assert OF_SESSIONS & fields_of(as_alice, "injection") == set()
    assert OF_SESSIONS & fields_of(as_alice, "heat") == OF_SESSIONS


def test_a_new_one_off_leads_to_its_day(as_alice, alice):
    response = as_alice.post(f"{url('create')}?kind=injection", INJECTION)
    injection = Treatment.objects.get(user=alice)
    assert response.headers["Location"] == url("period_create", injection.pk)


def test_a_one_off_has_a_day_a_place_and_a_price(as_alice, alice):
    injection = TreatmentFactory(user=alice, kind=Kind.INJECTION)
    address = url("period_create", injection.pk)
    assert list(as_alice.get(address).context["form"].fields) == ["started_on", "place", "cost"]
    as_alice.post(address, GIVEN)
    day = date(2026, 3, 1)
    columns = ["started_on", "ended_on", "place", "cost"]
    assert list(TreatmentPeriod.objects.values_list(*columns)) == [
        (day, day, "L5, left", Decimal("180.50"))
    ]
    page = as_alice.get(injection.get_absolute_url()).content.decode()
    assert [page.count(said) for said in ("L5, left", "£180.50", "Rate again after")] == [1, 1, 0]


def test_a_one_off_whose_day_is_changed_still_ends_on_it(as_alice, alice):
    injection = TreatmentFactory(user=alice, kind=Kind.INJECTION)
    period = TreatmentPeriodFactory(user=alice, treatment=injection, ended_on=date(2026, 3, 10))
    as_alice.post(url("period_edit", injection.pk, period.pk), GIVEN)
    period.refresh_from_db()
    assert (period.started_on, period.ended_on) == (date(2026, 3, 1), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"started_on": ""}, "started_on"),
        ({"started_on": "2999-01-01"}, "started_on"),
        ({"started_on": "1899-12-31"}, "started_on"),
        ({"cost": "-1"}, "cost"),
        ({"cost": "a mint"}, "cost"),
        ({"place": "p" * 121}, "place"),
    ],
)
def test_a_one_off_is_refused_in_words_and_nothing_is_lost(as_alice, alice, typed, field):
    injection = TreatmentFactory(user=alice, kind=Kind.INJECTION)
    response = as_alice.post(url("period_create", injection.pk), GIVEN | typed)
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert {name: form[name].value() for name in GIVEN} == GIVEN | typed


def test_periods_of_anything_else_have_no_place_and_no_price(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    form = as_alice.get(url("period_create", mat.pk)).context["form"]
    assert list(form.fields) == ["started_on", "ended_on", "why_stopped"]


@pytest.mark.parametrize(
    ("kind", "is_asked"),
    [("physiotherapy", True), ("massage", True), ("other", True), ("heat", False)],
)
def test_the_day_of_the_week_is_asked_of_what_may_be_an_appointment(as_alice, kind, is_asked):
    assert ("weekday" in fields_of(as_alice, kind)) is is_asked


def test_a_weekly_appointment_has_its_weekday(as_alice, alice):
    pilates = {"name": "Pilates", "kind": "other", "setting": "appointment", "weekday": "2"}
    as_alice.post(url("create"), pilates | {"rate_again_after_minutes": "45"})
    stored = Treatment.objects.get(user=alice)
    assert stored.weekday == 2
    form = as_alice.get(url("edit", stored.pk)).context["form"]
    assert form.fields["weekday"].choices[0] == ("", "not said")
    page = as_alice.get(stored.get_absolute_url()).content.decode()
    assert page.count("<dd>Wednesday</dd>") == 1


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (Kind.ACUPRESSURE_MAT, {"since", "started_on", "upfront_cost"}),
        (Kind.ACUPUNCTURE, {"since", "started_on", "weekday", "cost_per_session"}),
        (Kind.STRETCHING, {"since", "started_on"}),
        (Kind.INJECTION, {"started_on", "place", "cost"}),
        (Kind.OTHER, {"since", "started_on", "weekday", "upfront_cost"}),
    ],
)
def test_first_questions_fit_the_kind(as_alice, alice, kind, asked):
    treatment = TreatmentFactory(user=alice, kind=kind)
    form = as_alice.get(url("first_run_since", treatment.pk)).context["form"]
    assert set(form.fields) == asked | {"pain_before_from_memory"}


def test_first_questions_keep_the_price(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    as_alice.post(url("first_run_since", mat.pk), {"upfront_cost": "24.90"})
    mat.refresh_from_db()
    assert mat.upfront_cost == Decimal("24.90")


@pytest.mark.parametrize(
    ("typed", "weekday", "setting"), [("0", 0, Setting.APPOINTMENT), ("", None, Setting.HOME)]
)
def test_first_questions_ask_a_class_of_one_s_own_for_its_weekday(
    as_alice, alice, typed, weekday, setting
):
    pilates = TreatmentFactory(user=alice, kind=Kind.OTHER)
    as_alice.post(url("first_run_since", pilates.pk), {"weekday": typed})
    pilates.refresh_from_db()
    assert (pilates.weekday, pilates.setting) == (weekday, setting)


def test_first_questions_keep_place_and_price_of_a_one_off(as_alice, alice):
    injection = TreatmentFactory(user=alice, kind=Kind.INJECTION, setting=Setting.APPOINTMENT)
    as_alice.post(url("first_run_since", injection.pk), GIVEN)
    assert list(TreatmentPeriod.objects.values_list("place", "cost")) == [
        ("L5, left", Decimal("180.50"))
    ]
