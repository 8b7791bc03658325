"""What has had its time goes without anybody opening a page, and nothing else goes."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client

from apps.demo.accounts import LASTS
from apps.diary.models import CheckIn, DeletedEntry, PendingImport
from apps.sharing.models import KEPT_AFTER_ITS_END, ShareLink, ShareVisit
from apps.users.models import User
from apps.your_data.expiry import clear
from tests.factories import (
    NOON,
    CheckInFactory,
    DeletedEntryFactory,
    PendingImportFactory,
    ShareLinkFactory,
    ShareVisitFactory,
    UserFactory,
)
from tests.users.pages import log_in

MINUTE = timedelta(minutes=1)
NOTHING = {
    "demo diaries": 0,
    "links": 0,
    "uploaded files": 0,
    "deleted entries": 0,
    "security events": 0,
    "log-ins": 0,
    "counts of attempts": 0,
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache(db):
    cache.clear()


def cached():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        return cursor.fetchone()[0]


def test_links_go_30_days_after_their_end_with_their_visits(alice, charlie):
    """Whoever made them need not look."""
    end = NOON + timedelta(days=14)
    over = ShareLinkFactory(user=alice)
    ShareVisitFactory.create_batch(2, user=alice, link=over)
    ended = ShareLinkFactory(user=charlie, revoked_at=NOON + timedelta(days=1))
    kept = ShareLinkFactory(user=alice, expires_at=NOON + timedelta(days=90))
    visit = ShareVisitFactory(user=alice, link=kept)
    assert clear(at=NOON + timedelta(days=1) + KEPT_AFTER_ITS_END - MINUTE) == NOTHING
    assert clear(at=NOON + timedelta(days=1) + KEPT_AFTER_ITS_END) == NOTHING | {"links": 1}
    assert set(ShareLink.objects.all()) == {over, kept}
    assert not ShareLink.objects.filter(pk=ended.pk).exists()
    assert clear(at=end + KEPT_AFTER_ITS_END) == NOTHING | {"links": 1}
    assert (list(ShareLink.objects.all()), list(ShareVisit.objects.all())) == ([kept], [visit])


def test_log_ins_that_ran_out_go_with_what_is_known_of_the_browser(alice, charlie, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    with time_machine.travel(NOON, tick=False):
        log_in(Client(), alice.email)
    later = NOON + timedelta(days=10)
    with time_machine.travel(later, tick=False):
        log_in(Client(), charlie.email)
    assert clear(at=NOON + timedelta(days=14) - MINUTE)["log-ins"] == 0
    assert clear(at=NOON + timedelta(days=14))["log-ins"] == 1
    assert [row.user for row in UserSession.objects.all()] == [charlie]
    assert Session.objects.count() == 1


def test_uploaded_files_go_after_an_hour(alice, charlie):
    PendingImportFactory(user=alice, uploaded_at=NOON)
    younger = PendingImportFactory(user=charlie, uploaded_at=NOON + MINUTE)
    assert clear(at=NOON + 59 * MINUTE) == NOTHING
    assert clear(at=NOON + 60 * MINUTE) == NOTHING | {"uploaded files": 1}
    assert list(PendingImport.objects.all()) == [younger]


def test_deleted_entries_go_after_ten_minutes(alice, charlie):
    DeletedEntryFactory(user=alice, deleted_at=NOON)
    younger = DeletedEntryFactory(user=charlie, deleted_at=NOON + MINUTE)
    assert clear(at=NOON + 9 * MINUTE) == NOTHING
    assert clear(at=NOON + 10 * MINUTE) == NOTHING | {"deleted entries": 1}
    assert list(DeletedEntry.objects.all()) == [younger]


def test_counts_of_attempts_go_when_they_have_run_out(settings):
    with time_machine.travel(NOON, tick=False):
        cache.set("short", 1, timeout=60)
        cache.set("long", 1, timeout=3600)
    assert cached() == 2
    assert clear(at=NOON + MINUTE) == NOTHING | {"counts of attempts": 1}
    assert cached() == 1


def test_demo_diaries_go_after_a_day_and_diaries_never():
    demo = UserFactory(demo_until=NOON + LASTS)
    person = UserFactory()
    for user in (demo, person):
        CheckInFactory(user=user)
    assert clear(at=NOON + LASTS) == NOTHING | {"demo diaries": 1}
    assert clear(at=NOON + timedelta(days=36500)) == NOTHING
    assert list(User.objects.all()) == [person]
    assert [entry.user for entry in CheckIn.objects.all()] == [person]


def test_second_time_there_is_nothing_left_and_the_command_says_so(alice, capsys):
    ShareLinkFactory(user=alice)
    call_command("clear_old")
    call_command("clear_old")
    said = (
        "0 demo diaries, {} links, 0 uploaded files, 0 deleted entries, 0 security events, 0 log-ins, "
        "0 counts of attempts\n"
    )
    assert capsys.readouterr().err == said.format(1) + said.format(0)
