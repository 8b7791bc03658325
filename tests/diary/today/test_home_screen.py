"""A quiet hint on how to put the diary on the home screen: once, and not on the first day."""

from datetime import timedelta

import pytest
from django.utils import timezone

HINT = "Add to Home Screen"


@pytest.mark.parametrize(("hours", "is_told"), [(23, False), (25, True)])
def test_hint_comes_on_the_second_day(as_alice, alice, hours, is_told):
    alice.joined_at = timezone.now() - timedelta(hours=hours)
    alice.save()
    assert (HINT in as_alice.get("/today/").content.decode()) is is_told


def test_hint_is_gone_for_good_once_it_was_read(as_alice, alice):
    alice.joined_at = timezone.now() - timedelta(days=2)
    alice.save()
    response = as_alice.post("/today/home-screen/")
    assert response.headers["Location"] == "/today/"
    assert HINT not in as_alice.get("/today/").content.decode()


def test_hint_is_not_for_a_demo(as_alice, alice):
    alice.joined_at = timezone.now() - timedelta(days=2)
    alice.demo_until = timezone.now() + timedelta(days=1)
    alice.save()
    assert HINT not in as_alice.get("/today/").content.decode()
