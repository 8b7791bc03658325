"""A day has painkillers where any of its check-ins says so; one without an answer is not counted."""

from datetime import UTC, date, datetime, timedelta

from apps.comparisons.reading.painkiller_days import painkiller_days
from apps.diary.models import CheckIn
from tests.factories import CheckInFactory


def test_day_counts_once_by_any_of_its_answers(alice, charlie, django_assert_num_queries):
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    answers = [(0, True), (0, False), (1, False), (1, None), (2, None)]
    for number, (day, answer) in enumerate(answers):
        at = noon + timedelta(days=day, minutes=number)
        CheckInFactory(user=alice, rated_at=at, painkillers=answer)
    CheckInFactory(user=charlie, rated_at=noon + timedelta(days=2), painkillers=True)
    with django_assert_num_queries(1):
        days = painkiller_days(CheckIn.objects.for_user(alice))
    assert days == {date(2026, 3, 2): True, date(2026, 3, 3): False}
