import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.diary.models import CheckIn, TreatmentSession
from apps.treatments.models import Kind
from apps.your_data.archive.write import export_archive
from apps.your_data.fhir.bundle import export_fhir, export_fhir_transaction
from apps.your_data.table.columns import NAMES
from apps.your_data.table.write_csv import export_csv
from apps.your_data.views import MOST_BYTES
from tests.factories import NOON, CheckInFactory, TreatmentFactory, TreatmentSessionFactory
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file
from tests.your_data.table.test_read_csv import NO_TABLE, NO_TEXT, OTHER_JSON

DATA, IMPORT = reverse("your_data:data"), reverse("your_data:import")


def upload(client, data, name="diary.csv", **options):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data)}, **options)


def entries():
    return CheckIn.objects.count(), TreatmentSession.objects.count()


def test_data_page_documents_every_column_and_kind(as_alice):
    response = as_alice.get(DATA)
    assert [column.name for column in response.context["columns"]] == list(NAMES)
    assert response.context["treatment_kinds"] == Kind.values
    assert response.content.decode().count('<th scope="row">') == len(NAMES)


@pytest.mark.parametrize("count", [1, 3])
def test_data_page_asks_the_same_number_of_queries(
    as_alice, alice, count, django_assert_num_queries
):
    CheckInFactory.create_batch(count, user=alice)
    with django_assert_num_queries(3):
        assert as_alice.get(DATA).status_code == 200


@pytest.mark.parametrize(
    ("file_format", "content_type", "export"),
    [
        ("csv", "text/csv; charset=utf-8", export_csv),
        ("json", "application/json", export_archive),
        ("fhir.json", "application/fhir+json", export_fhir),
        ("fhir-transaction.json", "application/fhir+json", export_fhir_transaction),
    ],
)
def test_export_streams_the_person_s_own_diary(
    as_alice, alice, charlie, file_format, content_type, export
):
    TreatmentSessionFactory(user=alice, treatments=[TreatmentFactory(user=alice)])
    CheckInFactory(user=charlie, note="private")
    with time_machine.travel(NOON):
        response = as_alice.get(reverse("your_data:export", args=[file_format]))
    assert response.streaming
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="did-it-work-2026-03-10.{file_format}"'
    )
    assert b"".join(response.streaming_content) == b"".join(export(alice))


def test_data_page_says_what_an_import_cannot_tell(as_alice):
    page = as_alice.get(DATA).content.decode()
    assert (
        page.count(
            "A CSV file from elsewhere or of an older version does not say when a rating was typed."
        )
        == 1
    )


def test_export_in_another_format_is_missing(as_alice):
    assert as_alice.get(reverse("your_data:export", args=["xlsx"])).status_code == 404


@pytest.mark.parametrize("name", ["data", "import"])
def test_data_pages_are_private(client, name):
    url = reverse(f"your_data:{name}")
    response = client.post(url) if name == "import" else client.get(url)
    assert response.headers["Location"] == f"{reverse('account_login')}?next={url}"


def test_export_is_private(client):
    url = reverse("your_data:export", args=["csv"])
    assert client.get(url).headers["Location"] == f"{reverse('account_login')}?next={url}"


def test_import_answers_problems_with_a_table(as_alice):
    rows = [CHECKIN, CHECKIN | {"leg_pain": "11"}, SESSION | {"note": "<b>\x00"}]
    response = upload(as_alice, csv_file(*rows))
    assert response.status_code == 422
    assert [tuple(p) for p in response.context["problems"].shown] == [
        ((3, None), "leg_pain", "Choose a whole number from 0 to 10."),
        (
            (4, None),
            "note",
            "This holds a character that cannot be stored. Delete it, or type it again.",
        ),
    ]
    page = " ".join(response.content.decode().split())
    assert "<td>3</td> <td>leg_pain</td> <td>Choose a whole number from 0 to 10.</td>" in page
    assert "There are 2 problems in the file. Put them right there, then import it again." in page
    assert "Please choose it again." in page
    assert entries() == (0, 0)


def test_equal_problems_are_one_line(as_alice):
    response = upload(as_alice, csv_file(*[CHECKIN | {"leg_pain": "x"}] * 17, CHECKIN))
    page = " ".join(response.content.decode().split())
    assert "There are 17 problems in the file." in page
    assert "<td>2–18</td> <td>leg_pain</td>" in page
    assert page.count("<td>leg_pain</td>") == 1


def test_import_shows_a_hundred_kinds_of_problem(as_alice):
    rows = [SESSION | {"position": f"x{n}"} for n in range(150)]
    response = upload(as_alice, csv_file(*rows))
    page = " ".join(response.content.decode().split())
    assert (
        "There are 150 problems in the file. Put them right there, then import it again. The first 100 are below."
        in page
    )
    assert page.count("<td>position</td>") == 100


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        ("café".encode("latin-1"), NO_TABLE),
        (b"\x00\x01\x02" * 1000, NO_TEXT),
        (b'{"\\ud800": 1}', OTHER_JSON),
        (b'kind,at\n"checkin,2026', "This file has problems: see the table above."),
    ],
)
def test_import_refuses_what_is_no_diary(as_alice, data, reason):
    response = upload(as_alice, data)
    assert response.status_code == 422
    assert response.context["form"].errors == {"file": [reason]}


@pytest.mark.parametrize("body", [{}, {"file": "a text, not a file"}])
def test_import_without_a_file_says_so(as_alice, body):
    response = as_alice.post(IMPORT, body)
    assert response.status_code == 422
    assert response.context["form"].errors == {"file": ["Choose a file first."]}


class Unread:
    """A request body that must not be read."""

    def read(self, *_size):
        raise AssertionError("the file was read")

    readline = read


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 200 * 1024 * 1024, "many", "²", "٣"])
def test_import_refuses_a_large_file_without_reading_it(as_alice, length):
    environment = {
        "CONTENT_LENGTH": str(length),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Unread(),
    }
    response = as_alice.generic("POST", IMPORT, **environment)
    assert response.status_code == 413
    assert response.context["form"].errors == {
        "file": ["This file is too large: up to 20 MB, please."]
    }


def test_import_needs_the_form_s_token(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert upload(client, csv_file(CHECKIN)).status_code == 403
    assert entries() == (0, 0)


@pytest.mark.parametrize(("method", "name"), [("post", "data"), ("get", "import")])
def test_data_pages_take_one_method(as_alice, method, name):
    assert getattr(as_alice, method)(reverse(f"your_data:{name}")).status_code == 405
