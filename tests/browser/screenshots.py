"""Pictures of every page with a demo diary: python -m tests.browser.screenshots"""

import os
import sys
from contextlib import contextmanager

import django
from playwright.sync_api import sync_playwright

from tests.servers import ROOT, SERVE, running, scratch_database

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
THEMES = ("light", "dark")
DIRECTORY = ROOT / "screenshots"


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    with scratch_database():
        django.setup()
        from config.start.prepare import prepare_database

        prepare_database()
        user, visits = demo_and_pages()
        session = session_of(user)
        shown = young_diaries()
        with running(SERVE) as (url, _process), sync_playwright() as playwright:
            take_all(playwright, url, session, visits, shown)
    number = (len(visits) + len(shown) + 1) * len(SIZES) * len(THEMES)
    print(f"{number} pictures are in {DIRECTORY}")


def demo_and_pages():
    """A person with the demo's diary, and what there is to see (see pages.py)."""
    from django.conf import settings
    from django.utils import timezone

    from apps.demo.rows import keep_diary
    from apps.users.models import User
    from tests.browser.pages import pages

    settings.ALLOWED_HOSTS.append("testserver")
    user = User.objects.create_user("screenshots@example.com", set_up_at=timezone.now())
    user.consent(at=timezone.now())
    keep_diary(user, at=timezone.now())
    return user, list(pages(user))


def young_diaries():
    """What pages show before half a year has passed, each with a session of its person's."""
    from django.utils import timezone

    from tests.browser.states import states

    return [(state, session_of(state.user)) for state in states(timezone.now())]


def session_of(user):
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def take_all(playwright, url, session, visits, shown):
    from tests.browser import chromium

    browser = chromium.launch(playwright)
    DIRECTORY.mkdir(exist_ok=True)
    for size, viewport in SIZES.items():
        for theme in THEMES:
            look = {"base_url": url, "viewport": viewport, "color_scheme": theme}
            for is_logged_in in (False, True):
                with as_somebody(browser, session if is_logged_in else None, look) as page:
                    for name, path, for_logged_in in visits:
                        if for_logged_in == is_logged_in:
                            take(page, name, path, f"{size}-{theme}", is_logged_in)
                    if is_logged_in:
                        take_room_code(page, f"{size}-{theme}")
            for state, own in shown:
                with as_somebody(browser, own, look) as page:
                    take_state(page, state, f"{size}-{theme}")
    browser.close()


@contextmanager
def as_somebody(browser, session, look):
    context = browser.new_context(**look, locale="en-GB")
    if session:
        cookie = {"name": "sessionid", "value": session, "url": look["base_url"]}
        context.add_cookies([cookie])
    yield context.new_page()
    context.close()


def take(page, name, path, variant, is_logged_in):
    page.goto(path)
    page.wait_for_timeout(300)  # charts draw themselves
    who = "" if is_logged_in else "visitor-"
    file = f"{who}{name.replace(':', '-')}-{variant}.png"
    page.screenshot(path=DIRECTORY / file, full_page=True)


def take_state(page, state, variant):
    page.goto(state.path)
    if state.tap is not None:
        page.locator(f"button[name=pain_before][value='{state.tap}']").click()
        page.locator("button[name=answer], button[name=how_often]").first.wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=DIRECTORY / f"state-{state.name}-{variant}.png", full_page=True)


def take_room_code(page, variant):
    """Made by a button alone: no address shows it."""
    page.goto("/share/")
    page.get_by_role("button", name="Code for the room").first.click()
    page.locator(".room-code").wait_for()
    page.screenshot(path=DIRECTORY / f"sharing-room_code-{variant}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
