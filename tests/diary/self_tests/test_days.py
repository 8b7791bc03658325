"""Check-ins of a self-test by days: which may use a letter, and what the pages then say."""

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from apps.diary.models import CheckIn, SelfTest, SelfTestMoment, TreatmentSession, WaitDraw
from apps.diary.today.page import self_tests_of
from tests.factories import (
    CheckInFactory,
    ConditionFactory,
    DayTestFactory,
    SelfTestFactory,
    SelfTestMomentFactory,
    TreatmentFactory,
    TreatmentSessionFactory,
    WaitPlanFactory,
)

NEW = "/check-ins/new/"
DAY = datetime(2026, 3, 11, tzinfo=UTC)  # in London's winter: its clocks show UTC
EIGHT = DAY + timedelta(hours=8)
WITHOUT_FIRST = "WTTW" + "TWTW" * 14


@pytest.fixture
def sciatica(alice):
    return ConditionFactory(user=alice)


@pytest.fixture
def self_test(alice, sciatica):
    return DayTestFactory(user=alice, condition=sciatica)


def typed(**fields):
    return {"client_id": str(uuid.uuid4()), "leg_pain": "6", "back_pain": "3", **fields}


def check_in(client, at=EIGHT, **fields):
    with time_machine.travel(at, tick=False):
        return client.post(NEW, typed(**fields))


def letters(self_test):
    self_test.refresh_from_db()
    return [(moment.ordinal, moment.letter) for moment in self_test.drawn.all()]


def today_at(client, at):
    with time_machine.travel(at, tick=False):
        return client.get("/today/").content.decode()


def test_the_first_check_in_of_the_day_reads_the_letter(as_alice, self_test):
    response = check_in(as_alice)
    moment = SelfTestMoment.objects.get()
    assert (response.status_code, response.url) == (302, f"/self-tests/sessions/{moment.pk}/")
    assert (moment.client_id, moment.drawn_at) == (CheckIn.objects.get().client_id, EIGHT)
    assert letters(self_test) == [(0, "T")]


@pytest.mark.parametrize(
    ("order", "other", "says"),
    [
        (None, None, "The draw says: today with Insoles"),
        (WITHOUT_FIRST, None, "The draw says: today without Insoles"),
        (WITHOUT_FIRST, "Belt", "The draw says: today with Belt"),
    ],
)
def test_the_page_says_what_the_whole_day_is(as_alice, alice, self_test, order, other, says):
    SelfTest.objects.update(
        order=order or self_test.order,
        other=other and TreatmentFactory(user=alice, name=other, kind="orthotics"),
    )
    with time_machine.travel(EIGHT, tick=False):
        page = as_alice.post(NEW, typed(), follow=True).content.decode()
    assert says in page
    assert "Pain now: <strong>6</strong>, saved" in page


def test_the_same_form_sent_twice_uses_one_letter_and_leads_to_it_again(as_alice, self_test):
    form = typed()
    with time_machine.travel(EIGHT, tick=False):
        first, again = as_alice.post(NEW, form), as_alice.post(NEW, form)
    assert (first.url, again.status_code) == (again.url, 302)
    assert letters(self_test) == [(0, "T")]


def test_each_day_has_one_letter(as_alice, self_test):
    for hours, drawn in ((8, 1), (12, 1), (20, 1), (32, 2), (44, 2), (56, 3)):
        check_in(as_alice, DAY + timedelta(hours=hours))
        assert len(letters(self_test)) == drawn, hours
    assert letters(self_test) == [(0, "T"), (1, "W"), (2, "T")]


def is_ordinary(client, self_test, at=EIGHT, **fields):
    response = check_in(client, at, **fields)
    return (response.status_code, response.url) == (302, "/today/") and not letters(self_test)


@pytest.mark.parametrize(
    ("clock", "is_drawn"),
    [(time(3, 59), False), (time(4), True), (time(16, 59), True), (time(17), False)],
)
def test_a_letter_is_read_from_four_in_the_morning_until_the_evening(
    as_alice, self_test, clock, is_drawn
):
    check_in(as_alice, datetime.combine(DAY, clock, tzinfo=UTC))
    assert bool(letters(self_test)) is is_drawn


def test_a_check_in_of_the_night_leaves_the_morning_its_letter(as_alice, self_test):
    check_in(as_alice, DAY + timedelta(minutes=30))
    check_in(as_alice)
    assert len(letters(self_test)) == 1


def test_it_goes_by_the_persons_own_clock(as_alice, alice, self_test):
    type(alice).objects.update(time_zone="Pacific/Auckland")
    assert is_ordinary(as_alice, self_test)  # 21:00 there
    check_in(as_alice, DAY + timedelta(hours=19))  # 8:00 of the next day
    assert len(letters(self_test)) == 1


def test_what_is_not_rated_now_uses_no_letter(as_alice, self_test):
    assert is_ordinary(as_alice, self_test, rated_at="2026-03-11T07:30")


def test_a_check_in_that_a_device_kept_uses_no_letter(as_alice, self_test):
    assert is_ordinary(as_alice, self_test, typed_ago="600")


def test_a_note_alone_uses_no_letter_and_leaves_the_day_its_own(as_alice, self_test):
    assert is_ordinary(as_alice, self_test, leg_pain="", back_pain="", note="Slept badly.")
    check_in(as_alice, EIGHT + timedelta(minutes=5))
    assert len(letters(self_test)) == 1


def test_no_pain_is_a_rating_like_any_other(as_alice, self_test):
    check_in(as_alice, no_pain="1")
    assert len(letters(self_test)) == 1


def test_a_rating_of_the_day_before_the_letter_is_the_first(as_alice, alice, sciatica, self_test):
    CheckInFactory(user=alice, condition=sciatica, rated_at=EIGHT - timedelta(hours=1))
    assert is_ordinary(as_alice, self_test)


def test_pain_above_the_limit_uses_no_letter(as_alice, alice, self_test):
    assert is_ordinary(as_alice, self_test, leg_pain="9")
    CheckIn.objects.all().delete()
    WaitPlanFactory(user=alice, pain_limit=9)
    check_in(as_alice, leg_pain="9")
    assert len(letters(self_test)) == 1


def test_a_red_flag_leaves_no_letter_also_one_ticked_now(as_alice, alice, self_test):
    response = check_in(as_alice, red_flags=["bladder"])
    assert "/red-flags/" in response.url
    assert letters(self_test) == []
    assert is_ordinary(as_alice, self_test, EIGHT + timedelta(days=1))


@pytest.mark.parametrize(
    "fields", [{"is_prescribed": True}, {"setting": "appointment"}, {"archived_at": EIGHT}]
)
def test_what_may_not_be_put_off_any_more_has_no_letter(as_alice, self_test, fields):
    type(self_test.treatment).objects.update(**fields)
    assert is_ordinary(as_alice, self_test)


def test_what_was_done_on_the_day_before_leaves_no_letter(as_alice, alice, sciatica, self_test):
    TreatmentSessionFactory(
        user=alice,
        condition=sciatica,
        started_at=EIGHT - timedelta(hours=2),
        treatments=[self_test.treatment],
    )
    assert is_ordinary(as_alice, self_test)


def test_another_condition_uses_no_letter(as_alice, alice, sciatica, self_test):
    neck = ConditionFactory(user=alice, name="Neck")
    assert is_ordinary(as_alice, self_test, condition=neck.pk)
    check_in(as_alice, EIGHT + timedelta(minutes=1), condition=sciatica.pk)
    assert len(letters(self_test)) == 1


def test_a_self_test_by_sessions_takes_no_check_in(as_alice, alice, sciatica):
    other = SelfTestFactory(user=alice, condition=sciatica)
    assert is_ordinary(as_alice, other)


def test_after_its_last_day_its_last_letter_and_its_end_there_is_none(as_alice, alice, self_test):
    SelfTest.objects.update(ends_on=DAY.date() - timedelta(days=1))
    assert is_ordinary(as_alice, self_test)
    CheckIn.objects.all().delete()
    SelfTest.objects.update(ends_on=DAY.date(), ended_at=EIGHT, why_ended="stopped")
    assert is_ordinary(as_alice, self_test)
    CheckIn.objects.all().delete()
    SelfTest.objects.update(ended_at=None, why_ended="")
    for ordinal in range(60):
        SelfTestMomentFactory(
            user=alice,
            self_test=self_test,
            ordinal=ordinal,
            drawn_at=EIGHT - timedelta(days=60 - ordinal),
        )
    check_in(as_alice)
    assert self_test.drawn.count() == 60


def test_taking_the_check_in_back_leaves_its_letter_used_and_the_day_without_another(
    as_alice, self_test
):
    check_in(as_alice)
    CheckIn.objects.all().delete()
    check_in(as_alice, EIGHT + timedelta(hours=1))
    assert letters(self_test) == [(0, "T")]


def test_changing_a_check_in_leads_to_no_letter(as_alice, self_test):
    check_in(as_alice)
    first = CheckIn.objects.get()
    with time_machine.travel(EIGHT + timedelta(minutes=1), tick=False):
        response = as_alice.post(
            f"/check-ins/{first.pk}/edit/",
            typed(client_id=first.client_id, version="1", rated_at="2026-03-11T08:00"),
        )
    assert (response.status_code, response.url) == (302, "/diary/2026/3/11/")


def test_both_legs_are_asked_about_before_the_letter_is_shown(as_alice, self_test):
    response = check_in(as_alice, side="both")
    assert "/red-flags/both-legs/" in response.url
    assert len(letters(self_test)) == 1
    assert "Self-test: today with Insoles" in today_at(as_alice, EIGHT)


def test_today_says_all_day_what_was_drawn_and_no_longer(as_alice, self_test):
    assert "with Insoles or without it" in today_at(as_alice, EIGHT)
    check_in(as_alice)
    for hours in (1, 9, 15):
        page = today_at(as_alice, EIGHT + timedelta(hours=hours))
        assert "Self-test: today with Insoles" in page
        assert "1 of 60" in page
    assert "Self-test: today" not in today_at(as_alice, DAY + timedelta(days=1))


def test_one_tap_says_that_it_was_otherwise_and_another_takes_it_back(as_alice, self_test):
    check_in(as_alice)
    moment = SelfTestMoment.objects.get()
    address = f"/self-tests/sessions/{moment.pk}/"
    then = EIGHT + timedelta(hours=3)
    with time_machine.travel(then, tick=False):
        for _again in range(2):
            response = as_alice.post(f"{address}break-off/")
            assert (response.status_code, response.url) == (302, address)
        moment.refresh_from_db()
        assert (moment.broken_off_at, moment.letter) == (then, "T")
        assert "it was otherwise today" in as_alice.get(address).content.decode()
        assert "It was otherwise</span>" in as_alice.get("/today/").content.decode()
        as_alice.post(f"{address}break-off/", {"as_drawn": "1"})
    moment.refresh_from_db()
    assert moment.broken_off_at is None


def test_a_day_that_is_over_says_nothing_until_the_end(as_alice, self_test):
    check_in(as_alice)
    moment = SelfTestMoment.objects.get()
    with time_machine.travel(DAY + timedelta(days=1), tick=False):
        response = as_alice.get(f"/self-tests/sessions/{moment.pk}/")
    assert (response.status_code, response.url) == (302, f"/self-tests/{self_test.pk}/")


def test_nothing_is_said_to_have_been_otherwise_once_it_has_ended(as_alice, self_test):
    check_in(as_alice)
    moment = SelfTestMoment.objects.get()
    SelfTest.objects.update(ended_at=EIGHT, why_ended="stopped")
    as_alice.post(f"/self-tests/sessions/{moment.pk}/break-off/")
    moment.refresh_from_db()
    assert moment.broken_off_at is None


def test_the_coin_is_silent_and_a_session_of_it_uses_no_letter(as_alice, alice, self_test):
    WaitPlanFactory(user=alice, one_in=2)
    insoles = self_test.treatment
    for day in range(3):
        TreatmentSessionFactory(
            user=alice, started_at=EIGHT - timedelta(days=2 + day), treatments=[insoles]
        )
    form = {"client_id": str(uuid.uuid4()), "did": [insoles.pk], "pain_before": "5"}
    with time_machine.travel(EIGHT, tick=False):
        as_alice.post("/sessions/start/", form)
    assert WaitDraw.objects.get().outcome == "not_eligible"
    assert TreatmentSession.objects.latest("started_at").started_at == EIGHT
    assert letters(self_test) == []


def test_a_side_effect_leads_to_the_offer_to_end_the_test(as_alice, self_test):
    check_in(as_alice)
    response = check_in(as_alice, EIGHT + timedelta(hours=5), adverse_effect="A blister.")
    assert response.url == f"/self-tests/{self_test.pk}/"
    with time_machine.travel(EIGHT + timedelta(hours=5), tick=False):
        assert "If it was severe, end the test" in as_alice.get(response.url).content.decode()


def test_a_side_effect_of_a_session_of_the_same_leads_there_too(as_alice, alice, self_test):
    check_in(as_alice)
    TreatmentSessionFactory(
        user=alice,
        condition=self_test.condition,
        started_at=EIGHT + timedelta(hours=1),
        treatments=[self_test.treatment],
        adverse_effect="A blister.",
    )
    with time_machine.travel(EIGHT + timedelta(hours=2), tick=False):
        page = as_alice.get(f"/self-tests/{self_test.pk}/").content.decode()
    assert "“A blister.”" in page


@pytest.mark.parametrize(("tests", "queries"), [(0, 0), (1, 1)])
def test_today_asks_for_a_letter_only_where_a_test_is_by_days(
    as_alice, alice, sciatica, django_assert_max_num_queries, tests, queries
):
    SelfTestFactory(user=alice, condition=ConditionFactory(user=alice, name="Neck"))
    for _ in range(tests):
        DayTestFactory(user=alice, condition=sciatica)
    with django_assert_max_num_queries(1 + queries) as asked:
        self_tests_of(alice, DAY.date())
    assert len(asked) == 1 + queries


def test_a_letter_of_somebody_else_is_not_there(client, charlie, self_test):
    client.force_login(charlie)
    moment = SelfTestMomentFactory(user=self_test.user, self_test=self_test, drawn_at=EIGHT)
    with time_machine.travel(EIGHT, tick=False):
        assert client.get(f"/self-tests/sessions/{moment.pk}/").status_code == 404
        assert client.post(f"/self-tests/sessions/{moment.pk}/break-off/").status_code == 404
