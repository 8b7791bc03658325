"""What holds for every page: no violation, no foreign request, no error, open to everybody."""

import pytest
from django.utils import timezone

from apps.demo.rows import keep_diary
from tests.browser.guard import Guard
from tests.browser.pages import pages
from tests.factories import UserFactory

# Colours that are still changing to the other theme have the wrong contrast.
SETTLED = """async () => {
  const frame = () => new Promise((shown) => requestAnimationFrame(shown));
  await frame();
  await frame();
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
  await frame();
}"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo():
    user = UserFactory(email="demo@example.com")
    keep_diary(user, at=timezone.now())
    return user


def visits(user, log_in):
    """Name and path of each page; whoever is needed is logged in when it is handed out."""
    is_in = False
    for name, path, is_logged_in in list(pages(user)):
        if is_logged_in and not is_in:
            log_in(user)
            is_in = True
        yield name, path


def test_every_page_is_accessible_in_both_themes(page, axe, log_in, demo):
    found = {}
    for name, path in visits(demo, log_in):
        page.emulate_media(color_scheme="light")
        if (status := page.goto(path).status) != 200:
            found[name] = status
            continue
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLED)
            if problems := axe():
                found[f"{name}, {theme}"] = problems
    assert found == {}


def test_every_page_fits_a_phone(page, log_in, demo):
    too_wide = {}
    for name, path in visits(demo, log_in):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            too_wide[name] = width
    assert too_wide == {}


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
