from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from apps.treatments.catalogue import CATALOGUE
from apps.treatments.models import Kind, Setting, Treatment
from tests.factories import TreatmentFactory, TreatmentPeriodFactory, TreatmentSessionFactory

MAY = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
GET_AND_POST = [
    ("detail", [404, 405]),
    ("edit", [404, 404]),
    ("delete", [404, 404]),
    ("archive", [405, 404]),
    ("unarchive", [405, 404]),
    ("period_create", [404, 404]),
]


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(MAY, tick=False):
        yield


def url(name, *args):
    return reverse(f"treatments:{name}", args=args)


def typed(**fields):
    return {
        "name": "Shakti mat",
        "kind": "acupressure_mat",
        "setting": "home",
        "minutes": "20",
        "rate_again_after_minutes": "45",
        **fields,
    }


def test_list_shows_own_treatments_by_name_and_archived_apart(as_alice, alice, charlie):
    heat, mat = (TreatmentFactory(user=alice, name=name) for name in ("heat", "Mat"))
    gone = TreatmentFactory(user=alice, name="Insoles", archived_at=MAY)
    TreatmentFactory(user=charlie, name="Charlie's", review_on=date(2026, 1, 1))
    context = as_alice.get(url("list")).context
    assert context["current"] == [heat, mat]
    assert context["archived"] == [gone]
    assert list(context["due"]) == []


def test_list_reminds_of_the_day_for_looking_back(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="Mat", review_on=date(2026, 5, 3))
    page = as_alice.get(url("list")).content.decode()
    link = f'<a href="{mat.get_absolute_url()}">Mat</a>'
    assert page.count(f"You wanted to look back on {link} on 3 May 2026.") == 1


def test_the_day_for_looking_back_comes_at_the_persons_own_midnight(as_alice, alice):
    """Noon of 3 May in UTC is two in the morning of 4 May on Kiritimati."""
    alice.time_zone = "Pacific/Kiritimati"
    alice.save()
    mat = TreatmentFactory(user=alice, review_on=date(2026, 5, 4))
    assert list(as_alice.get(url("list")).context["due"]) == [mat]


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_equally_often(as_alice, alice, count, django_assert_num_queries):
    for number in range(count):
        TreatmentFactory(user=alice, name=f"No {number}", review_on=date(2026, 1, 1))
    with django_assert_num_queries(4):
        as_alice.get(url("list"))


@pytest.mark.parametrize("count", [1, 3])
def test_detail_asks_the_database_equally_often(as_alice, alice, count, django_assert_num_queries):
    treatment = TreatmentFactory(user=alice, upfront_cost=Decimal("24.90"))
    TreatmentPeriodFactory.create_batch(count, user=alice, treatment=treatment)
    with django_assert_num_queries(5):
        as_alice.get(url("detail", treatment.pk))


def test_detail_shows_costs_in_the_persons_currency(as_alice, alice):
    alice.currency = "EUR"
    alice.save()
    treatment = TreatmentFactory(
        user=alice, upfront_cost=Decimal("24.90"), cost_per_session=Decimal(0)
    )
    page = as_alice.get(url("detail", treatment.pk)).content.decode()
    assert [page.count(cost) for cost in ("€24.90", "€0.00")] == [1, 1]


def test_detail_shows_an_expectation_of_nothing(as_alice, alice):
    treatment = TreatmentFactory(user=alice, expectation=0)
    page = as_alice.get(url("detail", treatment.pk)).content.decode()
    assert page.count("<dd>0 of 10</dd>") == 1


def test_detail_shows_what_is_remembered_of_the_month_before(as_alice, alice):
    treatment = TreatmentFactory(user=alice, pain_before_from_memory=0)
    page = as_alice.get(url("detail", treatment.pk)).content.decode()
    assert page.count("<dd>0 of 10 on average</dd>") == 1


def test_what_is_remembered_can_be_said_after_the_first_session(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="Shakti mat")
    TreatmentSessionFactory(user=alice, treatments=[mat])
    as_alice.post(url("edit", mat.pk), typed(pain_before_from_memory="7"))
    mat.refresh_from_db()
    assert mat.pain_before_from_memory == 7


@pytest.mark.parametrize(("name", "expected"), GET_AND_POST)
def test_somebody_elses_treatment_is_not_found(as_alice, charlie, name, expected):
    treatment = TreatmentFactory(user=charlie)
    fields = {**typed(name="Mine now"), "started_on": "2026-05-01"}
    statuses = [
        as_alice.get(url(name, treatment.pk)).status_code,
        as_alice.post(url(name, treatment.pk), fields).status_code,
    ]
    assert statuses == expected
    assert list(Treatment.objects.values_list("user", "name", "archived_at")) == [
        (charlie.pk, treatment.name, None)
    ]
    assert treatment.periods.count() == 0


@pytest.mark.parametrize("pk", [0, 10**12, 10**30])
def test_a_treatment_that_never_was_is_not_found(as_alice, pk):
    assert as_alice.get(url("edit", pk)).status_code == 404


def test_create_stores_what_was_typed(as_alice, alice):
    response = as_alice.post(
        url("create"),
        typed(
            setting="appointment",
            minutes="30",
            rate_again_after_minutes="60",
            upfront_cost="24.90",
            cost_per_session="0",
            expectation="0",
            pain_before_from_memory="0",
            review_on="2026-08-01",
        ),
    )
    mat = Treatment.objects.get(user=alice)
    assert response.url == url("detail", mat.pk)
    assert (mat.name, mat.kind, mat.setting) == (
        "Shakti mat",
        Kind.ACUPRESSURE_MAT,
        Setting.APPOINTMENT,
    )
    assert (mat.minutes, mat.rate_again_after_minutes) == (30, 60)
    assert (mat.upfront_cost, mat.cost_per_session) == (Decimal("24.90"), Decimal(0))
    assert (mat.expectation, mat.review_on) == (0, date(2026, 8, 1))
    assert mat.pain_before_from_memory == 0


def test_create_leaves_empty_what_was_not_said(as_alice, alice):
    as_alice.post(url("create"), typed(minutes=""))
    mat = Treatment.objects.get(user=alice)
    unsaid = ("minutes", "upfront_cost", "cost_per_session", "expectation", "review_on")
    assert [getattr(mat, name) for name in unsaid] == [None] * 5
    assert mat.pain_before_from_memory is None


@pytest.mark.parametrize(
    ("ticked", "is_prescribed"), [({"is_prescribed": "on"}, True), ({}, False)]
)
def test_create_stores_whether_it_was_prescribed(as_alice, alice, ticked, is_prescribed):
    as_alice.post(url("create"), typed(**ticked))
    assert Treatment.objects.get(user=alice).is_prescribed is is_prescribed


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.OTHER])
def test_create_from_a_kind_fills_in_what_is_usual(as_alice, kind):
    form = as_alice.get(url("create"), {"kind": kind.value}).context["form"]
    facts = CATALOGUE[kind]
    filled = [form[name].value() for name in ("name", "kind", "setting")]
    assert filled == [kind.label, kind.value, facts.setting.value]
    assert form.instance.minutes == facts.minutes
    assert form["expectation"].value() is None


@pytest.mark.parametrize("query", [{}, {"kind": "other"}])
def test_create_ones_own_starts_without_a_name(as_alice, query):
    form = as_alice.get(url("create"), query).context["form"]
    assert [form[name].value() for name in ("name", "kind")] == ["", "other"]


@pytest.mark.parametrize("kind", ["", "magic", "HEAT", "heat\0", "h" * 5000])
def test_create_from_an_unknown_kind_is_not_found(as_alice, kind):
    assert as_alice.get(url("create"), {"kind": kind}).status_code == 404


@pytest.mark.parametrize("name", ["Shakti mat", "SHAKTI MAT", " shakti mat "])
def test_create_refuses_a_name_given_before(as_alice, alice, name):
    TreatmentFactory(user=alice, name="Shakti mat")
    response = as_alice.post(url("create"), typed(name=name, upfront_cost="24.90"))
    form = response.context["form"]
    assert (response.status_code, form["upfront_cost"].value()) == (422, "24.90")
    assert form.errors == {"name": [f"You already have “{name.strip()}”."]}
    assert Treatment.objects.count() == 1


def test_create_allows_the_name_of_somebody_elses_treatment(as_alice, alice, charlie):
    TreatmentFactory(user=charlie, name="Shakti mat")
    as_alice.post(url("create"), typed())
    assert Treatment.objects.filter(user=alice, name="Shakti mat").count() == 1


def test_edit_changes_own_treatment_and_keeps_its_name(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="Shakti mat")
    as_alice.post(url("edit", mat.pk), typed(minutes="25"))
    mat.refresh_from_db()
    assert (mat.name, mat.minutes, mat.user) == ("Shakti mat", 25, alice)


def test_edit_takes_no_owner_from_the_body(as_alice, alice, charlie):
    mat = TreatmentFactory(user=alice, name="Shakti mat")
    as_alice.post(url("edit", mat.pk), typed(user=charlie.pk, id=99, archived_at="2026-01-01"))
    mat.refresh_from_db()
    assert (mat.user, mat.archived_at, Treatment.objects.count()) == (alice, None, 1)


def test_expectation_can_be_changed_before_the_first_session(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="Shakti mat", expectation=3)
    as_alice.post(url("edit", mat.pk), typed(expectation="8"))
    mat.refresh_from_db()
    assert mat.expectation == 8


def test_expectation_stays_as_it_was_after_the_first_session(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="Shakti mat", expectation=3)
    TreatmentSessionFactory(user=alice, treatments=[mat])
    as_alice.post(url("edit", mat.pk), typed(expectation="8"))
    mat.refresh_from_db()
    assert mat.expectation == 3


def test_expectation_is_not_asked_after_the_first_session(as_alice, alice):
    mat = TreatmentFactory(user=alice, name="Shakti mat")
    TreatmentSessionFactory(user=alice, treatments=[mat])
    form = as_alice.get(url("edit", mat.pk)).context["form"]
    assert "expectation" not in form.fields


CHOICE = "Select a valid choice. {} is not one of the available choices."
AMOUNT = "Give an amount such as 24.90."
NOT_NEGATIVE = ["A cost cannot be below 0."]
MINUTES = {"minutes": ["A session lasts from 1 to 1,440 minutes."]}
AGAIN = {"rate_again_after_minutes": ["Rate again after 10 minutes to 8 hours (480 minutes)."]}
RATING = "Choose a whole number from 0 to 10."


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"name": ""}, {"name": ["This field is required."]}),
        (
            {"name": "n" * 81},
            {"name": ["Ensure this value has at most 80 characters (it has 81)."]},
        ),
        ({"name": "a\0b"}, {"name": ["Null characters are not allowed."]}),
        ({"kind": "magic"}, {"kind": [CHOICE.format("magic")]}),
        ({"setting": "moon"}, {"setting": [CHOICE.format("moon")]}),
        ({"minutes": "0"}, MINUTES),
        ({"minutes": "1441"}, MINUTES),
        ({"minutes": "seven"}, {"minutes": ["Enter a whole number."]}),
        ({"minutes": "7.5"}, {"minutes": ["Enter a whole number."]}),
        ({"rate_again_after_minutes": "9"}, AGAIN),
        ({"rate_again_after_minutes": "481"}, AGAIN),
        (
            {"rate_again_after_minutes": ""},
            {"rate_again_after_minutes": ["This field is required."]},
        ),
        ({"upfront_cost": "-0.01"}, {"upfront_cost": NOT_NEGATIVE}),
        ({"cost_per_session": "-1"}, {"cost_per_session": NOT_NEGATIVE}),
        ({"upfront_cost": "1000000000"}, {"upfront_cost": ["Amounts go up to 9,999,999.99."]}),
        ({"upfront_cost": "10000000"}, {"upfront_cost": ["Amounts go up to 9,999,999.99."]}),
        ({"upfront_cost": "24.9055"}, {"upfront_cost": [AMOUNT]}),
        ({"upfront_cost": "a mint"}, {"upfront_cost": [AMOUNT]}),
        ({"upfront_cost": "NaN"}, {"upfront_cost": [AMOUNT]}),
        ({"expectation": "11"}, {"expectation": [RATING]}),
        ({"expectation": "-1"}, {"expectation": [RATING]}),
        ({"expectation": "6.5"}, {"expectation": [RATING]}),
        ({"expectation": "seven"}, {"expectation": [RATING]}),
        ({"pain_before_from_memory": "11"}, {"pain_before_from_memory": [RATING]}),
        ({"review_on": "1899-12-31"}, {"review_on": ["The review date must be in 1900 or later."]}),
        ({"review_on": "2026-02-30"}, {"review_on": ["Enter a valid date."]}),
    ],
)
def test_create_refuses_bad_input_and_keeps_what_was_typed(as_alice, fields, errors):
    response = as_alice.post(url("create"), typed(**fields))
    form = response.context["form"]
    assert (response.status_code, form.errors) == (422, errors)
    kept = {**typed(), **fields}
    assert {name: form[name].value() for name in kept} == kept
    assert Treatment.objects.count() == 0


@pytest.mark.parametrize("minutes", ["-1", "99999", "9" * 5000])
def test_create_refuses_minutes_that_no_column_holds(as_alice, minutes):
    response = as_alice.post(url("create"), typed(minutes=minutes))
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"minutes"})


def test_delete_asks_first(as_alice, alice):
    treatment = TreatmentFactory(user=alice)
    response = as_alice.get(url("delete", treatment.pk))
    assert (response.context["has_entries"], Treatment.objects.count()) == (False, 1)


def test_delete_takes_the_periods_along(as_alice, alice, charlie):
    period = TreatmentPeriodFactory(user=alice)
    foreign = TreatmentPeriodFactory(user=charlie)
    assert as_alice.post(url("delete", period.treatment_id)).url == url("list")
    assert list(Treatment.objects.all()) == [foreign.treatment]


def test_delete_is_refused_while_sessions_hang_on_it(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    TreatmentSessionFactory(user=alice, treatments=[mat])
    asked = as_alice.get(url("delete", mat.pk))
    refused = as_alice.post(url("delete", mat.pk))
    assert (asked.context["has_entries"], refused.status_code) == (True, 409)
    assert list(Treatment.objects.all()) == [mat]


def test_archive_and_unarchive(as_alice, alice):
    mat = TreatmentFactory(user=alice)
    assert as_alice.post(url("archive", mat.pk)).url == url("detail", mat.pk)
    mat.refresh_from_db()
    assert (mat.archived_at, list(Treatment.objects.current())) == (MAY, [])
    page = as_alice.get(url("list")).content.decode()
    said = ["Nothing is in use" in page, "Nothing here yet" in page]
    assert said == [True, False]
    as_alice.post(url("unarchive", mat.pk))
    assert list(Treatment.objects.current()) == [mat]


def test_kinds_are_all_there_by_name(as_alice):
    kinds = as_alice.get(url("kinds")).context["kinds"]
    assert {facts.kind for facts in kinds} == set(Kind)
    assert kinds[0].name == "Acupressure mat"


@pytest.mark.parametrize("kind", Kind)
def test_kind_page_shows_cautions_guideline_and_source(as_alice, kind):
    page = as_alice.get(url("kind", kind.value)).content.decode()
    assert page.count('href="https://www.nice.org.uk/guidance/ng59"') == 1
    assert page.count(f'href="{url("create")}?kind={kind.value}"') == 1
    assert page.count("NICE guideline NG59") == 1


def test_kind_page_names_own_treatments_of_that_kind(as_alice, alice, charlie):
    mat = TreatmentFactory(user=alice, name="Mat")
    TreatmentFactory(user=alice, name="Heat", kind=Kind.HEAT)
    TreatmentFactory(user=charlie, name="Charlie's mat")
    assert list(as_alice.get(url("kind", "acupressure_mat")).context["own"]) == [mat]


def test_kind_page_of_an_unknown_kind_is_not_found(as_alice):
    assert as_alice.get(url("kind", "magic")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "status", "stored"),
    [("24,90", 302, "24.90"), ("1,234", 422, None), ("24.9", 302, "24.90")],
)
def test_price_with_a_comma_is_never_a_hundred_times_as_much(
    as_alice, alice, typed, status, stored
):
    fields = {"name": "Mat", "kind": "other", "setting": "home", "rate_again_after_minutes": "45"}
    response = as_alice.post("/treatments/new/", fields | {"upfront_cost": typed})
    assert response.status_code == status
    kept = Treatment.objects.for_user(alice).values_list("upfront_cost", flat=True)
    assert [str(cost) for cost in kept] == ([stored] if stored else [])
    assert stored or typed in response.content.decode()
