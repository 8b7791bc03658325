"""What axe cannot see: small screens, large text, fingers, the keyboard alone, less motion, German.

One visit to each page, with several looks at it.
"""

import pytest
from django.utils import timezone, translation

from apps.demo.rows import keep_diary
from apps.diary.models import CheckIn, TreatmentSession
from tests.browser.conftest import PHONE
from tests.browser.test_main_job import tap
from tests.browser.test_pages import SETTLED, visits
from tests.factories import UserFactory

# Whatever is cut off: hidden overflow that holds more than it shows. For the eye only: what is
# read out but not shown (.visually-hidden), and cells whose long text ends in an ellipsis.
CUT_OFF = """() => [...document.querySelectorAll("body *")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || style.visibility === "hidden") return false;
    if (element.closest("svg, datalist") || element.tagName === "CANVAS") return false;
    const wide = ["hidden", "clip"].includes(style.overflowX);
    const high = ["hidden", "clip"].includes(style.overflowY);
    return (wide && element.scrollWidth > element.clientWidth + 1) ||
      (high && element.scrollHeight > element.clientHeight + 1);
  })
  .map((element) => element.outerHTML.slice(0, 120))"""

# WCAG 2.5.8 exempts links within a sentence; what a label encloses is tapped by the label.
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
  .filter((element) => {
    if (element.type === "hidden" || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.matches(".skip-link")) return false;
    const label = element.matches("input[type=radio], input[type=checkbox]")
      ? element.labels[0] : null;
    const target = label ?? element;
    const isInText = getComputedStyle(element).display === "inline" &&
      element.parentElement.matches("p, li, dd, td, th, span, strong, div.form-text, label, .notice, small") &&
      element.parentElement.textContent.trim() !== element.textContent.trim();
    if (isInText) return false;
    const box = target.getBoundingClientRect();
    return box.width > 1 && (box.width < 43.5 || box.height < 43.5);
  })
  .map((element) => {
    const box = element.getBoundingClientRect();
    return `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 140)}`;
  })"""

# Every stop of the Tab key that there should be: of radio buttons, one in each group.
STOPS = """() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
    .filter((element) => {
      if (element.type === "hidden" || element.disabled || element.tabIndex < 0) return false;
      if (!element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      const group = `${element.form?.action} ${element.name}`;
      if (groups.has(group)) return false;
      groups.add(group);
      return true;
    }).length;
}"""

FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const drawn = element.matches("input[type=radio], input[type=checkbox]")
    ? [element, element.nextElementSibling, element.parentElement] : [element];
  const isSeen = drawn.filter(Boolean).some((each) => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) ||
      style.boxShadow !== "none";
  });
  element.dataset.visited ??= String(++window.stops || (window.stops = 1));
  return { what: element.outerHTML.slice(0, 100), at: element.dataset.visited, isSeen };
}"""

MOVING = """() => document.getAnimations()
  .filter((animation) => animation.effect.getComputedTiming().duration > 1)
  .map((animation) => animation.effect.target.outerHTML.slice(0, 100))"""

WITHOUT_WORDS = """() => [...document.querySelectorAll("figure.chart")]
  .filter((chart) => !chart.querySelector("table td") ||
    !/[.]$/.test(chart.querySelector(".chart-summary, .chart-lead")?.textContent.trim() ?? ""))
  .map((chart) => chart.outerHTML.slice(0, 100))"""

# Day, month and year of one date field are a stop each, and the browser's own.
STOPS_WITHIN = (
    "document.querySelectorAll('[type=date], [type=datetime-local], [type=time]').length * 7"
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo():
    user = UserFactory(email="demo@example.com")
    keep_diary(user, at=timezone.now())
    return user


def width(page):
    return page.evaluate("document.documentElement.scrollWidth")


def looks(page):
    """What is wrong with the page that is open, by the name of the rule."""
    yield "moves", page.evaluate(MOVING)
    yield "chart without a table or a sentence", page.evaluate(WITHOUT_WORDS)
    yield "too small for a finger", page.evaluate(TOO_SMALL)
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(SETTLED)  # charts follow the width a frame later
    yield "too wide at 320 px", [width(page)] if width(page) > 320 else []
    yield "cut off at 320 px", page.evaluate(CUT_OFF)
    page.set_viewport_size({"width": 640, "height": 740})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.evaluate(SETTLED)
    yield "too wide with text at 200 %", [width(page)] if width(page) > 640 else []
    yield "cut off with text at 200 %", page.evaluate(CUT_OFF)


def test_every_page_keeps_what_axe_cannot_see(page, log_in, demo):
    found = {}
    for name, path in visits(demo, log_in):
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(path)
        for rule, problems in looks(page):
            for problem in problems:
                found.setdefault(f"{rule}: {problem}", name)
    assert found == {}


def test_every_page_can_be_walked_with_the_tab_key(page, log_in, demo):
    """Each stop is reached, is seen to be reached, and is left again."""
    unseen, missed = {}, {}
    for name, path in visits(demo, log_in):
        page.goto(path)
        wanted, reached = page.evaluate(STOPS), set()
        for _each in range(wanted + 5 + page.evaluate(STOPS_WITHIN)):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUSED)
            if stop is None or len(reached) == wanted:
                break
            reached.add(stop["at"])
            if not stop["isSeen"]:
                unseen.setdefault(stop["what"], name)
        if len(reached) < wanted:
            missed[name] = f"{len(reached)} of {wanted}"
    assert (unseen, missed) == ({}, {})


def test_skip_link_leads_past_the_navigation(page, log_in, demo):
    log_in(demo)
    page.goto("/today/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["/conditions/new/", "/treatments/new/", "/sessions/new/"])
def test_errors_are_tied_to_their_fields_and_the_focus_is_on_them(page, log_in, demo, path):
    log_in(demo)
    page.goto(path)
    page.locator("main form button.btn-primary[type=submit]").first.click()
    page.locator("[data-error-summary]").wait_for()
    assert page.evaluate("document.activeElement.matches('[role=alert]')")
    invalid = page.locator("main [aria-invalid=true]")
    assert invalid.count() > 0
    for field in invalid.all():
        described = field.get_attribute("aria-describedby") or field.evaluate(
            "(each) => each.closest('fieldset')?.getAttribute('aria-describedby') ?? ''"
        )
        assert any(page.locator(f"#{each}_error, #{each}").count() for each in described.split())


@pytest.mark.parametrize("locale", ["de-DE"])
def test_no_page_in_german_is_wider_than_a_phone(page, log_in):
    user = UserFactory(language="de")
    with translation.override("de"):
        keep_diary(user, at=timezone.now())
    too_wide = {}
    for name, path in visits(user, log_in):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "de"
        if width(page) > 360:
            too_wide[name] = width(page)
    assert too_wide == {}


@pytest.fixture
def plain(browser, live):
    """A phone whose browser runs no JavaScript."""
    context = browser.new_context(
        base_url=live, viewport=PHONE, locale="en-GB", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_whole_job_works_without_javascript(plain):
    """Sign up, check in, start and finish a session, change, delete, bring back, settings."""
    plain.goto("/accounts/signup/")
    plain.get_by_label("E-mail address").fill("plain@example.com")
    plain.get_by_label("Password", exact=False).first.fill("a long enough phrase")
    plain.locator('input[name="consent"]').check()
    plain.get_by_role("button", name="Start my diary").click()
    plain.goto("/today/")
    tap(plain, "leg_pain", 3)
    plain.get_by_role("button", name="Save", exact=True).click()
    plain.goto("/sessions/start/")
    plain.locator('button[name="pain_before"][value="6"]').click()
    session = TreatmentSession.objects.get()
    plain.goto(f"/sessions/{session.pk}/finish/")
    plain.get_by_text("Save anyway").click()  # it is under 10 minutes
    plain.locator('button[name="pain_after"][value="4"]').click()
    session.refresh_from_db()
    assert (session.pain_before, session.pain_after) == (6, 4)

    check_in = CheckIn.objects.get()
    plain.goto(f"/check-ins/{check_in.pk}/edit/")
    tap(plain, "leg_pain", 0)
    plain.get_by_role("button", name="Save", exact=True).click()
    check_in.refresh_from_db()
    assert check_in.leg_pain == 0
    plain.goto(f"/check-ins/{check_in.pk}/edit/")
    plain.get_by_role("button", name="Delete this entry").click()
    assert not CheckIn.objects.exists()
    plain.get_by_role("button", name="Undo").click()
    assert CheckIn.objects.get().leg_pain == 0

    plain.goto("/settings/")
    plain.get_by_label("Language").select_option("de")
    plain.locator("main form button.btn-primary").first.click()
    assert plain.locator("h1").inner_text() == "Einstellungen"
