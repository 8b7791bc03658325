"""What forms that must not lose anything get from the server."""

import re
import uuid
from base64 import b64decode
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from apps.diary.models import CheckIn
from apps.users.templatetags.kept import key_of, owner_of
from tests.browser.forms import FILTERS, FORMS, KEPT, one_of_each
from tests.browser.pages import address, all_names
from tests.factories import NOON, PASSWORD, CheckInFactory

NEW, LOG_IN = "/check-ins/new/", "/accounts/login/"
BY_SCRIPT = {"X-Kept-Form": "1"}


def typed(user, **fields):
    return {"client_id": str(uuid.uuid4()), "kept_for": key_of(user), **fields}


def test_script_learns_from_headers_that_an_entry_is_saved(as_alice, alice):
    response = as_alice.post(NEW, typed(alice, leg_pain="4"), headers=BY_SCRIPT)
    assert (response.status_code, response["X-Go-To"], response.content) == (204, "/today/", b"")
    assert CheckIn.objects.count() == 1


def test_script_learns_that_the_log_in_has_expired(client, alice):
    response = client.post(NEW, typed(alice, leg_pain="4"), headers=BY_SCRIPT)
    assert (response.status_code, "Location" in response.headers) == (401, False)
    assert "typed" not in client.session


def test_script_gets_refusals_and_pages_as_everybody_else(as_alice, alice):
    assert as_alice.post(NEW, typed(alice, leg_pain="11"), headers=BY_SCRIPT).status_code == 422
    assert as_alice.get("/no-such-page/", headers=BY_SCRIPT).status_code == 404


def test_token_page_says_whose_log_in_it_is(as_alice, alice, charlie):
    said = as_alice.get("/kept/").json()
    assert (said["owner"], len(said["token"])) == (key_of(alice), 64)
    assert owner_of(said["owner"]) == alice.pk != owner_of(key_of(charlie))


def test_device_gets_a_key_of_each_person_s_own(as_alice, charlie):
    as_charlie = Client()
    as_charlie.force_login(charlie)
    keys = [client.get("/kept/").json()["key"] for client in (as_alice, as_alice, as_charlie)]
    assert [len(b64decode(key)) for key in keys] == [32, 32, 32]
    assert keys[0] == keys[1] != keys[2]


def test_pages_never_hold_the_key(as_alice):
    key = as_alice.get("/kept/").json()["key"]
    for path in ("/today/", NEW, "/settings/", "/offline/"):
        assert key not in as_alice.get(path).content.decode()


@pytest.mark.parametrize("key", ["", "1", "1:forged", "\x00", "x" * 10_000])
def test_forged_keys_are_nobodys(key):
    assert owner_of(key) is None


def log_in(client, user, then):
    data = {"login": user.email, "password": PASSWORD, "next": then}
    return client.post(LOG_IN, data, follow=True)


@pytest.fixture
def sent_too_late(client, alice):
    """What Alice typed, sent by a browser without script after her log-in had expired."""
    with time_machine.travel(NOON, tick=False):
        response = client.post(NEW, typed(alice, leg_pain="0", note="kept for me"))
    assert response.url == f"{LOG_IN}?{urlencode({'next': NEW}, safe='/')}"
    return client


@time_machine.travel(NOON + timedelta(minutes=10), tick=False)
def test_what_was_sent_after_the_log_in_expired_is_saved_after_logging_in(sent_too_late, alice):
    offered = log_in(sent_too_late, alice, NEW)
    assert offered.templates[0].name == "diary/entries/typed_while_logged_out.html"
    fields = dict(offered.context["fields"]) | {"typed_ago": offered.context["seconds"]}
    assert fields["note"] == "kept for me"
    response = sent_too_late.post(NEW, fields)
    assert (response.status_code, response.url) == (302, "/today/")
    stored = CheckIn.objects.get()
    assert (stored.leg_pain, stored.note, stored.rated_at) == (0, "kept for me", NOON)
    assert "typed" not in sent_too_late.session
    assert sent_too_late.get(NEW).templates[0].name == "diary/writing/checkin_form.html"


@time_machine.travel(NOON + timedelta(minutes=10), tick=False)
def test_somebody_else_who_logs_in_sees_nothing_of_it(sent_too_late, charlie):
    page = log_in(sent_too_late, charlie, NEW)
    assert page.templates[0].name == "diary/writing/checkin_form.html"
    assert (b"kept for me" in page.content, "typed" in sent_too_late.session) == (False, False)


@time_machine.travel(NOON + timedelta(minutes=61), tick=False)
def test_it_waits_for_an_hour(sent_too_late, alice):
    page = log_in(sent_too_late, alice, NEW)
    assert page.templates[0].name == "diary/writing/checkin_form.html"
    assert "typed" not in sent_too_late.session


@time_machine.travel(NOON + timedelta(minutes=10), tick=False)
def test_it_can_be_discarded(sent_too_late, alice):
    log_in(sent_too_late, alice, NEW)
    response = sent_too_late.post(NEW, {"discard_typed": "1"})
    assert (response.status_code, response.url) == (302, NEW)
    assert (CheckIn.objects.count(), "typed" in sent_too_late.session) == (0, False)


@pytest.mark.parametrize(
    "fields", [{"kept_for": ""}, {"kept_for": "1:forged"}, {"note": "n" * 50_000}]
)
def test_strangers_cannot_fill_our_sessions(client, alice, fields):
    client.post(NEW, typed(alice, leg_pain="4") | fields)
    assert "typed" not in client.session


def test_logging_out_tells_the_device_to_forget(as_alice):
    response = as_alice.post(reverse("account_logout"))
    assert response["Clear-Site-Data"] == '"storage"'
    page = as_alice.get(response.url).content.decode()
    assert page.count("data-forget>") == 0
    assert page.count("<div data-forget ") == 1
    assert "data-forget" not in as_alice.get("/").content.decode()


def test_device_keeps_what_others_left_unsent_there(as_alice):
    response = as_alice.post(reverse("account_logout"), {"others_unsent": "yes"})
    assert "Clear-Site-Data" not in response.headers
    assert as_alice.get(response.url).content.decode().count("<div data-forget ") == 1


def test_deleting_everything_tells_the_device_to_forget(as_alice):
    refused = as_alice.post(reverse("your_data:erase"), {"password": "wrong"})
    assert (refused.status_code, "Clear-Site-Data" in refused.headers) == (422, False)
    response = as_alice.post(reverse("your_data:erase"), {"password": PASSWORD})
    assert response["Clear-Site-Data"] == '"storage"'
    assert as_alice.get(response.url).content.decode().count("<div data-forget ") == 1


@pytest.mark.parametrize("path", ["/today/", NEW, "/sessions/start/", "/sessions/new/"])
def test_every_page_with_an_entry_form_keeps_what_is_typed(as_alice, alice, path):
    page = as_alice.get(path).content.decode()
    assert (len(re.findall(r"\sdata-keep\s", page)), page.count('name="kept_for"')) == (1, 1)


def test_forms_that_change_an_entry_keep_what_is_typed(as_alice, alice):
    entry = CheckInFactory(user=alice)
    page = as_alice.get(f"/check-ins/{entry.pk}/edit/").content.decode()
    assert (len(re.findall(r"\sdata-keep\s", page)), page.count('name="kept_for"')) == (1, 1)


@pytest.mark.parametrize(("count", "queries"), [(1, 3), (3, 3)])
def test_token_page_asks_no_more_with_more_entries(
    as_alice, alice, count, queries, django_assert_max_num_queries
):
    CheckInFactory.create_batch(count, user=alice)
    with django_assert_max_num_queries(queries):
        assert as_alice.get("/kept/").status_code == 200


def test_expired_form_of_a_script_is_told_by_its_status(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(NEW, typed(alice, leg_pain="4"), headers=BY_SCRIPT).status_code == 403


def forms_of(page, path):
    """What stands in each form of a page, by the name of the URL that it goes to."""
    found = {}
    for start, inner in re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.DOTALL):
        action = re.search(r'action="([^"]*)"', start)
        name = resolve(action[1] if action else path).view_name
        found[name] = found.get(name, "") + inner
    return found


@pytest.mark.parametrize("name", sorted(KEPT))
def test_expired_log_in_loses_nothing_of_any_form_about_health(name, as_alice, alice):
    one_of_each(alice, at=timezone.now())
    parameters = dict(all_names())[name]
    path = address(name, parameters, alice)
    holds_it = reverse(FORMS[name].page) if FORMS[name].page else path
    form = "sharing:create" if name == "sharing:preview_new" else name
    inner = forms_of(as_alice.get(holds_it).content.decode(), path)[form]
    assert inner.count(f'name="kept_for" value="{key_of(alice)}"') == inner.count("kept_for") > 0

    stranger, fields = Client(), dict(FORMS[name].typed)
    stranger.post(path, fields | {"kept_for": key_of(alice)})
    offered = log_in(stranger, alice, path)
    assert offered.templates[0].name == "diary/entries/typed_while_logged_out.html"
    assert dict(offered.context["fields"]) == fields


@pytest.mark.parametrize("name", sorted(FORMS.keys() - KEPT - FILTERS))
def test_no_password_and_no_code_is_ever_kept(name, as_alice, alice):
    path = address(name, dict(all_names())[name], alice)
    page = as_alice.get(path, follow=True).content.decode() if path else ""
    assert "kept_for" not in forms_of(page, path or "/").get(name, "")


class Unreadable:
    """An upload that must not be looked into."""

    def read(self, *_size):
        raise AssertionError("the upload of a stranger was read")

    readline = read


def test_upload_of_a_stranger_is_not_read(client, db):
    response = client.post(
        reverse("your_data:import"),
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="1000",
        **{"wsgi.input": Unreadable()},
    )
    assert response.headers["Location"].startswith(LOG_IN)
