"""“Delete everything” leaves nothing of the person in any table, and everybody else's as it was."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.conditions.models import Certainty
from apps.demo.accounts import make_demo
from apps.demo.rows import keep_diary
from apps.diary.models import RedFlagReview, TreatmentSession
from apps.diary.models.reminders import hashed
from apps.users.models import User
from tests.factories import (
    PASSWORD,
    CalendarFeedFactory,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    ImportedFileFactory,
    PendingImportFactory,
    RedFlagReviewFactory,
    ReminderFactory,
    ReminderPlanFactory,
    ShareLinkFactory,
    ShareVisitFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentSessionFactory,
)
from tests.users.pages import log_in

URL = reverse("your_data:erase")
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
ALL_DONE = ["Your account and everything in it are deleted."]


def everything_stored():
    """Every row of every table as one text, with what the sessions hold in the clear."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608
            rows += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return "\n".join([*rows, *(str(session.get_decoded()) for session in Session.objects.all())])


def found(words):
    text = everything_stored()
    return {word for word in words if word in text}


def plant(user, mark):
    """One of each thing that a person can type, with a word that is found again."""
    condition = ConditionFactory(user=user, name=f"{mark}condition")
    CauseFactory(
        user=user,
        condition=condition,
        description=f"{mark}cause",
        certainty=Certainty.DIAGNOSED,
        diagnosed_by=f"{mark}scan",
    )
    mat = TreatmentFactory(user=user, name=f"{mark}treatment")
    TreatmentPeriodFactory(
        user=user, treatment=mat, ended_on=NOW.date(), why_stopped=f"{mark}stopped"
    )
    CheckInFactory(user=user, condition=condition, note=f"{mark}note", red_flags=["bladder"])
    RedFlagReviewFactory(user=user)
    TreatmentSessionFactory(
        user=user, condition=condition, treatments=[mat], adverse_effect=f"{mark}effect"
    )
    link = ShareLinkFactory(user=user, condition=condition, for_whom=f"{mark}reader")
    ShareVisitFactory(user=user, link=link)
    kinds = ["reader", "condition", "cause", "scan", "treatment", "stopped", "note", "effect"]
    return {f"{mark}{kind}" for kind in kinds}


def plant_reminders(user, mark):
    ReminderPlanFactory(user=user)
    ReminderFactory(user=user)
    ImportedFileFactory(user=user, name=f"{mark}file")
    PendingImportFactory(user=user, name=f"{mark}file")
    return {f"{mark}file", CalendarFeedFactory(user=user, secret_sha256=hashed(mark)).secret_sha256}


def logged_in(user, word):
    client = Client(headers={"User-Agent": f"{word}browser"})
    log_in(client, user.email)
    session = client.session
    session["kept"] = f"{word}session"
    session.save()
    return client


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_erase_leaves_nothing_of_the_person_in_any_table(alice, charlie, without_mail):
    keep_diary(alice, at=NOW)
    hers, his = plant(alice, "quince"), plant(charlie, "medlar")
    hers |= plant_reminders(alice, "quince")
    his |= plant_reminders(charlie, "medlar")
    hers |= {"alice@", "quincebrowser", "quincesession", "phonebrowser", "phonesession"}
    his |= {"charlie@", "medlarbrowser", "medlarsession"}
    laptop, _phone = logged_in(alice, "quince"), logged_in(alice, "phone")
    logged_in(charlie, "medlar")
    assert found(hers | his) == hers | his

    response = laptop.post(URL, {"password": PASSWORD}, follow=True)
    assert (response.redirect_chain, said(response)) == ([(reverse("home"), 302)], ALL_DONE)
    assert found(hers | his) == his
    assert list(User.objects.all()) == [charlie]
    assert [review.user for review in RedFlagReview.objects.all()] == [charlie]


def test_erase_logs_every_device_of_the_person_out(alice, charlie, without_mail):
    laptop, phone, other = (logged_in(user, "a") for user in (alice, alice, charlie))
    laptop.post(URL, {"password": PASSWORD})
    statuses = [c.get(reverse("users:settings")).status_code for c in (laptop, phone, other)]
    assert statuses == [302, 302, 200]


def test_erase_says_what_goes_and_offers_the_files_first(as_alice, alice, charlie):
    plant(alice, "quince")
    CheckInFactory(user=alice)
    CheckInFactory(user=charlie)
    page = as_alice.get(URL)
    assert page.context["what_goes"] == [
        "2 check-ins",
        "1 session or wait",
        "1 treatment, with its costs, dates and periods",
        "2 conditions, with their causes",
        "1 link that you gave to somebody: it opens nothing from then on",
    ]
    main = page.content.decode().partition("<main")[2]
    before_the_form = main.partition("<form")[0]
    links = re.findall(r'href="([^"]+)" download', before_the_form)
    assert links == [
        reverse("your_data:export", args=[file_format])
        for file_format in ("json", "html", "csv", "fhir.json")
    ]


def test_erase_is_silent_about_what_there_is_none_of(as_alice, alice, charlie):
    assert as_alice.get(URL).context["what_goes"] == []
    CheckInFactory(user=charlie)
    TreatmentFactory(user=alice)
    assert as_alice.get(URL).context["what_goes"] == [
        "1 treatment, with its costs, dates and periods"
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_erase_page_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    for number in range(rows):
        plant(alice, f"quince{number}")
    with django_assert_num_queries(9):
        as_alice.get(URL)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"password": "not my password"}, "This is not your password."),
        ({"password": "a\0b"}, "Null characters are not allowed."),
        ({"is_sure": "on"}, "This field is required."),
        ({}, "This field is required."),
    ],
)
def test_erase_needs_the_password(as_alice, alice, typed, reason):
    CheckInFactory(user=alice)
    response = as_alice.post(URL, typed)
    assert response.status_code == 422
    assert response.context["form"].errors == {"password": [reason]}
    assert found({"alice@"}) == {"alice@"}


def test_erase_allows_ten_attempts_a_minute(as_alice, db):
    cache.clear()
    statuses = [as_alice.post(URL, {"password": "wrong"}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert as_alice.post(URL, {"password": PASSWORD}).status_code == 429
    assert User.objects.count() == 1


def test_account_without_a_password_confirms_with_a_tick(client, db):
    client.force_login(make_demo(at=NOW))
    response = client.post(URL, {"password": ""})
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"is_sure": ["Tick this to delete everything."]},
    )
    assert said(client.post(URL, {"is_sure": "on"}, follow=True)) == ALL_DONE
    assert (User.objects.count(), TreatmentSession.objects.count()) == (0, 0)


def test_erase_is_private_and_opening_it_deletes_nothing(client, alice):
    assert client.get(URL).headers["Location"] == f"{reverse('account_login')}?next={URL}"
    assert client.post(URL, {"password": PASSWORD}).status_code == 302
    client.force_login(alice)
    assert client.get(URL).status_code == 200
    assert list(User.objects.all()) == [alice]


def test_erase_is_linked_from_settings_and_from_the_data_page(as_alice):
    for name in ("users:settings", "your_data:data"):
        assert f'href="{URL}"' in as_alice.get(reverse(name)).content.decode()
