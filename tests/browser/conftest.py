import os
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import expect, sync_playwright

from tests.browser import chromium
from tests.browser.guard import Guard
from tests.once import once_in_a_run

PHONE = {"width": 360, "height": 740}
AXE = django_settings.BASE_DIR / "node_modules/axe-core/axe.min.js"
# What passes need not be described; no rule that is on reads style sheets or sounds beforehand.
AXE_RUN = """async (rules) => (await axe.run({
  resultTypes: ["violations"],
  preload: false,
  ...(rules.length && { runOnly: { type: "rule", values: rules } }),
})).violations"""
# Modules about entries that wait on the device, about calls, or about whole days with both.
WITH_A_WORKER = {
    *("broken_answers", "calls", "home", "left_open", "main_job", "offline", "open_sessions"),
    *("proxies", "sealed", "shared_link", "two_clocks", "worker_weight"),
}
PATIENCE_MS = 15_000  # on a machine that is busy with other tests


def pytest_collection_modifyitems(items):
    """A browser on a busy machine can be late: its tests get a second try, which the summary names."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, and Django then refuses to use a database.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        expect.set_options(timeout=PATIENCE_MS)
        yield playwright
        # Beside an event loop Django keeps connections of its own, which nobody finds afterwards.
        connections.close_all()


@pytest.fixture(scope="session")
def browser(playwright):
    browser = chromium.launch(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def hashed_static_files(tmp_path_factory):
    """The static files as they are in production."""

    def collect(place):
        with override_settings(STATIC_ROOT=place):
            call_command("collectstatic", interactive=False, verbosity=0)

    return once_in_a_run(tmp_path_factory, "static", collect)


class PromptServer(ThreadedWSGIServer):
    """Looks more often whether it shall end: at the default it is half a second late, every time."""

    def serve_forever(self, poll_interval=0.02):
        super().serve_forever(poll_interval)


class PromptThread(LiveServerThread):
    server_class = PromptServer


@pytest.fixture
def live(transactional_db, hashed_static_files):
    """The address of a server with DEBUG off that serves static files as production does."""
    hosts = [*django_settings.ALLOWED_HOSTS, "127.0.0.1"]
    as_deployed = {"STATIC_ROOT": hashed_static_files, "WHITENOISE_AUTOREFRESH": False}
    with override_settings(**as_deployed, ALLOWED_HOSTS=hosts):
        # Django's own test server would look for unhashed files; here WhiteNoise serves them.
        server = PromptThread("127.0.0.1", static_handler=lambda application: application)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        address = f"http://127.0.0.1:{server.port}"
        with override_settings(SITE_URL=address):
            yield address
        server.terminate()
        connections.close_all()


@pytest.fixture
def locale():
    """What the browser asks for."""
    return "en-GB"


@pytest.fixture
def service_workers(request):
    """Elsewhere each browser would fetch and keep the pages for when there is no connection."""
    return "allow" if request.path.stem.removeprefix("test_") in WITH_A_WORKER else "block"


@pytest.fixture
def context(live, browser, locale, service_workers):
    context = browser.new_context(
        service_workers=service_workers,
        base_url=live,
        viewport=PHONE,
        locale=locale,
        timezone_id="Europe/London",
        reduced_motion="reduce",  # a colour that is still changing has the wrong contrast
    )
    yield context
    context.close()


@pytest.fixture
def forgiven():
    """Complaints that a module brings about itself; elsewhere none."""
    return re.compile(r"(?!)")


@pytest.fixture
def page(context, live, forgiven):
    """A phone's browser. The test fails if a page breaks the rules in ``guard.py``."""
    page = context.new_page()
    guard = Guard(page, live)
    yield page
    assert [each for each in guard.complaints if not forgiven.match(each)] == []


@pytest.fixture
def log_in(context, live):
    """Call it with a user: from then on the context's pages are theirs."""

    def log_in(user):
        client = Client()
        client.force_login(user)
        session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": live}])

    return log_in


@pytest.fixture
def axe(page):
    """Call it on a loaded page: returns what axe-core finds wrong, as sentences.

    With names of its rules, by those alone.
    """
    source = AXE.read_text()
    # The browser keeps it for every page to come: to send it to each takes as long as to look.
    page.add_init_script(source)

    def axe(*rules):
        if not page.evaluate("'axe' in window"):
            # Through the debugging protocol, because the page's policy refuses foreign scripts.
            page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": source})
        found = page.evaluate(AXE_RUN, rules)
        return [
            f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return axe
