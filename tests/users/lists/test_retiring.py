from apps.conditions.models import Condition
from apps.users.lists.retiring import delete_if_free, has_entries
from tests.factories import (
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)


def test_has_entries_counts_check_ins_and_sessions(alice):
    checked = CheckInFactory(user=alice, condition=ConditionFactory(user=alice, name="A"))
    treated = TreatmentSessionFactory(user=alice, condition=ConditionFactory(user=alice, name="B"))
    assert [has_entries(entry.condition) for entry in (checked, treated)] == [True, True]


def test_has_entries_does_not_count_parts_of_the_row(alice):
    cause = CauseFactory(user=alice)
    period = TreatmentPeriodFactory(user=alice)
    assert [has_entries(cause.condition), has_entries(period.treatment)] == [False, False]


def test_has_entries_is_false_for_a_row_not_stored_yet(alice):
    assert has_entries(Condition(user=alice)) is False


def test_has_entries_counts_only_sessions_with_that_treatment(alice):
    mat, heat = (TreatmentFactory(user=alice, name=name) for name in ("Mat", "Heat"))
    TreatmentSessionFactory(user=alice, treatments=[mat])
    assert [has_entries(mat), has_entries(heat)] == [True, False]


def test_delete_if_free_leaves_alone_what_entries_hang_on(alice):
    condition = CheckInFactory(user=alice).condition
    assert delete_if_free(condition) is False
    assert list(Condition.objects.all()) == [condition]


def test_delete_if_free_deletes_a_row_with_its_parts(alice):
    assert delete_if_free(CauseFactory(user=alice).condition) is True
    assert list(Condition.objects.all()) == []
