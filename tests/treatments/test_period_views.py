from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from apps.treatments.models import TreatmentPeriod
from tests.factories import TreatmentFactory, TreatmentPeriodFactory

TYPED = {"started_on": "2026-03-01", "ended_on": "2026-04-01", "why_stopped": "it rubbed"}
STORED = (date(2026, 3, 1), date(2026, 4, 1), "it rubbed")


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(datetime(2026, 5, 3, 12, 0, tzinfo=UTC), tick=False):
        yield


def url(name, *args):
    return reverse(f"treatments:period_{name}", args=args)


def values(period):
    period.refresh_from_db()
    return (period.started_on, period.ended_on, period.why_stopped)


def test_create_stores_the_period_with_its_owner(as_alice, alice):
    insoles = TreatmentFactory(user=alice, name="Insoles")
    response = as_alice.post(url("create", insoles.pk), TYPED)
    period = TreatmentPeriod.objects.get(user=alice, treatment=insoles)
    assert (response.url, values(period)) == (insoles.get_absolute_url(), STORED)


def test_edit_changes_the_period(as_alice, alice):
    period = TreatmentPeriodFactory(user=alice)
    as_alice.post(url("edit", period.treatment_id, period.pk), TYPED)
    assert values(period) == STORED


def test_delete_asks_first_and_leaves_the_treatment(as_alice, alice):
    period = TreatmentPeriodFactory(user=alice)
    address = url("delete", period.treatment_id, period.pk)
    assert (as_alice.get(address).status_code, TreatmentPeriod.objects.count()) == (200, 1)
    assert as_alice.post(address).url == period.treatment.get_absolute_url()
    assert list(TreatmentPeriod.objects.all()) == []


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_somebody_elses_period_is_not_found(as_alice, alice, charlie, name):
    own = TreatmentFactory(user=alice)
    foreign = TreatmentPeriodFactory(user=charlie)
    before = values(foreign)
    for treatment_pk in (own.pk, foreign.treatment_id):
        address = url(name, treatment_pk, foreign.pk)
        assert [as_alice.get(address).status_code, as_alice.post(address, TYPED).status_code] == [
            404,
            404,
        ]
    assert values(foreign) == before


def test_own_period_under_another_treatment_is_not_found(as_alice, alice):
    period = TreatmentPeriodFactory(user=alice)
    other = TreatmentFactory(user=alice, name="Heat")
    assert as_alice.get(url("edit", other.pk, period.pk)).status_code == 404


def test_a_period_that_never_was_is_not_found(as_alice):
    assert as_alice.get(url("edit", 10**30, 10**30)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"started_on": ""}, {"started_on": ["This field is required."]}),
        ({"started_on": "1899-12-31"}, {"started_on": ["The first day must be in 1900 or later."]}),
        (
            {"started_on": "2026-05-04", "ended_on": "", "why_stopped": ""},
            {"started_on": ["This day is still to come."]},
        ),
        ({"ended_on": "2026-02-28"}, {"ended_on": ["A period cannot end before it starts."]}),
        ({"ended_on": "2026-05-04"}, {"ended_on": ["This day is still to come."]}),
        ({"ended_on": ""}, {"why_stopped": ["Say until when, if you say why it stopped."]}),
        (
            {"why_stopped": "w" * 201},
            {"why_stopped": ["Ensure this value has at most 200 characters (it has 201)."]},
        ),
        ({"why_stopped": "a\0b"}, {"why_stopped": ["Null characters are not allowed."]}),
    ],
)
def test_create_refuses_bad_input_and_keeps_what_was_typed(as_alice, alice, fields, errors):
    response = as_alice.post(url("create", TreatmentFactory(user=alice).pk), {**TYPED, **fields})
    form = response.context["form"]
    assert (response.status_code, form.errors) == (422, errors)
    assert {name: form[name].value() for name in TYPED} == {**TYPED, **fields}
    assert TreatmentPeriod.objects.count() == 0
