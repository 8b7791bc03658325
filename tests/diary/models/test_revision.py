import pytest

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, Revision, SessionTreatment, TreatmentSession
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentReviewFactory,
    TreatmentSessionFactory,
)


@pytest.fixture
def diary(alice):
    mat = TreatmentFactory(user=alice)
    return {
        "check_in": CheckInFactory(user=alice),
        "session": TreatmentSessionFactory(user=alice, treatments=[mat]),
        "mat": mat,
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda d: CheckInFactory(user=d["mat"].user),
        lambda d: CheckIn.objects.update(leg_pain=0),
        lambda d: d["check_in"].delete(),
        lambda d: TreatmentSession.objects.update(pain_before=0),
        lambda d: d["session"].delete(),
        lambda d: SessionTreatment.objects.all().delete(),
        lambda d: type(d["mat"]).objects.update(name="Shakti mat"),
        lambda d: TreatmentPeriodFactory(user=d["mat"].user, treatment=d["mat"]),
        lambda d: TreatmentReviewFactory(user=d["mat"].user, treatment=d["mat"]),
        lambda d: Condition.objects.update(name="Slipped disc"),
    ],
)
def test_revision_moves_on_with_every_change(alice, diary, change):
    before = Revision.number_of(alice)
    change(diary)
    assert Revision.number_of(alice) > before


def test_revision_of_others_stays(alice, charlie, diary):
    before = Revision.number_of(charlie)
    CheckInFactory(user=alice)
    assert Revision.number_of(charlie) == before == 0


def test_revision_counts_once_however_many_rows(alice, diary):
    condition = ConditionFactory(user=alice)
    before = Revision.number_of(alice)
    CheckIn.objects.bulk_create(
        CheckInFactory.build(user=alice, condition=condition) for _ in range(50)
    )
    assert Revision.number_of(alice) == before + 1


def test_revision_goes_with_its_person(alice, diary):
    alice.delete()
    assert Revision.objects.count() == 0
