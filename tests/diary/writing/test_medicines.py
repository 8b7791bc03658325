"""Painkillers by name: chosen from one's own list, or typed; names alone."""

import uuid

import pytest
import time_machine

from apps.diary.models import CheckIn
from apps.diary.writing.medicines import own_medicines
from tests.constraints import refusing_constraint
from tests.factories import NOON, CheckInFactory

NEW = "/check-ins/new/"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def send(browser, **fields):
    return browser.post(NEW, {"client_id": uuid.uuid4(), "leg_pain": "3", **fields})


def kept(user):
    newest = CheckIn.objects.for_user(user).latest("pk")
    return newest.painkillers, newest.medicines


def taken(user, *names):
    return CheckInFactory(user=user, painkillers=True, medicines=list(names))


def test_typed_names_are_kept_and_say_that_painkillers_were_taken(as_alice, alice):
    send(as_alice, other_medicines="Ibuprofen, paracetamol; ,IBUPROFEN ")
    assert kept(alice) == (True, ["IBUPROFEN", "paracetamol"])


def test_own_list_is_offered_and_a_known_name_keeps_its_spelling(as_alice, alice, charlie):
    taken(charlie, "Naproxen")
    taken(alice, "Ibuprofen")
    form = as_alice.get(NEW).context["form"]
    assert form.fields["medicines"].choices == [("Ibuprofen", "Ibuprofen")]
    send(as_alice, medicines=["Ibuprofen"], other_medicines="ibuprofen, Aspirin")
    assert kept(alice) == (True, ["Ibuprofen", "Aspirin"])


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"painkillers": "no", "other_medicines": "Aspirin"}, "medicines"),
        ({"other_medicines": "x" * 61}, "other_medicines"),
        ({"other_medicines": ",".join("abcdefghi")}, "other_medicines"),
        ({"medicines": ["Naproxen"]}, "medicines"),
    ],
)
def test_what_cannot_be_is_refused(as_alice, alice, fields, refused):
    response = send(as_alice, **fields)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [refused])
    assert not CheckIn.objects.exists()


def test_changing_a_check_in_keeps_or_drops_its_names(as_alice, alice):
    entry = taken(alice, "Ibuprofen")
    path = f"/check-ins/{entry.pk}/edit/"
    fields = {"client_id": entry.client_id, "condition": entry.condition_id, "leg_pain": "3"}
    fields |= {"rated_at": "2026-03-10T12:00", "painkillers": "yes"}
    as_alice.post(path, fields | {"version": 1, "medicines": ["Ibuprofen"]})
    assert kept(alice) == (True, ["Ibuprofen"])
    as_alice.post(path, fields | {"version": 2})
    assert kept(alice) == (True, [])


def test_list_is_of_the_latest_names_each_once(alice, django_assert_num_queries):
    for number in range(14):
        taken(alice, f"name {number:02}")
    taken(alice, "NAME 03")
    with django_assert_num_queries(1):
        found = own_medicines(alice)
    expected = ["name 02", "NAME 03", *(f"name {number:02}" for number in range(4, 14))]
    assert list(found.values()) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("painkillers", [None, False])
def test_database_refuses_a_name_on_a_day_without(painkillers):
    def make():
        CheckInFactory(painkillers=painkillers, medicines=["Ibuprofen"])

    assert refusing_constraint(make) == "checkin_medicines_are_of_a_painkiller_day"
