"""What was deleted comes back as it was, for ten minutes, whatever happened in between."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from apps.conditions.models import Condition
from apps.diary.models import CheckIn, DeletedEntry, Revision, SessionTreatment, TreatmentSession
from apps.treatments.models import Treatment
from tests.factories import (
    NOON,
    CheckInFactory,
    ConditionFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)

UNDO = "/diary/undo/"
NOT_BACK = "Not brought back, because something now has its place"
NOTHING = "There is nothing to bring back."


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOON, tick=False):
        yield


def stored():
    return [list(model.objects.order_by("pk").values()) for model in (
        CheckIn, TreatmentSession, SessionTreatment, Treatment, Condition,
    )]  # fmt: skip


def delete(client, entry):
    kind = "sessions" if entry.is_session else "check-ins"
    assert client.post(f"/{kind}/{entry.pk}/delete/").url == "/diary/"


def undo(client, *chosen):
    """What is said after it."""
    response = client.post(UNDO, {"deleted": [getattr(each, "pk", each) for each in chosen]})
    assert (response.status_code, response.url) == (302, "/diary/")
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


def diary(user):
    """Two check-ins and a session, each with everything that can be lost on the way."""
    nerve = ConditionFactory(user=user, name="Nerve")
    mats = [TreatmentFactory(user=user, name=name) for name in ("Mat", "Walk")]
    odd = NOON.replace(microsecond=123_456) - timedelta(hours=1)
    return [
        CheckInFactory(
            user=user, condition=nerve, rated_at=odd, entered_at=odd, leg_pain=0, version=3,
            symptoms=["numbness"], painkillers=True, medicines=["Ibuprofen"], note="ä\n0",
            red_flags=["bladder"], red_flags_ticked_at=odd,
        ),
        CheckInFactory(user=user, condition=nerve, leg_pain=None, back_pain=7),
        TreatmentSessionFactory(
            user=user, condition=nerve, treatments=mats, started_at=odd, pain_before=6,
            pain_after=0, after_rated_at=NOON, after_entered_at=NOON, had_something_else=True,
            asked_by_app=False, minutes=20, due_minutes=30, version=2,
        ),
    ]  # fmt: skip


def test_many_come_back_row_for_row_after_other_pages_and_log_ins(as_alice, alice):
    entries, before = diary(alice), stored()
    for entry in entries:
        delete(as_alice, entry)
    assert [len(rows) for rows in stored()] == [0, 0, 0, 2, 1]
    (client := Client()).force_login(alice)  # on another device
    client.get("/today/")
    page = client.get("/diary/").content.decode()
    assert "3 deleted in the last ten minutes" in page
    assert "Mat, Walk: pain 6 before, 0 after" in page
    assert "Leg pain 0, " in page
    counted = Revision.number_of(alice)
    assert undo(client, "all") == "3 are back in your diary."
    assert (stored(), DeletedEntry.objects.count()) == (before, 0)
    assert Revision.number_of(alice) > counted
    assert "deleted in the last" not in client.get("/diary/").content.decode()


def test_one_of_several_comes_back_and_without_a_name_the_last(as_alice, alice):
    first, second, session = diary(alice)
    for entry in (first, second, session):
        delete(as_alice, entry)
    middle = DeletedEntry.objects.all()[1]
    assert undo(as_alice, middle) == "It is back in your diary."
    assert list(CheckIn.objects.all()) == [second]
    assert undo(as_alice) == "It is back in your diary."
    assert list(TreatmentSession.objects.all()) == [session]
    assert undo(as_alice, middle, "x", "9" * 30).startswith(NOTHING)


def test_ten_minutes_and_no_longer(as_alice, alice):
    for entry in diary(alice)[:2]:
        delete(as_alice, entry)
    one, two = DeletedEntry.objects.all()
    with time_machine.travel(NOON + timedelta(minutes=10) - timedelta(seconds=1), tick=False):
        assert undo(as_alice, one) == "It is back in your diary."
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        assert "deleted in the last" not in as_alice.get("/diary/").content.decode()
        assert undo(as_alice, two).startswith(NOTHING)
    assert CheckIn.objects.count() == 1


def test_what_it_hung_on_comes_back_with_it_as_it_was(as_alice, alice):
    session, before = diary(alice)[2], stored()
    for entry in [*CheckIn.objects.all(), session]:
        delete(as_alice, entry)
    Treatment.objects.all().delete()
    Condition.objects.all().delete()
    assert "Mat, Walk: pain 6 before" in as_alice.get("/diary/").content.decode()
    undo(as_alice, "all")
    assert stored() == before


def test_name_that_is_taken_is_said_and_the_copy_stays(as_alice, alice):
    session = diary(alice)[2]
    delete(as_alice, session)
    Treatment.objects.get(name="Mat").delete()
    new = TreatmentFactory(user=alice, name="mat")
    assert undo(as_alice).startswith(NOT_BACK)
    assert (TreatmentSession.objects.count(), DeletedEntry.objects.count()) == (0, 1)
    Treatment.objects.filter(pk=new.pk).update(name="Another", name_as_seen="another")
    assert undo(as_alice) == "It is back in your diary."


def test_sent_again_by_a_device_since_then_the_newer_one_stays(as_alice, alice):
    old, other, _session = diary(alice)
    delete(as_alice, old)
    delete(as_alice, other)
    again = CheckInFactory(user=alice, client_id=old.client_id, leg_pain=9)
    assert undo(as_alice, "all").startswith(NOT_BACK)
    assert list(CheckIn.objects.order_by("pk")) == [other, again]
    delete(as_alice, again)
    undo(as_alice, DeletedEntry.objects.last())
    assert CheckIn.objects.get(client_id=old.client_id).leg_pain == 0


def test_nobody_brings_back_what_somebody_else_deleted(as_alice, charlie):
    entry, client = diary(charlie)[0], Client()
    client.force_login(charlie)
    delete(client, entry)
    hers = DeletedEntry.objects.get()
    assert undo(as_alice, hers, "all").startswith(NOTHING)
    assert "deleted in the last" not in as_alice.get("/diary/").content.decode()
    assert undo(client, hers) == "It is back in your diary."


def test_today_s_undo_can_be_undone_whatever_was_deleted_since(as_alice, alice):
    entries = diary(alice)
    token = f"check-in/{entries[0].client_id}/3"
    assert as_alice.post("/today/undo/", {"saved": token}).url == "/today/"
    number = DeletedEntry.objects.get().pk
    assert f'name="deleted" value="{number}"' in as_alice.get("/today/").content.decode()
    delete(as_alice, entries[1])
    undo(as_alice, number)
    assert list(CheckIn.objects.all()) == [entries[0]]


def test_long_list_is_shown_in_part_and_comes_back_whole(as_alice, alice):
    for _number in range(12):
        delete(as_alice, CheckInFactory(user=alice))
    page = as_alice.get(reverse("diary:this_month"), follow=True).content.decode()
    assert ("12 deleted in" in page, page.count('aria-label="Undo: ')) == (True, 10)
    assert undo(as_alice, "all") == "12 are back in your diary."


def test_no_other_row_hangs_on_an_entry():
    """What is deleted with it has to be kept with it."""
    hanging = [
        relation.related_model
        for model in (CheckIn, TreatmentSession)
        for relation in model._meta.related_objects
    ]
    assert hanging == [SessionTreatment]


@pytest.mark.django_db
def test_migration_forgets_what_log_ins_kept_before(client):
    session = client.session
    session.update({"deleted_entry": "[]", "other": 1})
    session.save()
    import_module("apps.diary.migrations.0022_deleted_entries").forget_older_copies(apps, None)
    assert Session.objects.get(pk=session.session_key).get_decoded() == {"other": 1}
