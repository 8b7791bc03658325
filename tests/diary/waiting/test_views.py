"""Starting a session when the coin asks whether to wait first."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from apps.diary.models import HowOften, TreatmentSession, WaitDraw, WaitPlan
from apps.diary.waiting.coin import coin_says_wait
from tests.factories import (
    LONG_AGO,
    NOON,
    CheckInFactory,
    ConditionFactory,
    RedFlagReviewFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitDrawFactory,
    WaitPlanFactory,
    used_twice,
)

START, SETTINGS = "/sessions/start/", "/settings/waiting/"


def seed_that(*says):
    """A seed whose first tosses come out like this at 1 in 5."""
    seeds = (uuid.UUID(int=number) for number in range(100_000))
    return next(
        seed
        for seed in seeds
        if says == tuple(coin_says_wait(seed, n, 5) for n in range(len(says)))
    )


ASKS, DOES_NOT = seed_that(True, False, False), seed_that(False, False, True)


@pytest.fixture
def mat(alice):
    mat = TreatmentFactory(user=alice, minutes=20)
    used_twice(mat)
    return mat


@pytest.fixture
def plan(alice):
    return WaitPlanFactory(user=alice, seed=ASKS)


def typed(*treatments, **fields):
    did = [treatment.pk for treatment in treatments] or ["wait"]
    return {"client_id": str(uuid.uuid4()), "did": did, "pain_before": "6", **fields}


def is_asked(response):
    return [template.name for template in response.templates][:1] == [
        "diary/waiting/wait_first.html"
    ]


def answered(page, answer):
    """What the browser sends when a button of the page is tapped."""
    assert is_asked(page)
    data = {}
    for name, value in page.context["form"].sent_along():
        data.setdefault(name, []).append(value)
    return {**data, "answer": answer}


def outcomes(user):
    draws = WaitDraw.objects.for_user(user).order_by("id")
    return list(draws.values_list("outcome", "ordinal", "one_in"))


def sessions():
    """All but those that made a treatment known."""
    return TreatmentSession.objects.with_names().filter(started_at__gt=LONG_AGO + timedelta(days=9))


def the_session():
    return sessions().get()


@time_machine.travel(NOON, tick=False)
def test_start_asks_to_wait_and_stores_nothing_yet(as_alice, alice, plan, mat):
    page = as_alice.post(START, typed(mat))
    assert (page.status_code, is_asked(page)) == (200, True)
    assert (sessions().count(), outcomes(alice)) == (0, [])
    assert str(ASKS) not in page.content.decode()


@time_machine.travel(NOON, tick=False)
def test_accepting_makes_a_wait_that_the_app_asked_for(as_alice, alice, plan, mat):
    heat = TreatmentFactory(user=alice, name="Heat pack")
    used_twice(heat)
    condition = ConditionFactory(user=alice)
    start = typed(mat, heat, side="left", minutes="20", position="buttocks")
    response = as_alice.post(START, answered(as_alice.post(START, start), "wait"))
    session = the_session()
    assert (response.status_code, response.url) == (302, f"/sessions/{session.pk}/")
    assert (session.names, session.asked_by_app, session.pain_before) == ([], True, 6)
    assert (session.side, session.condition, session.minutes) == ("left", condition, None)
    assert (session.position, session.started_at) == ("", NOON)
    assert outcomes(alice) == [("accepted", 0, 5)]
    draw = WaitDraw.objects.get()
    assert (draw.client_id, draw.drawn_at) == (session.client_id, NOON)
    assert [link.treatment for link in draw.links.all()] == [mat, heat]


@time_machine.travel(NOON, tick=False)
def test_skipping_is_recorded_and_starts_what_was_typed(as_alice, alice, plan, mat):
    heat = TreatmentFactory(user=alice, name="Heat pack")
    used_twice(heat)
    start = typed(mat, heat, side="right", minutes="25", position="neck")
    response = as_alice.post(START, answered(as_alice.post(START, start), "now"))
    assert response.status_code == 302
    session = the_session()
    assert (session.names, session.asked_by_app) == (["Acupressure mat", "Heat pack"], None)
    assert (session.side, session.minutes, session.position) == ("right", 25, "neck")
    assert outcomes(alice) == [("skipped", 0, 5)]
    assert WaitDraw.objects.get().links.count() == 2


def test_reload_going_back_and_a_new_form_do_not_toss_again(as_alice, plan, mat):
    first = typed(mat)
    pages = [as_alice.post(START, data) for data in [first, first, typed(mat, pain_before="2")]]
    assert [is_asked(page) for page in pages] == [True] * 3
    plan.refresh_from_db()
    assert plan.next_ordinal == 0


def test_a_toss_that_does_not_ask_moves_on_with_the_session(as_alice, alice, mat):
    WaitPlanFactory(user=alice, seed=DOES_NOT)
    refused = as_alice.post(START, typed(mat, pain_before="11"))
    assert (refused.status_code, outcomes(alice)) == (422, [])
    pages = [as_alice.post(START, typed(mat)) for _ in range(3)]
    assert [is_asked(page) for page in pages] == [False, False, True]
    assert outcomes(alice) == [("not_asked", 0, 5), ("not_asked", 1, 5)]


def test_first_start_makes_the_plan_in_which_nothing_is_chosen(as_alice, alice, mat):
    as_alice.post(START, typed(mat, pain_before="9"))
    plan = WaitPlan.objects.for_user(alice).get()
    assert (plan.has_chosen, plan.chosen, plan.pain_limit, plan.next_ordinal) == (False, None, 8, 0)
    assert outcomes(alice) == [("not_eligible", None, 2)]


@pytest.mark.parametrize(
    ("fields", "pain"),
    [
        ({}, "9"),
        ({"is_prescribed": True}, "6"),
        ({"setting": "appointment"}, "6"),
        ({"kind": "injection"}, "6"),
    ],
)
def test_a_session_that_may_not_be_asked_uses_no_toss(as_alice, alice, plan, fields, pain):
    treatment = TreatmentFactory(user=alice, **fields)
    used_twice(treatment)
    assert as_alice.post(START, typed(treatment, pain_before=pain)).status_code == 302
    assert outcomes(alice) == [("not_eligible", None, 5)]
    plan.refresh_from_db()
    assert plan.next_ordinal == 0


def test_waits_of_one_s_own_and_sessions_written_down_are_never_asked(as_alice, alice, plan, mat):
    as_alice.post(START, typed())
    as_alice.post("/sessions/new/", typed(mat, started_at="2026-03-09T20:00"))
    stored = sessions().order_by("id")
    assert [session.asked_by_app for session in stored] == [None, None]
    assert outcomes(alice) == []


def test_nobody_is_asked_who_switched_it_off(as_alice, alice, plan, mat):
    WaitPlan.objects.update(one_in=HowOften.NEVER)
    assert as_alice.post(START, typed(mat)).status_code == 302
    assert outcomes(alice) == []


@pytest.mark.parametrize("answer", ["wait", "now"])
def test_an_answer_tapped_twice_makes_one_session(as_alice, alice, plan, mat, answer):
    data = answered(as_alice.post(START, typed(mat)), answer)
    assert [as_alice.post(START, data).status_code for _ in range(3)] == [302] * 3
    assert (sessions().count(), len(outcomes(alice))) == (1, 1)


@pytest.mark.parametrize(("first", "then"), [("wait", "now"), ("now", "wait")])
def test_the_other_button_afterwards_is_asked_about(as_alice, alice, plan, mat, first, then):
    data = answered(as_alice.post(START, typed(mat)), first)
    as_alice.post(START, data)
    assert as_alice.post(START, data | {"answer": then}).status_code == 409
    assert (sessions().count(), len(outcomes(alice))) == (1, 1)


def test_the_same_form_again_after_the_answer_is_not_asked_again(as_alice, alice, plan, mat):
    start = typed(mat)
    WaitPlan.objects.update(one_in=HowOften.ONE_IN_TWO, seed=uuid.UUID(int=0))
    asks = next(n for n in range(99) if coin_says_wait(uuid.UUID(int=0), n, 2))
    WaitPlan.objects.update(next_ordinal=asks)
    as_alice.post(START, answered(as_alice.post(START, start), "now"))
    for ordinal in range(asks + 1, asks + 9):
        WaitPlan.objects.update(next_ordinal=ordinal)
        assert as_alice.post(START, start).status_code == 302
    assert (sessions().count(), len(outcomes(alice))) == (1, 1)


def test_a_form_sent_again_after_its_session_was_deleted_uses_no_toss(as_alice, alice, plan, mat):
    start = typed(mat)
    as_alice.post(START, answered(as_alice.post(START, start), "now"))
    as_alice.post(f"/sessions/{the_session().pk}/delete/")
    assert as_alice.post(START, start).status_code == 302
    assert outcomes(alice) == [("skipped", 0, 5)]


def test_deleting_a_wait_keeps_its_draw_and_undo_fits_it_again(as_alice, alice, plan, mat):
    as_alice.post(START, answered(as_alice.post(START, typed(mat)), "wait"))
    as_alice.post(f"/sessions/{the_session().pk}/delete/")
    assert outcomes(alice) == [("accepted", 0, 5)]
    as_alice.post("/diary/undo/")
    assert the_session().asked_by_app is True
    as_alice.post(f"/sessions/{the_session().pk}/close/")
    assert as_alice.get("/today/").context["page"].planned == [mat]


def test_two_tabs_that_ask_use_one_toss_each(as_alice, alice, plan, mat):
    tabs = [as_alice.post(START, typed(mat)) for _ in range(2)]
    answers = [answered(tab, "now") for tab in tabs]
    assert [as_alice.post(START, data).status_code for data in answers] == [302, 302]
    assert outcomes(alice) == [("skipped", 0, 5), ("not_asked", 1, 5)]


def test_a_wait_in_the_second_tab_is_one_s_own(as_alice, alice, plan, mat):
    tabs = [as_alice.post(START, typed(mat)) for _ in range(2)]
    for tab, answer in zip(tabs, ["now", "wait"], strict=True):
        as_alice.post(START, answered(tab, answer))
    stored = sessions().order_by("id")
    assert outcomes(alice) == [("skipped", 0, 5)]
    assert [(s.names, s.asked_by_app) for s in stored] == [
        (["Acupressure mat"], None),
        ([], None),
    ]


def at_the_same_moment(user, *sent):
    def start(data):
        browser = Client()
        browser.force_login(user)
        try:
            return browser.post(START, data).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(sent)) as tabs:
        return sorted(tabs.map(start, sent))


@pytest.mark.django_db(transaction=True)
def test_starts_at_the_same_moment_never_share_a_toss(alice, mat):
    WaitPlanFactory(user=alice, seed=DOES_NOT)
    codes = at_the_same_moment(alice, *(typed(mat) for _ in range(6)))
    assert codes == [200] * 4 + [302] * 2
    assert outcomes(alice) == [("not_asked", 0, 5), ("not_asked", 1, 5)]
    assert sessions().count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_first_starts_of_a_person_at_the_same_moment_make_one_plan(alice, mat):
    codes = at_the_same_moment(alice, *(typed(mat, pain_before="9") for _ in range(4)))
    assert codes == [302] * 4
    assert (WaitPlan.objects.count(), sessions().count()) == (1, 4)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", ["wait", "now"])
def test_answers_at_the_same_moment_make_one_session(client, alice, plan, mat, answer):
    client.force_login(alice)
    data = answered(client.post(START, typed(mat)), answer)
    assert at_the_same_moment(alice, data, data, data, data) == [302] * 4
    assert (sessions().count(), len(outcomes(alice))) == (1, 1)


@pytest.mark.parametrize("question", ["", "forged", None])
def test_an_answer_to_no_question_asks_for_the_pain_again(as_alice, plan, mat, question):
    data = answered(as_alice.post(START, typed(mat, minutes="25")), "now")
    other = answered(as_alice.post(START, typed(mat)), "now")["question"]
    response = as_alice.post(START, data | {"question": other if question is None else question})
    assert response.status_code == 422
    said = ["You rated your pain some time ago. Tap how it is now."]
    assert response.context["form"].errors == {"__all__": said}
    assert response.context["form"]["minutes"].value() == "25"
    assert sessions().count() == 0


def test_an_answer_hours_later_needs_a_new_rating(as_alice, plan, mat):
    with time_machine.travel(NOON, tick=False):
        data = answered(as_alice.post(START, typed(mat)), "now")
    for minutes, status in [(16, 422), (15, 302)]:
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            as_alice.force_login(WaitPlan.objects.get().user)
            assert as_alice.post(START, data).status_code == status


def test_an_unknown_answer_is_refused(as_alice, plan, mat):
    data = answered(as_alice.post(START, typed(mat)), "perhaps")
    assert as_alice.post(START, data).status_code == 422
    assert sessions().count() == 0


def test_somebody_else_s_treatment_cannot_be_planned(as_alice, plan, charlie):
    hers = TreatmentFactory(user=charlie)
    assert as_alice.post(START, typed(hers)).status_code == 422
    assert as_alice.post(START, typed(hers, answer="wait")).status_code == 422
    assert WaitDraw.objects.count() == 0


@pytest.mark.parametrize("asked_by_app", [True, None])
@time_machine.travel(NOON, tick=False)
def test_giving_up_a_wait_rates_it(as_alice, alice, plan, mat, asked_by_app):
    wait = TreatmentSessionFactory(
        user=alice,
        started_at=NOON - timedelta(minutes=20),
        asked_by_app=asked_by_app,
        pain_before=5,
    )
    page = as_alice.get(START, {"treatment": mat.pk})
    assert list(page.context["form"].open_waits()) == [wait]
    assert as_alice.post(START, typed(mat, pain_before="8")).status_code == 302
    wait.refresh_from_db()
    assert (wait.pain_after, wait.after_rated_at, wait.after_entered_at) == (8, NOON, NOON)
    assert (wait.version, wait.asked_by_app) == (2, asked_by_app)
    started = sessions().exclude(pk=wait.pk).get()
    assert (started.pain_before, started.pain_after) == (8, None)
    assert outcomes(alice) == [("not_eligible", None, 5)]


@time_machine.travel(NOON, tick=False)
def test_starting_leaves_what_is_no_open_wait_of_this_complaint(as_alice, alice, charlie, mat):
    sciatica = ConditionFactory(user=alice)
    WaitPlanFactory(user=alice, one_in=HowOften.NEVER)
    ago = {minutes: NOON - timedelta(minutes=minutes) for minutes in (5, 25 * 60)}
    others = [
        TreatmentSessionFactory(user=alice, started_at=ago[5], treatments=[mat]),
        TreatmentSessionFactory(user=alice, started_at=ago[5], is_closed_unrated=True),
        TreatmentSessionFactory(user=alice, started_at=ago[25 * 60]),
        TreatmentSessionFactory(
            user=alice, started_at=ago[5], condition=ConditionFactory(user=alice, name="Arm")
        ),
        TreatmentSessionFactory(user=charlie, started_at=ago[5]),
    ]
    short = TreatmentSessionFactory(user=alice, started_at=ago[5], condition=sciatica)
    as_alice.post(START, typed(mat, condition=sciatica.pk))
    rated = sessions().exclude(pain_after=None)
    assert list(rated) == [short]
    assert {session.version for session in sessions().filter(pk__in=[o.pk for o in others])} == {1}  # fmt: skip


def test_straight_after_a_wait_nobody_is_asked(as_alice, alice, plan, mat):
    with time_machine.travel(NOON, tick=False):
        TreatmentSessionFactory(
            user=alice, started_at=NOON - timedelta(hours=3), pain_after=3, after_rated_at=NOON
        )
        assert as_alice.post(START, typed(mat)).status_code == 302
    with time_machine.travel(NOON + timedelta(hours=2, seconds=1), tick=False):
        as_alice.force_login(alice)
        assert is_asked(as_alice.post(START, typed(mat)))
    assert outcomes(alice) == [("not_eligible", None, 5)]


@time_machine.travel(NOON, tick=False)
def test_today_offers_what_was_put_off_once_the_wait_is_over(as_alice, alice, plan, mat):
    heat = TreatmentFactory(user=alice, name="Heat pack")
    used_twice(heat)
    as_alice.post(START, answered(as_alice.post(START, typed(mat, heat)), "wait"))

    def offered():
        return as_alice.get("/today/").context["page"].planned

    wait = the_session()
    assert offered() == []
    finish = {"client_id": wait.client_id, "version": "1", "pain_after": "5"}
    as_alice.post(f"/sessions/{wait.pk}/finish/", finish)
    assert offered() == [mat, heat]
    link = f'href="{START}?treatment={mat.pk}&amp;treatment={heat.pk}"'
    assert link in as_alice.get("/today/").content.decode()
    page = as_alice.get(START, {"treatment": [mat.pk, heat.pk]})
    assert page.context["form"].initial["did"] == [mat.pk, heat.pk]
    assert as_alice.post(START, typed(mat, heat)).status_code == 302
    assert offered() == []


@pytest.mark.parametrize(("hours", "is_offered"), [(7, True), (8, False)])
def test_today_offers_what_was_put_off_for_eight_hours(
    as_alice, alice, plan, mat, hours, is_offered
):
    with time_machine.travel(NOON, tick=False):
        as_alice.post(START, answered(as_alice.post(START, typed(mat)), "wait"))
        as_alice.post(f"/sessions/{the_session().pk}/close/")
    with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
        as_alice.force_login(alice)
        assert as_alice.get("/today/").context["page"].planned == [mat] * is_offered


def test_today_offers_nothing_after_a_wait_of_one_s_own(as_alice, alice, plan):
    as_alice.post(START, typed())
    as_alice.post(f"/sessions/{the_session().pk}/close/")
    assert as_alice.get("/today/").context["page"].planned == []


def test_a_wait_changed_into_a_treatment_is_no_longer_one_that_was_asked_for(as_alice, alice, mat):
    wait = TreatmentSessionFactory(user=alice, asked_by_app=True)
    data = {
        "client_id": wait.client_id,
        "version": "1",
        "started_at": "2026-03-10T12:00",
        "pain_before": "6",
    }
    as_alice.post(f"/sessions/{wait.pk}/edit/", data | {"did": ["wait"], "note": "long"})
    assert the_session().asked_by_app is True
    as_alice.post(f"/sessions/{wait.pk}/edit/", data | {"version": "2", "did": [mat.pk]})
    assert (the_session().names, the_session().asked_by_app) == (["Acupressure mat"], None)


def test_settings_keep_how_often_and_the_limit(as_alice, alice):
    form = as_alice.get(SETTINGS).context["form"]
    assert (form["one_in"].value(), form["pain_limit"].value()) == ("adaptive", 8)
    assert WaitPlan.objects.count() == 0
    assert as_alice.post(SETTINGS, {"one_in": "3", "pain_limit": "0"}).status_code == 302
    plan = WaitPlan.objects.for_user(alice).get()
    assert (plan.one_in, plan.pain_limit, plan.has_chosen) == (3, 0, True)


@pytest.mark.parametrize(("typed", "chosen"), [("adaptive", None), ("5", 5), ("0", 0)])
@time_machine.travel(NOON, tick=False)
def test_settings_keep_what_was_chosen_also_where_it_is_what_was_stored(
    as_alice, alice, typed, chosen
):
    as_alice.post(SETTINGS, {"one_in": typed, "pain_limit": "8"})
    plan = WaitPlan.objects.for_user(alice).get()
    assert (plan.chosen, plan.chosen_at) == (chosen, NOON)
    assert as_alice.get(SETTINGS).context["form"]["one_in"].value() == (
        "adaptive" if chosen is None else chosen
    )


def test_settings_say_how_the_coin_begins(as_alice):
    said = "At first every second time, until 12 waits are in; then less."
    assert said in as_alice.get(SETTINGS).content.decode()


def test_settings_leave_the_coin_alone_and_everybody_else_s_plan(as_alice, alice, plan, charlie):
    hers = WaitPlanFactory(user=charlie)
    WaitPlan.objects.for_user(alice).update(next_ordinal=7)
    as_alice.post(
        SETTINGS, {"one_in": "0", "pain_limit": "10", "next_ordinal": "0", "user": charlie.pk}
    )
    plan.refresh_from_db()
    assert (plan.one_in, plan.pain_limit, plan.next_ordinal, plan.seed) == (0, 10, 7, ASKS)
    hers.refresh_from_db()
    assert (hers.one_in, hers.pain_limit) == (5, 8)
    assert str(ASKS) not in as_alice.get(SETTINGS).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"one_in": "4"}, "one_in"),
        ({"one_in": "5.0"}, "one_in"),
        ({"one_in": ""}, "one_in"),
        ({"one_in": "often"}, "one_in"),
        ({"pain_limit": "11"}, "pain_limit"),
        ({"pain_limit": "-1"}, "pain_limit"),
        ({"pain_limit": ""}, "pain_limit"),
        ({"pain_limit": "6.5"}, "pain_limit"),
    ],
)
def test_settings_refuse_bad_input_and_keep_it(as_alice, plan, changes, field):
    data = {"one_in": "3", "pain_limit": "4"} | changes
    response = as_alice.post(SETTINGS, data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert {name: response.context["form"][name].value() for name in data} == data
    plan.refresh_from_db()
    assert (plan.one_in, plan.pain_limit) == (5, 8)


@pytest.mark.parametrize("rows", [1, 3])
def test_settings_cost_the_same_queries(as_alice, alice, plan, django_assert_num_queries, rows):
    for ordinal in range(rows):
        WaitDrawFactory(user=alice, ordinal=ordinal)
    with django_assert_num_queries(4):
        as_alice.get(SETTINGS)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("seed", "queries"), [(ASKS, 21), (DOES_NOT, 27)])
def test_starting_costs_the_same_queries(
    as_alice, alice, django_assert_num_queries, rows, seed, queries
):
    WaitPlanFactory(user=alice, seed=seed)
    mats = [TreatmentFactory(user=alice, name=f"Mat {number}") for number in range(rows)]
    used_twice(*mats)
    for number in range(rows):
        TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(days=number))
    with django_assert_num_queries(queries):
        as_alice.post(START, typed(*mats))


@pytest.mark.parametrize("rows", [1, 3])
def test_today_after_a_wait_costs_three_queries_more(
    as_alice, alice, plan, django_assert_num_queries, rows
):
    mats = [TreatmentFactory(user=alice, name=f"Mat {number}") for number in range(rows)]
    used_twice(*mats)
    as_alice.post(START, answered(as_alice.post(START, typed(*mats)), "wait"))
    as_alice.get("/today/")  # which says once what was saved
    with django_assert_num_queries(12):
        as_alice.get("/today/")


@time_machine.travel(NOON, tick=False)
def test_starting_ends_a_wait_that_goes_on_but_not_one_that_was_forgotten(as_alice, alice, mat):
    WaitPlanFactory(user=alice, one_in=HowOften.NEVER)
    ages = {"given up": 20, "late": 59, "forgotten": 61, "long ago": 400}
    waits = {
        name: TreatmentSessionFactory(user=alice, started_at=NOON - timedelta(minutes=age))
        for name, age in ages.items()
    }
    as_alice.post(START, typed(mat, pain_before="9"))
    after = {}
    for name, wait in waits.items():
        wait.refresh_from_db()
        after[name] = wait.pain_after
    assert after == {"given up": 9, "late": 9, "forgotten": None, "long ago": None}


@time_machine.travel(NOON, tick=False)
def test_nothing_is_put_off_while_a_red_flag_is_open(as_alice, alice, plan, mat):
    flagged = CheckInFactory(user=alice, rated_at=NOON - timedelta(days=13), red_flags=["bladder"])
    assert not is_asked(as_alice.post(START, typed(mat)))
    assert WaitDraw.objects.values_list("outcome", "ordinal").get() == ("not_eligible", None)
    sessions().all().delete()
    RedFlagReviewFactory(user=alice, seen_at=flagged.rated_at)
    assert is_asked(as_alice.post(START, typed(mat)))
