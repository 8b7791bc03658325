"""Pictures of every page with a demo diary: python -m tests.browser.screenshots"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import product

import django
from playwright.sync_api import sync_playwright

from tests.servers import ROOT, SERVE, running, scratch_database

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
THEMES = ("light", "dark")
LANGUAGES = {"en": "en-GB", "de": "de-DE"}
DIRECTORY = ROOT / "screenshots"
# As somebody runs it for others, who has named no mail server.
FOR_OTHERS = {
    "ALLOWED_HOSTS": "127.0.0.1,diary.example",
    "HOST_CONTACT": "mailto:host@diary.example",
}


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    with scratch_database():
        django.setup()
        from config.start.prepare import prepare_database

        prepare_database()
        user, visits = demo_and_pages()
        session = session_of(user)
        shown, hosted = young_diaries()
        DIRECTORY.mkdir(exist_ok=True)
        with (
            running(SERVE) as (url, _process),
            running(SERVE, **FOR_OTHERS) as (others, _other),
            # A thread waits for a browser of its own: that is where the work is.
            ThreadPoolExecutor(os.cpu_count()) as pool,
        ):
            seen = ((url, shown), (others, hosted))
            taken = [
                pool.submit(take_all, look, seen, session, visits)
                for look in product(SIZES, THEMES, LANGUAGES)
            ]
            for each in taken:
                each.result()
    print(f"{len(list(DIRECTORY.glob('*.png')))} pictures are in {DIRECTORY}")


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
    """What pages show before half a year has passed, each with a session of its person's; and
    those of a server for others.
    """
    from django.utils import timezone

    from tests.browser.states import states, without_mail

    return [
        [(state, session_of(state.user) if state.user else None) for state in each]
        for each in (states(timezone.now()), without_mail())
    ]


def session_of(user):
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def take_all(look, seen, session, visits):
    from tests.browser import chromium

    size, theme, language = look
    variant = "-".join(look)
    seen_as = {
        "viewport": SIZES[size],
        "color_scheme": theme,
        "locale": LANGUAGES[language],
        "timezone_id": "Europe/London",
    }
    demo_at = seen[0][0]
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for is_logged_in in (False, True):
            own = session if is_logged_in else None
            with as_somebody(browser, own, seen_as | {"base_url": demo_at}) as page:
                for name, path, for_logged_in in visits:
                    if for_logged_in == is_logged_in:
                        take(page, name, path, variant, is_logged_in)
                if is_logged_in:
                    take_room_code(page, variant)
        for root, each in seen:
            for state, own in each:
                there = seen_as | state.device | {"base_url": root}
                with as_somebody(browser, own, there) as page:
                    take_state(page, state, variant)
        browser.close()


@contextmanager
def as_somebody(browser, session, look):
    context = browser.new_context(**look)
    if session:
        cookie = {"name": "sessionid", "value": session, "url": look["base_url"]}
        context.add_cookies([cookie])
    yield context.new_page()
    context.close()


# Charts draw themselves once they are near; where they stand far down, nothing was near.
SEE_ALL = """async () => {
  for (const chart of document.querySelectorAll("figure.chart")) {
    chart.scrollIntoView();
    await new Promise((then) => { setTimeout(then, 50); });
  }
  scrollTo(0, 0);
}"""


def take(page, name, path, variant, is_logged_in):
    page.goto(path)
    page.evaluate(SEE_ALL)
    page.wait_for_timeout(300)
    who = "" if is_logged_in else "visitor-"
    file = f"{who}{name.replace(':', '-')}-{variant}.png"
    page.screenshot(path=DIRECTORY / file, full_page=True)


def take_state(page, state, variant):
    state.before(page)
    page.goto(state.path)
    state.then(page)
    page.wait_for_timeout(300)
    page.screenshot(path=DIRECTORY / f"state-{state.name}-{variant}.png", full_page=True)


def take_room_code(page, variant):
    """Made by a button alone: no address shows it."""
    page.goto("/share/")
    page.locator("form[action$='/room-code/'] button").first.click()
    page.locator(".room-code").wait_for()
    page.screenshot(path=DIRECTORY / f"sharing-room_code-{variant}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
