"""What a person is told about their account, and what the host's log says of the same."""

import logging
import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.sharing.models import ShareLink
from apps.users.security_events import SecurityEvent
from apps.your_data.expiry import clear
from tests.factories import FILE, PASSWORD, SECRET, ConditionFactory, ShareLinkFactory, UserFactory
from tests.sharing.reading import page, reader
from tests.users.log_in.test_accounts_two_factor import code_of
from tests.users.pages import ask_for_reset, confirm_password, link_in, log_in

PAGE = reverse("users:security")
NEW_PASSWORD = "another long password"
LINE = re.compile(r"event=[a-z_]+ account=(\d+|-)")


@pytest.fixture(autouse=True)
def mode(without_mail):
    """Nobody here has to confirm an address first."""


@pytest.fixture
def lines(caplog):
    """What the log has said of accounts so far."""
    caplog.set_level(logging.INFO, "security")
    return lambda: [r.getMessage() for r in caplog.records if r.name == "security"]


def kinds(user):
    return list(SecurityEvent.objects.for_user(user).order_by("id").values_list("kind", flat=True))


@pytest.mark.django_db(transaction=True)  # two-factor log-in tells once all is stored
def test_every_event_is_a_row_for_its_owner_and_a_line_without_words(lines):
    alice, client = UserFactory(email="alice@example.com"), Client()
    log_in(Client(), alice.email, "wrong")
    log_in(client, alice.email)
    confirm_password(client)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    client.post(reverse("mfa_deactivate_totp"))
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(reverse("account_change_password"), change)
    client.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    client.post(link_in(mail.outbox[-1]))
    happened = ["log_in_failed", "logged_in", "two_factor_on", "two_factor_off"]
    happened += ["password_changed", "email_changed"]
    assert kinds(alice) == happened
    assert lines() == [f"event={kind} account={alice.pk}" for kind in happened]


def test_what_leaves_the_house_is_told_too(as_alice, alice, lines):
    SecurityEvent.objects.all().delete()
    new = {
        "client_id": str(uuid.uuid4()),
        "for_whom": "Dr Weiß",
        "condition": ConditionFactory(user=alice).pk,
        "span": "moving",
        "sections": ["summary"],
        "lasts_days": "3",
    }
    as_alice.post(reverse("sharing:create"), new)
    link = ShareLink.objects.get()
    as_alice.post(reverse("sharing:renew", args=[link.pk]))
    as_alice.post(reverse("sharing:revoke", args=[link.pk]))
    as_alice.post(reverse("sharing:revoke", args=[link.pk]))
    b"".join(as_alice.get("/your-data/export.csv"))
    as_alice.post(reverse("your_data:import"), {"file": SimpleUploadedFile("d.csv", FILE)})
    as_alice.post(reverse("your_data:import_preview"))
    happened = ["link_made", "link_made", "link_ended", "exported", "imported"]
    assert kinds(alice) == happened
    assert lines()[-5:] == [f"event={kind} account={alice.pk}" for kind in happened]


def test_opened_link_is_told_to_its_owner_once_a_visit(alice, lines):
    link = ShareLinkFactory(user=alice, created_at=timezone.now())
    client = reader(link, SECRET)
    client.get(page(link))
    client.get(page(link))
    assert kinds(alice) == ["link_opened"]


def test_reset_password_is_told(client, alice):
    ask_for_reset(client, alice.email)
    form_page = client.get(link_in(mail.outbox[0])).headers["Location"]
    client.post(form_page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert kinds(alice) == ["password_changed"]


def test_erased_account_leaves_a_line_and_no_row(as_alice, alice, lines):
    number = alice.pk
    as_alice.post(reverse("your_data:erase"), {"password": PASSWORD})
    assert lines()[-1] == f"event=erased account={number}"
    assert SecurityEvent.objects.count() == 0


def test_unknown_address_costs_the_same_statements_and_is_not_written_down(db, alice, lines):
    def statements_of(email):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            log_in(Client(), email, "wrong")
        return [query["sql"].split(" ")[0] for query in queries]

    assert statements_of(alice.email) == statements_of("nobody@example.com")
    assert lines() == [f"event=log_in_failed account={alice.pk}", "event=log_in_failed account=-"]
    assert SecurityEvent.objects.count() == 1


def test_lines_hold_no_address_and_nothing_else(client, alice, lines):
    for email in (alice.email, "x\nevent=logged_in account=1@example.com", "\u2028@example.com"):
        log_in(client, email, "wrong")
    assert [line for line in lines() if not LINE.fullmatch(line)] == []


def test_page_shows_the_latest_first_and_ones_own_only(as_alice, alice, charlie):
    SecurityEvent.objects.all().delete()
    now = timezone.now()
    for user, kind, at in [
        (alice, "logged_in", now - timedelta(hours=1)),
        (alice, "exported", now),
        (charlie, "imported", now),
    ]:
        SecurityEvent.objects.create(user=user, kind=kind, at=at)
    shown = as_alice.get(PAGE).context["events"]
    assert [event.kind for event in shown] == ["exported", "logged_in"]


def test_page_takes_as_many_queries_with_many_events(as_alice, alice):
    def number():
        with CaptureQueriesContext(connection) as queries:
            as_alice.get(PAGE)
        return len(queries)

    one = number()
    for _ in range(3):
        SecurityEvent.objects.create(user=alice, kind="exported", at=timezone.now())
    assert number() == one


def test_events_go_after_90_days(alice):
    now = timezone.now()
    for days in (89, 90):
        at = now - timedelta(days=days)
        SecurityEvent.objects.create(user=alice, kind="exported", at=at)
    assert clear(at=now)["security events"] == 1
    assert SecurityEvent.objects.get().at == now - timedelta(days=89)


def test_database_refuses_a_kind_that_nobody_knows(alice):
    with pytest.raises(IntegrityError, match="securityevent_kind_is_known"):
        SecurityEvent.objects.create(user=alice, kind="x", at=timezone.now())
