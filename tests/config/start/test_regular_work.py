"""The process that sends reminders and deletes what has had its time, on the tests' database."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from django.db import connection

from apps.sharing.models import ShareLink
from tests.diary.reminders.far_from_midnight import by_day
from tests.diary.reminders.mail_server import mail_server
from tests.factories import ReminderPlanFactory, ShareLinkFactory, UserFactory
from tests.servers import ROOT


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_process_works_until_it_is_told_to_end(settings, ending):
    zone, minute = by_day(datetime.now(UTC))
    user = UserFactory(time_zone=zone)
    ReminderPlanFactory(user=user, is_daily=True, daily_at=minute)
    ShareLinkFactory(user=user)  # over since last spring
    with mail_server(settings) as box:
        process = start(box_port=settings.EMAIL_PORT)
        give_up_at = time.monotonic() + 30
        while (not box.mails or ShareLink.objects.exists()) and time.monotonic() < give_up_at:
            time.sleep(0.05)
        process.send_signal(ending)
        assert process.wait(10) == 0
    assert (box.received_by, ShareLink.objects.count()) == ([user.email], 0)


ENDED_EARLY = """
import os, signal, django
from config.start import regular_work
set_up = django.setup
django.setup = lambda: (os.kill(os.getpid(), signal.SIGINT), set_up())
regular_work.main()
"""


def test_process_that_is_ended_while_it_starts_has_nothing_to_say():
    settings = {"DATABASE_URL": "postgresql:///unused"}
    command = [sys.executable, "-c", ENDED_EARLY]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


def start(box_port):
    mine = connection.settings_dict
    database = f"postgresql://{mine['USER']}:{mine['PASSWORD']}@/{mine['NAME']}"
    place = f"?host={mine['HOST']}&port={mine['PORT']}"
    environment = {
        "DATABASE_URL": database + place,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(box_port),
        "EMAIL_TLS": "0",
        "EMAIL_VERIFICATION": "none",
    }
    command = [sys.executable, "-m", "config.start.regular_work"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
