"""What a process keeps for all who come after holds the words of nobody who came before."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

PAGES = ("diary:today", "diary:list", "comparisons:compare", "comparisons:timeline")


def told(user, word):
    """The pages of somebody in whose diary every text holds the word."""
    now = timezone.now()
    condition = ConditionFactory(user=user, name=f"{word} back")
    common = {"user": user, "condition": condition, "note": f"{word} note"}
    TreatmentSessionFactory(
        **common,
        started_at=now,
        diary_date=now.date(),
        treatments=[TreatmentFactory(user=user, name=f"{word} mat")],
    )
    CheckInFactory(**common, rated_at=now, diary_date=now.date())
    browser = Client()
    browser.force_login(user)
    return {name: browser.get(reverse(name)).content.decode() for name in PAGES}


def test_second_reader_is_told_nothing_of_the_first(alice, charlie):
    first, second = told(alice, "Hers"), told(charlie, "His")
    assert all("Hers" in page and "His" not in page for page in first.values())
    assert all("His" in page and "Hers" not in page for page in second.values())
