"""The database itself refuses a link or a visit that must not be, whatever a form let through."""

import uuid
from datetime import date, timedelta

import pytest

from apps.sharing.models import ShareLink, ShareVisit
from tests.constraints import constraints_of, refusing_constraint, same_id_again
from tests.factories import NOON, ConditionFactory, ShareLinkFactory, ShareVisitFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST, LAST = date(2026, 2, 1), date(2026, 3, 1)


def link(**fields):
    return lambda: ShareLinkFactory(**fields)


def same_id_sent_anew():
    row = ShareLinkFactory()
    row.public_id, row.client_id = "another", uuid.uuid4()
    same_id_again(row)


def of_somebody_else():
    ShareLinkFactory(condition=ConditionFactory(user=UserFactory()))


REFUSED = [
    ("sharelink_user_and_id", same_id_sent_anew),
    ("sharelink_is_for_somebody", link(for_whom="")),
    ("sharelink_with_a_last_day_has_a_first", link(last_day=LAST)),
    ("sharelink_language_is_known", link(language="fr")),
    ("sharelink_first_day_not_after_last", link(first_day=LAST, last_day=FIRST)),
    ("sharelink_since_1900", link(first_day=date(1899, 12, 31), last_day=LAST)),
    ("sharelink_sections_are_known", link(sections=["summary", "everything"])),
    ("sharelink_shows_something", link(sections=[])),
    ("sharelink_keeps_a_sha256_of_its_secret", link(secret_hash="")),
    ("sharelink_keeps_a_sha256_of_its_secret", link(secret_hash="a" * 63)),
    ("sharelink_keeps_a_sha256_of_its_secret", link(secret_hash="S" * 64)),
    ("sharelink_wrong_codes_are_limited", link(wrong_codes=11)),
    ("sharelink_generation_counts", link(generation=0)),
    ("sharelink_expires_after_it_was_made", link(expires_at=NOON)),
    ("sharelink_lasts_90_days_at_most", link(expires_at=NOON + 90 * DAY + timedelta(seconds=1))),
    ("sharing_sharelink_condition_id_same_owner", of_somebody_else),
    ("sharevisit_user_and_id", lambda: same_id_again(ShareVisitFactory())),
    (
        "sharing_sharevisit_link_id_same_owner",
        lambda: ShareVisitFactory(link=ShareLinkFactory(user=UserFactory())),
    ),
]


@pytest.mark.parametrize(("name", "make"), REFUSED)
def test_database_refuses(name, make):
    assert refusing_constraint(make) == name


def test_database_refuses_a_link_that_was_sent_before(alice):
    first = ShareLinkFactory(user=alice)
    again = link(user=alice, client_id=first.client_id)
    assert refusing_constraint(again) == "sharelink_sent_once"


def test_database_refuses_a_public_id_that_is_taken(alice, charlie):
    first = ShareLinkFactory(user=alice)
    again = link(user=charlie, public_id=first.public_id)
    assert refusing_constraint(again).startswith("sharing_sharelink_public_id")


def test_every_constraint_has_its_test():
    tested = {name for name, _make in REFUSED} | {"sharelink_sent_once"}
    assert constraints_of(ShareLink, ShareVisit) == tested


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": NOON + 90 * DAY},
        {"first_day": FIRST, "last_day": FIRST},
        {"sections": ["notes"]},
    ],
)
def test_database_takes_the_limits_themselves(fields):
    assert ShareLinkFactory(**fields).pk == ShareLink.objects.get().pk
