"""After “delete everything” a dump of the database holds no word of the person's.

Words are planted in every text field of every personal table, asked of the models: a new table
without a row here fails, and a new field has its word by itself. Mails wait in no table: they
are sent at once.
"""

import os
import subprocess
from base64 import b64decode
from hashlib import sha256

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.comparisons.models import KeptComparison
from apps.conditions.models import Certainty
from apps.diary.models import PlannedTreatment, Revision
from apps.users.models import User
from apps.users.templatetags.kept import key_of
from apps.your_data.stored import personal_models
from config.postgres.programs import installed_binaries
from tests.factories import (
    NOON,
    PASSWORD,
    SECRET,
    ActivityFactory,
    AgreedDayFactory,
    AgreementFactory,
    CalendarFeedFactory,
    CallFactory,
    CallPlanFactory,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    DayMeasureFactory,
    DeletedEntryFactory,
    DutiesAnswerFactory,
    ExerciseFactory,
    FunctionRatingFactory,
    ImportedFileFactory,
    PendingImportFactory,
    PushSubscriptionFactory,
    RedFlagReviewFactory,
    ReminderFactory,
    ReminderPlanFactory,
    SealFactory,
    SelfTestMomentFactory,
    ShareLinkFactory,
    ShareVisitFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentReviewFactory,
    TreatmentSessionFactory,
    WaitDrawFactory,
    WaitPlanFactory,
)
from tests.users.pages import log_in

URL = reverse("your_data:erase")
TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# Chosen from a list, or drawn by the program: no word of anybody's.
FROM_A_LIST = {"time_zone", "order"}


def one_row_of_each(user):
    """In every personal table, beside those that logging in has filled."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    condition = ConditionFactory(user=user)
    CauseFactory(user=user, condition=condition, certainty=Certainty.DIAGNOSED)
    mat = TreatmentFactory(user=user)
    TreatmentPeriodFactory(user=user, treatment=mat, ended_on=NOON.date())
    TreatmentReviewFactory(user=user, treatment=mat)
    CheckInFactory(user=user, condition=condition, painkillers=True)
    TreatmentSessionFactory(user=user, condition=condition, treatments=[mat])
    FunctionRatingFactory(user=user, activity=ActivityFactory(user=user, condition=condition))
    agreement = AgreementFactory(user=user, condition=condition, treatment=mat)
    ExerciseFactory(user=user, agreement=agreement)
    DutiesAnswerFactory(user=user, condition=condition)
    AgreedDayFactory(user=user, agreement=agreement)
    RedFlagReviewFactory(user=user)
    SelfTestMomentFactory(user=user)
    SealFactory(user=user)
    ReminderPlanFactory(user=user)
    ReminderFactory(user=user)
    CalendarFeedFactory(user=user)
    CallPlanFactory(user=user)
    CallFactory(user=user)
    PushSubscriptionFactory(user=user)
    ImportedFileFactory(user=user)
    DeletedEntryFactory(user=user)
    DayMeasureFactory(user=user)
    PendingImportFactory(user=user)
    WaitPlanFactory(user=user)
    draw = WaitDrawFactory(user=user)
    PlannedTreatment.objects.create(user=user, draw=draw, treatment=mat)
    link = ShareLinkFactory(user=user, condition=condition, created_at=timezone.now())
    ShareVisitFactory(user=user, link=link)
    Revision.objects.get_or_create(user=user)
    KeptComparison.objects.create(user=user, condition=condition, revision=1, values={})


def texts_of(model):
    """The fields that may hold a word: not those with choices."""
    for field in model._meta.concrete_fields:
        inner = field.base_field if isinstance(field, ArrayField) else field
        if isinstance(inner, TEXTS) and not inner.choices and field.name not in FROM_A_LIST:
            yield field


def planted(field, word):
    """A value with the word in it that the field takes, and what to look for."""
    match field:
        case models.CharField(name="endpoint"):
            return f"https://{word}", word
        case models.CharField(name="p256dh" | "auth"):
            key = sha256(word.encode()).hexdigest()[:22]
            return key.ljust(field.max_length, "A"), key
        case models.EmailField():
            return f"{word}@example.com", word
        case models.JSONField():
            return {"word": word}, word
        case models.BinaryField():
            return word.encode(), word.encode().hex()
        case models.GenericIPAddressField():
            return (address := f"2001:db8::{sum(word.encode()):x}"), address
        case ArrayField():
            return [word], word
        case models.CharField(max_length=64):
            return sha256(word.encode()).hexdigest(), sha256(word.encode()).hexdigest()
    return word, word


def plant(user, mark):
    """The words by their fields. What logging in needs is a word of its own as it is."""
    one_row_of_each(user)
    words = {}
    for model in personal_models():
        own = model.objects.filter(pk=user.pk) if model is User else model.objects.filter(user=user)
        assert own.exists(), f"Plant a row of {model._meta.label}."
        for field in texts_of(model):
            label = f"{model._meta.label}.{field.name}"
            value, words[label] = planted(field, f"{mark}{len(words):02}")
            if field.name in {"password", "session_key"}:
                words[label] = own.values_list(field.name, flat=True).last()
            else:
                own.filter(pk=own.last().pk).update(**{field.name: value})
    return words


def dump():
    """What pg_dump writes, with what sessions and the cache hold in the clear."""
    mine = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {name: str(mine[key]) for name, key in names.items() if mine[key]}
    command = [installed_binaries() / "pg_dump", "--data-only", mine["NAME"]]
    said = subprocess.run(command, env=os.environ | environment, capture_output=True, check=True)
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        cached = [f"{key} {b64decode(value)!r}" for key, value in cursor.fetchall()]
    return "\n".join([said.stdout.decode(), *sessions, *cached])


def found(words):
    text = dump()
    return {label: word for label, word in words.items() if word in text}


def logged_in(user, mark):
    client = Client(headers={"User-Agent": f"{mark}browser"})
    log_in(client, user.email)
    session = client.session
    session["kept"] = f"{mark}session"
    session.save()
    return client


def typed_while_logged_out(user, word):
    """What a browser without JavaScript sends after its log-in has expired."""
    data = {"kept_for": key_of(user), "note": word}
    response = Client().post(reverse("diary:checkin_create"), data)
    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db(transaction=True)
def test_no_planted_word_is_in_a_dump_afterwards(alice, charlie, without_mail):
    cache.clear()
    marks = {alice: "quince", charlie: "medlar"}
    browsers, words = {}, {}
    for user, mark in marks.items():
        user.set_password(PASSWORD)  # the factory's hash is everybody's
        user.save()
        browsers[user] = logged_in(user, mark)
        Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
        words[user] = plant(user, mark) | {"session": f"{mark}session", "typed": f"{mark}typed"}
        typed_while_logged_out(user, f"{mark}typed")
    assert len(words[alice]) >= 20
    assert [words[user].keys() - found(words[user]).keys() for user in marks] == [set(), set()]

    response = browsers[alice].post(URL, {"password": PASSWORD})
    assert response.headers["Location"] == reverse("home")
    assert found(words[alice]) == {}
    assert found(words[charlie]) == words[charlie]
    assert dump().count("quince") == 0


@pytest.mark.django_db(transaction=True)
def test_every_link_and_log_in_is_over_at_once(alice, without_mail):
    link = ShareLinkFactory(user=alice, created_at=timezone.now())
    feed = CalendarFeedFactory(user=alice, secret_sha256=sha256(SECRET.encode()).hexdigest())
    reader, phone, laptop = Client(), Client(), Client()
    for client in (phone, laptop):
        log_in(client, alice.email)
    report = reverse("sharing:shared", args=[link.public_id])
    assert reader.post(f"{report}/open", {"secret": SECRET}).status_code == 302
    places = [
        (reader, report, 200, 404),
        (Client(), reverse("diary:calendar", args=[SECRET]), 200, 404),
        (phone, reverse("diary:today"), 200, 302),
    ]
    assert [client.get(url).status_code for client, url, _before, _after in places] == [
        before for _client, _url, before, _after in places
    ]
    laptop.post(URL, {"password": PASSWORD})
    assert [client.get(url).status_code for client, url, _before, _after in places] == [
        after for _client, _url, _before, after in places
    ]
    assert Client().post(f"{report}/open", {"secret": SECRET}).status_code == 404
    kept = [set(session.get_decoded()) for session in Session.objects.all()]
    assert (UserSession.objects.count(), kept) == (0, [{"_messages"}])  # "… are deleted."
    assert not type(feed).objects.exists()
