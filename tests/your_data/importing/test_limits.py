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
from apps.your_data.table.problems import MOST_ROWS, Problems, UnreadableError
from apps.your_data.table.read_csv import rows_of
from apps.your_data.table.read_json import JsonReader
from tests.factories import FILE, PendingImportFactory, UserFactory

IMPORT, PREVIEW = reverse("your_data:import"), reverse("your_data:import_preview")
BUSY = "Another file is being read just now. Try again in a minute."


def csv_of(rows):
    return b"kind,at\n" + b"checkin,2026-03-10\n" * rows


TOO_MANY = "This file has more than 100,000 rows. Split it, please."


def test_table_of_more_than_100_000_rows_is_refused_while_it_is_read():
    problems, rows = Problems(), MOST_ROWS - 1  # the header is one
    assert sum(1 for _row in rows_of(csv_of(rows), problems, archive=None)) == rows
    assert not problems
    assert sum(1 for _row in rows_of(csv_of(rows + 50_000), problems, archive=None)) == rows
    assert [problem.message for problem in problems.shown] == [TOO_MANY]


def test_json_of_more_than_100_000_rows_in_all_is_refused_while_it_is_read():
    """All arrays of the file are counted together: a table in two is no way round."""
    reader = JsonReader(json.dumps([0] * MOST_ROWS))
    assert sum(1 for _item in reader.items()) == MOST_ROWS
    reader.text, reader.position = json.dumps([0, 0]), 0
    with pytest.raises(UnreadableError) as refused:
        list(reader.items())
    assert refused.value.args[0] == TOO_MANY


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
