"""What a link lets its reader see, and what is not even read from the database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.sharing.models import Section
from apps.sharing.report.scope import Scope, months_before
from tests.factories import (
    NOON,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    ShareLinkFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def scope_of(link, at=NOON):
    return Scope.of(link, at=at)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 3, 10), date(2025, 12, 10)),
        (date(2026, 5, 31), date(2026, 2, 28)),
        (date(2028, 5, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 9, 30)),
    ],
)
def test_three_months_before(day, before):
    assert months_before(day, 3) == before


def test_moving_range_ends_today_in_the_owners_zone(alice):
    alice.time_zone = "Pacific/Auckland"
    scope = scope_of(ShareLinkFactory(user=alice), datetime(2026, 3, 10, 23, tzinfo=UTC))
    assert (scope.first_day, scope.last_day) == (date(2025, 12, 12), date(2026, 3, 11))


def test_fixed_range_stays(alice):
    link = ShareLinkFactory(user=alice, first_day=date(2026, 1, 5), last_day=date(2026, 2, 6))
    later = scope_of(link, NOON + 30 * DAY)
    assert (later.first_day, later.last_day) == (date(2026, 1, 5), date(2026, 2, 6))
    assert later.made_on == NOON.date()


def test_only_the_links_condition_range_and_owner(alice, charlie):
    link = ShareLinkFactory(user=alice, first_day=NOON.date(), last_day=NOON.date() + DAY)
    other = ConditionFactory(user=alice, name="Shoulder")
    mat, heat = (TreatmentFactory(user=alice, name=name) for name in ("Mat", "Heat"))
    inside = [NOON, NOON + DAY]
    for moment in (NOON - DAY, *inside, NOON + 2 * DAY):
        CheckInFactory(user=alice, rated_at=moment)
        TreatmentSessionFactory(user=alice, started_at=moment, treatments=[mat])
    for elsewhere in ({"user": charlie}, {"user": alice, "condition": other}):
        CheckInFactory(**elsewhere)
        TreatmentSessionFactory(**elsewhere)
        CauseFactory(**elsewhere)
    TreatmentSessionFactory(user=alice, condition=other, treatments=[heat])
    cause = CauseFactory(user=alice)
    scope = scope_of(link)
    assert [entry.rated_at for entry in scope.check_ins().order_by("rated_at")] == inside
    assert [entry.started_at for entry in scope.sessions().order_by("started_at")] == inside
    assert list(scope.causes()) == [cause]


@pytest.mark.parametrize("sections", [[Section.SUMMARY], [Section.NOTES, Section.SIDE_EFFECTS]])
def test_lists_are_empty_unless_they_are_shared(alice, sections):
    CheckInFactory(user=alice)
    TreatmentSessionFactory(user=alice)
    scope = scope_of(ShareLinkFactory(user=alice, sections=sections))
    assert [scope.check_ins().count(), scope.sessions().count()] == [1, 1]
    assert [scope.listed_check_ins().count(), scope.listed_sessions().count()] == [0, 0]


def test_lists_are_whole_where_they_are_shared(alice):
    CheckInFactory(user=alice)
    TreatmentSessionFactory(user=alice)
    scope = scope_of(ShareLinkFactory(user=alice))
    assert [scope.listed_check_ins().count(), scope.listed_sessions().count()] == [1, 1]


@pytest.mark.parametrize(
    ("section", "column"), [(Section.NOTES, "note"), (Section.SIDE_EFFECTS, "adverse_effect")]
)
def test_texts_that_are_not_shared_are_not_read(alice, section, column):
    CheckInFactory(user=alice)
    TreatmentSessionFactory(user=alice)

    def is_read(sections):
        scope = scope_of(ShareLinkFactory(user=alice, sections=sections))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert [len(scope.check_ins()), len(scope.sessions())] == [1, 1]
        return [f'"{column}"' in query["sql"] for query in queries]

    assert is_read([Section.SUMMARY]) == [False, False]
    assert is_read([Section.SUMMARY, section]) == [True, True]
