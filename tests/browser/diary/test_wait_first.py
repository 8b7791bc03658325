"""What is asked before a session starts, on a phone: both answers of one weight, nothing lost."""

import re
import uuid

import pytest

from apps.diary.models import TreatmentSession, WaitDraw, WaitPlan
from apps.diary.waiting.coin import coin_says_wait
from tests.browser.conftest import PHONE
from tests.factories import (
    LONG_AGO,
    TreatmentFactory,
    UserFactory,
    WaitPlanFactory,
    used_twice,
)

ASKS = next(
    seed for seed in map(uuid.UUID, map("{:032x}".format, range(99))) if coin_says_wait(seed, 0, 5)
)
ROOM = "document.querySelector('.bottom-nav').getBoundingClientRect().top"
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
CHOICES = ["Every second time at first", "One in five", "Never"]


@pytest.fixture
def mat(log_in):
    user = UserFactory()
    mat = TreatmentFactory(user=user)
    used_twice(mat)
    log_in(user)
    return mat


def newest():
    """The session that was started here."""
    return TreatmentSession.objects.exclude(started_at__year=LONG_AGO.year).with_names().get()


def rate(page, mat, pain=6):
    page.goto(f"/sessions/start/?treatment={mat.pk}")
    page.locator(f'button[name="pain_before"][value="{pain}"]').click()


def answers(page):
    return page.locator('button[name="answer"]')


def size(button):
    box = button.bounding_box()
    return box["width"], box["height"]


def test_question_fits_the_screen_and_both_answers_weigh_the_same(page, mat, axe):
    WaitPlanFactory(user=mat.user, one_in=None, seed=ASKS)
    rate(page, mat)
    page.get_by_role("heading", name="Could you wait 45 minutes first, and rate again?").wait_for()
    wait, now = answers(page).all()
    assert size(wait) == size(now)
    assert wait.get_attribute("class") == now.get_attribute("class")
    room = page.evaluate(ROOM)
    assert [b for b in (wait, now) if b.bounding_box()["y"] + size(b)[1] > room] == []
    page.get_by_text("No, the bell is off. You can turn it on while you wait").wait_for()
    assert (axe(), page.evaluate(SIDEWAYS)) == ([], False)


def test_bell_that_is_on_rings_only_while_the_page_is_open(page, context, mat, live):
    context.grant_permissions(["notifications"], origin=live)
    WaitPlanFactory(user=mat.user, one_in=None, seed=ASKS)
    page.goto("/today/")
    page.evaluate("localStorage.setItem('tell-when-due', 'yes')")
    rate(page, mat)
    page.get_by_text("Yes, as long as you leave the page of the wait open.").wait_for()


@pytest.mark.parametrize("number", [0, 1, 2])
def test_choice_is_one_tap_and_starts_the_session(page, mat, axe, number):
    rate(page, mat)
    page.get_by_role("heading", name="Wait first now and then").wait_for()
    buttons = page.locator('button[name="how_often"]')
    assert [each.locator("strong").inner_text() for each in buttons.all()] == CHOICES
    assert len({size(each)[0] for each in buttons.all()}) == 1
    boxes, room = [each.bounding_box() for each in buttons.all()], page.evaluate(ROOM)
    assert [box for box in boxes if box["y"] + box["height"] > room] == []
    assert (axe(), page.evaluate(SIDEWAYS)) == ([], False)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(SIDEWAYS) is False
    buttons.nth(number).click()
    page.wait_for_url(re.compile(r"/sessions/\d+/$"))
    assert (newest().names, newest().pain_before) == (["Acupressure mat"], 6)
    assert WaitPlan.objects.get().chosen == [None, 5, 0][number]


def test_never_is_one_tap_on_the_question(page, mat):
    WaitPlanFactory(user=mat.user, one_in=None, seed=ASKS)
    rate(page, mat)
    page.locator('button[name="how_often"][value="0"]').click()
    page.wait_for_url(re.compile(r"/sessions/\d+/$"))
    assert WaitPlan.objects.get().chosen == 0
    assert WaitDraw.objects.values_list("outcome", "one_in").get() == ("skipped", 2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_work_without_javascript_and_at_twice_the_text(browser, live, mat, scheme):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(mat.user)
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(
        base_url=live,
        viewport=PHONE,
        locale="en-GB",
        java_script_enabled=False,
        color_scheme=scheme,
    )
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live}])
    plain = context.new_page()
    rate(plain, mat)
    plain.locator('button[name="how_often"][value="adaptive"]').click()
    assert newest().names == ["Acupressure mat"]
    WaitPlan.objects.update(seed=ASKS)
    rate(plain, mat, pain=7)
    assert plain.locator("[data-bell]").inner_text() == (
        "No, nothing rings by itself. Your phone’s timer does."
    )
    answers(plain).first.click()
    asked = TreatmentSession.objects.get(asked_by_app=True)
    assert (asked.pain_before, asked.due_minutes) == (7, 45)
    context.close()
