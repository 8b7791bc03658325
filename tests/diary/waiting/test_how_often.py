"""How often the coin asks: chosen once before the first toss, then by counts, and by each complaint."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.diary.models import TreatmentSession, WaitDraw, WaitPlan
from apps.diary.waiting.coin import asked_pairs, coin_says_wait
from tests.factories import (
    LONG_AGO,
    NOON,
    CheckInFactory,
    ConditionFactory,
    RedFlagReviewFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitPlanFactory,
    used_twice,
)

START, SETTINGS = "/sessions/start/", "/settings/waiting/"
WAIT, HOW_OFTEN = "diary/waiting/wait_first.html", "diary/waiting/how_often.html"
# Asks at 1 in 2, and neither at 1 in 3 nor at 1 in 5.
BARELY = next(
    seed
    for seed in map(uuid.UUID, (f"{n:032x}" for n in range(1000)))
    if [coin_says_wait(seed, 0, k) for k in (2, 3, 5)] == [True, False, False]
)


@pytest.fixture
def mat(alice):
    mat = TreatmentFactory(user=alice)
    used_twice(mat)
    return mat


def typed(*treatments, **fields):
    did = [treatment.pk for treatment in treatments]
    return {"client_id": str(uuid.uuid4()), "did": did, "pain_before": "6", **fields}


def page_of(response):
    return next(
        (each.name for each in response.templates or [] if each.name in (WAIT, HOW_OFTEN)), None
    )


def sent(page, **answer):
    data = {}
    for name, value in page.context["form"].sent_along():
        data.setdefault(name, []).append(value)
    return data | answer


def draws(user):
    rows = WaitDraw.objects.for_user(user).order_by("id")
    return list(rows.values_list("outcome", "ordinal", "one_in"))


def new_sessions():
    return TreatmentSession.objects.with_names().filter(started_at__gt=LONG_AGO + timedelta(days=9))


def asked_waits(user, number, **fields):
    """Waits that the app asked for, each rated again after 45 minutes."""
    for day in range(number):
        at = NOON - timedelta(days=day + 1)
        wait = {
            "asked_by_app": True,
            "pain_after": 5,
            "after_rated_at": at + timedelta(minutes=45),
        }
        TreatmentSessionFactory(user=user, started_at=at, **wait | fields)


# Whether it is asked at all


@pytest.mark.parametrize("before", [0, 1, 2, 3])
def test_nothing_is_asked_before_the_third_session_of_a_treatment(as_alice, alice, before):
    heat = TreatmentFactory(user=alice, name="Heat pack")
    for day in range(before):
        at = LONG_AGO + timedelta(days=day)
        TreatmentSessionFactory(user=alice, started_at=at, treatments=[heat])
    page = as_alice.post(START, typed(heat))
    assert page_of(page) == (HOW_OFTEN if before >= 2 else None)
    assert draws(alice) == ([] if before >= 2 else [("not_eligible", None, 2)])


def test_of_several_treatments_each_must_be_at_its_third_session(as_alice, alice, mat):
    new = TreatmentFactory(user=alice, name="Heat pack")
    assert page_of(as_alice.post(START, typed(mat, new))) is None
    used_twice(new)
    assert page_of(as_alice.post(START, typed(mat, new))) == HOW_OFTEN


def test_sessions_of_somebody_else_make_no_treatment_known(as_alice, alice, charlie):
    used_twice(TreatmentFactory(user=charlie))
    assert page_of(as_alice.post(START, typed(TreatmentFactory(user=alice)))) is None


def test_nobody_chooses_where_nothing_would_be_tossed(as_alice, alice, mat):
    """Above the limit, in a self-test of the treatment, or with no connection: it just starts."""
    assert page_of(as_alice.post(START, typed(mat, pain_before="9"))) is None
    assert page_of(as_alice.post(START, typed(mat, typed_ago="60"))) is None
    assert [outcome for outcome, _, _ in draws(alice)] == ["not_eligible"] * 2
    SelfTestFactory(user=alice, treatment=mat, condition=ConditionFactory(user=alice, name="Arm"))
    assert page_of(as_alice.post(START, typed(mat))) is None


# The choice


@time_machine.travel(NOON, tick=False)
def test_before_the_first_toss_it_is_asked_how_often_and_nothing_is_stored(as_alice, alice, mat):
    page = as_alice.post(START, typed(mat, side="left", minutes="25", position="neck"))
    assert (page.status_code, page_of(page)) == (200, HOW_OFTEN)
    assert (new_sessions().count(), draws(alice)) == (0, [])
    along = sent(page)
    assert {
        name: along[name] for name in ("did", "side", "minutes", "position", "pain_before")
    } == {
        "did": [str(mat.pk)],
        "side": ["left"],
        "minutes": ["25"],
        "position": ["neck"],
        "pain_before": ["6"],
    }


@pytest.mark.parametrize(("typed_in", "chosen"), [("adaptive", None), ("5", 5), ("0", 0)])
@time_machine.travel(NOON, tick=False)
def test_a_choice_is_kept_and_the_session_starts_now(as_alice, alice, mat, typed_in, chosen):
    page = as_alice.post(START, typed(mat, side="left", minutes="25", position="neck"))
    response = as_alice.post(START, sent(page, how_often=typed_in))
    session = new_sessions().get()
    assert (response.status_code, response.url) == (302, f"/sessions/{session.pk}/")
    assert (session.names, session.pain_before, session.side) == (["Acupressure mat"], 6, "left")
    assert (session.minutes, session.position, session.started_at) == (25, "neck", NOON)
    plan = WaitPlan.objects.for_user(alice).get()
    assert (plan.chosen, plan.has_chosen, plan.chosen_at) == (chosen, True, NOON)
    assert (plan.next_ordinal, draws(alice)) == (0, [("not_eligible", None, 2)])


def test_it_is_asked_how_often_only_once(as_alice, alice, mat):
    page = as_alice.post(START, typed(mat))
    WaitPlan.objects.update(seed=BARELY)
    for data in [sent(page, how_often="adaptive")] * 3:
        assert as_alice.post(START, data).status_code == 302
    assert new_sessions().count() == 1
    assert page_of(as_alice.post(START, typed(mat))) == WAIT


def test_two_tabs_may_both_choose_and_the_last_counts(as_alice, alice, mat):
    tabs = [as_alice.post(START, typed(mat)) for _ in range(2)]
    for tab, choice in zip(tabs, ("0", "5"), strict=True):
        assert as_alice.post(START, sent(tab, how_often=choice)).status_code == 302
    assert WaitPlan.objects.for_user(alice).get().chosen == 5
    assert [outcome for outcome, _, _ in draws(alice)] == ["not_eligible"]  # the other: off by then
    assert new_sessions().count() == 2


def test_a_choice_after_a_long_while_asks_for_the_pain_and_is_not_lost(as_alice, alice, mat):
    with time_machine.travel(NOON, tick=False):
        data = sent(as_alice.post(START, typed(mat, minutes="25")), how_often="5")
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        as_alice.force_login(alice)
        refused = as_alice.post(START, data)
        assert (refused.status_code, new_sessions().count()) == (422, 0)
        form = refused.context["form"]
        assert (form["how_often"].value(), form["minutes"].value()) == ("5", "25")
        assert '<input type="hidden" name="how_often" value="5"' in refused.content.decode()
        assert as_alice.post(START, typed(mat, how_often="5")).status_code == 302
    assert WaitPlan.objects.for_user(alice).get().chosen == 5


def test_an_unknown_choice_is_refused(as_alice, alice, mat):
    page = as_alice.post(START, typed(mat))
    assert as_alice.post(START, sent(page, how_often="always")).status_code == 422
    assert (new_sessions().count(), WaitPlan.objects.get().has_chosen) == (0, False)


def test_what_was_once_stored_for_everybody_counts_as_not_chosen(as_alice, alice, mat):
    plan = WaitPlanFactory(user=alice, one_in=5, chosen_at=None)
    assert (plan.chosen, plan.has_chosen) == (None, False)
    assert page_of(as_alice.post(START, typed(mat))) == HOW_OFTEN


@pytest.mark.parametrize("one_in", [0, 2, 3, 10])
def test_any_other_stored_number_was_chosen(alice, one_in):
    plan = WaitPlanFactory(user=alice, one_in=one_in, chosen_at=None)
    assert (plan.chosen, plan.has_chosen) == (one_in, True)


@pytest.mark.parametrize(
    ("first", "every", "said"),
    [
        (27, 1, ["about 11 weeks", "about 20 weeks"]),
        (27, 4, ["about 42 weeks", "about 78 weeks"]),
        (12, 1, []),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_choice_says_what_each_answer_takes_at_the_person_s_pace(
    as_alice, alice, mat, first, every, said
):
    for day in range(0, first + 1, every):
        at = NOON - timedelta(days=first - day, hours=3)
        TreatmentSessionFactory(user=alice, started_at=at, is_closed_unrated=True)
    words = as_alice.post(START, typed(mat)).content.decode()
    assert "Gives: an answer in about ten weeks." in words
    assert "Gives: an answer in about five months." in words
    assert [each for each in said if each in words] == said
    assert ("At your pace" in words) is bool(said)


@pytest.mark.parametrize("rows", [1, 3])
def test_choice_costs_the_same_queries(as_alice, alice, django_assert_num_queries, rows):
    mats = [TreatmentFactory(user=alice, name=f"Mat {number}") for number in range(rows)]
    used_twice(*mats)
    WaitPlanFactory(user=alice, one_in=None, chosen_at=None)
    with django_assert_num_queries(22):
        as_alice.post(START, typed(*mats))


# The chance of each toss


@pytest.mark.parametrize(("number", "one_in"), [(0, 2), (11, 2), (12, 3), (23, 3), (24, 5)])
@time_machine.travel(NOON, tick=False)
def test_toss_has_the_chance_that_the_counts_give_and_stores_it(
    as_alice, alice, mat, number, one_in
):
    never_asks = next(
        seed
        for seed in map(uuid.UUID, (f"{n:032x}" for n in range(1000)))
        if not coin_says_wait(seed, 0, 2)
    )
    WaitPlanFactory(user=alice, one_in=None, seed=never_asks)
    asked_waits(alice, number)
    as_alice.post(START, typed(mat))
    assert draws(alice) == [("not_asked", 0, one_in)]


@pytest.mark.parametrize(
    "fields",
    [
        {"asked_by_app": None},
        {"pain_after": None, "after_rated_at": None},
        {"had_something_else": True},
        {"after_entered_at": NOON + timedelta(days=3)},
        {"due_minutes": 10, "after_rated_at": NOON},
    ],
)
def test_only_waits_that_were_asked_for_and_make_a_pair_count(alice, fields):
    asked_waits(alice, 1)
    asked_waits(alice, 1, **fields)
    assert asked_pairs(alice, ConditionFactory(user=alice)) == 1


def test_waits_of_another_complaint_and_of_somebody_else_do_not_count(alice, charlie):
    asked_waits(alice, 2)
    asked_waits(alice, 1, condition=ConditionFactory(user=alice, name="Arm"))
    asked_waits(charlie, 1)
    assert asked_pairs(alice, ConditionFactory(user=alice)) == 2
    assert asked_pairs(alice, None) == 0


@time_machine.travel(NOON, tick=False)
def test_answer_keeps_the_chance_with_which_it_was_asked(as_alice, alice, mat):
    """Another wait is rated meanwhile, and the counts would give 1 in 3: it was asked at 1 in 2."""
    WaitPlanFactory(user=alice, one_in=None, seed=BARELY)
    asked_waits(alice, 11)
    page = as_alice.post(START, typed(mat))
    assert page_of(page) == WAIT
    asked_waits(alice, 1)
    as_alice.post(START, sent(page, answer="wait"))
    assert draws(alice) == [("accepted", 0, 2)]
    assert new_sessions().filter(started_at=NOON).get().asked_by_app is True


# The question


@pytest.mark.parametrize(("how_often", "chosen"), [("0", 0), ("5", 5), ("adaptive", None)])
@time_machine.travel(NOON, tick=False)
def test_one_tap_on_the_question_changes_how_often_and_starts_now(
    as_alice, alice, mat, how_often, chosen
):
    WaitPlanFactory(user=alice, one_in=2, seed=BARELY)
    page = as_alice.post(START, typed(mat))
    assert as_alice.post(START, sent(page, how_often=how_often)).status_code == 302
    assert WaitPlan.objects.for_user(alice).get().chosen == chosen
    assert draws(alice) == [("skipped", 0, 2)]
    assert new_sessions().get().names == ["Acupressure mat"]


@time_machine.travel(NOON, tick=False)
def test_asked_wait_lasts_as_long_as_what_it_puts_off(as_alice, alice, mat):
    tablets = TreatmentFactory(user=alice, name="Tablets", rate_again_after_minutes=90)
    used_twice(tablets)
    WaitPlanFactory(user=alice, one_in=None, seed=BARELY)
    page = as_alice.post(START, typed(mat, tablets))
    words = page.content.decode()
    assert "Could you wait 90 minutes first, and rate again?" in " ".join(words.split())
    assert "wait until 13:30" in words
    as_alice.post(START, sent(page, answer="wait"))
    assert new_sessions().get().due_minutes == 90


@time_machine.travel(NOON, tick=False)
def test_a_long_wait_that_is_given_up_near_its_end_is_rated_by_that(as_alice, alice, mat):
    WaitPlanFactory(user=alice, one_in=0)
    waits = {
        minutes: TreatmentSessionFactory(
            user=alice, started_at=NOON - timedelta(minutes=minutes), due_minutes=90
        )
        for minutes in (80, 104, 106)
    }
    as_alice.post(START, typed(mat, pain_before="9"))
    for wait in waits.values():
        wait.refresh_from_db()
    assert {minutes: wait.pain_after for minutes, wait in waits.items()} == {
        80: 9,
        104: 9,
        106: None,
    }


@pytest.mark.parametrize(
    ("number", "one_in", "said"),
    [
        (0, None, "0 of 12 are in; with 12 it asks less."),
        (11, None, "11 of 12 are in; with 12 it asks less."),
        (12, None, "12 of 24 are in; with 24 it asks less."),
        (24, None, "24 are in. An answer needs at least 8, of which 5 were asked for."),
        (1, 2, "1 is in. An answer needs at least 8, of which 5 were asked for."),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_question_says_how_many_waits_it_still_needs(as_alice, alice, mat, number, one_in, said):
    always = next(
        seed
        for seed in map(uuid.UUID, (f"{n:032x}" for n in range(1000)))
        if coin_says_wait(seed, 0, 5)
    )
    WaitPlanFactory(user=alice, one_in=one_in, seed=always)
    asked_waits(alice, number)
    words = " ".join(as_alice.post(START, typed(mat)).content.decode().split())
    assert said in words


@time_machine.travel(NOON, tick=False)
def test_question_gives_both_answers_the_same_weight(as_alice, alice, mat):
    WaitPlanFactory(user=alice, one_in=2, seed=BARELY)
    words = " ".join(as_alice.post(START, typed(mat)).content.decode().split())
    assert words.count('<button class="btn btn-outline-secondary" type="submit" name="answer"') == 2


def test_a_red_flag_silences_the_choice_as_well(as_alice, alice, mat):
    ago = timezone.now() - timedelta(days=1)
    flagged = CheckInFactory(user=alice, rated_at=ago, red_flags=["bladder"])
    assert page_of(as_alice.post(START, typed(mat))) is None
    RedFlagReviewFactory(user=alice, seen_at=flagged.rated_at)
    assert page_of(as_alice.post(START, typed(mat))) == HOW_OFTEN
