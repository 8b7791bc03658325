"""A link in a real browser, on the real server: where its secret goes, and where it does not."""

import os
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from apps.sharing.links.keys import hash_of
from apps.sharing.models import ShareLink, ShareVisit
from tests.browser.guard import Guard
from tests.factories import CheckInFactory, ShareLinkFactory, UserFactory
from tests.servers import SERVE, running
from tests.your_data.test_erasing import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "9hVq2Lw7Zc4Xn1Rb6Tm8Ys3Kd5Fg0Jp7Uo2Ae4Ni6Bx"
CODE = "042137"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
REPORT = "header >> text=Shared with Sam, physiotherapist · read-only"
GATE = "main >> text=Somebody shared a part of their pain diary with you."


@pytest.fixture
def link(transactional_db):
    user = UserFactory(email="alice@example.com")
    now = timezone.now()
    CheckInFactory(user=user, rated_at=now, leg_pain=7)
    return ShareLinkFactory(user=user, created_at=now, secret_hash=hash_of(SECRET))


def address(link, secret=SECRET):
    return f"/s/{link.public_id}#{secret}"


@pytest.fixture
def hosted(transactional_db, tmp_path):
    """The program as it is hosted, on the tests' database: its address, and the file of its log."""
    log = tmp_path / "log"
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=connection.settings_dict["NAME"])
    with log.open("w") as out, running(SERVE, stdout=out, DATABASE_URL=url.geturl()) as (root, _):
        yield root, log


def traces(page):
    """All that the browser itself keeps of where it was and what it was given."""
    history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    kept = page.evaluate(
        """() => JSON.stringify([
          location.href, document.referrer, document.title, document.documentElement.outerHTML,
          {...localStorage}, {...sessionStorage}, document.cookie, history.state, window.name,
          performance.getEntries().map((entry) => entry.name),
        ])"""
    )
    return [kept, str(page.context.cookies()), str(page.context.storage_state()), str(history)]


def test_secret_is_in_the_body_of_one_request_and_nowhere_else(browser, link, hosted):
    root, log = hosted
    context = browser.new_context(base_url=root, user_agent=DESK)
    page, sent, printed = context.new_page(), [], []
    guard = Guard(page, root)
    context.on("request", lambda request: sent.append(request))
    context.on("console", lambda message: printed.append(message.text))
    page.goto(address(link))
    page.wait_for_selector(REPORT)
    page.reload()
    page.goto("/help-now/")
    page.go_back()
    page.wait_for_selector(REPORT)

    bodies = [(request.method, urlsplit(request.url).path) for request in sent if request.post_data]
    assert bodies == [("POST", f"/s/{link.public_id}/open")]
    [exchange] = [request for request in sent if request.post_data]
    assert exchange.post_data == f"secret={SECRET}"
    # Playwright gives the first address with its fragment, which no request line ever has.
    lines = [request.url.replace(f"{root}{address(link)}", "") for request in sent]
    headers = [request.all_headers() for request in sent]
    assert [entry for entry in [*lines, *printed, *traces(page)] if SECRET in entry] == []
    assert [
        entry for entry in headers if SECRET in str(entry) or "/s/" in entry.get("referer", "")
    ] == []
    assert urlsplit(page.url).fragment == ""
    logged = log.read_text()
    assert f"GET /s/{link.public_id} 200" in logged
    assert f"POST /s/{link.public_id}/open 302" in logged
    assert (SECRET in logged, SECRET in everything_stored()) == (False, False)
    assert (hash_of(SECRET) in everything_stored(), ShareVisit.objects.count()) == (True, 1)
    assert guard.complaints == []
    context.close()


def test_pass_is_out_of_reach_of_scripts_and_other_sites(page, link, context):
    page.goto(address(link))
    page.wait_for_selector(REPORT)
    [cookie] = context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["secure"]) == (
        f"share-{link.public_id}",
        True,
        "Strict",
        False,
    )
    twelve_hours = timezone.now() + timedelta(hours=12)
    assert abs(cookie["expires"] - twelve_hours.timestamp()) < 60
    assert page.evaluate("document.cookie") == ""


def test_wrong_secret_is_said_and_can_be_pasted_right(context, link):
    page = context.new_page()  # without the guard: to a script, too, the answer is a 404
    page.goto(address(link, "w" * 43))
    page.get_by_role("alert").get_by_text("This does not open a report.").wait_for()
    assert urlsplit(page.url).fragment == ""
    page.get_by_label("The address, or what follows its #").fill(
        f"https://x.example{address(link)}"
    )
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector(REPORT)


def test_lost_connection_keeps_the_secret_for_another_try(browser, link, live):
    context = browser.new_context(base_url=live)
    page = context.new_page()
    page.route("**/open", lambda route: route.abort())
    page.goto(address(link))
    page.get_by_text("The report could not be fetched just now.").wait_for()
    page.unroute("**/open")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(REPORT)
    context.close()


@pytest.mark.parametrize("path", ["/s/{id}#{secret}.", "/s/{id}/#{secret})", "/s/{id}%23{secret},"])
def test_address_opens_with_what_a_program_left_behind_it(page, link, live, path):
    page.goto(live + path.format(id=link.public_id, secret=SECRET))
    page.wait_for_selector(REPORT)
    assert page.url == f"{live}/s/{link.public_id}"


def test_link_opens_without_javascript(browser, link, live):
    plain = browser.new_context(base_url=live, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"/s/{link.public_id}")
    page.wait_for_selector(GATE)
    page.get_by_label("The address, or what follows its #").fill(SECRET)
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector(REPORT)
    assert page.url == f"{live}/s/{link.public_id}"
    plain.close()


def test_six_digits_are_asked_after_the_secret(page, link, axe):
    ShareLink.objects.update(code_hash=make_password(CODE))
    page.goto(address(link))
    page.get_by_label("Six digits").fill("000000")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="Six digits: These are not the digits.").wait_for()
    assert axe() == []
    page.get_by_label("Six digits").fill(CODE)
    page.get_by_role("button", name="Open").click()
    page.wait_for_selector(REPORT)


def test_page_that_is_open_ends_with_the_link(page, link):
    page.goto(address(link))
    page.wait_for_selector(REPORT)
    ShareLink.objects.for_user(link.user).revoke(at=timezone.now())
    assert page.reload().status == 404
    page.wait_for_selector(GATE)


def test_new_address_opens_although_the_old_pass_is_still_there(page, link):
    page.goto(address(link))
    page.wait_for_selector(REPORT)
    newer = SECRET[::-1]
    ShareLink.objects.update(secret_hash=hash_of(newer), generation=2)
    page.goto("/help-now/")
    page.goto(address(link, newer))
    page.wait_for_selector(REPORT)
    assert urlsplit(page.url).fragment == ""


def text_of(page):
    """The words, as they do not change with the width of the window."""
    return " ".join(page.locator("main").text_content().split())


def test_owner_makes_a_link_copies_it_and_somebody_opens_it(page, context, browser, live, log_in):
    user = UserFactory()
    CheckInFactory(user=user, rated_at=timezone.now() - timedelta(days=1))
    log_in(user)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/share/")
    page.locator("main").get_by_role("link", name="Make a link").click()
    page.get_by_label("For whom").fill("Sam, physiotherapist")
    with context.expect_page() as opened:
        page.get_by_role("button", name="See first what they will see").click()
    preview = text_of(opened.value)
    opened.value.close()
    assert ShareLink.objects.count() == 0
    page.get_by_role("button", name="Make the link").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("[data-address]").input_value()
    assert page.get_by_role("button", name="Print").is_visible()
    assert page.locator(".share-picture").evaluate("image => image.naturalWidth") > 0

    other = browser.new_context(base_url=live, locale="en-GB", user_agent=DESK)
    reader = other.new_page()
    reader.goto(copied)
    reader.wait_for_selector(REPORT)
    assert text_of(reader) == preview
    other.close()
    page.goto("/share/")
    page.get_by_text("once, on").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="End it").click()
    page.get_by_text("The link for Sam, physiotherapist has ended.").wait_for()
