"""Reminders as a real mail server receives them, and what happens when it does not."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from apps.diary.models import Reminder, ReminderPlan
from apps.diary.reminders.mails import send_due
from tests.diary.reminders.mail_server import mail_server
from tests.factories import (
    NOON,
    ReminderPlanFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)
from tests.servers import free_port

EVENING = datetime(2026, 3, 10, 20, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses_are_not_verified(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    settings.SITE_URL = "https://diary.example.com"


@pytest.fixture
def postbox(settings):
    with mail_server(settings) as box:
        yield box


def daily(user, **fields):
    return ReminderPlanFactory(user=user, is_daily=True, daily_at=time(20), **fields)


def lines(mail):
    return [line for line in mail.get_content().splitlines() if line]


def test_daily_reminder_as_it_arrives(alice, postbox, client):
    daily(alice)
    assert send_due(at=EVENING) == 1
    ((to, mail),) = postbox.mails
    off_url = mail["List-Unsubscribe"].strip(" <>")
    assert (to, mail["To"], mail["Subject"]) == (
        ["alice@example.com"],
        "alice@example.com",
        "A reminder from your diary",
    )
    assert (mail["List-Unsubscribe-Post"], mail["Auto-Submitted"]) == (
        "List-Unsubscribe=One-Click",
        "auto-generated",
    )
    assert lines(mail) == [
        "You asked to be reminded once a day. There is nothing in your diary for today yet.",
        "https://diary.example.com/today/",
        "When reminders come:",
        "https://diary.example.com/settings/reminders/",
        "Turn all reminders off, without logging in:",
        off_url,
        "Did it work?",
    ]
    path = off_url.removeprefix("https://diary.example.com")
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert send_due(at=EVENING + DAY) == 0


def test_session_reminder_names_no_treatment_and_no_complaint(alice, postbox):
    mat = TreatmentFactory(user=alice, name="Shakti mat")
    TreatmentSessionFactory(user=alice, treatments=[mat], note="numb foot")
    ReminderPlanFactory(user=alice, for_sessions=True)
    assert send_due(at=NOON + timedelta(minutes=45)) == 1
    ((_to, mail),) = postbox.mails
    assert lines(mail)[:2] == [
        "You asked to be reminded: something in your diary is ready to be finished.",
        "https://diary.example.com/today/",
    ]
    telling = r"pain|sciatica|shakti|mat\b|numb|foot|leg|treatment|session|\d{2}:\d{2}"
    said = mail["Subject"] + re.sub(r"https://\S+", "", mail.get_content())
    assert re.findall(telling, said, re.IGNORECASE) == []


def test_third_without_an_entry_says_that_it_is_the_last(alice, postbox):
    daily(alice)
    assert [send_due(at=EVENING + number * DAY) for number in range(5)] == [1, 1, 1, 0, 0]
    said = "so this is the last one until you write again"
    assert [said in mail.get_content() for _to, mail in postbox.mails] == [False, False, True]


def test_running_it_again_sends_nothing_again(alice, charlie, postbox):
    daily(alice), daily(charlie)
    minutes = [EVENING + timedelta(minutes=number) for number in range(5)]
    assert [send_due(at=at) for at in minutes] == [2, 0, 0, 0, 0]
    assert postbox.received_by == ["alice@example.com", "charlie@example.com"]


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(postbox):
    for _number in range(6):
        daily(UserFactory())

    def send(_number):
        try:
            return send_due(at=EVENING)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as senders:
        assert sum(senders.map(send, range(3))) == 6
    assert len(postbox.received_by) == len(set(postbox.received_by)) == 6


@pytest.mark.parametrize("refusal", ["refused", "cut_off"])
def test_refused_mail_holds_nobody_else_up_and_is_not_in_the_log(
    alice, charlie, settings, caplog, refusal
):
    daily(alice), daily(charlie), daily(UserFactory(email="zoe@example.com"))
    with mail_server(settings, **{refusal: ["alice@example.com"]}) as box:
        assert send_due(at=EVENING) == 2
        assert send_due(at=EVENING + timedelta(minutes=1)) == 0
    assert box.received_by == ["charlie@example.com", "zoe@example.com"]
    # Refused for good is done with; where the line breaks, it is tried again while it is due.
    said = {"refused": ["550"], "cut_off": ["SMTPServerDisconnected"] * 2}[refusal]
    assert [record.getMessage() for record in caplog.records if record.name.startswith("apps")] == [
        f"A reminder could not be sent ({kind})." for kind in said
    ]
    assert "alice" not in caplog.text


def test_refused_mails_do_not_count_as_ignored(alice, settings):
    daily(alice)
    with mail_server(settings, refused=["alice@example.com"]):
        for number in range(4):
            send_due(at=EVENING + number * DAY)
    assert (ReminderPlan.objects.get().unanswered, Reminder.objects.count()) == (0, 4)


def test_server_that_cannot_be_reached_loses_nothing(alice, settings, caplog):
    daily(alice)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert (send_due(at=EVENING), Reminder.objects.count()) == (0, 0)
    assert caplog.messages == ["The mail server cannot be reached (ConnectionRefusedError)."]
    with mail_server(settings) as box:
        assert send_due(at=EVENING + timedelta(minutes=10)) == 1
    assert box.received_by == ["alice@example.com"]


def test_without_a_mail_server_nothing_is_claimed(alice, settings, mailoutbox, capsys):
    settings.EMAIL_HOST = ""
    daily(alice)
    assert send_due(at=EVENING) == 0
    call_command("send_reminders")
    assert capsys.readouterr().err == (
        "No mail server is set (EMAIL_HOST): no reminders are sent.\n0 sent, 0 called.\n"
    )
    assert (Reminder.objects.count(), mailoutbox) == (0, [])
