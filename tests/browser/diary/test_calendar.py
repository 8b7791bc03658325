"""The calendar by keyboard, in a real browser."""

import pytest
from django.utils import timezone

from tests.factories import CheckInFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('href')")


def test_arrow_keys_go_from_day_to_day_and_enter_opens_it(page, log_in):
    user = UserFactory()
    CheckInFactory(user=user, rated_at=timezone.now(), diary_date="2026-03-10", leg_pain=7)
    log_in(user)
    page.goto("/diary/2026/3/")
    page.get_by_role("link", name="Tuesday 10 March 2026; worst pain 7").focus()
    went = []
    for key in ["ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft", "Home", "End", "ArrowRight"]:
        page.keyboard.press(key)
        went.append(int(focused(page).split("/")[-2]))
    assert went == [11, 18, 11, 10, 9, 15, 16]
    page.keyboard.press("PageUp")
    page.wait_for_url("**/diary/2026/2/")
    page.keyboard.press("PageDown")
    page.wait_for_url("**/diary/2026/3/")
    page.get_by_role("link", name="worst pain 7").press("Enter")
    page.wait_for_url("**/diary/2026/3/10/")
    assert page.locator(".entry").count() == 1
