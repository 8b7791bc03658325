"""Answers that break off or are not ours, and storage that is gone: nothing lost, no script fails."""

import re
import socketserver
import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.offline.test_offline import CONTROLLED, check_in, pains, unsent
from tests.factories import ConditionFactory, TreatmentFactory, TreatmentSessionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

# What Chromium itself prints of an answer that breaks off, or of a request that it stopped.
FORGIVEN = re.compile(r"console: Failed to load resource: net::ERR_\w+$")
BROKEN_OFF = b"HTTP/1.1 %d x\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n<title>"
CAFE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\nWelcome"
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"
SWITCHED_OFF = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("", "SecurityError"); },
})"""
GONE = """
for (const name of ["keys", "delete"]) {
  caches[name] = () => Promise.reject(new DOMException("", "AbortError"));
}
for (const name of ["getRegistration", "getRegistrations"]) {
  navigator.serviceWorker[name] = () => Promise.reject(new DOMException("", "AbortError"));
}"""
ASKED_FOR = """
localStorage.setItem("tell-when-due", "yes");
Object.defineProperty(Notification, "permission", { value: "granted" });
"""


@pytest.fixture
def forgiven():
    return FORGIVEN


@pytest.fixture
def alice(transactional_db, log_in):
    user = UserFactory(email="alice@example.com")
    ConditionFactory(user=user)
    log_in(user)
    return user


@pytest.fixture
def answered():
    """Call it with an answer: the address of somebody who gives it to everything, and hangs up."""
    servers = []

    def answered(answer):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.recv(65_536)
                self.request.sendall(answer)

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield answered
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def today(page, alice):
    page.goto("/today/")
    page.evaluate(CONTROLLED)
    return page


def sent_in_the_end(page):
    """A try that was on its way when the answers were mended may hang: it is given up after 20 s."""
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(unsent(page)).to_be_hidden(timeout=40_000)
    return pains()


@pytest.mark.parametrize(
    "answer", [BROKEN_OFF % 422, BROKEN_OFF % 200, NOTHING], ids=["422", "200", "204"]
)
def test_entry_waits_where_its_answer_breaks_off(today, context, answered, answer):
    somebody = answered(answer)
    context.route("**/check-ins/new/", lambda route: route.continue_(url=somebody))
    check_in(today, 4)
    # Where Chromium takes neither the answer nor its end, the try is given up after 20 s.
    expect(unsent(today)).to_have_text("1 not yet sent", timeout=40_000)
    assert pains() == []
    context.unroute("**/check-ins/new/")
    assert sent_in_the_end(today) == [4]


@pytest.mark.parametrize("answer", [BROKEN_OFF % 200, CAFE, NOTHING], ids=["200", "cafe", "204"])
def test_entry_waits_where_the_token_does_not_come(today, context, answered, answer):
    context.set_offline(True)
    check_in(today, 0)
    expect(unsent(today)).to_have_text("1 not yet sent")
    somebody = answered(answer)
    context.route("**/kept/", lambda route: route.continue_(url=somebody))
    with today.expect_request("**/kept/"):
        context.set_offline(False)
    today.wait_for_timeout(500)
    expect(unsent(today)).to_have_text("1 not yet sent")
    context.unroute("**/kept/")
    assert sent_in_the_end(today) == [0]


def test_today_works_where_the_browser_keeps_nothing(page, alice):
    page.add_init_script(SWITCHED_OFF)
    page.goto("/today/")
    check_in(page, 0)
    page.get_by_text("Undo").wait_for()
    page.goto("/settings/")
    page.locator("main").get_by_role("button", name="Log out").click()
    page.get_by_text("Nothing of your diary is kept on this device.").wait_for()
    assert pains() == [0]


def test_session_counts_on_where_the_browser_keeps_nothing(page, alice):
    TreatmentSessionFactory(user=alice, started_at=timezone.now() - timedelta(minutes=41))
    page.add_init_script(SWITCHED_OFF)
    page.clock.install()
    page.goto("/today/")
    page.clock.run_for(5 * 60_000)
    expect(page.locator("[data-open-session] [data-ago]")).to_have_text("46 min ago")


def test_log_out_bears_that_its_answer_comes_first(page, alice):
    """Chromium ends what is asked of a storage that Clear-Site-Data has just emptied."""
    page.add_init_script(GONE)
    page.goto("/settings/")
    page.locator("main").get_by_role("button", name="Log out").click()
    page.get_by_text("Nothing of your diary is kept on this device.").wait_for()


def test_due_session_is_said_where_the_worker_is_gone(page, alice):
    started = timezone.now() - timedelta(minutes=41)
    TreatmentSessionFactory(
        user=alice, started_at=started, treatments=[TreatmentFactory(user=alice)]
    )
    page.add_init_script(GONE)
    page.add_init_script(ASKED_FOR)
    page.clock.install()
    page.goto("/today/")
    page.clock.run_for(5 * 60_000)
    expect(page.locator("[data-due-said]")).not_to_be_empty()
