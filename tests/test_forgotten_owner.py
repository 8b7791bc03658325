"""Where the program forgets whose rows it asks for, the database shows nobody else's.

The one test that breaks our own code on purpose: each query for a person's data begins with
``for_user``, and here none does any more. Without the database's own rule (the role of the web, and
the policies of its tables) the same pages show a stranger's words: so the test could fail.
"""

import pytest
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.sharing.models import Section, ShareLink
from apps.users.ownership import OwnedQuerySet
from apps.your_data.formats import EXPORTS
from config.postgres import acting
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    ExerciseFactory,
    FunctionRatingFactory,
    PendingImportFactory,
    ShareLinkFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)
from tests.sharing.reading import page, reader
from tests.test_who_may import addresses, logged_in

WORD = "Quittenbaum"


def fill(user, word):
    """A diary with one of each thing that an address can name, and the word in all its texts."""
    now = timezone.now()
    condition = ConditionFactory(user=user, name=f"{word} condition", note=word)
    CauseFactory(user=user, condition=condition)
    mat = TreatmentFactory(user=user, name=f"{word} treatment")
    TreatmentPeriodFactory(user=user, treatment=mat)
    own = {"user": user, "condition": condition, "note": word}
    CheckInFactory(**own, rated_at=now)
    CheckInFactory(**own, rated_at=now, red_flags=["bladder"])
    TreatmentSessionFactory(**own, started_at=now, treatments=[mat], adverse_effect=word)
    activity = ActivityFactory(user=user, condition=condition, name=f"{word} activity")
    FunctionRatingFactory(user=user, activity=activity, rated_at=now)
    agreement = AgreementFactory(
        user=user, condition=condition, treatment=mat, agreed_on=now.date(), agreed_with=word
    )
    ExerciseFactory(user=user, agreement=agreement, name=f"{word} exercise")
    PendingImportFactory(user=user, uploaded_at=now, name=f"{word}.csv")
    ShareLinkFactory(
        user=user, condition=condition, created_at=now, for_whom=word, sections=Section.values
    )


@pytest.fixture
def forgetful(monkeypatch):
    """The two mutants of apps/users/ownership.py."""
    monkeypatch.setattr(OwnedQuerySet, "for_user", lambda rows, user: rows.all())
    monkeypatch.setattr(
        OwnedQuerySet,
        "get_for_user_or_404",
        lambda rows, user, **lookup: get_object_or_404(rows, **lookup),
    )


@pytest.fixture
def paths(alice, charlie):
    """Every address with Charlie's own things in it, and with Alice's; and all exports."""
    fill(alice, WORD)
    fill(charlie, "Charlie")
    named = [
        reverse(name, kwargs=kwargs)
        for user in (charlie, alice)
        for name, kwargs in addresses(user)
    ]
    return [*named, *exports()]


def exports():
    return [reverse("your_data:export", args=[each]) for each in EXPORTS]


def showing(client, paths):
    """Which pages show Alice's word."""
    client.raise_request_exception = False
    return {path for path in paths if WORD.encode() in client.get(path).getvalue()}


def shared_with(user):
    link = ShareLink.objects.get(user=user)
    client = reader(link)
    return client, page(link)


def test_no_page_export_or_shared_page_shows_a_strangers_rows(charlie, paths, forgetful):
    client, shared = shared_with(charlie)
    assert (showing(logged_in(charlie), paths), showing(client, [shared])) == (set(), set())
    assert showing(Client(), paths) == set()


def test_the_same_pages_show_them_without_the_rule_of_the_database(
    charlie, paths, forgetful, monkeypatch
):
    monkeypatch.setattr(acting, "WEB", None)
    attempt = transaction.savepoint()
    leaking = showing(logged_in(charlie), paths)
    transaction.savepoint_rollback(attempt)  # what they kept is somebody else's
    assert len(leaking) > 20
    assert reverse("your_data:export", args=["csv"]) in leaking
