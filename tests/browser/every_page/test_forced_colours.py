"""In the person's own colours (Windows' contrast themes) what is chosen can still be told."""

import base64

import pytest
from django.utils import timezone

from apps.demo.rows import keep_diary
from tests.browser.offline.test_offline import tap
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

LOOK = """(element) => {
  const { backgroundColor, color, borderBottomColor } = getComputedStyle(element);
  return `${backgroundColor} ${color} ${borderBottomColor}`;
}"""
# How much of a drawing is in the colour of the text.
INKED = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const ink = getComputedStyle(document.body).color.match(/\\d+/g).map(Number);
  const dots = new Uint32Array(data.buffer);
  const [wanted] = new Uint32Array(new Uint8Array([...ink, 255]).buffer);
  return dots.filter((each) => each === wanted).length / dots.length;
}"""
IN_THE_MIDDLE = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  const [x, y] = [image.width / 2, image.height / 2];
  Object.assign(canvas, { width: image.width, height: image.height });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(x, y, 1, 1).data].join();
}"""


@pytest.fixture(params=["light", "dark"])
def forced(request, page, log_in):
    user = UserFactory()
    keep_diary(user, at=timezone.now())
    log_in(user)
    page.emulate_media(forced_colors="active", color_scheme=request.param)
    return page


def look(page, selector):
    return page.locator(selector).first.evaluate(LOOK)


def test_chosen_ratings_sides_and_ticks_differ_from_the_rest(forced):
    forced.goto("/check-ins/new/")
    tap(forced, "leg_pain", 0)
    tap(forced, "side", "both")
    forced.locator("details.fold summary").first.click()
    tap(forced, "symptoms", "numbness")
    for name, chosen, other in [
        ("leg_pain", "0", "1"),
        ("side", "both", "neither"),
        ("symptoms", "numbness", "burning"),
    ]:
        labels = [f'label:has([name="{name}"][value="{value}"])' for value in (chosen, other)]
        shown = [f"{each} > span" if name == "leg_pain" else each for each in labels]
        assert look(forced, shown[0]) != look(forced, shown[1])


def test_main_button_and_the_page_one_is_on_differ_from_the_rest(forced):
    forced.goto(f"/diary/{timezone.localdate():%Y/%-m}/")
    assert look(forced, ".tabs [aria-current]") != look(forced, ".tabs a:not([aria-current])")
    icons = [".bottom-nav [aria-current] > svg", ".bottom-nav a:not([aria-current]) > svg"]
    assert look(forced, icons[0]) != look(forced, icons[1])
    forced.goto("/check-ins/new/")
    buttons = ["main .btn-primary", "main .btn-outline-secondary"]
    assert look(forced, buttons[0]) != look(forced, buttons[1])


def test_calendar_tells_a_treatment_from_a_wait(forced):
    forced.goto(f"/diary/{timezone.localdate():%Y/%-m}/")
    marks = [".calendar-key .calendar-mark:not(.calendar-mark-wait)", ".calendar-mark-wait"]
    assert middle(forced, marks[0]) != middle(forced, marks[1])


def middle(page, selector):
    """The colour that is really shown: computed styles do not know of the person's own."""
    mark = page.locator(f".calendar-key {selector.removeprefix('.calendar-key ')}")
    picture = base64.b64encode(mark.screenshot()).decode()
    return page.evaluate(IN_THE_MIDDLE, picture)


def test_shades_of_a_chart_are_not_all_ink(forced):
    forced.goto("/sides/")
    canvas = forced.locator("canvas[data-chart]").first
    canvas.wait_for()
    canvas.scroll_into_view_if_needed()
    forced.wait_for_timeout(1000)
    assert 0 < canvas.evaluate(INKED) < 0.1
