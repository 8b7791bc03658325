"""A file is looked at, waits an hour for an answer, and comes in once or not at all."""

import gzip
import json
import threading
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.diary.models import CheckIn, PendingImport, TreatmentSession
from apps.treatments.models import Treatment
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.preview import import_waiting, upload
from tests.factories import (
    NOON,
    CauseFactory,
    CheckInFactory,
    ConditionFactory,
    PendingImportFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
)
from tests.your_data.table.sample_rows import CHECKIN, SESSION, csv_file

DATA, IMPORT = reverse("your_data:data"), reverse("your_data:import")
PREVIEW, LEAVE = reverse("your_data:import_preview"), reverse("your_data:import_leave")
MAT = SESSION | {"at": "2026-03-08T12:00:00+00:00", "treatments": "Mat", "pain_after": "0"}
MAT |= {"after_at": "2026-03-08T12:45:00+00:00"}


def sent(client, data, name="diary.csv"):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data)}, follow=True)


def words(response):
    return " ".join(response.content.decode().split())


def stored():
    return CheckIn.objects.count(), TreatmentSession.objects.count(), PendingImport.objects.count()


def test_file_is_looked_at_first_and_nothing_is_stored(as_alice, alice):
    CheckInFactory(user=alice)
    sent(as_alice, csv_file(CHECKIN))
    as_alice.post(PREVIEW)
    before = stored()
    response = sent(as_alice, csv_file(CHECKIN, MAT, CHECKIN | {"leg_pain": "0"}))
    assert response.redirect_chain == [(PREVIEW, 302)]
    found = response.context["found"]
    assert found["new"] == {
        "number": 2,
        "first": date(2026, 3, 8),
        "last": date(2026, 3, 10),
        "examples": [
            {
                "line": "3",
                "day": date(2026, 3, 8),
                "time": "12:00",
                "said": "Mat: pain 6 before, 0 after",
                "note": "",
            },
            {
                "line": "4",
                "day": date(2026, 3, 10),
                "time": "12:00",
                "said": "Leg pain 0",
                "note": "",
            },
        ],
    }
    assert (found["known"]["number"], found["known"]["examples"][0]["line"]) == (1, "2")
    assert (found["conditions"]["shown"], found["treatments"]["shown"]) == ([], ["Mat"])
    assert stored() == (before[0], before[1], 1)
    assert Treatment.objects.count() == 0


def test_complete_file_says_what_else_it_holds(as_alice, charlie):
    TreatmentSessionFactory(user=charlie, treatments=[TreatmentFactory(user=charlie, name="Mat")])
    CauseFactory(user=charlie, condition=ConditionFactory(user=charlie))
    response = sent(as_alice, b"".join(export_archive(charlie)), name="diary.json")
    found = response.context["found"]
    assert (found["new"]["number"], found["others"]) == (1, 1)
    assert found["new"]["examples"][0]["said"] == "Session: pain 6 before"
    assert (found["conditions"]["shown"], found["treatments"]["shown"]) == (["Sciatica"], ["Mat"])


def test_import_now_brings_it_in_and_leads_on(as_alice):
    sent(as_alice, csv_file(CHECKIN, MAT))
    response = as_alice.post(PREVIEW, follow=True)
    assert response.redirect_chain == [(DATA, 302)]
    page = words(response)
    assert "2 new entries are in your diary." in page
    assert "8 March 2026 to 10 March 2026" in page
    assert f'href="{reverse("diary:month", args=[2026, 3])}"' in page
    assert f'href="{reverse("comparisons:compare")}?range=all"' in page
    assert stored() == (1, 1, 0)
    assert "imported" not in as_alice.session
    assert as_alice.get(DATA).context["imported"] is None


def test_second_tap_imports_nothing_and_shows_what_came_in(as_alice):
    sent(as_alice, csv_file(CHECKIN))
    assert as_alice.post(PREVIEW).status_code == 302
    response = as_alice.post(PREVIEW, follow=True)
    assert response.redirect_chain == [(PREVIEW, 302), (DATA, 302)]
    assert "1 new entry is in your diary." in words(response)
    assert stored() == (1, 0, 0)
    assert as_alice.get(PREVIEW).status_code == 404


def test_same_file_again_has_nothing_new(as_alice):
    for _time in range(2):
        sent(as_alice, csv_file(CHECKIN, SESSION))
        response = as_alice.post(PREVIEW, follow=True)
    page = words(response)
    assert "No new entry was in the file. 2 were there already." in page
    assert "See them in your diary" not in page
    assert stored() == (1, 1, 0)


def test_leave_it_deletes_the_file(as_alice, charlie):
    PendingImportFactory(user=charlie, uploaded_at=timezone.now())
    sent(as_alice, csv_file(CHECKIN))
    response = as_alice.post(LEAVE, follow=True)
    assert [str(m) for m in response.context["messages"]] == [
        "The file is gone. Nothing was imported."
    ]
    assert PendingImport.objects.get().user == charlie
    assert stored()[:2] == (0, 0)
    assert list(as_alice.post(LEAVE, follow=True).context["messages"]) == []


def test_problem_is_told_at_once_and_nothing_of_the_file_is_kept(as_alice):
    sent(as_alice, csv_file(CHECKIN))
    response = sent(as_alice, csv_file(CHECKIN, CHECKIN | {"leg_pain": "11"}))
    assert (response.status_code, response.context["problems"].total) == (422, 1)
    assert gzip.decompress(PendingImport.objects.get().content) == csv_file(CHECKIN)


def test_problem_that_came_since_is_told_and_the_file_goes(as_alice, alice):
    sent(as_alice, csv_file(SESSION | {"treatments": "Mat"}))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE treatments_treatment ADD CHECK (name <> 'Mat')")
    response = as_alice.post(PREVIEW)
    assert response.status_code == 422
    [problem] = response.context["problems"].shown
    assert problem.message.startswith("The database refuses a row of this file.")
    assert response.context["form"].errors == {
        "file": ["This file has problems: see the table above."]
    }
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize(("minutes", "status"), [(59, 200), (60, 404)])
def test_file_waits_an_hour(as_alice, alice, minutes, status):
    PendingImportFactory(user=alice)
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        response = as_alice.get(PREVIEW)
        as_alice.post(PREVIEW)
    assert response.status_code == status
    assert CheckIn.objects.count() == (1 if status == 200 else 0)


def test_without_a_file_the_page_says_so_and_leads_back(as_alice, charlie):
    PendingImportFactory(user=charlie, uploaded_at=timezone.now())
    response = as_alice.get(PREVIEW)
    assert response.status_code == 404
    assert f'<a class="btn btn-primary" href="{DATA}">' in response.content.decode()


def test_upload_takes_the_place_of_the_last_one_and_of_nobody_elses(as_alice, alice, charlie):
    others = PendingImportFactory(user=charlie)
    sent(as_alice, csv_file(CHECKIN))
    sent(as_alice, csv_file(SESSION), name="other.csv")
    own = PendingImport.objects.exclude(pk=others.pk)
    assert own.values_list("user", "name").get() == (alice.pk, "other.csv")
    assert PendingImport.objects.filter(pk=others.pk).exists()


def test_old_files_vanish_by_themselves(alice, charlie):
    PendingImportFactory(user=alice, uploaded_at=timezone.now() - timedelta(minutes=61))
    PendingImportFactory(user=charlie, uploaded_at=timezone.now() - timedelta(minutes=59))
    call_command("clear_old")
    assert PendingImport.objects.get().user == charlie


def test_pages_are_for_one_s_own_file_alone(client, alice, charlie):
    PendingImportFactory(user=alice, uploaded_at=timezone.now())
    client.force_login(charlie)
    assert client.post(PREVIEW).headers["Location"] == PREVIEW
    client.post(LEAVE)
    assert stored() == (0, 0, 1)


@pytest.mark.parametrize("url", [PREVIEW, LEAVE])
def test_answers_need_the_form_s_token(alice, url):
    PendingImportFactory(user=alice, uploaded_at=timezone.now())
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(url).status_code == 403
    assert stored() == (0, 0, 1)


@pytest.mark.parametrize("name", ["", "n" * 300, "<b>.csv"])
def test_any_name_of_a_file_will_do(alice, name):
    assert upload(alice, name=name, data=csv_file(CHECKIN), at=NOON).problems.shown == []
    assert PendingImport.objects.get().name == (name or "-")[-200:]


def test_many_names_are_shown_in_part(as_alice):
    rows = [SESSION | {"treatments": f"Treatment {n}"} for n in range(60)]
    treatments = sent(as_alice, csv_file(*rows)).context["found"]["treatments"]
    assert (len(treatments["shown"]), treatments["more"]) == (50, 10)
    assert json.dumps(PendingImport.objects.get().found).count("Treatment") == 50 + 5


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_names_stay_as_the_file_has_them_in_every_language(as_alice, alice, language):
    """Otherwise a diary would not come back equal in an account of another language."""
    alice.language = language
    alice.save()
    sent(as_alice, csv_file(SESSION | {"treatments": "Heat pack;Dehnen"}))
    as_alice.post(PREVIEW)
    assert list(Treatment.objects.order_by("name").values_list("name", "kind")) == [
        ("Dehnen", "stretching"),
        ("Heat pack", "heat"),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_preview_asks_the_same_number_of_queries(as_alice, rows, django_assert_num_queries):
    sent(as_alice, csv_file(*[CHECKIN | {"leg_pain": str(n)} for n in range(rows)]))
    with django_assert_num_queries(3):
        as_alice.get(PREVIEW)
    with django_assert_num_queries(34):
        as_alice.post(PREVIEW)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_import_once():
    user = UserFactory()
    PendingImportFactory(user=user)
    outcomes = []

    def answer():
        try:
            outcomes.append(import_waiting(user, at=NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.new if outcome else 0 for outcome in outcomes) == [0, 0, 0, 1]
    assert stored() == (1, 0, 0)


def test_ratings_that_do_not_say_when_they_were_typed_count_as_from_memory(as_alice):
    response = sent(as_alice, csv_file(MAT, CHECKIN))
    assert response.context["found"]["undated"] == 2
    assert "2 new entries do not say when they were typed" in words(response)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        as_alice.post(PREVIEW)
    session, check_in = TreatmentSession.objects.get(), CheckIn.objects.get()
    assert (session.entered_at, session.after_entered_at) == (now, now)
    assert check_in.entered_at == now


def test_the_person_may_say_that_they_were_typed_at_the_time(as_alice):
    sent(as_alice, csv_file(MAT))
    as_alice.post(PREVIEW, {"typed_then": "on"})
    session = TreatmentSession.objects.get()
    assert (session.entered_at, session.after_entered_at) == (None, None)


def test_nobody_is_asked_of_ratings_that_say_when_they_were_typed(as_alice):
    typed = {"entered_at": MAT["at"], "after_entered_at": MAT["after_at"]}
    response = sent(as_alice, csv_file(MAT | typed))
    assert response.context["found"]["undated"] == 0
    assert "typed_then" not in response.content.decode()
    as_alice.post(PREVIEW)
    session = TreatmentSession.objects.get()
    assert session.after_entered_at == session.after_rated_at
