import json
from datetime import UTC, datetime

import pytest
import time_machine

from apps.comparisons.models import KeptComparison
from apps.comparisons.reading.results import comparison_of, from_values, kept, to_values
from apps.diary.models import CheckIn, TreatmentSession
from tests.comparisons.engine.simulated.diaries import helpful_mat, sessions
from tests.constraints import constraints_of, refusing_constraint, same_id_again
from tests.factories import CheckInFactory, ConditionFactory, TreatmentFactory, UserFactory


def test_comparison_kept_and_read_back_is_the_same(alice):
    helpful_mat(alice)
    sessions(alice, TreatmentFactory(user=alice, name="Heat"), [-1, 0, None] * 5, minutes=10)
    fresh = comparison_of(alice, ConditionFactory(user=alice))
    assert len(fresh.differences) == 1
    assert from_values(json.loads(json.dumps(to_values(fresh)))) == fresh
    assert comparison_of(alice, ConditionFactory(user=alice)) == fresh


def test_comparison_is_worked_out_once_per_change(alice):
    helpful_mat(alice)
    condition = ConditionFactory(user=alice)
    comparison_of(alice, condition)
    kept = KeptComparison.objects.get()
    kept.values["days"] = 999
    kept.save()
    assert comparison_of(alice, condition).days == 999
    TreatmentSession.objects.filter(pain_before=4).update(pain_after=0)
    assert comparison_of(alice, condition).days == 41
    comparison_of(alice, condition, side="left")
    assert KeptComparison.objects.count() == 2


def test_comparison_that_is_not_to_be_kept_only_reads(alice):
    helpful_mat(alice)
    condition = ConditionFactory(user=alice)
    fresh = comparison_of(alice, condition, keep=False)
    assert KeptComparison.objects.count() == 0
    assert comparison_of(alice, condition) == fresh
    kept = KeptComparison.objects.get()
    kept.values["days"] = 999
    kept.save()
    assert comparison_of(alice, condition, keep=False).days == 999
    TreatmentSession.objects.filter(pain_before=4).update(pain_after=0)
    assert comparison_of(alice, condition, keep=False).days == 41
    assert KeptComparison.objects.get().values["days"] == 999


def test_what_is_worked_out_for_something_else_is_written_with_it(alice, django_assert_num_queries):
    condition = ConditionFactory(user=alice)

    def inner():
        return kept(alice, condition, "inner", "1", lambda: {"pain": 1 / 3})

    def outer():
        return {"twice": [inner(), inner()]}

    with django_assert_num_queries(6):  # three looks, and one statement within a savepoint
        found = kept(alice, condition, "outer", "1", outer)
    assert found == {"twice": [{"pain": 1 / 3}] * 2} == kept(alice, condition, "outer", "1", dict)
    assert kept(alice, condition, "inner", "1", dict) == {"pain": 1 / 3}
    CheckInFactory(user=alice)
    assert kept(alice, condition, "outer", "1", lambda: {"again": inner()}) == {"again": inner()}
    assert KeptComparison.objects.filter(filters="inner").get().values == {"pain": 1 / 3}


def test_what_fails_keeps_nothing_and_holds_nothing_up(alice):
    condition = ConditionFactory(user=alice)

    def fails():
        return {"pain": kept(alice, condition, "inner", "1", dict)["pain"]}

    with pytest.raises(KeyError):
        kept(alice, condition, "outer", "1", fails)
    assert KeptComparison.objects.count() == 0
    assert kept(alice, condition, "inner", "1", lambda: {"pain": 4}) == {"pain": 4}
    assert KeptComparison.objects.get().values == {"pain": 4}


def test_comparison_of_an_older_method_is_worked_out_again(alice):
    helpful_mat(alice)
    condition = ConditionFactory(user=alice)
    found = comparison_of(alice, condition)
    KeptComparison.objects.update(method="2", values={})
    assert comparison_of(alice, condition) == found


def test_comparison_does_not_hang_on_where_the_account_lives_now(alice):
    helpful_mat(alice)
    condition = ConditionFactory(user=alice)
    found = []
    for time_zone in ("Europe/London", "UTC", "America/New_York"):
        KeptComparison.objects.all().delete()
        alice.time_zone = time_zone
        alice.save()
        found.append(comparison_of(alice, condition))
    assert found == [found[0]] * 3


def test_comparison_takes_the_hour_from_where_each_entry_was_written(alice):
    helpful_mat(alice)
    condition = ConditionFactory(user=alice)
    at_home = comparison_of(alice, condition)["Acupressure mat"].difference
    TreatmentSession.objects.filter(pain_before__lte=5).update(time_zone="Pacific/Auckland")
    assert comparison_of(alice, condition)["Acupressure mat"].difference != at_home


def test_comparison_of_one_side_holds_its_sessions_alone(alice):
    helpful_mat(alice, n=10)
    found = comparison_of(alice, ConditionFactory(user=alice), side="left")
    assert (found["Acupressure mat"].sessions, found.waits) == (10, 0)


def test_comparison_of_a_renamed_treatment_has_the_same_numbers(alice):
    mat = helpful_mat(alice)
    condition = ConditionFactory(user=alice)
    before = comparison_of(alice, condition)["Acupressure mat"]
    mat.name = "Shakti"
    mat.save()
    after = comparison_of(alice, condition)["Shakti"]
    assert (after.difference, after.se) == pytest.approx((before.difference, before.se), abs=1e-9)


def test_comparison_never_holds_anything_of_somebody_else(alice, charlie):
    helpful_mat(charlie)
    found = comparison_of(alice, ConditionFactory(user=alice))
    assert (found.findings, found.pairs) == ((), 0)


@pytest.mark.parametrize("rows", [8, 24])
def test_comparison_costs_the_same_queries(alice, django_assert_num_queries, rows):
    helpful_mat(alice, n=rows)
    condition = ConditionFactory(user=alice)
    comparison_of(alice, condition)
    with django_assert_num_queries(1):
        comparison_of(alice, condition)


@time_machine.travel(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False)
def test_comparison_counts_check_ins_as_ratings(alice):
    helpful_mat(alice)
    condition = ConditionFactory(user=alice)
    before = comparison_of(alice, condition)["Acupressure mat"].difference
    for session in TreatmentSession.objects.all()[:30]:
        CheckInFactory(user=alice, rated_at=session.started_at.replace(hour=6), leg_pain=10)
    assert CheckIn.objects.count() == 30
    assert comparison_of(alice, condition)["Acupressure mat"].difference != before


def stored(**fields):
    user = fields.pop("user", None) or UserFactory()
    own = {"user": user, "filters": "||", "method": "1", "revision": 1, "values": {}}
    own["condition"] = fields.pop("condition", None) or ConditionFactory(user=user)
    return KeptComparison.objects.create(**(own | fields))


def stored_twice():
    one = stored()
    stored(user=one.user, condition=one.condition)


RULES = {
    "keptcomparison_user_and_id": lambda: same_id_again(stored()),
    "keptcomparison_one_per_filters": stored_twice,
    "comparisons_keptcomparison_condition_id_same_owner": lambda: stored(
        condition=ConditionFactory()
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", RULES)
def test_database_refuses(name):
    assert refusing_constraint(RULES[name]) == name


@pytest.mark.django_db
def test_every_rule_has_its_row():
    assert set(RULES) == constraints_of(KeptComparison)
