"""The rule by which a coin decides whether to ask: its share, and when it may be tossed at all."""

import uuid
from itertools import pairwise

import pytest

from apps.diary.models import HowOften, WaitDraw
from apps.diary.waiting.coin import coin_says_wait, is_eligible, may_be_put_off
from apps.treatments.models import Kind, Setting
from tests.factories import TreatmentFactory, UserFactory, WaitDrawFactory

SEED = uuid.UUID("7d5f2f46-14a5-4f5d-9d4c-0d6c6f3f8c11")
TOSSES = 2000


def tossed(one_in, seed=SEED):
    return [coin_says_wait(seed, ordinal, one_in) for ordinal in range(TOSSES)]


@pytest.mark.parametrize("one_in", [2, 3, 5, 10])
def test_coin_asks_about_as_often_as_was_set(one_in):
    share = 1 / one_in
    three_errors = 3 * (share * (1 - share) / TOSSES) ** 0.5
    assert sum(tossed(one_in)) / TOSSES == pytest.approx(share, abs=three_errors)


def test_coin_does_not_remember_the_toss_before():
    asked = tossed(2)
    repeats = sum(now == before for before, now in pairwise(asked))
    assert repeats / (TOSSES - 1) == pytest.approx(0.5, abs=3 * 0.5 / TOSSES**0.5)


def test_coin_says_the_same_again_and_differs_between_people():
    assert tossed(5) == tossed(5)
    assert tossed(5) != tossed(5, seed=uuid.UUID(int=SEED.int + 1))


def test_coin_never_asks_when_switched_off():
    assert sum(tossed(HowOften.NEVER)) == 0


def treatment(**fields):
    return TreatmentFactory.build(user=UserFactory.build(), **fields)


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({}, True),
        ({"kind": Kind.PAIN_RELIEF}, True),
        ({"kind": Kind.OTHER}, True),
        ({"kind": Kind.PAIN_RELIEF, "is_prescribed": True}, False),
        ({"kind": Kind.ACUPUNCTURE, "setting": Setting.APPOINTMENT}, False),
        ({"kind": Kind.ACUPUNCTURE, "setting": Setting.HOME}, True),
        ({"kind": Kind.MASSAGE, "setting": Setting.APPOINTMENT}, False),
        ({"kind": Kind.INJECTION, "setting": Setting.HOME}, False),
    ],
)
def test_treatment_may_be_put_off(fields, may):
    assert may_be_put_off(treatment(**fields)) is may


MAT, TABLET = treatment(), treatment(is_prescribed=True)


@pytest.mark.parametrize(
    ("treatments", "pain", "limit", "lately", "flagged", "known", "eligible"),
    [
        ([MAT], 0, 8, False, False, True, True),
        ([MAT], 8, 8, False, False, True, True),
        ([MAT], 9, 8, False, False, True, False),
        ([MAT], 10, 10, False, False, True, True),
        ([MAT], 1, 0, False, False, True, False),
        ([MAT], 0, 0, False, False, True, True),
        ([MAT], 5, 8, True, False, True, False),
        ([], 5, 8, False, False, True, False),
        ([MAT, MAT], 5, 8, False, False, True, True),
        ([MAT, TABLET], 5, 8, False, False, True, False),
        ([MAT], 5, 8, False, True, True, False),
        ([MAT], 5, 8, False, False, False, False),
    ],
)
def test_session_may_be_asked(treatments, pain, limit, lately, flagged, known, eligible):
    limits = {"pain_limit": limit, "has_waited_lately": lately, "has_red_flag": flagged}
    limits["are_known"] = known
    assert is_eligible(treatments, pain, **limits) is eligible


def test_tally_counts_what_was_asked_and_nobody_else_s(alice, charlie):
    outcomes = ["accepted", "skipped", "skipped", "not_asked"]
    for ordinal, outcome in enumerate(outcomes):
        WaitDrawFactory(user=alice, ordinal=ordinal, outcome=outcome)
    WaitDrawFactory(user=alice, ordinal=None, outcome="not_eligible")
    WaitDrawFactory(user=charlie, outcome="accepted")
    assert WaitDraw.objects.for_user(alice).tally() == {"asked": 3, "waited": 1}
