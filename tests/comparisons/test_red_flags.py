"""No number reassures: while a red flag is open every chart says that it knows nothing of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    RedFlagReviewFactory,
    TreatmentFactory,
)

LINE = (
    "On Tuesday 10 March you ticked: bladder. "
    "The numbers here say nothing about that, whatever they show."
)
PAGES = ["compare", "timeline", "sides", "waits", "treatment"]


@pytest.fixture(autouse=True)
def an_hour_later():
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        yield


def page(browser, name, treatment):
    parameters = [treatment.pk] if name == "treatment" else []
    return browser.get(reverse(f"comparisons:{name}", args=parameters)).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_says_that_it_knows_nothing_of_an_open_red_flag(as_alice, alice, charlie, name):
    mat = TreatmentFactory(user=alice)
    ConditionFactory(user=alice)
    CheckInFactory(user=charlie, red_flags=["bowel"])
    assert "you ticked" not in page(as_alice, name, mat)
    CheckInFactory(user=alice, red_flags=["bladder"])
    assert page(as_alice, name, mat).count(LINE) == 1
    RedFlagReviewFactory(user=alice, seen_at=datetime(2026, 3, 10, 12, 30, tzinfo=UTC))
    assert "you ticked" not in page(as_alice, name, mat)
