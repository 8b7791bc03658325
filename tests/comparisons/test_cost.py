"""What a treatment cost so far, by how it is paid for."""

from decimal import Decimal

import pytest

from apps.comparisons.cost import money_so_far
from apps.treatments.models import Kind
from tests.factories import TreatmentFactory, TreatmentPeriodFactory


@pytest.mark.parametrize(
    ("bought_for", "each", "sessions", "spent"),
    [
        (None, None, 3, None),
        ("24.90", None, 0, "24.90"),
        (None, "45", 3, "135"),
        ("0", None, 3, "0"),
        ("10", "5", 2, "20"),
    ],
)
def test_money_so_far(alice, bought_for, each, sessions, spent):
    costs = {"upfront_cost": bought_for, "cost_per_session": each}
    costs = {name: cost and Decimal(cost) for name, cost in costs.items()}
    mat = TreatmentFactory(user=alice, **costs)
    assert money_so_far(mat, sessions) == (spent and Decimal(spent))


def test_money_of_what_is_done_once_stands_with_its_days(alice):
    injection = TreatmentFactory(user=alice, kind=Kind.INJECTION)
    assert money_so_far(injection, 0) is None
    for cost in ("180.50", None, "200"):
        TreatmentPeriodFactory(user=alice, treatment=injection, cost=cost)
    assert money_so_far(injection, 0) == Decimal("380.50")
