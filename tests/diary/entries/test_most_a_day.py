"""Generous limits, each with a sentence, so that nobody fills the disk through a form."""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from apps.diary.entries.form import MOST_A_DAY
from apps.diary.models import CheckIn
from apps.sharing.models import MOST_LIVE, ShareLink
from tests.factories import CheckInFactory, ConditionFactory, ShareLinkFactory

NEW = reverse("diary:checkin_create")


def write(client, client_id=None):
    return client.post(NEW, {"client_id": client_id or uuid.uuid4(), "leg_pain": "4"})


def wrote(alice, number, *, at):
    entry = CheckInFactory.build(user=alice, condition=ConditionFactory(user=alice))
    rows = CheckIn.objects.bulk_create(
        CheckIn(
            user=alice,
            condition=entry.condition,
            rated_at=at - timedelta(minutes=n),
            diary_date=at.date(),
            time_zone="UTC",
            leg_pain=3,
        )
        for n in range(number)
    )
    CheckIn.objects.filter(pk__in=[row.pk for row in rows]).update(created_at=at)
    return rows


def test_more_than_500_entries_a_day_are_refused_in_words(as_alice, alice):
    now = timezone.now()
    wrote(alice, MOST_A_DAY - 1, at=now)
    last = uuid.uuid4()
    assert write(as_alice, last).status_code == 302
    refused = write(as_alice)
    assert refused.status_code == 422
    assert "You have written 500 entries in a day. Go on tomorrow, please." in (
        refused.content.decode()
    )
    assert write(as_alice, last).status_code == 302  # sent twice, stored once
    assert CheckIn.objects.count() == MOST_A_DAY
    CheckIn.objects.update(created_at=now - timedelta(days=1))
    assert write(as_alice).status_code == 302


def test_more_than_50_live_links_are_refused_in_words(as_alice, alice):
    now = timezone.now()
    for _ in range(MOST_LIVE - 1):
        ShareLinkFactory(user=alice, created_at=now)
    ShareLinkFactory(user=alice, created_at=now, revoked_at=now)
    new = {
        "for_whom": "Sam",
        "condition": ConditionFactory(user=alice).pk,
        "span": "moving",
        "sections": ["summary"],
        "lasts_days": "3",
    }
    create = reverse("sharing:create")
    assert as_alice.post(create, new | {"client_id": uuid.uuid4()}).status_code == 200
    refused = as_alice.post(create, new | {"client_id": uuid.uuid4()})
    assert (refused.status_code, refused.context["form"].non_field_errors()) == (
        422,
        ["You have 50 links. End one that nobody needs, then make another."],
    )
    assert ShareLink.objects.live(at=now).count() == MOST_LIVE
