"""What holds for every page: no violation, no foreign request, no error, open to everybody."""

import pytest
from django.utils import timezone

from apps.conditions.models import Condition
from apps.demo.rows import keep_diary
from apps.diary.models import Activity
from apps.sharing.models import ShareLink
from apps.treatments.models import Treatment
from tests.browser.guard import Guard
from tests.browser.looks import LONG, everything
from tests.browser.pages import addresses, unlike_pages
from tests.factories import UserFactory

PARTS = 3  # of the pages, so that workers share them
NAMED = {Treatment: "name", Condition: "name", Activity: "name", ShareLink: "for_whom"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo():
    user = UserFactory(email="demo@example.com")
    keep_diary(user, at=timezone.now())
    return user


def visits(user, log_in, part=slice(None)):
    """Name and path of each page; whoever is needed is logged in when it is handed out."""
    is_in = False
    for name, path, is_logged_in in list(unlike_pages(user, part)):
        if is_logged_in and not is_in:
            log_in(user)
            is_in = True
        yield name, path


def give_long_names(user):
    """Of 80 letters without a space; the last of them tell them apart."""
    for model, field in NAMED.items():
        for number, row in enumerate(model.objects.for_user(user)):
            setattr(row, field, f"{LONG[:-2]}{number:02}")
            row.save()


@pytest.mark.parametrize("first", range(PARTS))
def test_every_page_keeps_the_rules(page, axe, log_in, demo, first):
    """One visit to each, with all the looks at it that there are."""
    list(addresses(demo))  # all that a page is about is there then
    give_long_names(demo)
    found = {}
    for name, path in visits(demo, log_in, slice(first, None, PARTS)):
        if (status := page.goto(path).status) != 200:
            found[name] = status
            continue
        for rule, problems in everything(page, axe):
            for problem in problems:
                found.setdefault(f"{rule}: {problem}", name)
    assert found == {}


# What breaks one rule each, or two: attributes, and the style that the page's policy refuses there.
BROKEN = """() => {
  const add = (tag, attributes, css, words) => {
    const element = Object.assign(document.createElement(tag), { textContent: words });
    Object.entries(attributes).forEach((each) => element.setAttribute(...each));
    element.style.cssText = css;
    document.body.append(element);
    return element;
  };
  add("p", { id: "moving" }, "", "moves")
    .animate([{ opacity: 0.9 }, { opacity: 1 }], { duration: 2, fill: "forwards" });
  add("figure", { class: "chart" }, "", "drawn");
  add("button", { id: "small" }, "min-height: 0; height: 9px; padding: 0", "small");
  add("p", { id: "pale" }, "color: #eee", "pale");
  add("p", { id: "murky" }, "color: #222", "murky");
  add("div", { id: "cut" }, "overflow: hidden; max-width: 100vw", "")
    .append(add("div", {}, "width: 340px", "as wide as that"));
  document.querySelector("main").append(add("p", { id: "named" },
    "overflow: clip; width: 9px; white-space: nowrap", "Donaudampfschifffahrtsgesellschaft"));
  add("p", { id: "low" }, "overflow: hidden; height: 40px", "low");
  add("a", { id: "unseen", href: "/" },
    "outline: none !important; box-shadow: none !important", "unseen");
  add("a", { id: "shy", href: "/", inert: "" }, "", "shy");
  add("div", {}, "width: 22rem; height: 9px", "");
}"""
NAMES = {
    "moves": "moving",
    "long name outside of its row": "named",
    "chart without a table or a sentence": "chart",
    "too small for a finger": "small",
    "light": "pale",
    "dark": "murky",
    "too wide at 320 px": "352",
    "cut off at 320 px": "cut",
    "too wide with text at 200 %": "704",
    "cut off with text at 200 %": "low",
    "not seen to be reached": "unseen",
    "not reached": "stops",
}


def test_each_look_notices_what_is_wrong(page, axe):
    page.goto("/help-now/")
    assert [rule for rule, problems in everything(page, axe) if problems] == []
    page.evaluate(BROKEN)
    found = {rule: str(problems) for rule, problems in everything(page, axe) if problems}
    assert {rule: NAMES[rule] for rule in found if NAMES[rule] in found[rule]} == NAMES
    page.evaluate("document.body.style.width = '400px'")
    assert next(everything(page, axe)) == ("too wide", [400])


def test_error_page_keeps_the_rules(page, axe):
    assert page.goto("/no-such-page/").status == 404
    assert axe() == []


def test_guard_notices_what_a_page_must_not_do(page, live):
    """The guard itself, on a page that breaks each rule."""
    culprit = page.context.new_page()
    guard = Guard(culprit, live)
    culprit.goto("/help-now/")
    culprit.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", '<p style="color: red">red</p>');
          document.body.append(Object.assign(new Image(), {src: "/static/missing.png"}));
          document.body.append(Object.assign(new Image(), {src: "http://example.invalid/x.png"}));
          setTimeout(() => { throw new Error("on purpose"); });
        }"""
    )
    culprit.wait_for_timeout(500)
    kinds = {complaint.split(":")[0] for complaint in guard.complaints}
    assert kinds == {"404 for http", "console", "foreign request", "script error"}
    culprit.close()
