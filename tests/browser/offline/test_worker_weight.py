"""What the service worker fetches by itself on the first visit, and when."""

import re
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from apps.demo.rows import keep_diary
from tests.browser.wire import counted
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAGE, WORKER = 33_000, 16_000  # bytes; more than what the browser says: headers, the icon
HELD_BACK = "window.requestIdleCallback = (then) => { window.idle = then; };"
AT_WORK = """async () => {
  while (!window.idle) await new Promise((then) => setTimeout(then, 20));
  window.idle();
  await navigator.serviceWorker.ready;
}"""


@pytest.fixture
def wire(live):
    with counted(urlsplit(live).port) as wire:
        yield wire


def test_worker_waits_for_the_page_and_fetches_little(wire, context, log_in):
    user = UserFactory()
    keep_diary(user, at=timezone.now())
    log_in(user)
    page = context.new_page()
    page.add_init_script(HELD_BACK)
    page.goto(f"{wire.url}/today/", wait_until="networkidle")
    paths, received = len(wire.paths), wire.received
    assert 20_000 < received < PAGE
    with page.expect_response("**/kept/"):
        page.evaluate(AT_WORK)
    page.wait_for_timeout(500)
    asked = {re.sub(r"\.\w{12}\.", ".", each) for each in wire.paths[paths:]}
    scripts = {f"/static/js/offline/{name}.js" for name in ("page", "sealed", "words")}
    assert asked == {"/sw.js", "/offline/", "/help-now/", "/kept/", *scripts}
    assert 1_000 < wire.received - received < WORKER
    page.close()
