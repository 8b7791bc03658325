"""What a device keeps is sealed: its owner opens it again, nobody else can, and nothing is lost."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, HowOften
from apps.users.templatetags.kept import key_of
from tests.browser.offline.test_offline import (
    CACHED,
    CONTROLLED,
    check_in,
    end_from_elsewhere,
    pains,
    tap,
    unsent,
)
from tests.factories import ConditionFactory, UserFactory, WaitPlanFactory

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = """() => Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.includes(" ")))"""
KEY = """() => new Promise((resolve) => {
  const opening = indexedDB.open("keys", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  opening.onsuccess = () => {
    const store = opening.result.transaction("keys").objectStore("keys");
    const [names, found] = [store.getAllKeys(), store.getAll()];
    store.transaction.oncomplete = async () => {
      opening.result.close();
      const read = (key) => crypto.subtle.exportKey("raw", key).then(() => "read", (e) => e.name);
      resolve([names.result, await Promise.all(found.result.map(read))]);
    };
  };
})"""
WORDS = """() => Object.entries(localStorage)
  .filter(([name]) => name.startsWith("words-"))
  .map(([_name, row]) => Object.keys(JSON.parse(row)).sort())"""
FORGET_WORDS = """() => Object.keys(localStorage)
  .filter((name) => name.startsWith("words-"))
  .forEach((name) => localStorage.removeItem(name))"""
SEALED = ["at", "iv", "sealed"]
WITHOUT_HTTPS = 'Object.defineProperty(crypto, "subtle", { value: undefined });'


@pytest.fixture
def forgiven():
    return re.compile(r"console: Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|FAILED)")


@pytest.fixture
def alice(transactional_db):
    user = UserFactory(email="alice@example.com")
    ConditionFactory(user=user)
    WaitPlanFactory(user=user, one_in=HowOften.NEVER)
    return user


@pytest.fixture
def charlie(transactional_db):
    user = UserFactory(email="charlie@example.com")
    ConditionFactory(user=user)
    return user


@pytest.fixture
def at_home(page, log_in, alice):
    """Alice's phone with Today open, the service worker at work, and her key fetched."""
    log_in(alice)
    with page.expect_response("**/kept/"):
        page.goto("/today/")
    page.evaluate(CONTROLLED)
    return page


def write_offline(page, leg):
    page.context.set_offline(True)
    check_in(page, leg)
    expect(unsent(page)).to_have_text("1 not yet sent")
    page.wait_for_timeout(300)


def rows(page):
    """The kinds of rows that are kept, and whether each is sealed."""
    return {
        name.split(" ")[0]: sorted(json.loads(row)) for name, row in page.evaluate(ROWS).items()
    }


def leave_to(page, somebody, log_in, alice):
    """Alice's log-in ends, and somebody else logs in on the same device."""
    end_from_elsewhere(alice)
    log_in(somebody)
    page.context.set_offline(False)
    page.goto("/today/")
    page.wait_for_timeout(500)


def test_drafts_and_unsent_entries_are_sealed_with_a_key_that_nobody_can_read(at_home):
    page = at_home
    write_offline(page, 9)
    tap(page, "leg_pain", 3)
    page.wait_for_timeout(300)
    assert rows(page) == {"draft": SEALED, "unsent": SEALED}
    assert "leg_pain" not in json.dumps(page.evaluate(ROWS))
    names, read = page.evaluate(KEY)
    assert (len(names), read) == (1, ["InvalidAccessError"])


def test_sealed_entry_is_sent_after_a_reload_without_a_connection(at_home):
    page = at_home
    write_offline(page, 9)
    page.reload()
    expect(page.get_by_role("heading", name="No connection to your diary")).to_be_visible()
    expect(unsent(page)).to_have_text("1 not yet sent")
    page.context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    assert pains() == [9]


def test_somebody_else_s_log_in_leaves_it_unreadable_and_its_owner_sends_it(
    at_home, log_in, alice, charlie
):
    page = at_home
    write_offline(page, 9)
    leave_to(page, charlie, log_in, alice)
    assert rows(page) == {"unsent": SEALED}
    expect(unsent(page)).to_be_hidden()
    tap(page, "leg_pain", 1)
    page.wait_for_timeout(500)
    assert page.evaluate(KEY)[0] == [key_of(charlie)]  # Alice's is gone from the device
    leave_to(page, alice, log_in, charlie)
    expect(unsent(page)).to_be_hidden()
    assert [(c.user.email, c.leg_pain) for c in CheckIn.objects.all()] == [("alice@example.com", 9)]


def test_what_others_left_goes_after_two_weeks(at_home, log_in, alice, charlie):
    page = at_home
    page.clock.install()
    write_offline(page, 9)
    leave_to(page, charlie, log_in, alice)
    page.clock.set_system_time(timezone.now() + timedelta(days=13, hours=23))
    page.goto("/today/")
    page.wait_for_timeout(300)
    assert list(rows(page)) == ["unsent"]
    page.clock.set_system_time(timezone.now() + timedelta(days=14, hours=1))
    page.goto("/today/")
    page.wait_for_timeout(300)
    assert rows(page) == {}


def test_own_unsent_entry_stays_however_old_it_is(at_home):
    page = at_home
    page.clock.install()
    write_offline(page, 9)
    page.clock.set_system_time(timezone.now() + timedelta(days=40))
    page.reload()
    expect(unsent(page)).to_have_text("1 not yet sent")
    assert rows(page) == {"unsent": SEALED}


def test_log_out_asks_about_own_entries_and_leaves_those_of_others(at_home, log_in, alice, charlie):
    page, asked = at_home, []
    write_offline(page, 9)
    leave_to(page, charlie, log_in, alice)
    write_offline(page, 1)
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    log_out = page.locator("form[data-forgets] button").first
    log_out.dispatch_event("click")
    page.wait_for_timeout(300)
    assert ("not yet sent" in asked[0], len(page.evaluate(ROWS))) == (True, 2)
    page.context.set_offline(False)
    expect(unsent(page)).to_be_hidden()  # sent
    log_out.dispatch_event("click")
    expect(page.locator("body[data-owner]")).to_have_count(0)
    page.wait_for_timeout(300)
    assert (len(asked), rows(page)) == (1, {"unsent": SEALED})
    leave_to(page, alice, log_in, charlie)
    expect(unsent(page)).to_be_hidden()
    assert sorted(pains()) == [1, 9]


def test_without_https_it_is_kept_as_it_is_and_nothing_is_lost(page, log_in, alice):
    page.add_init_script(WITHOUT_HTTPS)
    log_in(alice)
    page.goto("/today/")
    page.evaluate(CONTROLLED)
    write_offline(page, 4)
    assert "fields" in rows(page)["unsent"]
    page.reload()
    expect(unsent(page)).to_have_text("1 not yet sent")
    page.context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    assert pains() == [4]


def test_row_of_before_is_read_and_sealed(at_home):
    page = at_home
    write_offline(page, 9)
    plain = {"action": "/check-ins/new/", "typedAt": 1, "fields": [["leg_pain", "2"]]}
    page.evaluate(
        """(plain) => {
          const name = `draft ${localStorage.getItem("owner")} /old/`;
          localStorage.setItem(name, JSON.stringify({ ...plain, typedAt: Date.now() }));
        }""",
        plain,
    )
    page.reload()
    page.wait_for_timeout(500)
    assert rows(page) == {"draft": SEALED, "unsent": SEALED}


def test_row_that_was_put_under_another_name_is_not_opened(at_home):
    page = at_home
    write_offline(page, 9)
    page.evaluate(
        """() => {
          const name = Object.keys(localStorage).find((each) => each.startsWith("unsent "));
          localStorage.setItem(`${name}0`, localStorage.getItem(name));
        }"""
    )
    page.reload()
    expect(unsent(page)).to_have_text("1 not yet sent")


def test_page_without_a_connection_asks_in_one_s_own_words_which_nobody_else_can_read(
    at_home, alice, charlie, log_in
):
    page, check_in_offline = at_home, at_home.locator("[data-offline-check-in]")
    condition = Condition.objects.get(user=alice)
    Condition.objects.for_user(alice).update(first_place="shoulder", second_place="quince")
    page.evaluate(FORGET_WORDS)
    page.reload()
    for _tries in range(40):  # sealed when the page is idle
        if page.evaluate(WORDS):
            break
        page.wait_for_timeout(250)
    assert page.evaluate(WORDS) == [SEALED]
    page.context.set_offline(True)
    page.goto("/diary/")
    expect(check_in_offline.locator("legend")).to_have_text(
        ["Shoulder pain", "Quince pain", "Side"]
    )
    expect(check_in_offline).not_to_contain_text("leg and back")
    kept = [page.evaluate("({...localStorage})"), page.evaluate(CACHED)]
    assert "quince" not in json.dumps(kept).lower()
    check_in(page, 6)
    expect(unsent(page)).to_have_text("1 not yet sent")
    page.context.set_offline(False)
    expect(unsent(page)).to_be_hidden()
    entry = CheckIn.objects.get()
    assert (entry.condition, entry.leg_pain, entry.back_pain) == (condition, 6, None)
    leave_to(page, charlie, log_in, alice)
    page.context.set_offline(True)
    page.goto("/diary/")
    expect(check_in_offline.locator("legend").first).to_have_text("Leg pain")
    assert "quince" not in json.dumps(page.evaluate("({...localStorage})")).lower()
