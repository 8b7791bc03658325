"""Mails under faults: nothing twice, and nothing lost that was still due."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import pytest
from django.db import connection

from apps.diary.models import Reminder, ReminderPlan
from apps.diary.reminders.due import AT_A_TIME
from apps.diary.reminders.mails import MOST_BROKEN, send_due
from apps.users.models import User
from tests.diary.reminders.far_from_midnight import by_day
from tests.diary.reminders.mail_server import mail_server
from tests.factories import ReminderPlanFactory, UserFactory
from tests.servers import ROOT, address_of

EVENING = datetime(2026, 3, 10, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PEOPLE = AT_A_TIME + 1
AROUND = 6  # statements to find out who they are

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses_are_not_verified(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    settings.EMAIL_TIMEOUT = 0.3


@pytest.fixture
def postbox(settings):
    with mail_server(settings) as box:
        yield box


def daily(user, at=clock(20)):
    return ReminderPlanFactory(user=user, is_daily=True, daily_at=at)


def nothing_is_claimed():
    return (Reminder.objects.count(), ReminderPlan.objects.get().unanswered) == (0, 0)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("RCPT", "450 4.2.0 Greylisted"),
        ("RCPT", "451 Try again"),
        ("DATA", "451 4.7.1 Greylisted"),
        ("DATA", "452 Too many"),
        ("MAIL", "421 Closing"),
        ("MAIL", "451 Not now"),
        ("MAIL", "550 Not from you"),
    ],
)
def test_server_that_says_later_gets_it_later_and_once(alice, postbox, caplog, step, answer):
    daily(alice)
    postbox.answers[step] = answer
    assert [send_due(at=EVENING + n * MINUTE) for n in range(3)] == [0, 0, 0]
    assert nothing_is_claimed()
    assert "alice" not in caplog.text
    postbox.answers.clear()
    assert [send_due(at=EVENING + n * MINUTE) for n in range(5, 8)] == [1, 0, 0]
    assert postbox.received_by == [alice.email]


def test_greylisting_of_one_holds_nobody_else_up(alice, charlie, postbox):
    daily(alice), daily(charlie)
    postbox.answers["RCPT"] = "450 Greylisted"
    assert send_due(at=EVENING) == 0
    assert postbox.connected == 2  # mails begun, in one connection
    postbox.answers.clear()
    assert send_due(at=EVENING + MINUTE) == 2


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_refused_for_good_is_not_tried_again(alice, postbox, step):
    daily(alice)
    postbox.answers[step] = "554 Never"
    send_due(at=EVENING)
    postbox.answers.clear()
    assert send_due(at=EVENING + MINUTE) == 0
    assert (Reminder.objects.count(), ReminderPlan.objects.get().unanswered) == (1, 0)


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
def test_server_that_does_not_answer_loses_nothing(alice, postbox, caplog, step):
    daily(alice)
    postbox.hangs.add(step)
    assert send_due(at=EVENING) == 0
    assert nothing_is_claimed()
    assert caplog.messages == ["A reminder could not be sent (SMTPServerDisconnected)."]
    postbox.hangs.clear()
    assert send_due(at=EVENING + MINUTE) == 1


def test_server_that_does_not_answer_is_asked_three_times_in_a_run(postbox):
    for _number in range(5):
        daily(UserFactory())
    postbox.hangs.add("RCPT")
    assert (send_due(at=EVENING), postbox.connected) == (0, MOST_BROKEN)
    postbox.hangs.clear()
    assert send_due(at=EVENING + MINUTE) == 5


def test_mail_that_was_handed_over_without_an_answer_is_not_repeated(alice, postbox):
    """The server has it, or not: nobody knows."""
    daily(alice)
    postbox.hangs.add("DATA")
    assert send_due(at=EVENING) == 0
    postbox.hangs.clear()
    assert send_due(at=EVENING + MINUTE) == 0
    assert postbox.received_by == [alice.email]


# The process is killed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("step", "sent_afterwards"), [("MAIL", 1), ("RCPT", 1), ("DATA", 0)])
def test_killed_sender_sends_nothing_twice_and_loses_nothing(settings, step, sent_afterwards):
    now = datetime.now(UTC)
    zone, minute = by_day(now)
    user = UserFactory(time_zone=zone)
    daily(user, minute)
    with mail_server(settings) as box:
        box.hangs.add(step)
        sender = a_sender(settings.EMAIL_PORT)
        assert box.reached.wait(30)
        sender.send_signal(signal.SIGKILL)
        assert sender.wait(10) == -signal.SIGKILL
        box.hangs.clear()
        assert send_due(at=now + MINUTE) == sent_afterwards
        assert send_due(at=now + 2 * MINUTE) == 0
    assert box.received_by == [user.email]


def a_sender(port):
    environment = {
        "DATABASE_URL": address_of(connection),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_TLS": "0",
        "EMAIL_VERIFICATION": "none",
    }
    command = [sys.executable, "manage.py", "send_reminders"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)


# Many at once


def test_each_of_many_mails_takes_one_statement(postbox, settings, django_assert_max_num_queries):
    """Ten thousand are to be sent within a minute of processor time (tests/bench/reminding.py
    measures it): asking the database is what takes the most of it."""
    settings.EMAIL_TIMEOUT = 30
    people = User.objects.bulk_create(
        UserFactory.build(email=f"person{n}@example.com") for n in range(PEOPLE)
    )
    ReminderPlan.objects.bulk_create(
        ReminderPlanFactory.build(user=user, is_daily=True, daily_at=clock(20)) for user in people
    )
    with django_assert_max_num_queries(PEOPLE + AROUND):
        assert send_due(at=EVENING) == PEOPLE
    assert len(postbox.received_by) == PEOPLE
