"""Work or usual duties: as usual, adapted or off, answered beside function."""

from datetime import date, timedelta

import pytest
import time_machine

from apps.diary.models import DutiesAnswer
from tests.constraints import constraints_of, refusing_constraint, same_id_again
from tests.factories import (
    NOON,
    ActivityFactory,
    ConditionFactory,
    DutiesAnswerFactory,
    UserFactory,
)

PAGE, TAKE_BACK = "/function/", "/function/take-back/"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def kept(user):
    answers = DutiesAnswer.objects.for_user(user)
    return list(answers.values_list("condition__name", "duties", "diary_date"))


def test_answer_is_kept_once_a_day_without_any_activity_and_taken_back(as_alice, alice):
    back = ConditionFactory(user=alice)
    for duties in ("off", "adapted"):
        assert as_alice.post(PAGE, {f"duties_{back.pk}": duties}).url == "/today/"
    assert kept(alice) == [("Sciatica", "adapted", date(2026, 3, 10))]
    page = as_alice.get(PAGE).content.decode()
    assert (TAKE_BACK in page, "Last said on Tuesday 10 March: adapted" in page) == (True, True)
    as_alice.post(TAKE_BACK)
    page = as_alice.get(PAGE).content.decode()
    assert (TAKE_BACK in page, "Last said" in page) == (False, False)
    assert kept(alice) == []


def test_answer_and_rating_are_sent_together(as_alice, alice):
    film = ActivityFactory(user=alice)
    sent = {f"activity_{film.pk}": "0", f"duties_{film.condition_id}": "usual"}
    as_alice.post(PAGE, sent)
    assert (kept(alice)[0][1], film.ratings.get().rating) == ("usual", 0)


@pytest.mark.parametrize("duties", ["", "sometimes"])
def test_nothing_and_what_is_not_offered_are_refused(as_alice, alice, duties):
    back = ConditionFactory(user=alice)
    assert as_alice.post(PAGE, {f"duties_{back.pk}": duties}).status_code == 422
    assert kept(alice) == []


def test_condition_of_somebody_else_or_of_the_archive_is_not_asked_about(as_alice, alice):
    others = [ConditionFactory(), ConditionFactory(user=alice, archived_at=NOON)]
    for each in others:
        assert as_alice.post(PAGE, {f"duties_{each.pk}": "off"}).status_code == 422
    assert not DutiesAnswer.objects.exists()


def answered_twice():
    first = DutiesAnswerFactory()
    DutiesAnswerFactory(user=first.user, condition=first.condition)


REFUSED = {
    "dutiesanswer_user_and_id": lambda: same_id_again(DutiesAnswerFactory()),
    "dutiesanswer_once_a_day": answered_twice,
    "dutiesanswer_is_known": lambda: DutiesAnswerFactory(duties="some"),
    "dutiesanswer_since_1900": lambda: DutiesAnswerFactory(diary_date=date(1899, 12, 31)),
    "diary_dutiesanswer_condition_id_same_owner": lambda: DutiesAnswerFactory(
        user=UserFactory(), condition=ConditionFactory()
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("constraint", "make"), REFUSED.items())
def test_database_refuses(constraint, make):
    assert refusing_constraint(make) == constraint


@pytest.mark.django_db
def test_every_constraint_is_here():
    assert constraints_of(DutiesAnswer) == REFUSED.keys()


def test_last_answer_of_days_before_is_not_taken_back(as_alice, alice):
    DutiesAnswerFactory(user=alice, diary_date=NOON.date() - timedelta(days=1))
    as_alice.post(TAKE_BACK)
    assert len(kept(alice)) == 1
