"""How many taps and how much room the daily jobs take, on the phone that the page is made for."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.conditions.models import Condition
from apps.demo.rows import keep_diary
from apps.diary.models import CheckIn, HowOften, SelfTest, TreatmentSession, WaitPlan
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    TreatmentSessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

MOST_SECONDS = 5  # of scripted use, on a busy machine; a person adds their own thinking
CONTROLS = """() => {
  const controls = document.querySelectorAll(
    "[data-jobs] :is(a, button, select, summary, label), .today-head select");
  const seen = [...controls].filter((each) =>
    each.checkVisibility() && !each.closest(".menu-panel") && !each.matches(".visually-hidden"));
  return seen.map((each) => {
    const box = each.getBoundingClientRect();
    return [each.textContent.trim(), box.top, box.bottom, box.width, box.height];
  });
}"""
ROOM = "document.querySelector('.bottom-nav').getBoundingClientRect().top"


class Taps:
    """A finger: counts what it touches, and the seconds since the first page was shown."""

    def __init__(self, page):
        self.page, self.number, self.began = page, 0, time.monotonic()

    def on(self, target):
        target.click()
        self.number += 1

    def rating(self, field, value):
        self.on(self.page.locator(f'label:has(input[name="{field}"][value="{value}"])'))

    def button(self, name):
        self.on(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name):
        self.on(self.page.locator("[data-jobs]").get_by_role("link", name=name, exact=True).first)

    def finish(self, words):
        """The taps so far, once the page has said ``words``; fails where it took too long."""
        self.page.get_by_text(words).wait_for()
        assert time.monotonic() - self.began < MOST_SECONDS
        return self.number


@pytest.fixture
def diary(log_in):
    """A person with the demo's diary whose sessions start without a question, and who has not said
    whether to be called."""
    user = UserFactory()
    keep_diary(user, at=timezone.now())
    TreatmentSession.objects.filter(pain_after=None).update(is_closed_unrated=True)
    WaitPlan.objects.update_or_create(user=user, defaults={"one_in": HowOften.NEVER})
    log_in(user)
    return user


@pytest.fixture
def taps(page, diary):
    page.goto("/today/")
    return Taps(page)


def open_session(user, minutes=41):
    """A session of the treatment used last, started so long ago."""
    started = timezone.now() - timedelta(minutes=minutes)
    sessions = TreatmentSession.objects.for_user(user)
    return TreatmentSessionFactory(
        user=user,
        condition=sessions.first().condition,
        started_at=started,
        treatments=[usual_of(user)],
    )


def changed(user, **fields):
    """The demo's condition, with other fields."""
    condition = Condition.objects.for_user(user).get()
    for name, value in fields.items():
        setattr(condition, name, value)
    condition.save()
    return condition


def usual_of(user):
    """What was used last, but for what a running self-test decides about."""
    asked = SelfTest.objects.for_user(user).running().values("treatment")
    sessions = TreatmentSession.objects.for_user(user).exclude(links=None)
    return sessions.exclude(links__treatment__in=asked).first().links.get().treatment


def test_check_in_takes_three_taps(taps, diary):
    side = taps.page.locator('input[name="side"]:checked').get_attribute("value")
    taps.rating("leg_pain", 4)
    taps.rating("back_pain", 0)
    taps.button("Save")
    assert taps.finish("Saved. Leg pain 4, back pain 0") == 3
    newest = CheckIn.objects.for_user(diary).latest("pk")
    assert (newest.leg_pain, newest.back_pain, newest.side) == (4, 0, side)


def test_long_form_has_all_above_the_bar_and_asks_for_names_after_yes(page, diary):
    page.goto("/check-ins/new/")
    form = page.locator("form.card")
    yes = form.locator('label:has(input[name="painkillers"][value="yes"])')
    bottoms = [
        box["y"] + box["height"]
        for box in (
            yes.bounding_box(),
            form.locator("summary").first.bounding_box(),
            form.get_by_role("button", name="Save", exact=True).bounding_box(),
        )
    ]
    assert (bottoms, bottoms[-1] <= page.evaluate(ROOM)) == (sorted(bottoms), True)
    names = form.get_by_label("Which painkillers")
    expect(names).to_be_hidden()
    yes.click()
    expect(names).to_be_visible()


def test_first_check_in_takes_the_four_taps_that_the_empty_diary_names(page, log_in):
    newcomer = UserFactory()
    log_in(newcomer)
    page.goto("/diary/")
    page.get_by_text("The first check-in takes four taps: leg, back, side, save.").wait_for()
    page.locator(".empty a").click()
    taps = Taps(page)
    taps.rating("leg_pain", 4)
    taps.rating("back_pain", 0)
    taps.on(page.locator('label:has(input[name="side"][value="left"])'))
    taps.button("Save")
    assert taps.finish("Saved. Leg pain 4, back pain 0, left") == 4


def test_no_pain_today_takes_one_tap(taps):
    taps.button("No pain today")
    assert taps.finish("Saved. No pain today") == 1


def test_other_side_takes_one_tap_more(taps):
    taps.on(taps.page.locator('label:has(input[name="side"]:not(:checked))').first)
    taps.rating("leg_pain", 4)
    taps.button("Save")
    assert taps.finish("Saved. Leg pain 4") == 3


def test_starting_the_usual_session_takes_two_taps(taps, diary):
    usual = usual_of(diary)
    taps.link(usual.name)
    taps.button("6")
    assert taps.finish(f"Saved. {usual.name}: pain 6 before") == 2


def test_waiting_takes_two_taps(taps):
    taps.link("Wait and see")
    taps.button("6")
    assert taps.finish("Saved. Wait and see: pain 6 before") == 2


def test_rating_again_takes_two_taps(taps, diary):
    open_session(diary)
    taps.page.reload()
    taps.link("Rate again")
    taps.button("3")
    assert taps.finish("When you just waited from a 6") == 2


def outside(page):
    """How many controls of the three jobs there are, and which of them need scrolling."""
    controls, room = page.evaluate(CONTROLS), page.evaluate(ROOM)
    small = [name for name, _t, _b, width, height in controls if min(width, height) < 43.99]
    assert small == []
    return len(controls), [name for name, top, bottom, *_ in controls if top < 0 or bottom > room]


@pytest.fixture(params=["", "de"])
def speaking(request, diary):
    """The language of the account, as its settings keep it."""
    diary.language = request.param
    diary.save()
    return request.param


# 22 numbers, 4 sides, 3 buttons, 6 tiles; 3 for the open session, 1 where there is a choice, and
# until the session is due a line that asks whether to call.
@pytest.mark.parametrize("conditions", [1, 2])
def test_the_three_jobs_fit_the_screen_without_scrolling(page, diary, speaking, conditions):
    if conditions == 2:
        ConditionFactory(user=diary, name="Trapped nerve from shoulder to hand")
    found = {}
    for minutes in (1, 41, 50, 260, 500):
        session = open_session(diary, minutes)
        found[minutes] = before_and_after_saving(page, asks=minutes < 45)
        CheckIn.objects.for_user(diary).latest("pk").delete()
        session.delete()
    # Folded once it is saved: the session and the tiles are left.
    wanted = {asks: ((37 + conditions + asks, []), (9 + asks, [])) for asks in (False, True)}
    assert found == {minutes: wanted[minutes < 45] for minutes in found}


def before_and_after_saving(page, *, asks):
    page.goto("/today/")
    expect(page.locator(".call-line")).to_be_visible(visible=asks)
    before = outside(page)
    page.locator('button[name="no_pain"]').click()
    page.locator(".just-saved").wait_for()
    expect(page.locator(".call-line")).to_be_visible(visible=asks)
    return before, outside(page)


def test_the_three_jobs_fit_the_screen_in_places_of_its_own(page, diary, speaking):
    """While a session runs, and whether to call is asked: one row of tiles there."""
    open_session(diary)
    own = changed(diary, first_place="shoulder", second_place="Ring finger")
    page.goto("/today/")
    expect(page.locator(".call-line")).to_be_visible()
    assert outside(page) == (36, [])
    other = ConditionFactory(user=diary, name="Trapped nerve from the back to the foot")
    for condition in (own, other):
        page.goto(f"/today/?condition={condition.pk}")
        expect(page.locator(".elsewhere a")).to_have_count(2)
        assert outside(page) == (38, [])


def test_the_three_jobs_fit_the_screen_after_a_session_began(page, diary, speaking):
    usual = usual_of(diary)
    page.goto(f"/sessions/start/?treatment={usual.pk}")
    page.locator('.nrs-submit button[value="6"]').click()
    page.locator(".just-saved .progress-line").wait_for()
    page.goto("/today/")
    expect(page.locator(".call-line")).to_be_visible()
    assert outside(page) == (39, [])


def test_the_three_jobs_fit_the_screen_below_a_red_flag(page, diary, speaking):
    """One row of tiles there: a treatment, waiting and the others."""
    open_session(diary, 50)
    hours_ago = timezone.now() - timedelta(hours=2)  # so that the form is not folded
    CheckInFactory(user=diary, red_flags=["bladder", "both_legs"], rated_at=hours_ago)
    page.goto("/today/")
    page.locator(".red-flag-line").wait_for()
    assert outside(page) == (35, [])


def test_the_two_ladders_stand_in_line_and_nothing_is_chosen_on_them(page, diary, speaking):
    """0 to 5 above 6 to 10, their names beside them, never in two lines."""
    page.goto("/today/")
    places = [
        [
            page.locator(f'label:has(input[name="{name}"][value="{n}"])').bounding_box()
            for n in range(11)
        ]
        for name in ("leg_pain", "back_pain")
    ]
    leg, back = ([(round(box["x"]), round(box["y"])) for box in boxes] for boxes in places)
    assert [x for x, _y in leg] == [x for x, _y in back]
    assert [x for x, _y in leg[:5]] == [x for x, _y in leg[6:]]
    assert [len({y for _x, y in each[:6]}) for each in (leg, back)] == [1, 1]
    assert [len({y for _x, y in each[6:]}) for each in (leg, back)] == [1, 1]
    assert page.locator(".nrs input:checked").count() == 0
    names = page.locator(".quick-rating-row > span").all()
    assert [name.bounding_box()["height"] < 25 for name in names] == [True, True]


@pytest.mark.parametrize("path", ["/sessions/start/", "finish"])
def test_ratings_that_save_fit_the_screen_without_scrolling(page, diary, path):
    session = open_session(diary)
    page.goto(f"/sessions/{session.pk}/finish/" if path == "finish" else path)
    room = page.evaluate(ROOM)
    boxes = [button.bounding_box() for button in page.locator(".nrs-submit button").all()]
    assert (len(boxes), [box for box in boxes if box["y"] + box["height"] > room]) == (11, [])
