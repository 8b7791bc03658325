"""Days of a self-test by days, as a diary has them."""

from datetime import UTC, date, datetime, time, timedelta

from tests.factories import NOON, CheckInFactory, SelfTestMomentFactory

FIRST_DAY = NOON.date() + timedelta(days=1)


def rated(self_test, number, clock, pain, *, from_day: date = FIRST_DAY, **fields):
    """A check-in on a day of the test, counted from 0."""
    return CheckInFactory(
        user=self_test.user,
        condition=self_test.condition,
        rated_at=datetime.combine(from_day + timedelta(days=number), clock, tzinfo=UTC),
        leg_pain=pain,
        back_pain=2,
        **fields,
    )


def with_days(self_test, evenings, *, from_day: date = FIRST_DAY):
    """A letter each day at eight, after 5, 6 or 7; and the rating at nine, None: there is none."""
    for number, evening in enumerate(evenings):
        first = rated(self_test, number, time(8), 5 + number % 3, from_day=from_day)
        SelfTestMomentFactory(
            user=self_test.user,
            self_test=self_test,
            ordinal=number,
            client_id=first.client_id,
            drawn_at=first.rated_at,
        )
        if evening is not None:
            rated(self_test, number, time(21), evening, from_day=from_day)


def two_points_lower(self_test) -> list[int]:
    """Evenings: of days with it by two, whatever the morning was."""
    wobble = (0, 1, 1, 0, -1)
    return [
        (4 if letter == "T" else 6) + wobble[number % 5]
        for number, letter in enumerate(self_test.order)
    ]
