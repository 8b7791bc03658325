"""What no upload may do: hold a thread for minutes, or the memory of the machine."""

import json
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.diary.models import PendingImport
from apps.your_data.importing import turns
from apps.your_data.importing.views import MOST_BYTES_OF_A_DEMO
from apps.your_data.table.problems import MOST_ROWS, Problems
from apps.your_data.table.read_csv import rows_of
from tests.factories import FILE, PendingImportFactory, UserFactory

IMPORT, PREVIEW = reverse("your_data:import"), reverse("your_data:import_preview")
BUSY = "Another file is being read just now. Try again in a minute."


def csv_of(rows):
    return b"kind,at\n" + b"checkin,2026-03-10\n" * rows


def json_of(rows):
    entry = {"kind": "checkin"}
    head = {"format": "did-it-work", "version": 1, "entries": [entry] * rows}
    return json.dumps(head).encode()


@pytest.mark.parametrize(("file", "header"), [(csv_of, 1), (json_of, 0)])
def test_file_of_more_than_100_000_rows_is_refused_while_it_is_read(file, header):
    problems = Problems()
    assert sum(1 for _row in rows_of(file(MOST_ROWS - header), problems)) == MOST_ROWS - header
    assert not problems
    assert sum(1 for _row in rows_of(file(MOST_ROWS + 50_000), problems)) == MOST_ROWS - header
    assert [problem.message for problem in problems.shown] == [
        "This file has more than 100,000 rows. Split it, please."
    ]


def upload(client, data=FILE):
    return client.post(IMPORT, {"file": SimpleUploadedFile("diary.csv", data)})


def test_demo_visitor_may_try_small_files_only(db):
    client = Client()
    client.post(reverse("demo"))
    large = upload(client, b"kind,at\n" + b" " * MOST_BYTES_OF_A_DEMO)
    assert large.status_code == 413
    assert large.context["form"].errors["file"] == [
        "This file is too large for a demo diary: up to 256 KB, please."
    ]
    assert upload(client).status_code == 302


def test_third_file_in_a_process_is_told_to_come_again(as_alice):
    with turns._in_this_process, turns._in_this_process:
        response = upload(as_alice)
    assert (response.status_code, response.context["form"].errors["file"]) == (429, [BUSY])
    assert upload(as_alice).status_code == 302


def test_preview_keeps_its_file_while_others_are_read(as_alice, alice):
    PendingImportFactory(user=alice)
    with turns._in_this_process, turns._in_this_process:
        response = as_alice.post(PREVIEW, follow=True)
    assert [str(message) for message in response.context["messages"]] == [BUSY]
    assert PendingImport.objects.for_user(alice).exists()


@pytest.mark.django_db(transaction=True)
def test_one_person_has_one_file_read_at_a_time():
    alice, charlie = UserFactory(), UserFactory()
    answers = {}

    def elsewhere(user):
        try:
            with turns.turn(user):
                answers[user] = "read"
        except turns.BusyError:
            answers[user] = "busy"
        connection.close()

    with turns.turn(alice):
        for user in (alice, charlie):
            other = threading.Thread(target=elsewhere, args=[user])
            other.start()
            other.join(30)
    assert answers == {alice: "busy", charlie: "read"}
