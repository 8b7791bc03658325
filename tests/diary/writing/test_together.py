"""One mat, two ratings: a session for two complaints at once, and each compared by itself."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.diary.models import TreatmentSession, WaitDraw
from apps.your_data.archive.write import export_archive
from apps.your_data.importing.store import import_diary
from apps.your_data.table.write_csv import export_csv
from tests.factories import (
    ConditionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    UserFactory,
    WaitPlanFactory,
)

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=45)
START = reverse("diary:session_start_together")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def arm(alice):
    return ConditionFactory(user=alice, name="Arm", first_place="shoulder", second_place="hand")


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice, name="Sciatica")


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice)


def start(client, *, did, client_id=None, **ratings):
    said = {"client_id": client_id or str(uuid.uuid4()), "did": did, **ratings}
    return client.post(START, said)


def both(arm, sciatica, arm_pain="3", pain="6"):
    return {
        f"pain_{arm.pk}": arm_pain,
        f"side_{arm.pk}": "left",
        f"pain_{sciatica.pk}": pain,
        f"side_{sciatica.pk}": "right",
    }


@pytest.fixture
def started(as_alice, arm, sciatica, mat):
    start(as_alice, did=[mat.pk], **both(arm, sciatica))
    return list(TreatmentSession.objects.order_by("pk"))


def finish(client, first, second, pain, other):
    url = reverse("diary:session_finish", args=[first.pk])
    said = {"client_id": str(first.client_id), "version": str(first.version), "pain_after": pain}
    return client.post(url, said | {f"pain_after_{second.pk}": other})


def stored(**filters):
    rows = TreatmentSession.objects.filter(**filters).order_by("pk")
    return list(rows.values_list("condition__name", "pain_before", "pain_after"))


def saved_token(client):
    page = client.get(reverse("diary:today")).content.decode()
    return page.split('name="saved" value="')[1].split('"')[0]


def take_back(client):
    return client.post(reverse("diary:take_back"), {"saved": saved_token(client)})


def test_one_start_is_a_session_of_each_complaint(started, arm, sciatica, mat):
    first, second = started
    assert [(s.condition, s.pain_before, s.side) for s in started] == [
        (arm, 3, "left"),
        (sciatica, 6, "right"),
    ]
    assert first.together == second.together == first.client_id
    assert [list(s.treatments.all()) for s in started] == [[mat], [mat]]
    assert {(s.started_at, s.diary_date, s.due_minutes) for s in started} == {
        (NOW, NOW.date(), mat.rate_again_after_minutes)
    }


def test_the_start_page_offers_it_where_there_are_several(as_alice, arm, mat):
    url = f"{reverse('diary:session_start')}?treatment={mat.pk}"
    assert START not in as_alice.get(url).content.decode()
    ConditionFactory(user=arm.user, name="Sciatica")
    assert f'href="{START}?treatment={mat.pk}"' in as_alice.get(url).content.decode()


def test_only_what_is_done_and_the_usual_side_are_preset(as_alice, arm, sciatica, mat):
    arm.usual_side = "right"
    arm.save()
    page = as_alice.get(START, {"treatment": mat.pk})
    form = page.context["form"]
    assert [form[f"side_{c.pk}"].value() for c in (arm, sciatica)] == ["right", None]
    assert [form[f"pain_{c.pk}"].value() for c in (arm, sciatica)] == [None, None]
    assert form["did"].value() == [mat.pk]


def test_sent_twice_it_is_stored_once(as_alice, arm, sciatica, mat):
    sent = {"did": [mat.pk], "client_id": str(uuid.uuid4())}
    for _times in range(2):
        response = start(as_alice, **sent, **both(arm, sciatica))
        assert response.status_code == 302
    assert TreatmentSession.objects.count() == 2
    assert start(as_alice, **sent, **both(arm, sciatica, pain="7")).status_code == 409
    assert TreatmentSession.objects.count() == 2


def test_one_rating_alone_is_refused_and_kept(as_alice, arm, sciatica, mat):
    response = start(as_alice, did=[mat.pk], **{f"pain_{arm.pk}": "0"})
    form = response.context["form"]
    assert form.non_field_errors() == ["Rate two complaints here, or start it for one alone."]
    assert (response.status_code, form[f"pain_{arm.pk}"].value()) == (422, "0")
    assert not TreatmentSession.objects.exists()


def test_a_complaint_of_somebody_else_is_none(as_alice, arm, mat):
    other = ConditionFactory(name="Hers")
    ratings = {f"pain_{arm.pk}": "3", f"pain_{other.pk}": "3"}
    assert start(as_alice, did=[mat.pk], **ratings).status_code == 422
    assert not TreatmentSession.objects.exists()


def test_both_are_rated_again_on_one_page(as_alice, started, clock):
    clock.move_to(LATER)
    first, second = started
    page = as_alice.get(reverse("diary:session_finish", args=[first.pk])).content.decode()
    assert ("Arm: pain now" in page, "Sciatica: pain now" in page) == (True, True)
    response = finish(as_alice, first, second, "1", "0")
    assert response.url == reverse("diary:session_after", args=[first.pk])
    assert stored() == [("Arm", 3, 1), ("Sciatica", 6, 0)]
    moments = set(TreatmentSession.objects.values_list("after_rated_at", "after_entered_at"))
    assert moments == {(LATER, LATER)}
    shown = as_alice.get(response.url).content.decode()
    assert "Sciatica: 6 → 0, beside its own waits" in shown


def test_one_of_them_may_be_left_out(as_alice, started, clock):
    clock.move_to(LATER)
    first, second = started
    finish(as_alice, first, second, "1", "")
    assert stored() == [("Arm", 3, 1), ("Sciatica", 6, None)]
    page = as_alice.get(reverse("diary:session_finish", args=[second.pk]))
    assert not hasattr(page.context["form"], "others")


def test_on_today_they_are_one(as_alice, started):
    page = as_alice.get(reverse("diary:today")).context["page"]
    assert [open.session.pk for open in page.open_sessions] == [started[0].pk]


def test_taking_the_start_back_takes_both_and_brings_both_again(as_alice, started):
    take_back(as_alice)
    assert stored() == []
    as_alice.post(reverse("diary:undo"))
    assert stored() == [("Arm", 3, None), ("Sciatica", 6, None)]


def test_taking_the_rating_back_takes_both(as_alice, started, clock):
    as_alice.get(reverse("diary:today"))  # the message of the start is read
    clock.move_to(LATER)
    finish(as_alice, *started, "1", "0")
    take_back(as_alice)
    assert stored() == [("Arm", 3, None), ("Sciatica", 6, None)]


def test_nothing_is_taken_back_where_one_was_changed_since(as_alice, started):
    token = saved_token(as_alice)
    TreatmentSession.objects.filter(pk=started[1].pk).update(version=2)
    as_alice.post(reverse("diary:take_back"), {"saved": token})
    assert len(stored()) == 2


def test_closing_closes_both_and_is_undone_for_both(as_alice, started):
    as_alice.post(reverse("diary:session_close", args=[started[1].pk]))
    assert not TreatmentSession.objects.filter(is_closed_unrated=False).exists()
    take_back(as_alice)
    assert not TreatmentSession.objects.filter(is_closed_unrated=True).exists()


def test_each_ends_the_wait_of_its_own_complaint(as_alice, alice, arm, sciatica, mat):
    at = NOW - timedelta(minutes=20)
    for condition in (arm, sciatica):
        TreatmentSessionFactory(
            user=alice, condition=condition, started_at=at, treatments=[], pain_before=8
        )
    start(as_alice, did=[mat.pk], **both(arm, sciatica))
    assert stored(started_at=at) == [("Arm", 8, 3), ("Sciatica", 8, 6)]
    take_back(as_alice)
    assert stored() == [("Arm", 8, None), ("Sciatica", 8, None)]


def test_a_wait_may_be_for_both(as_alice, arm, sciatica):
    start(as_alice, did=["wait"], **both(arm, sciatica))
    assert TreatmentSession.objects.waits().count() == 2


def test_the_coin_is_not_tossed(as_alice, alice, arm, sciatica, mat):
    WaitPlanFactory(user=alice, one_in=2)
    for _times in range(8):
        assert start(as_alice, did=[mat.pk], **both(arm, sciatica)).status_code == 302
    assert (TreatmentSession.objects.count(), WaitDraw.objects.count()) == (16, 0)


def test_not_while_a_self_test_of_it_runs(as_alice, alice, arm, sciatica, mat):
    SelfTestFactory(user=alice, condition=sciatica, treatment=mat)
    response = start(as_alice, did=[mat.pk], **both(arm, sciatica))
    message = "A self-test of this is running. Start it for one complaint alone."
    assert response.context["form"].non_field_errors() == [message]
    assert not TreatmentSession.objects.exists()


@pytest.mark.parametrize("export", [export_csv, export_archive])
def test_it_stays_one_act_in_files(alice, started, export):
    together = started[0].together
    other = UserFactory()
    outcome = import_diary(other, b"".join(export(alice)), at=timezone.now())
    assert (outcome.problems.shown, outcome.new) == ([], 2)
    copies = TreatmentSession.objects.for_user(other)
    assert set(copies.values_list("together", flat=True)) == {together}


@pytest.mark.parametrize("page", ["diary:session_start_together", "diary:session_finish"])
def test_pages_ask_no_more_where_there_is_more(as_alice, alice, started, page):
    args = [] if page.endswith("together") else [started[0].pk]
    counts = []
    as_alice.get(reverse(page, args=args))
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            as_alice.get(reverse(page, args=args))
        counts.append(len(queries))
        more = ConditionFactory(user=alice, name=f"Another {number}")
        TreatmentSessionFactory(user=alice, condition=more, started_at=NOW)
    assert counts == counts[:1] * 3
