"""The database itself refuses what the models forbid: a row here for every rule."""

from datetime import date
from decimal import Decimal

import pytest

from apps.treatments.models import Treatment, TreatmentPeriod, TreatmentReview
from tests.constraints import constraints_of, refusing_constraint, same_id_again
from tests.factories import (
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentReviewFactory,
    UserFactory,
)

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
LONG_AGO = date(1899, 12, 31)
BELOW_ZERO = Decimal("-0.01")


def another_of_that_name():
    treatment = TreatmentFactory()
    Treatment.objects.create(user=treatment.user, name=treatment.name)


def another_that_looks_so():
    treatment = TreatmentFactory(name="Straße")
    Treatment.objects.create(user=treatment.user, name=" STRASSE\u200b")


def period_of_somebody_else():
    TreatmentPeriodFactory(user=UserFactory(), treatment=TreatmentFactory())


def review_of_somebody_else():
    TreatmentReviewFactory(user=UserFactory(), treatment=TreatmentFactory())


REFUSED = [
    ("treatment_user_and_id", lambda: same_id_again(TreatmentFactory())),
    ("treatment_name_is_unique_per_person", another_of_that_name),
    ("treatment_name_is_unique_as_seen", another_that_looks_so),
    ("treatment_has_a_name", lambda: TreatmentFactory(name="")),
    ("treatment_kind_is_known", lambda: TreatmentFactory(kind="magic")),
    ("treatment_setting_is_known", lambda: TreatmentFactory(setting="moon")),
    ("treatment_minutes_within_a_day", lambda: TreatmentFactory(minutes=0)),
    ("treatment_minutes_within_a_day", lambda: TreatmentFactory(minutes=1441)),
    (
        "treatment_rated_again_within_8_hours",
        lambda: TreatmentFactory(rate_again_after_minutes=9),
    ),
    (
        "treatment_rated_again_within_8_hours",
        lambda: TreatmentFactory(rate_again_after_minutes=481),
    ),
    ("treatment_upfront_cost_not_negative", lambda: TreatmentFactory(upfront_cost=BELOW_ZERO)),
    (
        "treatment_cost_per_session_not_negative",
        lambda: TreatmentFactory(cost_per_session=BELOW_ZERO),
    ),
    ("treatment_review_since_1900", lambda: TreatmentFactory(review_on=LONG_AGO)),
    ("treatment_expectation_is_0_to_10", lambda: TreatmentFactory(expectation=11)),
    ("treatment_expectation_is_0_to_10", lambda: TreatmentFactory(expectation=-1)),
    (
        "treatment_pain_before_from_memory_is_0_to_10",
        lambda: TreatmentFactory(pain_before_from_memory=11),
    ),
    (
        "treatment_pain_before_from_memory_is_0_to_10",
        lambda: TreatmentFactory(pain_before_from_memory=-1),
    ),
    ("treatment_weekday_is_known", lambda: TreatmentFactory(weekday=7)),
    ("treatmentperiod_cost_not_negative", lambda: TreatmentPeriodFactory(cost=BELOW_ZERO)),
    ("treatmentreview_user_and_id", lambda: same_id_again(TreatmentReviewFactory())),
    ("treatmentreview_since_1900", lambda: TreatmentReviewFactory(decided_on=LONG_AGO)),
    ("treatmentreview_decision_is_known", lambda: TreatmentReviewFactory(decision="maybe")),
    ("treatments_treatmentreview_treatment_id_same_owner", review_of_somebody_else),
    ("treatmentperiod_user_and_id", lambda: same_id_again(TreatmentPeriodFactory())),
    ("treatmentperiod_started_since_1900", lambda: TreatmentPeriodFactory(started_on=LONG_AGO)),
    (
        "treatmentperiod_ends_after_it_starts",
        lambda: TreatmentPeriodFactory(started_on=JUNE, ended_on=MAY),
    ),
    (
        "treatmentperiod_reason_needs_an_end",
        lambda: TreatmentPeriodFactory(why_stopped="it rubbed"),
    ),
    ("treatments_treatmentperiod_treatment_id_same_owner", period_of_somebody_else),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "make"), REFUSED, ids=[name for name, _ in REFUSED])
def test_the_database_refuses(constraint, make):
    assert refusing_constraint(make) == constraint


@pytest.mark.django_db
def test_every_constraint_has_a_row():
    assert constraints_of(Treatment, TreatmentPeriod, TreatmentReview) == {
        name for name, _ in REFUSED
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"minutes": 1, "rate_again_after_minutes": 10, "expectation": 0},
        {"minutes": 1440, "rate_again_after_minutes": 480, "expectation": 10},
        {"upfront_cost": Decimal("0.00"), "cost_per_session": Decimal("9999999.99")},
        {"minutes": None, "expectation": None, "upfront_cost": None, "review_on": None},
        {"name": "n" * 80, "review_on": date(1900, 1, 1)},
    ],
    ids=["least", "most", "costs", "nothing said", "longest name"],
)
def test_the_database_accepts_treatments_at_the_limits(fields):
    treatment = TreatmentFactory(**fields)
    treatment.refresh_from_db()
    assert {name: getattr(treatment, name) for name in fields} == fields


@pytest.mark.django_db
def test_the_database_accepts_a_period_of_one_day():
    period = TreatmentPeriodFactory(started_on=MAY, ended_on=MAY, why_stopped="it rubbed")
    period.refresh_from_db()
    assert (period.started_on, period.ended_on) == (MAY, MAY)
