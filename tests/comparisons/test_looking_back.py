"""The day of looking back: a card on Today, and what is decided is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from apps.treatments.models import TreatmentReview
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    SelfTestFactory,
    TreatmentFactory,
    TreatmentPeriodFactory,
    TreatmentReviewFactory,
    TreatmentSessionFactory,
)

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mat(alice):
    return TreatmentFactory(
        user=alice, name="Mat", review_on=TODAY, upfront_cost="24.90", expectation=7
    )


def decide(client, treatment, decision):
    return client.post(f"/treatments/{treatment.pk}/decide/", {"decision": decision})


def page_of(client):
    return client.get("/today/").content.decode()


def used(alice, mat, weeks=10):
    """Rated every other day from six weeks before its start to four weeks after."""
    condition = ConditionFactory(user=alice)
    for days in range(0, 7 * weeks, 2):
        at = NOW - days * DAY
        CheckInFactory(user=alice, condition=condition, rated_at=at, leg_pain=3 if days < 28 else 6)
    TreatmentPeriodFactory(user=alice, treatment=mat, started_on=TODAY - 28 * DAY)
    for days in (1, 2, 3):
        at = NOW - days * DAY
        TreatmentSessionFactory(
            user=alice, condition=condition, treatments=[mat], started_at=at, minutes=20
        )


def test_card_has_the_verdict_the_weeks_use_cost_and_what_was_expected(as_alice, alice, mat):
    used(alice, mat)
    page = page_of(as_alice)
    assert (page.count("Straight after"), "What your diary says so far" in page) == (1, False)
    said = [
        "Looking back: Mat",
        'data-verdict="too_early"',
        "About 6 before, about 3 since.",
        "Weekly means: 6.0 in 5 weeks before",
        "<dt>Sessions</dt><dd>3</dd>",
        "<dt>Money so far</dt><dd>£24.90</dd>",
        "7 of 10",
    ]
    assert {each: page.count(each) for each in said} == dict.fromkeys(said, 1)


@pytest.mark.parametrize(
    ("review_on", "is_asked"), [(TODAY, True), (TODAY + DAY, False), (None, False)]
)
def test_it_is_asked_from_its_day_on(as_alice, alice, review_on, is_asked):
    TreatmentFactory(user=alice, name="Mat", review_on=review_on)
    assert ("Looking back: Mat" in page_of(as_alice)) is is_asked


def test_before_anything_was_written_down_it_is_asked_all_the_same(as_alice, mat):
    assert page_of(as_alice).count("Looking back: Mat") == 1


@pytest.mark.parametrize(
    ("decision", "review_on", "is_retired"),
    [("go_on", None, False), ("stop", None, True), ("later", TODAY + 42 * DAY, False)],
)
def test_what_is_decided_is_kept(as_alice, alice, mat, decision, review_on, is_retired):
    assert decide(as_alice, mat, decision).headers["Location"] == "/today/"
    mat.refresh_from_db()
    assert (mat.review_on, mat.archived_at is not None) == (review_on, is_retired)
    kept = TreatmentReview.objects.values_list("user", "treatment", "decided_on", "decision")
    assert list(kept) == [(alice.pk, mat.pk, TODAY, decision)]
    assert "Looking back" not in page_of(as_alice)


def test_a_double_tap_keeps_one(as_alice, mat):
    for _tap in range(2):
        decide(as_alice, mat, "go_on")
    assert TreatmentReview.objects.count() == 1


@pytest.mark.parametrize("decision", ["", "perhaps"])
def test_an_unknown_decision_is_refused(as_alice, mat, decision):
    assert decide(as_alice, mat, decision).status_code == 400
    assert not TreatmentReview.objects.exists()


def test_nothing_is_decided_for_somebody_else(as_alice, charlie):
    theirs = TreatmentFactory(user=charlie, review_on=TODAY)
    assert decide(as_alice, theirs, "stop").status_code == 404
    theirs.refresh_from_db()
    assert (theirs.archived_at, TreatmentReview.objects.count()) == (None, 0)


def test_card_of_the_treatment_says_it_beside_what_was_expected(as_alice, alice, mat):
    TreatmentReviewFactory(user=alice, treatment=mat, decided_on=date(2026, 2, 1), decision="later")
    page = as_alice.get(mat.get_absolute_url()).content.decode()
    assert page.count("<dt>Looked back on 1 February 2026</dt>") == 1
    assert page.count("<dd>ask again in six weeks</dd>") == 1


def test_a_running_self_test_is_not_told_of(as_alice, alice, mat):
    used(alice, mat)
    condition = ConditionFactory(user=alice)
    SelfTestFactory(user=alice, condition=condition, treatment=mat, started_at=NOW)
    page = page_of(as_alice)
    assert ("Looking back: Mat" in page, "About 6 before" in page) == (True, False)


@pytest.mark.parametrize("n", [1, 3])
def test_today_takes_the_same_number_of_queries(as_alice, alice, mat, n, django_assert_num_queries):
    used(alice, mat)
    for number in range(n - 1):
        TreatmentFactory(user=alice, name=f"Other {number}", review_on=TODAY)
    page_of(as_alice)
    with django_assert_num_queries(18):
        page_of(as_alice)
