"""A self-test from agreement to answer, and what is sealed in between."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from apps.comparisons.engine.self_test import letters
from apps.diary.models import ReminderPlan, SelfTest, TreatmentSession
from tests.comparisons.engine.test_self_test import BEFORE, SIXTH_UNRATED, WORKS
from tests.comparisons.worked_self_test import with_sessions
from tests.factories import (
    NOON,
    ConditionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
)


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def mat(alice):
    return TreatmentFactory(user=alice, name="Mat", rate_again_after_minutes=60)


@pytest.fixture
def self_test(alice, sciatica, mat):
    return SelfTestFactory(user=alice, condition=sciatica, treatment=mat)


def agreed(**fields):
    return {"moments": "32", "expectation": "7", "ends_on": "", **fields}


def create(mat):
    return f"/treatments/{mat.pk}/self-test/"


def ended(self_test, why="whole"):
    SelfTest.objects.update(ended_at=NOON + timedelta(days=60), why_ended=why)
    self_test.refresh_from_db()


def test_question_begins_with_the_complaint_that_it_was_last_used_for(
    as_alice, alice, sciatica, mat
):
    """By name the arm comes first: its test would draw for nobody's sciatica."""
    ConditionFactory(user=alice, name="Arm")
    TreatmentSessionFactory(user=alice, condition=sciatica, treatments=[mat])
    assert as_alice.get(create(mat)).context["form"]["condition"].value() == sciatica.pk


@time_machine.travel(NOON, tick=False)
def test_agreeing_begins_a_test_with_a_sealed_order(as_alice, sciatica, mat):
    response = as_alice.post(create(mat), agreed(condition=sciatica.pk))
    self_test = SelfTest.objects.get()
    assert (response.status_code, response.url) == (302, f"/self-tests/{self_test.pk}/")
    assert (self_test.treatment, self_test.other, self_test.condition) == (mat, None, sciatica)
    assert (self_test.moments, self_test.minutes, self_test.expectation) == (32, 60, 7)
    assert self_test.order == letters(self_test.seed, 32)
    assert self_test.ends_on == NOON.date() + timedelta(days=96)
    assert (self_test.started_at, self_test.is_running) == (NOON, True)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(("typed", "kept"), [({}, []), ({"remind": "on"}, [(True, False, NOON)])])
def test_a_reminder_of_its_sessions_is_kept_where_it_is_wanted(
    as_alice, alice, sciatica, mat, typed, kept
):
    as_alice.post(create(mat), agreed(condition=sciatica.pk, **typed))
    plans = ReminderPlan.objects.for_user(alice)
    assert list(plans.values_list("for_self_tests", "is_daily", "since")) == kept


@time_machine.travel(NOON, tick=False)
def test_two_treatments_share_the_longer_interval(as_alice, alice, sciatica, mat):
    heat = TreatmentFactory(user=alice, name="Heat", rate_again_after_minutes=90)
    as_alice.post(create(mat), agreed(condition=sciatica.pk, other=heat.pk))
    assert (SelfTest.objects.get().other, SelfTest.objects.get().minutes) == (heat, 90)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"moments": "20"}, "moments"),
        ({"moments": ""}, "moments"),
        ({"expectation": "11"}, "expectation"),
        ({"expectation": ""}, "expectation"),
        ({"ends_on": "2026-03-10"}, "ends_on"),
        ({"ends_on": "2036-03-10"}, "ends_on"),
        ({"ends_on": "soon"}, "ends_on"),
        ({"other": "0"}, "other"),
        ({"condition": "0"}, "condition"),
    ],
)
def test_bad_input_is_said_at_its_field_and_kept(as_alice, sciatica, mat, changes, refused):
    response = as_alice.post(create(mat), agreed(condition=sciatica.pk) | changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [refused]
    assert SelfTest.objects.count() == 0


@time_machine.travel(NOON, tick=False)
def test_there_is_one_test_at_a_time_for_a_condition(as_alice, sciatica, mat, self_test):
    response = as_alice.post(create(mat), agreed(condition=sciatica.pk))
    assert response.status_code == 422
    assert "One at a time" in response.content.decode()
    ended(self_test)
    assert as_alice.post(create(mat), agreed(condition=sciatica.pk)).status_code == 302


def test_nothing_of_somebody_else_can_be_tested_or_seen(as_alice, alice, sciatica, mat):
    theirs = SelfTestFactory()
    assert as_alice.get(create(theirs.treatment)).status_code == 404
    assert as_alice.get(f"/self-tests/{theirs.pk}/").status_code == 404
    assert as_alice.post(f"/self-tests/{theirs.pk}/end/").status_code == 404
    with time_machine.travel(NOON, tick=False):
        for theft in ({"other": theirs.treatment.pk}, {"condition": theirs.condition.pk}):
            response = as_alice.post(create(mat), agreed(condition=sciatica.pk) | theft)
            assert response.status_code == 422


@pytest.mark.parametrize(
    "fields", [{"is_prescribed": True}, {"setting": "appointment"}, {"archived_at": NOON}]
)
def test_what_may_not_be_put_off_cannot_be_tested(as_alice, alice, sciatica, fields):
    pills = TreatmentFactory(user=alice, name="Pills", **fields)
    page = as_alice.get(create(pills))
    assert (page.status_code, "cannot be tested" in page.content.decode()) == (200, True)
    response = as_alice.post(create(pills), agreed(condition=sciatica.pk))
    assert (response.status_code, SelfTest.objects.count()) == (409, 0)


@time_machine.travel(NOON, tick=False)
def test_the_page_says_what_it_finds_and_how_long_it_takes(as_alice, alice, sciatica, mat):
    for days in (0, 27, 28):
        at = NOON - timedelta(days=days)
        TreatmentSessionFactory(user=alice, condition=sciatica, started_at=at, treatments=[mat])
    page = as_alice.get(create(mat))
    found = [(p.moments, p.weeks, p.weeks_at_one_a_day) for p in page.context["powers"]]
    assert found == [(24, 48, 4), (32, 64, 5), (48, 96, 7)]


def test_a_running_test_shows_how_far_it_is_and_nothing_else(as_alice, self_test):
    with_sessions(self_test, SIXTH_UNRATED[:7])
    with time_machine.travel(NOON + timedelta(days=20), tick=False):
        page = as_alice.get(f"/self-tests/{self_test.pk}/")
    text = page.content.decode()
    assert (page.context["done"], page.context["rated"], page.context["why_over"]) == (7, 6, None)
    assert "7 of 24" in text
    assert str(self_test.seed) not in text
    assert self_test.order[:8] not in text


@pytest.mark.parametrize(("minutes", "is_over"), [(89, False), (90, True)])
def test_it_is_over_once_its_last_session_can_no_longer_be_rated(
    as_alice, self_test, minutes, is_over
):
    with_sessions(self_test, [*WORKS[:23], None])
    last = TreatmentSession.objects.latest("started_at").started_at
    with time_machine.travel(last + timedelta(minutes=minutes), tick=False):
        page = as_alice.get(f"/self-tests/{self_test.pk}/")
    assert page.context["why_over"] == ("whole" if is_over else None)


def ends_as(client, self_test, at):
    with time_machine.travel(at, tick=False):
        response = client.post(f"/self-tests/{self_test.pk}/end/")
    assert (response.status_code, response.url) == (302, f"/self-tests/{self_test.pk}/")
    self_test.refresh_from_db()
    return self_test.why_ended


def test_it_ends_whole_with_its_last_rating(as_alice, self_test):
    with_sessions(self_test, WORKS)
    assert ends_as(as_alice, self_test, NOON + timedelta(days=36)) == "whole"


def test_it_ends_after_its_last_day(as_alice, self_test):
    with_sessions(self_test, WORKS[:17])
    assert ends_as(as_alice, self_test, NOON + timedelta(days=73)) == "date"


def test_it_ends_early_only_for_whoever_chose_that(as_alice, self_test):
    with_sessions(self_test, WORKS[:16])
    SelfTest.objects.update(may_end_early=True)
    assert ends_as(as_alice, self_test, NOON + timedelta(days=30)) == "early"


def test_it_can_be_stopped_on_any_day_and_stays_stopped(as_alice, self_test):
    with_sessions(self_test, WORKS[:16])
    assert ends_as(as_alice, self_test, NOON + timedelta(days=30)) == "stopped"
    assert ends_as(as_alice, self_test, NOON + timedelta(days=90)) == "stopped"
    assert self_test.ended_at == NOON + timedelta(days=30)


def test_the_answer_is_that_of_the_method_to_its_printed_digits(as_alice, self_test):
    with_sessions(self_test, WORKS)
    ended(self_test)
    page = as_alice.get(f"/self-tests/{self_test.pk}/")
    result, text = page.context["result"], page.content.decode()
    assert (result.difference, result.se) == pytest.approx((-2.311343, 0.349215), abs=5e-7)
    assert (result.as_extreme, result.verdict) == (4, "helps")
    for said in (
        "Lower after Mat than after waiting: more than coincidence.",
        "2.3 points lower after Mat than after waiting (3.0 to 1.6 lower).",
        "Mat: 3.4 on average after it, 12 of 12 rated again.",
        "Waiting: 5.3 on average after it, 12 of 12 rated again.",
        "4 of 46,656 orders",
        self_test.order,
        str(self_test.seed),
    ):
        assert said in text, said


def test_a_session_rated_late_or_deleted_is_missing(as_alice, self_test):
    with_sessions(self_test, WORKS)
    sixth = self_test.drawn.get(ordinal=5).client_id
    TreatmentSession.objects.filter(client_id=sixth).delete()
    ended(self_test)
    result = as_alice.get(f"/self-tests/{self_test.pk}/").context["result"]
    assert result.difference == pytest.approx(-2.329706, abs=5e-7)
    assert (result.treated.rated, result.treated.moments) == (11, 12)


def test_page_counts_what_was_rated_too_late_nowhere(as_alice, self_test):
    with_sessions(self_test, WORKS)
    sixth = TreatmentSession.objects.get(client_id=self_test.drawn.get(ordinal=5).client_id)
    sixth.after_rated_at = sixth.started_at + timedelta(hours=3)
    sixth.save()
    ended(self_test)
    text = as_alice.get(f"/self-tests/{self_test.pk}/").text
    assert "11 of 12 rated again" in text
    assert "23 of 24 sessions of the test were rated again." in text


def test_stopped_before_sixteen_keeps_its_numbers_and_has_no_answer(as_alice, self_test):
    with_sessions(self_test, WORKS[:15])
    ended(self_test, "stopped")
    text = as_alice.get(f"/self-tests/{self_test.pk}/").content.decode()
    assert "Stopped too early for an answer." in text
    assert "8 of 8 rated again" in text


def test_the_picture_holds_every_rated_session_in_the_arm_that_was_drawn(as_alice, self_test):
    with_sessions(self_test, SIXTH_UNRATED)
    ended(self_test)
    arms = as_alice.get(f"/self-tests/{self_test.pk}/").context["chart"]["drawing"]["arms"]
    assert [(arm["name"], len(arm["marks"]), arm["is_wait"]) for arm in arms] == [
        ("Mat", 11, False),
        ("Waiting", 12, True),
    ]
    changes = [WORKS[i] - BEFORE[i] for i in range(24) if self_test.order[i] == "W"]
    assert sorted(change for change, _height in arms[1]["marks"]) == sorted(changes)
    assert arms[1]["mean"] == round(sum(changes) / 12, 2)


def test_the_table_says_what_was_drawn_and_what_was_done(as_alice, self_test):
    with_sessions(self_test, SIXTH_UNRATED)
    self_test.drawn.filter(ordinal=1).update(broken_off_at=NOON)
    ended(self_test)
    rows = as_alice.get(f"/self-tests/{self_test.pk}/").context["chart"]["table"]["rows"]
    assert [row[2:] for row in rows[:2]] == [
        ["Mat", "Mat", "7", "4"],
        ["Wait and see", "wait broken off", "6", "6"],
    ]
    assert rows[5][4:] == ["7", "–"]


def test_while_it_runs_nothing_is_said_of_it_on_compare_and_card(as_alice, alice, self_test):
    with_sessions(self_test, WORKS)
    for path in ("/compare/", f"/treatments/{self_test.treatment_id}/card/"):
        text = as_alice.get(path).content.decode()
        assert "Its answer comes at the end" in text
        for said in ("data-verdict", "3.4", "5.3", "2.3", self_test.order):
            assert said not in text, (path, said)


def test_its_sessions_join_the_comparison_at_its_end(alice, self_test, capsys):
    def pairs():
        call_command("compare", user=alice.email)
        found = json.loads(capsys.readouterr().out)
        return found["pairs"], found["waits"], [t["treatment"] for t in found["treatments"]]

    with_sessions(self_test, WORKS)
    assert pairs() == (0, 0, [])
    ended(self_test)
    assert pairs() == (24, 12, ["Mat"])


def test_the_command_lists_self_tests_and_seals_what_runs(alice, self_test, capsys):
    def listed():
        call_command("compare", user=alice.email)
        return json.loads(capsys.readouterr().out)["self_tests"]

    with_sessions(self_test, SIXTH_UNRATED)
    progress = {
        "treatment": "Mat",
        "against": None,
        "unit": "session",
        "moments": 24,
        "drawn": 24,
        "rated": 23,
    }
    sealed = ("ended", "difference", "se", "low", "high", "as_extreme", "orders", "verdict")
    assert listed() == [progress | dict.fromkeys(sealed)]
    ended(self_test)
    (row,) = listed()
    assert (row["ended"], row["verdict"], row["as_extreme"]) == ("whole", "helps", 4)
    assert row["difference"] == pytest.approx(-2.329706, abs=5e-7)


def test_rating_again_leads_to_the_test_without_a_number(as_alice, self_test):
    with_sessions(self_test, [*WORKS[:3], None])
    session = TreatmentSession.objects.get(pain_after=None)
    finish = f"/sessions/{session.pk}/finish/"
    with time_machine.travel(session.started_at + timedelta(minutes=45), tick=False):
        sent = {"client_id": str(session.client_id), "version": "1", "pain_after": "4"}
        response = as_alice.post(finish, sent, follow=True)
    assert response.redirect_chain == [(f"/self-tests/{self_test.pk}/", 302)]
    assert (response.context["done"], response.context["rated"]) == (4, 4)
    assert (
        "before"
        not in response.content.decode()
        .split("</main>")[0]
        .split("<main")[1]
        .split("nothing is shown")[0]
    )


OFFERS_TO_END = "If it was severe, end the test"


def writes_a_side_effect(client, session, text):
    """In the form that rates it again, or that changes it."""
    address = "finish" if session.pain_after is None else "edit"
    page = client.get(f"/sessions/{session.pk}/{address}/")
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(
        f"/sessions/{session.pk}/{address}/",
        sent | {"pain_after": "4", "adverse_effect": text},
        follow=True,
    )


def test_a_side_effect_of_a_session_leads_to_the_offer_to_end_the_test(as_alice, self_test):
    with_sessions(self_test, [*WORKS[:3], None])
    last = TreatmentSession.objects.get(pain_after=None)
    with time_machine.travel(last.started_at + timedelta(minutes=45), tick=False):
        page = writes_a_side_effect(as_alice, last, "My skin bled.")
        assert page.redirect_chain == [(f"/self-tests/{self_test.pk}/", 302)]
        assert "“My skin bled.”" in page.content.decode()
        assert OFFERS_TO_END in page.content.decode()
        ended = as_alice.post(f"/self-tests/{self_test.pk}/end/", follow=True)
        assert "Stopped too early for an answer." in ended.content.decode()


def test_a_side_effect_written_down_later_leads_there_too(as_alice, alice, mat, self_test):
    with_sessions(self_test, WORKS[:4])
    ordinary = TreatmentSessionFactory(
        user=alice,
        condition=self_test.condition,
        started_at=self_test.started_at + timedelta(days=6),
        treatments=[mat],
        pain_after=3,
        after_rated_at=self_test.started_at + timedelta(days=6, minutes=45),
    )
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        page = writes_a_side_effect(as_alice, ordinary, "My skin bled.")
        assert page.redirect_chain[-1] == (f"/self-tests/{self_test.pk}/", 302)
        assert OFFERS_TO_END in page.content.decode()


def test_without_a_side_effect_nothing_is_offered(as_alice, alice, self_test):
    with_sessions(self_test, WORKS[:4])
    other = TreatmentFactory(user=alice, name="Heat")
    TreatmentSessionFactory(
        user=alice,
        condition=self_test.condition,
        started_at=NOON + timedelta(days=6),
        treatments=[other],
        adverse_effect="A burn.",
    )
    with time_machine.travel(NOON + timedelta(days=7), tick=False):
        page = as_alice.get(f"/self-tests/{self_test.pk}/").content.decode()
    assert OFFERS_TO_END not in page


@pytest.mark.parametrize("tests", [1, 3])
def test_pages_cost_the_same_queries(
    as_alice, alice, sciatica, mat, django_assert_num_queries, tests
):
    for _ in range(tests):
        self_test = SelfTestFactory(user=alice, condition=sciatica, treatment=mat)
        with_sessions(self_test, WORKS[: 4 * tests])
        ended(self_test)
    with django_assert_num_queries(6):
        as_alice.get(f"/self-tests/{self_test.pk}/")
