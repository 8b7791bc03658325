"""Pictures of every page with a demo diary: python -m tests.browser.screenshots"""

import os
import sys

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
        with running(SERVE) as (url, _process), sync_playwright() as playwright:
            take_all(playwright, url, session, visits)
    print(f"{(len(visits) + 1) * len(SIZES) * len(THEMES)} pictures are in {DIRECTORY}")


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


def session_of(user):
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def take_all(playwright, url, session, visits):
    from tests.browser import chromium

    browser = chromium.launch(playwright)
    DIRECTORY.mkdir(exist_ok=True)
    for size, viewport in SIZES.items():
        for theme in THEMES:
            for is_logged_in in (False, True):
                context = browser.new_context(
                    base_url=url, viewport=viewport, color_scheme=theme, locale="en-GB"
                )
                if is_logged_in:
                    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
                page = context.new_page()
                for name, path, for_logged_in in visits:
                    if for_logged_in == is_logged_in:
                        take(page, name, path, f"{size}-{theme}", is_logged_in)
                if is_logged_in:
                    take_room_code(page, f"{size}-{theme}")
                context.close()
    browser.close()


def take(page, name, path, variant, is_logged_in):
    page.goto(path)
    page.wait_for_timeout(300)  # charts draw themselves
    who = "" if is_logged_in else "visitor-"
    file = f"{who}{name.replace(':', '-')}-{variant}.png"
    page.screenshot(path=DIRECTORY / file, full_page=True)


def take_room_code(page, variant):
    """Made by a button alone: no address shows it."""
    page.goto("/share/")
    page.get_by_role("button", name="Code for the room").first.click()
    page.locator(".room-code").wait_for()
    page.screenshot(path=DIRECTORY / f"sharing-room_code-{variant}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
