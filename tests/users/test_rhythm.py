from datetime import UTC, datetime

import pytest

from apps.users.models import Rhythm
from tests.constraints import refusing_constraint
from tests.factories import UserFactory

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_rhythm_is_daily_until_another_is_kept():
    user = UserFactory()
    assert (user.rhythm, user.rhythm_since) == (Rhythm.DAILY, None)
    user.keep_rhythm(Rhythm.WEEKLY, at=NOON)
    user.refresh_from_db()
    assert (user.rhythm, user.rhythm_since) == (Rhythm.WEEKLY, NOON)


@pytest.mark.django_db
def test_database_refuses_a_rhythm_there_is_not():
    assert refusing_constraint(lambda: UserFactory(rhythm="hourly")) == "user_rhythm_is_known"
