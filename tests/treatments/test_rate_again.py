"""Which ratings count: one rule, asked by the diary, by the engine and in the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.comparisons.engine.rows import Session, rows_of
from apps.comparisons.reading.pairs import IS_PAIR
from apps.diary.models import TreatmentSession
from apps.treatments.rate_again import late_minutes, longest_minutes
from tests.factories import TreatmentFactory, TreatmentSessionFactory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONGEST = [(10, 90), (44, 90), (45, 90), (46, 92), (480, 960)]


@pytest.mark.parametrize(("due", "longest"), LONGEST)
def test_longest_interval_is_twice_the_due_time_and_at_least_90_minutes(due, longest):
    assert longest_minutes(due) == longest


@pytest.mark.parametrize(("due", "late"), [(10, 15), (45, 67.5), (80, 120), (480, 720)])
def test_rating_is_late_after_one_and_a_half_times_its_due_time(due, late):
    assert late_minutes(due) == late


@pytest.mark.parametrize(("due", "longest"), LONGEST)
def test_diary_engine_and_database_count_the_same_ratings(alice, due, longest):
    lengths = [10 * 60 - 1, 10 * 60, longest * 60, longest * 60 + 1]
    counted = [False, True, True, False]
    for seconds in lengths:
        TreatmentSessionFactory(
            user=alice,
            started_at=NOON,
            due_minutes=due,
            pain_before=5,
            pain_after=4,
            after_rated_at=NOON + timedelta(seconds=seconds),
        )
    stored = TreatmentSession.objects.for_user(alice).with_due().order_by("after_rated_at")
    said = [s.counts_from <= s.after_rated_at <= s.counts_until for s in stored]
    in_database = [s.pk in set(stored.filter(IS_PAIR).values_list("pk", flat=True)) for s in stored]
    rows = rows_of(
        [
            Session(s.started_at, (), 5, 4, s.after_rated_at, due_minutes=s.due_minutes)
            for s in stored
        ],
        UTC,
    )
    assert [said, in_database, rows.has_pair.tolist()] == [counted, counted, counted]


@pytest.mark.parametrize("minutes", [9, 481])
def test_treatment_is_rated_again_after_10_minutes_to_8_hours(alice, minutes):
    treatment = TreatmentFactory.build(user=alice, rate_again_after_minutes=minutes)
    said = "Rate again after 10 minutes to 8 hours (480 minutes)."
    with pytest.raises(ValidationError, match=r"Rate again") as refused:
        treatment.full_clean()
    assert refused.value.messages == [said]
