"""The self-tests that have ended, as rows of a CSV file."""

from collections.abc import Iterator
from datetime import UTC

from apps.diary.models import SelfTest
from apps.users.models import User
from apps.your_data.table.cells import joined_treatments
from apps.your_data.table.columns import BY_NAME, NAMES, SELF_TEST
from apps.your_data.table.letters import written_used
from apps.your_data.table.read_csv import guarded


def ended_tests(
    user: User, conditions: dict[int, list[str]], treatments: dict[int, str]
) -> Iterator[list]:
    """The cells of each, the first that began first; with moments in UTC, so that a copy of the
    diary writes the same.

    ``conditions`` are the name of each and its places, ``treatments`` the names with their kinds.
    """
    ended = SelfTest.objects.for_user(user).exported().order_by("started_at", "pk")
    for test in ended.prefetch_related("drawn"):
        asked = [treatments[pk] for pk in (test.treatment_id, test.other_id) if pk]
        said = _said(test, conditions[test.condition_id], asked)
        yield [_cell(name, said.get(name, "")) for name in NAMES]


def _said(test, condition, asked):
    name, first_place, second_place = condition
    return {
        "kind": SELF_TEST,
        "at": test.started_at.astimezone(UTC).isoformat(),
        "time_zone": "UTC",
        "condition": name,
        "first_place": first_place,
        "second_place": second_place,
        "self_test": joined_treatments(asked),
        "self_test_moments": test.moments,
        "self_test_minutes": test.minutes,
        "self_test_sure": test.expectation,
        "self_test_last_day": test.ends_on.isoformat(),
        "self_test_may_end_early": "yes" if test.may_end_early else "no",
        "self_test_seed": test.seed,
        "self_test_order": test.order,
        "self_test_ended_at": test.ended_at.astimezone(UTC).isoformat(),
        "self_test_ended": test.why_ended,
        "self_test_used": written_used(test.drawn.all()),
    }


def _cell(name, value):
    return guarded(value) if value and BY_NAME[name].is_text else value
